/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-step.h"

#include "projection.h"

static RhNode *weight(RhSampleStep *step, guint which, RhShape shape, double reach)
{
    RhRandom random;
    g_autofree char *name = g_strdup_printf("weight%u", which);
    rh_random_init(&random, 7, RH_PURPOSE_TEST, 0, which);
    return rh_parameter(step->graph, rh_random_tensor(step->values, name, shape, &random, -reach, reach));
}

static RhNode *logits_of(RhSampleStep *step, RhNode *const *weights, const RhSampleSize *size)
{
    RhNode *response = rh_convolution(step->x, weights[0], size->stride, size->kernel / 2);
    RhNode *mean = rh_batch_mean(response), *variance = rh_batch_variance(response);
    RhNode *norm = rh_batch_norm(response, mean, variance, weights[1], weights[2], 1e-5);
    RhNode *block = rh_add(rh_convolution(rh_relu(norm), weights[3], 1, 0), norm);
    RhNode *sums = rh_sum_to(rh_softplus(block), RH_SHAPE(size->images, 1, 1, size->outputs));
    double pixels = (double)(rh_shape_count(rh_node_shape(block)) / rh_shape_count(rh_node_shape(sums)));
    RhNode *features = rh_scale(rh_reshape(sums, RH_SHAPE(size->images, size->outputs)), 1 / pixels);
    return rh_add(rh_matrix_product(features, FALSE, weights[4], TRUE), weights[5]);
}

void rh_sample_step_open(RhSampleStep *step, const RhSampleSize *size, RhPrecision precision)
{
    const RhShape shapes[] = {
        RH_SHAPE(size->kernel, size->kernel, size->channels, size->outputs),
        RH_SHAPE(size->outputs),
        RH_SHAPE(size->outputs),
        RH_SHAPE(1, 1, size->outputs, size->outputs),
        RH_SHAPE(3, size->outputs),
        RH_SHAPE(3),
    };
    RhNode *weights[G_N_ELEMENTS(shapes)];
    G_STATIC_ASSERT(G_N_ELEMENTS(weights) == G_N_ELEMENTS(step->gradients));
    step->values = rh_parameters_new(precision);
    step->graph = rh_graph_new();
    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++)
        weights[i] = weight(step, i, shapes[i], 1);
    step->x = rh_input(step->graph, "x", RH_SHAPE(size->images, size->height, size->width, size->channels));
    step->loss = rh_negate(rh_mean_all(rh_column(rh_log_softmax(logits_of(step, weights, size)), 1)));
    rh_gradient(step->loss, &step->x, 1, &step->slope);
    rh_graph_keep(step->graph, step->loss);
    rh_graph_keep(step->graph, step->slope);
    rh_graph_next_phase(step->graph);
    RhNode *sum = rh_sum_all(rh_add(rh_square(step->slope), rh_absolute(step->slope)));
    step->penalty = rh_add(step->loss, sum);
    rh_gradient(step->penalty, weights, G_N_ELEMENTS(weights), step->gradients);
    rh_graph_keep(step->graph, step->penalty);
    for (guint i = 0; i < G_N_ELEMENTS(weights); i++)
        rh_graph_keep(step->graph, step->gradients[i]);
}

void rh_sample_step_close(RhSampleStep *step)
{
    rh_graph_free(step->graph);
    rh_parameters_unref(step->values);
}

RhPlan *rh_sample_step_plan(const RhSampleStep *step, const RhKernels *kernels, RhPool *pool)
{
    RhPrecision precision = rh_parameters_precision(step->values);
    RhPlan *plan = rh_plan_new(step->graph, precision, kernels, pool);
    RhTensor input = {.data = rh_plan_input(plan, step->x)};
    RhRandom random;
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 0, 0);
    for (gsize i = 0; i < rh_shape_count(rh_node_shape(step->x)); i++)
        rh_tensor_set_value(&input, precision, i, rh_random_normal(&random));
    return plan;
}

static void append(GByteArray *all, const RhSampleStep *step, const RhPlan *plan, const RhNode *node)
{
    gsize size = rh_precision_size(rh_parameters_precision(step->values));
    g_byte_array_append(all, rh_plan_value(plan, node), (guint)(rh_shape_count(rh_node_shape(node)) * size));
}

GBytes *rh_sample_step_run(const RhSampleStep *step, RhPlan *plan)
{
    GByteArray *all = g_byte_array_new();
    rh_plan_run(plan, 0);
    append(all, step, plan, step->loss);
    append(all, step, plan, step->slope);
    rh_plan_run(plan, 1);
    append(all, step, plan, step->penalty);
    for (guint i = 0; i < G_N_ELEMENTS(step->gradients); i++)
        append(all, step, plan, step->gradients[i]);
    return g_byte_array_free_to_bytes(all);
}
