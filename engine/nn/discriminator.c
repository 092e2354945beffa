/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/discriminator.h"

#include <math.h>

#include "nn/initialise-private.h"
#include "nn/layers-private.h"

#define EPSILON 1e-12

static const char *const hidden_layers[] = {"layers.0", "layers.1", "layers.2"};

static const RhNetworkKind discriminator_kind = {
    .id = "discriminator",
    .title = "Discriminator",
    .description = "Tells features of shuffled images from those of whole ones",
};

static void add(RhNetwork *network, const char *layer, const char *part, RhShape shape, gboolean trainable)
{
    g_autofree char *name = g_strconcat(layer, ".", part, NULL);
    rh_parameters_add(network->parameters, name, shape, trainable);
}

RhNetwork *rh_discriminator_new(guint features, guint hidden, RhPrecision precision)
{
    RhNetwork *network = g_new0(RhNetwork, 1);
    if (hidden == 0)
        hidden = 2 * features;
    network->kind = &discriminator_kind;
    network->width = hidden;
    network->parameters = rh_parameters_new(precision);
    for (guint i = 0; i < G_N_ELEMENTS(hidden_layers); i++) {
        guint in = i == 0 ? features : hidden;
        add(network, hidden_layers[i], "bias", RH_SHAPE(hidden), TRUE);
        add(network, hidden_layers[i], "weight_orig", RH_SHAPE(hidden, in), TRUE);
        add(network, hidden_layers[i], "weight_u", RH_SHAPE(hidden), FALSE);
        add(network, hidden_layers[i], "weight_v", RH_SHAPE(in), FALSE);
    }
    rh_declare_linear(network, "fc", hidden, 1);
    return network;
}

static void scale_to_length_one(RhTensor *tensor, RhPrecision precision)
{
    gsize count = rh_shape_count(tensor->shape);
    double sum = 0;
    for (gsize i = 0; i < count; i++)
        sum += pow(rh_tensor_value(tensor, precision, i), 2);
    for (gsize i = 0; i < count; i++)
        rh_tensor_set_value(tensor, precision, i, rh_tensor_value(tensor, precision, i) / sqrt(sum));
}

void rh_discriminator_initialise(RhNetwork *discriminator, guint64 seed)
{
    RhPrecision precision = rh_parameters_precision(discriminator->parameters);
    gsize features = rh_layer_tensor(discriminator->parameters, hidden_layers[0], "weight_v")->shape.size[0];
    for (guint i = 0; i < rh_parameters_count(discriminator->parameters); i++) {
        RhTensor *tensor = rh_parameters_get(discriminator->parameters, i);
        gsize fan_in = g_str_has_prefix(tensor->name, hidden_layers[0]) ? features : discriminator->width;
        RhRandom random;
        rh_random_init(&random, seed, RH_PURPOSE_WEIGHTS, i, RH_WEIGHTS_OF_DISCRIMINATOR);
        if (tensor->trainable) {
            rh_initialise_uniform(tensor, precision, 1 / sqrt((double)fan_in), &random);
        } else {
            rh_initialise_normal(tensor, precision, 1, &random);
            scale_to_length_one(tensor, precision);
        }
    }
}

/* x/max(‖x‖, ε) of a column. */
static RhNode *normalise(RhNode *x)
{
    RhNode *length = rh_square_root(rh_sum_all(rh_square(x)));
    return rh_divide(x, rh_offset(rh_relu(rh_offset(length, -EPSILON)), EPSILON));
}

static RhNode *as_column(RhNode *x)
{
    return rh_reshape(x, RH_SHAPE(rh_shape_count(rh_node_shape(x)), 1));
}

static RhNode *as_vector(RhNode *x)
{
    return rh_reshape(x, RH_SHAPE(rh_shape_count(rh_node_shape(x))));
}

/* The weight's largest singular value as one power iteration estimates it: v = Wᵀu and u = Wv, both scaled to
 * length one and constants for differentiation, σ = uᵀWv. */
static RhNode *largest_singular_value(const RhLayers *layers, const char *layer, RhNode *weight)
{
    RhNode *left = rh_layer_parameter(layers, layer, "weight_u");
    RhNode *right = rh_layer_parameter(layers, layer, "weight_v");
    RhNode *before = as_column(rh_graph_updated(layers->graph, left));
    RhNode *v = rh_stop_gradient(normalise(rh_matrix_product(weight, TRUE, before, FALSE)));
    RhNode *product = rh_matrix_product(weight, FALSE, v, FALSE);
    RhNode *u = rh_stop_gradient(normalise(product));
    rh_graph_update(layers->graph, left, as_vector(u));
    rh_graph_update(layers->graph, right, as_vector(v));
    return rh_sum_all(rh_multiply(u, product));
}

/* x(W/σ)ᵀ + b, divided after the product: there are fewer outputs than weights. */
static RhNode *normalised_layer(const RhLayers *layers, RhNode *x, const char *layer)
{
    RhNode *weight = rh_layer_parameter(layers, layer, "weight_orig");
    RhNode *sigma = largest_singular_value(layers, layer, weight);
    RhNode *product = rh_divide(rh_matrix_product(x, FALSE, weight, TRUE), sigma);
    return rh_add(product, rh_layer_parameter(layers, layer, "bias"));
}

RhNode *rh_discriminator_forward(const RhNetwork *discriminator, RhNode *features)
{
    RhLayers layers = {rh_node_graph(features), discriminator->parameters, RH_TRAINING};
    RhNode *x = features;
    for (guint i = 0; i < G_N_ELEMENTS(hidden_layers); i++) {
        x = rh_relu(normalised_layer(&layers, x, hidden_layers[i]));
    }
    return rh_linear_layer(&layers, x, "fc");
}
