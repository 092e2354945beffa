/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The layers against compositions of plain operations of the graph: the same value and the same first and
 * second derivatives by the input and by every trained parameter. */
#include "composition-check.h"

#include <math.h>
#include <string.h>

#include "nn/discriminator.h"
#include "nn/layers-private.h"
#include "projection.h"

#define INPUTS_MAX 12

static void draw_all(RhParameters *values, RhRandom *random)
{
    for (guint i = 0; i < rh_parameters_count(values); i++) {
        RhTensor *tensor = rh_parameters_get(values, i);
        for (gsize k = 0; k < rh_shape_count(tensor->shape); k++)
            rh_tensor_set_value(tensor, RH_DOUBLE, k, 0.3 + rh_random_uniform(random));
    }
}

/* x, and after it the trained parameters, as nodes. */
static guint collect_inputs(RhGraph *graph, RhParameters *values, RhRandom *random, RhShape shape,
                            RhNode **inputs)
{
    guint count = 0;
    inputs[count++] = rh_parameter(graph, rh_random_tensor(values, "x", shape, random, -1, 1));
    for (guint i = 0; i < rh_parameters_count(values); i++) {
        RhTensor *tensor = rh_parameters_get(values, i);
        if (tensor->trainable && strcmp(tensor->name, "x") != 0)
            inputs[count++] = rh_parameter(graph, tensor);
    }
    g_assert(count <= INPUTS_MAX);
    return count;
}

/* --- single layers, called "layer" --- */

typedef struct {
    const char *name;
    RhMode mode;
    void (*declare)(RhNetwork *network);
    RhShape shape; /* of x */
    RhNode *(*layer)(const RhLayers *layers, RhNode *x);
    RhNode *(*plain)(const RhLayers *layers, RhNode *x);
} Case;

static RhNode *part(const RhLayers *layers, const char *name)
{
    return rh_layer_parameter(layers, "layer", name);
}

static RhNode *mean_over_pixels(RhNode *x)
{
    gsize channels = rh_node_shape(x).size[3], rows = rh_shape_count(rh_node_shape(x)) / channels;
    return rh_scale(rh_sum_to(x, RH_SHAPE(channels)), 1.0 / (double)rows);
}

static RhNode *plain_norm(const RhLayers *layers, RhNode *x, RhNode *mean, RhNode *variance)
{
    RhNode *apart = rh_divide(rh_subtract(x, mean), rh_square_root(rh_offset(variance, 1e-5)));
    return rh_add(rh_multiply(apart, part(layers, "weight")), part(layers, "bias"));
}

static void declare_norm(RhNetwork *network)
{
    rh_declare_batch_norm(network, "layer", 3);
}

static RhNode *norm(const RhLayers *layers, RhNode *x)
{
    return rh_batch_norm_layer(layers, x, "layer");
}

static RhNode *plain_training(const RhLayers *layers, RhNode *x)
{
    RhNode *mean = mean_over_pixels(x);
    return plain_norm(layers, x, mean, mean_over_pixels(rh_square(rh_subtract(x, mean))));
}

static RhNode *plain_evaluation(const RhLayers *layers, RhNode *x)
{
    return plain_norm(layers, x, part(layers, "running_mean"), part(layers, "running_var"));
}

static void declare_convolution(RhNetwork *network)
{
    rh_declare_convolution(network, "layer", 3, 3, 2);
}

static RhNode *convolution_norm_relu(const RhLayers *layers, RhNode *x)
{
    RhNode *response = rh_convolution_layer(layers, x, "layer", 2);
    RhNode *mean = rh_batch_mean(response);
    RhNode *one = rh_constant(layers->graph, rh_node_shape(mean), 1);
    return rh_relu(rh_batch_norm(response, mean, rh_batch_variance(response), one, one, 1e-5));
}

static RhNode *plain_convolution_norm_relu(const RhLayers *layers, RhNode *x)
{
    RhNode *response = rh_convolution(x, part(layers, "weight"), 2, 1);
    RhNode *apart = rh_subtract(response, mean_over_pixels(response));
    RhNode *variance = mean_over_pixels(rh_square(apart));
    RhNode *normal = rh_offset(rh_divide(apart, rh_square_root(rh_offset(variance, 1e-5))), 1);
    return rh_multiply(normal, rh_step(normal));
}

static void declare_linear(RhNetwork *network)
{
    rh_declare_linear(network, "layer", 4, 3);
}

static RhNode *linear(const RhLayers *layers, RhNode *x)
{
    return rh_linear_layer(layers, x, "layer");
}

/* x (N×1×in) times the weight (out×in), summed along the last axis. */
static RhNode *plain_linear(const RhLayers *layers, RhNode *x)
{
    gsize images = rh_node_shape(x).size[0], in = rh_node_shape(x).size[1];
    RhNode *weight = part(layers, "weight");
    gsize out = rh_node_shape(weight).size[0];
    RhNode *products = rh_multiply(rh_reshape(x, RH_SHAPE(images, 1, in)), weight);
    RhNode *sums = rh_reshape(rh_sum_to(products, RH_SHAPE(images, out, 1)), RH_SHAPE(images, out));
    return rh_add(sums, part(layers, "bias"));
}

static void declare_nothing(RhNetwork *network)
{
}

/* Both sides are bent: the second derivative of an average is zero. */
static RhNode *average(const RhLayers *layers, RhNode *x)
{
    return rh_exponential(rh_global_average(x));
}

/* A product with the constant 1/(H·W), image by image as one row of pixels for each channel in turn. */
static RhNode *plain_average(const RhLayers *layers, RhNode *x)
{
    RhShape shape = rh_node_shape(x);
    gsize pixels = shape.size[1] * shape.size[2];
    RhNode *weights = rh_constant(layers->graph, RH_SHAPE(1, pixels, 1), 1.0 / (double)pixels);
    RhNode *parts = rh_multiply(rh_reshape(x, RH_SHAPE(shape.size[0], pixels, shape.size[3])), weights);
    RhNode *sums = rh_sum_to(parts, RH_SHAPE(shape.size[0], 1, shape.size[3]));
    return rh_exponential(rh_reshape(sums, RH_SHAPE(shape.size[0], shape.size[3])));
}

#define IMAGES                                                                                               \
    {                                                                                                        \
        .rank = 4, .size = { 2, 5, 4, 3 }                                                                    \
    }

static const Case cases[] = {
    {"batch-norm-training", RH_TRAINING, declare_norm, IMAGES, norm, plain_training},
    {"batch-norm-evaluation", RH_EVALUATION, declare_norm, IMAGES, norm, plain_evaluation},
    {"convolution-norm-relu", RH_TRAINING, declare_convolution, IMAGES, convolution_norm_relu,
     plain_convolution_norm_relu},
    {"linear", RH_TRAINING, declare_linear, {.rank = 2, .size = {5, 4}}, linear, plain_linear},
    {"global-average", RH_TRAINING, declare_nothing, IMAGES, average, plain_average},
};

static void test_layer(gconstpointer data)
{
    const Case *check = data;
    RhRandom random;
    g_autoptr(RhGraph) graph = rh_graph_new();
    g_autoptr(RhParameters) values = rh_parameters_new(RH_DOUBLE);
    RhNetwork network = {.parameters = values};
    RhNode *inputs[INPUTS_MAX];
    rh_random_init(&random, g_str_hash(check->name), RH_PURPOSE_TEST, 0, 0);
    check->declare(&network);
    draw_all(values, &random);
    guint count = collect_inputs(graph, values, &random, check->shape, inputs);
    RhLayers layers = {graph, values, check->mode};
    rh_check_composition(check->name, values, check->layer(&layers, inputs[0]),
                         check->plain(&layers, inputs[0]), inputs, count);
}

/* --- spectral norm --- */

static double length_of(const double *x, gsize count)
{
    double squares = 0;
    for (gsize i = 0; i < count; i++)
        squares += x[i] * x[i];
    return sqrt(squares);
}

/* u·vᵀ after one power iteration from the layer's `weight_u`, as a constant. */
static RhNode *singular_vectors(RhGraph *graph, RhParameters *values, const char *layer)
{
    g_autofree char *name = g_strconcat(layer, ".outer", NULL);
    const RhTensor *weight = rh_layer_tensor(values, layer, "weight_orig");
    const double *w = weight->data, *start = rh_layer_tensor(values, layer, "weight_u")->data;
    gsize rows = weight->shape.size[0], columns = weight->shape.size[1];
    RhTensor *outer = rh_parameters_add(values, name, weight->shape, FALSE);
    g_autofree double *u = g_new0(double, rows), *v = g_new0(double, columns);
    for (gsize i = 0; i < rows * columns; i++)
        v[i % columns] += w[i] * start[i / columns];
    double length = length_of(v, columns);
    for (gsize i = 0; i < rows * columns; i++)
        u[i / columns] += w[i] * v[i % columns] / length;
    for (gsize i = 0; i < rows * columns; i++)
        ((double *)outer->data)[i] = u[i / columns] / length_of(u, rows) * v[i % columns] / length;
    return rh_parameter(graph, outer);
}

/* relu(x·(W/Σ u·vᵀ·W)ᵀ + bias) */
static RhNode *plain_spectral_layer(RhParameters *values, RhNode *x, const char *layer)
{
    RhLayers layers = {rh_node_graph(x), values, RH_TRAINING};
    RhNode *weight = rh_layer_parameter(&layers, layer, "weight_orig");
    RhNode *sigma = rh_sum_all(rh_multiply(singular_vectors(layers.graph, values, layer), weight));
    RhNode *product = rh_matrix_product(x, FALSE, rh_multiply(weight, rh_reciprocal(sigma)), TRUE);
    RhNode *y = rh_add(product, rh_layer_parameter(&layers, layer, "bias"));
    return rh_multiply(y, rh_step(y));
}

static RhNode *plain_discriminator(RhParameters *values, RhNode *x)
{
    const char *const hidden[] = {"layers.0", "layers.1", "layers.2"};
    for (guint i = 0; i < G_N_ELEMENTS(hidden); i++)
        x = plain_spectral_layer(values, x, hidden[i]);
    RhLayers layers = {rh_node_graph(x), values, RH_TRAINING};
    return rh_linear_layer(&layers, x, "fc");
}

static void test_discriminator(void)
{
    RhRandom random;
    g_autoptr(RhGraph) graph = rh_graph_new();
    g_autoptr(RhNetwork) discriminator = rh_discriminator_new(5, 4, RH_DOUBLE);
    RhParameters *values = discriminator->parameters;
    RhNode *inputs[INPUTS_MAX];
    rh_random_init(&random, 9, RH_PURPOSE_TEST, 0, 0);
    draw_all(values, &random);
    guint count = collect_inputs(graph, values, &random, RH_SHAPE(3, 5), inputs);
    rh_check_composition("discriminator", values, rh_discriminator_forward(discriminator, inputs[0]),
                         plain_discriminator(values, inputs[0]), inputs, count);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/composition/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_layer);
    }
    g_test_add_func("/composition/discriminator", test_discriminator);
    return g_test_run();
}
