/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/evaluator.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "tensor/plan.h"

/* Scores or gradients of a certain number of images at once. */
typedef struct {
    RhGraph *graph;
    RhPlan *plan;
    RhNode *x, *logits, *gradient; /* gradient NULL: scores alone */
    double operations;             /* of one run */
} Pass;

/* Chunks have the evaluator's batch size or a power of two below it, so that any number of images is met with
 * a few plans and without padding. */
#define POWERS 32

struct _RhEvaluator {
    RhNetwork *network;
    const RhKernels *kernels;
    RhPool *pool;
    guint height, width, batch;
    gboolean numbers;  /* all weights are */
    double operations; /* of all passes so far */
    Pass passes[2]
               [POWERS + 1]; /* [with gradient][log2 of the images; POWERS: the batch size], made when met */
};

RhEvaluator *rh_evaluator_new(const RhNetworkKind *kind, guint width, guint height, guint image_width,
                              guint batch, const RhKernels *kernels, RhPool *pool)
{
    g_assert(height > 0 && image_width > 0 && batch > 0);
    RhEvaluator *evaluator = g_new0(RhEvaluator, 1);
    evaluator->network = rh_network_new(kind, width, RH_SINGLE);
    evaluator->kernels = kernels;
    evaluator->pool = pool;
    evaluator->height = height;
    evaluator->width = image_width;
    evaluator->batch = batch;
    return evaluator;
}

static void pass_clear(Pass *pass)
{
    g_clear_pointer(&pass->plan, rh_plan_free);
    g_clear_pointer(&pass->graph, rh_graph_free);
}

void rh_evaluator_free(RhEvaluator *evaluator)
{
    if (evaluator == NULL)
        return;
    for (guint i = 0; i <= POWERS; i++) {
        pass_clear(&evaluator->passes[FALSE][i]);
        pass_clear(&evaluator->passes[TRUE][i]);
    }
    rh_network_free(evaluator->network);
    g_free(evaluator);
}

/* A rectifier makes 0 of what is no number, so that the scores alone do not tell. */
static gboolean are_numbers(const RhParameters *parameters)
{
    for (guint i = 0; i < rh_parameters_count(parameters); i++) {
        const RhTensor *tensor = rh_parameters_get(parameters, i);
        const float *values = tensor->data;
        for (gsize k = 0; k < rh_shape_count(tensor->shape); k++)
            if (!isfinite(values[k]))
                return FALSE;
    }
    return TRUE;
}

void rh_evaluator_set_parameters(RhEvaluator *evaluator, const RhParameters *parameters)
{
    evaluator->numbers = are_numbers(parameters);
    rh_parameters_assign(evaluator->network->parameters, parameters);
}

guint rh_evaluator_height(const RhEvaluator *evaluator)
{
    return evaluator->height;
}

guint rh_evaluator_width(const RhEvaluator *evaluator)
{
    return evaluator->width;
}

guint rh_evaluator_batch(const RhEvaluator *evaluator)
{
    return evaluator->batch;
}

static void pass_build(Pass *pass, const RhEvaluator *evaluator, guint images, gboolean with_gradient)
{
    RhForward forward;
    pass->graph = rh_graph_new();
    pass->x = rh_input(pass->graph, "x", RH_SHAPE(images, evaluator->height, evaluator->width, 1));
    rh_network_forward(evaluator->network, pass->x, RH_EVALUATION, &forward);
    pass->logits = forward.logits;
    rh_graph_keep(pass->graph, pass->logits);
    if (with_gradient) {
        rh_gradient(rh_sum_all(rh_column(pass->logits, 1)), &pass->x, 1, &pass->gradient);
        rh_graph_keep(pass->graph, pass->gradient);
    }
    pass->plan = rh_plan_new(pass->graph, RH_SINGLE, evaluator->kernels, evaluator->pool);
    pass->operations = rh_plan_operations(pass->plan, 0);
}

/* The pass for the next chunk of `left` images; *images: how many it takes. */
static Pass *next_pass(RhEvaluator *evaluator, guint left, gboolean with_gradient, guint *images)
{
    guint power = left >= evaluator->batch ? POWERS : g_bit_storage(left) - 1;
    *images = power == POWERS ? evaluator->batch : 1u << power;
    Pass *pass = &evaluator->passes[with_gradient][power];
    if (pass->plan == NULL)
        pass_build(pass, evaluator, *images, with_gradient);
    return pass;
}

gboolean rh_evaluator_reserve(RhEvaluator *evaluator, guint count, gboolean with_gradient, GError **error)
{
    for (guint done = 0, chunk; done < count; done += chunk) {
        Pass *pass = next_pass(evaluator, count - done, with_gradient, &chunk);
        if (rh_plan_has_memory(pass->plan))
            continue;
        g_autofree char *needed = rh_memory_text(rh_plan_bytes(pass->plan));
        g_autofree char *there = rh_memory_text(rh_memory_available());
        g_set_error(
            error, RH_ERROR, RH_ERROR_LIMIT,
            _("To look at %u images at once needs %s of memory, and %s are free; close other programs, or "
              "choose a smaller network or smaller images."),
            chunk, needed, there);
        pass_clear(pass);
        return FALSE;
    }
    return TRUE;
}

static void evaluate(RhEvaluator *evaluator, const float *images, guint count, float *logits,
                     float *gradients)
{
    gsize pixels = (gsize)evaluator->height * evaluator->width;
    for (guint done = 0, chunk; done < count; done += chunk) {
        const Pass *pass = next_pass(evaluator, count - done, gradients != NULL, &chunk);
        g_assert(rh_plan_has_memory(pass->plan));
        memcpy(rh_plan_input(pass->plan, pass->x), images + done * pixels, chunk * pixels * sizeof *images);
        rh_plan_run(pass->plan, 0);
        evaluator->operations += pass->operations;
        if (logits != NULL)
            memcpy(logits + 2 * (gsize)done, rh_plan_value(pass->plan, pass->logits),
                   2 * chunk * sizeof *logits);
        if (gradients != NULL)
            memcpy(gradients + done * pixels, rh_plan_value(pass->plan, pass->gradient),
                   chunk * pixels * sizeof *gradients);
    }
}

void rh_evaluator_logits(RhEvaluator *evaluator, const float *images, guint count, float *logits)
{
    evaluate(evaluator, images, count, logits, NULL);
}

static gboolean refuse_no_numbers(GError **error)
{
    g_set_error(
        error, RH_ERROR, RH_ERROR_FORMAT,
        _("The network has weights or scores that are no numbers, so that there is nothing to explain: its "
          "training diverged; choose an earlier epoch or another run."));
    return FALSE;
}

gboolean rh_logits_check(const float logits[2], GError **error)
{
    return (isfinite(logits[0]) && isfinite(logits[1])) || refuse_no_numbers(error);
}

gboolean rh_evaluator_score(RhEvaluator *evaluator, const float *image, float logits[2], GError **error)
{
    if (!evaluator->numbers)
        return refuse_no_numbers(error);
    if (!rh_evaluator_reserve(evaluator, 1, FALSE, error))
        return FALSE;
    rh_evaluator_logits(evaluator, image, 1, logits);
    return rh_logits_check(logits, error);
}

void rh_evaluator_gradients(RhEvaluator *evaluator, const float *images, guint count, float *logits,
                            float *gradients)
{
    evaluate(evaluator, images, count, logits, gradients);
}

double rh_evaluator_operations(const RhEvaluator *evaluator)
{
    return evaluator->operations;
}
