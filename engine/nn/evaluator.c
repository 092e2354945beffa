/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/evaluator.h"

#include <string.h>

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
    RhPool *pool;
    guint height, width, batch;
    double operations; /* of all passes so far */
    Pass passes[2]
               [POWERS + 1]; /* [with gradient][log2 of the images; POWERS: the batch size], made when met */
};

RhEvaluator *rh_evaluator_new(const RhNetworkKind *kind, guint width, guint height, guint image_width,
                              guint batch, RhPool *pool)
{
    g_assert(height > 0 && image_width > 0 && batch > 0);
    RhEvaluator *evaluator = g_new0(RhEvaluator, 1);
    evaluator->network = rh_network_new(kind, width, RH_SINGLE);
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

void rh_evaluator_set_parameters(RhEvaluator *evaluator, const RhParameters *parameters)
{
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
    pass->plan = rh_plan_new(pass->graph, RH_SINGLE, evaluator->pool);
    pass->operations = rh_plan_operations(pass->plan, 0);
}

/* The pass for the next chunk of `left` images; *images: how many it takes. */
static const Pass *next_pass(RhEvaluator *evaluator, guint left, gboolean with_gradient, guint *images)
{
    guint power = left >= evaluator->batch ? POWERS : g_bit_storage(left) - 1;
    *images = power == POWERS ? evaluator->batch : 1u << power;
    Pass *pass = &evaluator->passes[with_gradient][power];
    if (pass->plan == NULL)
        pass_build(pass, evaluator, *images, with_gradient);
    return pass;
}

static void evaluate(RhEvaluator *evaluator, const float *images, guint count, float *logits,
                     float *gradients)
{
    gsize pixels = (gsize)evaluator->height * evaluator->width;
    for (guint done = 0, chunk; done < count; done += chunk) {
        const Pass *pass = next_pass(evaluator, count - done, gradients != NULL, &chunk);
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

void rh_evaluator_gradients(RhEvaluator *evaluator, const float *images, guint count, float *logits,
                            float *gradients)
{
    evaluate(evaluator, images, count, logits, gradients);
}

double rh_evaluator_operations(const RhEvaluator *evaluator)
{
    return evaluator->operations;
}
