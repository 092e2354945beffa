/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/layers-private.h"

#define MOMENTUM 0.1
#define EPSILON  1e-5

static RhTensor *add(RhNetwork *network, const char *layer, const char *part, RhShape shape,
                     gboolean trainable)
{
    g_autofree char *name = g_strconcat(layer, ".", part, NULL);
    return rh_parameters_add(network->parameters, name, shape, trainable);
}

static void fill(const RhNetwork *network, RhTensor *tensor, double value)
{
    gsize count = rh_shape_count(tensor->shape);
    for (gsize i = 0; i < count; i++)
        rh_tensor_set_value(tensor, rh_parameters_precision(network->parameters), i, value);
}

void rh_declare_convolution(RhNetwork *network, const char *layer, guint size, guint in, guint out)
{
    add(network, layer, "weight", RH_SHAPE(size, size, in, out), TRUE);
}

void rh_declare_batch_norm(RhNetwork *network, const char *layer, guint channels)
{
    fill(network, add(network, layer, "weight", RH_SHAPE(channels), TRUE), 1);
    add(network, layer, "bias", RH_SHAPE(channels), TRUE);
    add(network, layer, "running_mean", RH_SHAPE(channels), FALSE);
    fill(network, add(network, layer, "running_var", RH_SHAPE(channels), FALSE), 1);
}

void rh_declare_linear(RhNetwork *network, const char *layer, guint in, guint out)
{
    add(network, layer, "weight", RH_SHAPE(out, in), TRUE);
    add(network, layer, "bias", RH_SHAPE(out), TRUE);
}

RhTensor *rh_layer_tensor(const RhParameters *parameters, const char *layer, const char *part)
{
    g_autofree char *name = g_strconcat(layer, ".", part, NULL);
    RhTensor *tensor = rh_parameters_find(parameters, name);
    g_assert(tensor != NULL);
    return tensor;
}

RhNode *rh_layer_parameter(const RhLayers *layers, const char *layer, const char *part)
{
    return rh_parameter(layers->graph, rh_layer_tensor(layers->parameters, layer, part));
}

RhNode *rh_convolution_layer(const RhLayers *layers, RhNode *x, const char *layer, guint stride)
{
    RhNode *filter = rh_layer_parameter(layers, layer, "weight");
    return rh_convolution(x, filter, stride, (guint)(rh_node_shape(filter).size[0] - 1) / 2);
}

/* running ← (1 − momentum)·running + momentum·statistic; a second pass in the phase goes on from the first.
 */
static void move_running(const RhLayers *layers, const char *layer, const char *part, RhNode *statistic)
{
    RhNode *running = rh_layer_parameter(layers, layer, part);
    RhNode *before = rh_graph_updated(layers->graph, running);
    RhNode *after = rh_add(rh_scale(before, 1 - MOMENTUM), rh_scale(statistic, MOMENTUM));
    rh_graph_update(layers->graph, running, after);
}

static RhNode *batch_norm_training(const RhLayers *layers, RhNode *x, const char *layer, RhNode *gamma,
                                   RhNode *beta)
{
    RhNode *variance = rh_batch_variance(x), *mean = rh_batch_mean(x);
    double samples = (double)(rh_shape_count(rh_node_shape(x)) / rh_shape_count(rh_node_shape(mean)));
    double unbiased = samples > 1 ? samples / (samples - 1) : 1;
    move_running(layers, layer, "running_mean", mean);
    move_running(layers, layer, "running_var", rh_scale(variance, unbiased));
    return rh_batch_norm(x, mean, variance, gamma, beta, EPSILON);
}

static RhNode *batch_norm_evaluation(const RhLayers *layers, RhNode *x, const char *layer, RhNode *gamma,
                                     RhNode *beta)
{
    RhNode *mean = rh_layer_parameter(layers, layer, "running_mean");
    RhNode *variance = rh_layer_parameter(layers, layer, "running_var");
    RhNode *scale = rh_divide(gamma, rh_square_root(rh_offset(variance, EPSILON)));
    return rh_channel_affine(x, scale, rh_subtract(beta, rh_multiply(mean, scale)));
}

RhNode *rh_batch_norm_layer(const RhLayers *layers, RhNode *x, const char *layer)
{
    RhNode *gamma = rh_layer_parameter(layers, layer, "weight");
    RhNode *beta = rh_layer_parameter(layers, layer, "bias");
    return layers->mode == RH_TRAINING ? batch_norm_training(layers, x, layer, gamma, beta)
                                       : batch_norm_evaluation(layers, x, layer, gamma, beta);
}

RhNode *rh_linear_layer(const RhLayers *layers, RhNode *x, const char *layer)
{
    RhNode *product = rh_matrix_product(x, FALSE, rh_layer_parameter(layers, layer, "weight"), TRUE);
    return rh_add(product, rh_layer_parameter(layers, layer, "bias"));
}

RhNode *rh_global_average(RhNode *x)
{
    RhShape shape = rh_node_shape(x);
    gsize images = shape.size[0], channels = shape.size[3];
    RhNode *sums = rh_sum_to(x, RH_SHAPE(images, 1, 1, channels));
    return rh_scale(rh_reshape(sums, RH_SHAPE(images, channels)),
                    1.0 / (double)(shape.size[1] * shape.size[2]));
}
