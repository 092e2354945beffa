/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/network.h"

#include <math.h>
#include <string.h>

#include "support.h"
#include "tensor/plan.h"

static void check_tensor(const RhNetwork *network, guint index, const char *name, RhShape shape,
                         gboolean trainable)
{
    const RhTensor *tensor = rh_parameters_get(network->parameters, index);
    g_assert_cmpstr(tensor->name, ==, name);
    g_assert_true(rh_shape_equal(tensor->shape, shape));
    g_assert_cmpint(tensor->trainable, ==, trainable);
}

/* torchvision's resnet18 has 62 parameters and 40 buffers without the batch counters; with one input channel,
 * a 3×3 stem and two outputs, 11,168,706 trainable values. */
static void test_resnet18(void)
{
    const RhNetworkKind *kind = rh_network_kind_find("resnet18", NULL);
    g_autoptr(RhNetwork) network = rh_network_new(kind, 0, RH_SINGLE);
    g_assert_cmpuint(network->width, ==, 64);
    g_assert_cmpuint(kind->features(64), ==, 512);
    g_assert_cmpuint(rh_parameters_count(network->parameters), ==, 102);
    g_assert_cmpuint(rh_parameters_trainable_size(network->parameters), ==, 11168706);
    check_tensor(network, 0, "conv1.weight", RH_SHAPE(3, 3, 1, 64), TRUE);
    check_tensor(network, 1, "bn1.weight", RH_SHAPE(64), TRUE);
    check_tensor(network, 2, "bn1.bias", RH_SHAPE(64), TRUE);
    check_tensor(network, 3, "bn1.running_mean", RH_SHAPE(64), FALSE);
    check_tensor(network, 4, "bn1.running_var", RH_SHAPE(64), FALSE);
    check_tensor(network, 5, "layer1.0.conv1.weight", RH_SHAPE(3, 3, 64, 64), TRUE);
    check_tensor(network, 35, "layer2.0.downsample.0.weight", RH_SHAPE(1, 1, 64, 128), TRUE);
    check_tensor(network, 36, "layer2.0.downsample.1.weight", RH_SHAPE(128), TRUE);
    check_tensor(network, 100, "fc.weight", RH_SHAPE(2, 512), TRUE);
    check_tensor(network, 101, "fc.bias", RH_SHAPE(2), TRUE);
}

/* torchvision's resnet34: 21,284,672 values for three channels, a 7×7 stem and 1000 classes, of which the
 * stem has 9,408 and the linear layer 513,000; here 576 and 1,026. */
static void test_resnet34(void)
{
    g_autoptr(RhNetwork) network = rh_network_new(rh_network_kind_find("resnet34", NULL), 0, RH_SINGLE);
    g_assert_cmpuint(rh_parameters_trainable_size(network->parameters), ==,
                     21797672 - 9408 - 513000 + 576 + 1026);
    g_assert_nonnull(rh_parameters_find(network->parameters, "layer3.5.bn2.running_var"));
}

static void test_table(void)
{
    g_autoptr(GError) error = NULL;
    guint count = 0;
    for (const RhNetworkKind *const *kind = rh_network_kinds(); *kind != NULL; kind++, count++)
        g_assert_true(rh_network_kind_find((*kind)->id, NULL) == *kind);
    g_assert_cmpuint(count, ==, 3);
    g_assert_null(rh_network_kind_find("vgg", &error));
    g_assert_nonnull(strstr(error->message, "vgg"));
    g_assert_nonnull(strstr(error->message, "resnet34"));
}

static void moments(const RhTensor *tensor, double *mean, double *deviation, double *largest)
{
    gsize count = rh_shape_count(tensor->shape);
    double sum = 0, squares = 0;
    *largest = 0;
    for (gsize i = 0; i < count; i++) {
        double value = rh_tensor_value(tensor, RH_SINGLE, i);
        sum += value;
        squares += value * value;
        *largest = MAX(*largest, fabs(value));
    }
    *mean = sum / (double)count;
    *deviation = sqrt(squares / (double)count - *mean * *mean);
}

static void test_initialise(void)
{
    const RhNetworkKind *kind = rh_network_kind_find("resnet18", NULL);
    g_autoptr(RhNetwork) network = rh_network_new(kind, 32, RH_SINGLE);
    g_autoptr(RhNetwork) again = rh_network_new(kind, 32, RH_SINGLE);
    rh_network_initialise(network, 1234);
    rh_network_initialise(again, 1234);
    double mean, deviation, largest;
    moments(rh_parameters_find(network->parameters, "layer4.1.conv2.weight"), &mean, &deviation, &largest);
    double expected = sqrt(2.0 / (256 * 9));
    g_assert_cmpfloat_with_epsilon(mean, 0, 4 * expected / sqrt(256.0 * 256 * 9));
    g_assert_cmpfloat_with_epsilon(deviation, expected, 0.01 * expected);
    moments(rh_parameters_find(network->parameters, "fc.weight"), &mean, &deviation, &largest);
    g_assert_cmpfloat(largest, <=, 1 / 16.0);
    g_assert_cmpfloat(largest, >, 0.9 / 16);
    moments(rh_parameters_find(network->parameters, "bn1.weight"), &mean, &deviation, &largest);
    g_assert_cmpfloat(mean, ==, 1);
    g_assert_cmpfloat(deviation, ==, 0);
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        const RhTensor *a = rh_parameters_get(network->parameters, i),
                       *b = rh_parameters_get(again->parameters, i);
        g_assert_cmpmem(a->data, rh_shape_count(a->shape) * 4, b->data, rh_shape_count(b->shape) * 4);
    }
    rh_network_initialise(again, 1235);
    const RhTensor *a = rh_parameters_find(network->parameters, "conv1.weight");
    const RhTensor *b = rh_parameters_find(again->parameters, "conv1.weight");
    g_assert_cmpint(memcmp(a->data, b->data, rh_shape_count(a->shape) * 4), !=, 0);
}

#define IMAGES 2
#define SIDE   6
#define PIXELS (IMAGES * SIDE * SIDE)

/* The first stage of `small`, worked out with plain loops. */
static void first_stage(const RhNetwork *network, const double *x, guint channel, double out[PIXELS])
{
    const double *filter = rh_parameters_find(network->parameters, "conv1.weight")->data;
    guint channels = network->width;
    for (int image = 0; image < IMAGES; image++)
        for (int row = 0; row < SIDE; row++)
            for (int column = 0; column < SIDE; column++) {
                double sum = 0;
                for (int i = -1; i <= 1; i++)
                    for (int j = -1; j <= 1; j++) {
                        int y = row + i, z = column + j;
                        if (y >= 0 && y < SIDE && z >= 0 && z < SIDE)
                            sum += x[(image * SIDE + y) * SIDE + z] *
                                   filter[(guint)((i + 1) * 3 + j + 1) * channels + channel];
                    }
                out[(image * SIDE + row) * SIDE + column] = sum;
            }
}

static void mean_and_variance(const double values[PIXELS], double *mean, double *variance)
{
    *mean = *variance = 0;
    for (guint i = 0; i < PIXELS; i++)
        *mean += values[i] / PIXELS;
    for (guint i = 0; i < PIXELS; i++)
        *variance += (values[i] - *mean) * (values[i] - *mean) / PIXELS;
}

/* Two training passes move the running statistics twice; evaluation uses what they have become. */
static void test_batch_norm(void)
{
    g_autoptr(RhNetwork) network = rh_network_new(rh_network_kind_find("small", NULL), 2, RH_DOUBLE);
    rh_network_initialise(network, 3);
    g_autoptr(RhGraph) graph = rh_graph_new();
    RhNode *x = rh_input(graph, "x", RH_SHAPE(IMAGES, SIDE, SIDE, 1));
    RhForward first, second, evaluated;
    rh_network_forward(network, rh_scale(x, 2), RH_TRAINING, &first);
    rh_network_forward(network, x, RH_TRAINING, &second);
    rh_graph_keep(graph, second.stages[0]);
    rh_graph_next_phase(graph);
    rh_network_forward(network, x, RH_EVALUATION, &evaluated);
    rh_graph_keep(graph, evaluated.stages[0]);
    g_assert_cmpuint(evaluated.n_stages, ==, 4);
    g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_DOUBLE, NULL, NULL);
    double *input = rh_plan_input(plan, x);
    for (guint i = 0; i < PIXELS; i++)
        input[i] = sin(i * 1.7) + 0.3;
    rh_plan_run(plan, 0);

    double mean, variance, response[PIXELS];
    first_stage(network, input, 1, response);
    mean_and_variance(response, &mean, &variance);
    const double *trained = rh_plan_value(plan, second.stages[0]);
    for (guint i = 0; i < PIXELS; i++)
        g_assert_cmpfloat_with_epsilon(trained[2 * i + 1],
                                       fmax(0, (response[i] - mean) / sqrt(variance + 1e-5)), 1e-9);
    /* the first pass saw twice the values: mean 2m, variance 4v */
    double unbiased = variance * PIXELS / (PIXELS - 1);
    double running_mean = 0.9 * (0.1 * 2 * mean) + 0.1 * mean;
    double running_variance = 0.9 * (0.9 + 0.1 * 4 * unbiased) + 0.1 * unbiased;
    const double *means = rh_parameters_find(network->parameters, "bn1.running_mean")->data;
    const double *variances = rh_parameters_find(network->parameters, "bn1.running_var")->data;
    g_assert_cmpfloat_with_epsilon(means[1], running_mean, 1e-12);
    g_assert_cmpfloat_with_epsilon(variances[1], running_variance, 1e-12);

    rh_plan_run(plan, 1);
    const double *values = rh_plan_value(plan, evaluated.stages[0]);
    for (guint i = 0; i < PIXELS; i++)
        g_assert_cmpfloat_with_epsilon(
            values[2 * i + 1], fmax(0, (response[i] - running_mean) / sqrt(running_variance + 1e-5)), 1e-9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network/resnet18", test_resnet18);
    g_test_add_func("/network/resnet34", test_resnet34);
    g_test_add_func("/network/table", test_table);
    g_test_add_func("/network/initialise", test_initialise);
    g_test_add_func("/network/batch-norm", test_batch_norm);
    return g_test_run();
}
