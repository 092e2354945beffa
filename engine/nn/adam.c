/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/adam.h"

#include <math.h>

#include "base/vector.h"

#define BETA1        0.9
#define BETA2        0.999
#define EPSILON      1e-8
#define PIECE_VALUES 16384 /* 256 KB of parameter, gradient and moments: a core's cache */

/* A run of values of one tensor; what one thread takes at a time. */
typedef struct {
    guint tensor; /* among the trainable ones */
    gsize start, count;
} Piece;

struct _RhAdam {
    RhParameters *parameters, *first, *second;
    double learning_rate;
    guint64 steps;
    GArray *tensors;                /* RhTensor *, the trainable ones */
    GArray *pieces;                 /* Piece, by tensor */
    GArray *first_pieces;           /* guint, by tensor, and one behind the last */
    double step_size, second_scale; /* of the step: rate/(1 − β₁ᵗ) and √(1 − β₂ᵗ) */
};

/* Pieces from `first` on; gradients by tensor, from `tensor` on. */
typedef struct {
    const RhAdam *adam;
    gconstpointer const *gradients;
    guint first, tensor;
} Job;

static void cut_into_pieces(GArray *pieces, guint tensor, gsize count)
{
    for (gsize start = 0; start < count; start += PIECE_VALUES) {
        Piece piece = {tensor, start, MIN(PIECE_VALUES, count - start)};
        g_array_append_val(pieces, piece);
    }
}

RhAdam *rh_adam_new(RhParameters *parameters, double learning_rate)
{
    RhAdam *adam = g_new0(RhAdam, 1);
    RhPrecision precision = rh_parameters_precision(parameters);
    adam->parameters = rh_parameters_ref(parameters);
    adam->learning_rate = learning_rate;
    adam->first = rh_parameters_new(precision);
    adam->second = rh_parameters_new(precision);
    adam->tensors = g_array_new(FALSE, FALSE, sizeof(RhTensor *));
    adam->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    adam->first_pieces = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < rh_parameters_count(parameters); i++) {
        RhTensor *tensor = rh_parameters_get(parameters, i);
        if (!tensor->trainable)
            continue;
        rh_parameters_add(adam->first, tensor->name, tensor->shape, FALSE);
        rh_parameters_add(adam->second, tensor->name, tensor->shape, FALSE);
        g_array_append_val(adam->first_pieces, adam->pieces->len);
        cut_into_pieces(adam->pieces, adam->tensors->len, rh_shape_count(tensor->shape));
        g_array_append_val(adam->tensors, tensor);
    }
    g_array_append_val(adam->first_pieces, adam->pieces->len);
    return adam;
}

void rh_adam_free(RhAdam *adam)
{
    if (adam == NULL)
        return;
    g_array_unref(adam->pieces);
    g_array_unref(adam->first_pieces);
    g_array_unref(adam->tensors);
    rh_parameters_unref(adam->second);
    rh_parameters_unref(adam->first);
    rh_parameters_unref(adam->parameters);
    g_free(adam);
}

/* The update of one run of values, in the order of operations of torch.optim.Adam; once for each precision.
 */
#define DEFINE_UPDATE(name, real, square_root)                                                               \
    RH_VECTORISED static void name(real *restrict value, const real *restrict gradient,                      \
                                   real *restrict first, real *restrict second, gsize count,                 \
                                   const RhAdam *adam)                                                       \
    {                                                                                                        \
        const real step_size = (real)adam->step_size, second_scale = (real)adam->second_scale;               \
        for (gsize i = 0; i < count; i++) {                                                                  \
            const real g = gradient[i];                                                                      \
            const real m = first[i] * (real)BETA1 + g * (real)(1 - BETA1);                                   \
            const real v = second[i] * (real)BETA2 + g * g * (real)(1 - BETA2);                              \
            first[i] = m;                                                                                    \
            second[i] = v;                                                                                   \
            value[i] -= step_size * m / (square_root(v) / second_scale + (real)EPSILON);                     \
        }                                                                                                    \
    }

DEFINE_UPDATE(update_single, float, sqrtf)
DEFINE_UPDATE(update_double, double, sqrt)

static void run_piece(guint index, gpointer data)
{
    const Job *job = data;
    const RhAdam *adam = job->adam;
    const Piece *piece = &g_array_index(adam->pieces, Piece, job->first + index);
    RhTensor *tensor = g_array_index(adam->tensors, RhTensor *, piece->tensor);
    gpointer first = rh_parameters_get(adam->first, piece->tensor)->data;
    gpointer second = rh_parameters_get(adam->second, piece->tensor)->data;
    gconstpointer gradient = job->gradients[piece->tensor - job->tensor];
    gsize start = piece->start;
    if (rh_parameters_precision(adam->parameters) == RH_SINGLE)
        update_single((float *)tensor->data + start, (const float *)gradient + start, (float *)first + start,
                      (float *)second + start, piece->count, adam);
    else
        update_double((double *)tensor->data + start, (const double *)gradient + start,
                      (double *)first + start, (double *)second + start, piece->count, adam);
}

void rh_adam_begin(RhAdam *adam)
{
    double steps = (double)++adam->steps;
    adam->step_size = adam->learning_rate / (1 - pow(BETA1, steps));
    adam->second_scale = sqrt(1 - pow(BETA2, steps));
}

void rh_adam_step(RhAdam *adam, gconstpointer const *gradients, RhPool *pool)
{
    Job job = {.adam = adam, .gradients = gradients};
    rh_adam_begin(adam);
    rh_pool_run(pool, adam->pieces->len, run_piece, &job);
}

void rh_adam_move(RhAdam *adam, guint tensor, gconstpointer gradient, RhPool *pool)
{
    guint first = g_array_index(adam->first_pieces, guint, tensor);
    Job job = {.adam = adam, .gradients = &gradient, .first = first, .tensor = tensor};
    rh_pool_run(pool, g_array_index(adam->first_pieces, guint, tensor + 1) - first, run_piece, &job);
}

void rh_adam_set_steps(RhAdam *adam, guint64 steps)
{
    adam->steps = steps;
}

RhParameters *rh_adam_first_moments(const RhAdam *adam)
{
    return adam->first;
}

RhParameters *rh_adam_second_moments(const RhAdam *adam)
{
    return adam->second;
}
