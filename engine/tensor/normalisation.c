/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vector.h"
#include "tensor/operation-private.h"

/* Batch normalisation is made of three operations that are closed under differentiation: sums of products
 * over the pixels, the variance, and the channel-wise combination
 *
 *     y = t₁·c₁ + … + tₖ·cₖ + c₀        (t: images, c: one value a channel)
 *
 * Sums of combinations and of what is the same at every pixel are one combination (see rh_combination_add),
 * so the gradient of batch norm and the gradient of that gradient are each a single pass over the images. */
#define TERMS_MAX 4

static gsize channels_of(const RhNode *images)
{
    return images->shape.size[images->shape.rank - 1];
}

static gsize rows_of(const RhNode *images)
{
    return rh_shape_count(images->shape) / channels_of(images);
}

static guint reduction_pieces(const RhNode *node)
{
    return rh_row_pieces(node->inputs[0]->shape);
}

static gboolean always(const RhNode *node)
{
    return TRUE;
}

static gsize reduction_scratch(const RhNode *node)
{
    return reduction_pieces(node) * channels_of(node->inputs[0]);
}

/* Of x and of its squares. */
static gsize variance_scratch(const RhNode *node)
{
    return 2 * reduction_scratch(node);
}

static guint one_piece(const RhNode *node)
{
    return 1;
}

static guint combination_pieces(const RhNode *node)
{
    return rh_row_pieces(node->shape);
}

/* Inputs of a combination: the images, as many channel vectors, the constant vector. */
static guint terms_of(const RhNode *node)
{
    return (node->n_inputs - 1) / 2;
}

#define REAL         float
#define KERNEL(name) name##_single
#include "tensor/normalisation-kernels.h"
#undef REAL
#undef KERNEL
#define REAL         double
#define KERNEL(name) name##_double
#include "tensor/normalisation-kernels.h"

static RhNode *derive_product_sum(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_variance(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_combination(RhNode *node, guint input, RhNode *dy);

static const RhOperation operation_product_sum = {
    .name = "sum of products",
    .exact.stages = {{reduction_pieces, {product_sum_single, product_sum_double}},
                     {one_piece, {finish_sum_single, finish_sum_double}}},
    .derivative = derive_product_sum,
    .exact.scratch = reduction_scratch,
    .sums_rows = always,
};
static const RhOperation operation_variance = {
    .name = "variance",
    .exact.stages = {{reduction_pieces, {moments_single, moments_double}},
                     {one_piece, {finish_variance_single, finish_variance_double}}},
    .derivative = derive_variance,
    .exact.scratch = variance_scratch,
    .sums_rows = always,
};
static const RhOperation operation_combination = {
    .name = "channel combination",
    .exact.stages = {{combination_pieces, {combination_single, combination_double}}},
    .derivative = derive_combination,
    .elementwise = TRUE,
};

/* Per channel, the sum over all pixels of a·b. */
static RhNode *product_sum(RhNode *a, RhNode *b)
{
    RhNode *inputs[] = {a, b};
    g_assert(rh_shape_equal(a->shape, b->shape));
    return rh_node_new(&operation_product_sum, RH_SHAPE(channels_of(a)), (RhAttributes){0}, 2, inputs);
}

static RhNode *combination(guint terms, RhNode *const *images, RhNode *const *factors, RhNode *constant)
{
    RhNode *inputs[RH_INPUTS_MAX];
    for (guint i = 0; i < terms; i++) {
        inputs[i] = images[i];
        inputs[terms + i] = factors[i];
    }
    inputs[2 * terms] = constant;
    return rh_node_new(&operation_combination, images[0]->shape, (RhAttributes){0}, 2 * terms + 1, inputs);
}

RhNode *rh_channel_affine(RhNode *x, RhNode *scale, RhNode *shift)
{
    g_assert(scale->shape.rank == 1 && scale->shape.size[0] == channels_of(x) &&
             rh_shape_equal(scale->shape, shift->shape));
    return combination(1, &x, &scale, shift);
}

/* x·factor, channel by channel. */
static RhNode *channel_multiply(RhNode *x, RhNode *factor)
{
    return rh_channel_affine(x, factor, rh_constant(x->graph, factor->shape, 0));
}

/* A sum of combinations in the making. */
typedef struct {
    guint terms;
    RhNode *images[TERMS_MAX], *factors[TERMS_MAX], *constant;
} Sum;

static gboolean add_term(Sum *sum, RhNode *images, RhNode *factor)
{
    guint at = 0;
    while (at < sum->terms && sum->images[at] != images)
        at++;
    if (at == TERMS_MAX)
        return FALSE;
    sum->factors[at] = at < sum->terms ? rh_add(sum->factors[at], factor) : factor;
    sum->images[at] = images;
    sum->terms = MAX(sum->terms, at + 1);
    return TRUE;
}

static void add_constant(Sum *sum, RhNode *vector)
{
    sum->constant = sum->constant != NULL ? rh_add(sum->constant, vector) : vector;
}

/* FALSE if `part` is neither a combination nor a vector repeated, or there are too many terms. */
static gboolean add_part(Sum *sum, const RhNode *part)
{
    RhNode *repeated = rh_repeated_vector(part);
    if (repeated != NULL) {
        add_constant(sum, repeated);
        return TRUE;
    }
    if (part->operation != &operation_combination)
        return FALSE;
    guint count = terms_of(part);
    for (guint i = 0; i < count; i++)
        if (!add_term(sum, part->inputs[i], part->inputs[count + i]))
            return FALSE;
    add_constant(sum, part->inputs[2 * count]);
    return TRUE;
}

RhNode *rh_combination_add(RhNode *a, RhNode *b)
{
    Sum sum = {0};
    if (!rh_shape_equal(a->shape, b->shape) || !add_part(&sum, a) || !add_part(&sum, b) || sum.terms == 0)
        return NULL;
    return combination(sum.terms, sum.images, sum.factors, sum.constant);
}

RhNode *rh_batch_mean(RhNode *x)
{
    return rh_scale(rh_sum_to(x, RH_SHAPE(channels_of(x))), 1.0 / (double)rows_of(x));
}

RhNode *rh_batch_variance(RhNode *x)
{
    return rh_node_new(&operation_variance, RH_SHAPE(channels_of(x)), (RhAttributes){0}, 1, &x);
}

RhNode *rh_batch_norm(RhNode *x, RhNode *mean, RhNode *variance, RhNode *gamma, RhNode *beta, double epsilon)
{
    RhNode *scale = rh_multiply(gamma, rh_reciprocal(rh_square_root(rh_offset(variance, epsilon))));
    return rh_channel_affine(x, scale, rh_subtract(beta, rh_multiply(mean, scale)));
}

static RhNode *derive_product_sum(RhNode *node, guint input, RhNode *dy)
{
    return channel_multiply(node->inputs[1 - input], dy);
}

/* The variance of x as a whole changes by 2(x − mean)/M, whatever the mean does: Σ(x − mean) is zero. */
static RhNode *derive_variance(RhNode *node, guint input, RhNode *dy)
{
    RhNode *x = node->inputs[0], *mean = rh_batch_mean(x);
    RhNode *factor = rh_scale(dy, 2.0 / (double)rows_of(x));
    return rh_channel_affine(x, factor, rh_negate(rh_multiply(mean, factor)));
}

static RhNode *derive_combination(RhNode *node, guint input, RhNode *dy)
{
    guint terms = terms_of(node);
    if (input < terms)
        return channel_multiply(dy, node->inputs[terms + input]);
    if (input < 2 * terms)
        return product_sum(node->inputs[input - terms], dy);
    return rh_sum_to(dy, node->inputs[input]->shape);
}
