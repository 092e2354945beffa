/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each set of fast kernels against the exact ones: the convolution and its two gradients over odd shapes. */
#include <math.h>
#include <string.h>

#include "projection.h"
#include "tensor/kernels.h"
#include "tensor/plan.h"

typedef struct {
    guint images, height, width, channels, outputs, kernel, stride;
} Size;

enum { FORWARD, INPUT, FILTER, N_RESULTS };
static const char *const results[] = {"convolution", "gradient of the input", "gradient of the filter"};
#define LIMIT 3e-6 /* relative, L2; exact single precision is off by some 3e-7 */

static RhNode *build(RhGraph *graph, RhParameters *values, const Size *size, guint result)
{
    guint padding = size->kernel / 2;
    RhNode *x = rh_parameter(graph, rh_parameters_get(values, 0));
    RhNode *filter = rh_parameter(graph, rh_parameters_get(values, 1));
    RhNode *dy = rh_parameter(graph, rh_parameters_get(values, 2));
    if (result == FORWARD)
        return rh_convolution(x, filter, size->stride, padding);
    if (result == INPUT)
        return rh_convolution_input_gradient(dy, filter, rh_node_shape(x), size->stride, padding);
    return rh_convolution_filter_gradient(x, dy, rh_node_shape(filter), size->stride, padding);
}

/* Values of one result; free with g_free. */
static float *compute(const RhKernels *kernels, RhParameters *values, const Size *size, guint result,
                      gsize *count)
{
    g_autoptr(RhGraph) graph = rh_graph_new();
    RhNode *node = build(graph, values, size, result);
    rh_graph_keep(graph, node);
    g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_SINGLE, kernels, NULL);
    rh_plan_run(plan, 0);
    *count = rh_shape_count(rh_node_shape(node));
    return g_memdup2(rh_plan_value(plan, node), *count * sizeof(float));
}

static double distance(const float *found, const float *expected, gsize count)
{
    double apart = 0, size = 0;
    for (gsize i = 0; i < count; i++) {
        apart += pow((double)found[i] - expected[i], 2);
        size += pow(expected[i], 2);
    }
    return size > 0 ? sqrt(apart / size) : sqrt(apart);
}

static RhParameters *values_of(const Size *size)
{
    RhParameters *values = rh_parameters_new(RH_SINGLE);
    RhRandom random;
    guint padding = size->kernel / 2;
    gsize down = (size->height + 2 * padding - size->kernel) / size->stride + 1;
    gsize across = (size->width + 2 * padding - size->kernel) / size->stride + 1;
    rh_random_init(&random, 5, RH_PURPOSE_TEST, size->height, size->channels);
    rh_random_tensor(values, "x", RH_SHAPE(size->images, size->height, size->width, size->channels), &random,
                     -1, 1);
    rh_random_tensor(values, "filter", RH_SHAPE(size->kernel, size->kernel, size->channels, size->outputs),
                     &random, -1, 1);
    rh_random_tensor(values, "dy", RH_SHAPE(size->images, down, across, size->outputs), &random, -1, 1);
    return values;
}

static void check(const Size *size)
{
    g_autoptr(RhParameters) values = values_of(size);
    for (guint result = 0; result < N_RESULTS; result++) {
        gsize count;
        g_autofree float *expected = compute(rh_kernels_find("exact", NULL), values, size, result, &count);
        for (const RhKernels *const *kernels = rh_kernels(); *kernels != NULL; kernels++) {
            if (!rh_kernels_available(*kernels))
                continue;
            g_autofree float *found = compute(*kernels, values, size, result, &count);
            double apart = distance(found, expected, count);
            if (!(apart <= LIMIT))
                g_error("%s with kernels %s, %u×%u×%u×%u, filter %u×%u to %u, stride %u: off by %g",
                        results[result], rh_kernels_id(*kernels), size->images, size->height, size->width,
                        size->channels, size->kernel, size->kernel, size->outputs, size->stride, apart);
        }
    }
}

/* Every size from 1 to 33, the batch from 1 to 19 along with it. */
static void test_sizes(gconstpointer data)
{
    const guint channels[] = {1, 3, 17}, which = GPOINTER_TO_UINT(data);
    for (guint side = 1; side <= 33; side++)
        for (guint stride = 1; stride <= 2; stride++)
            for (guint other = 0; other < G_N_ELEMENTS(channels); other++) {
                Size size = {(side * 7 + stride * 5 + other) % 19 + 1,
                             side,
                             34 - side,
                             channels[which],
                             channels[other],
                             3,
                             stride};
                check(&size);
            }
}

/* Both ways of dividing the work: filters that are small, and large; few tiles and many; whole panels and
 * not. */
static void test_large(void)
{
    const Size sizes[] = {
        {16, 7, 7, 128, 256, 3, 1}, {16, 7, 9, 200, 170, 3, 1}, {16, 4, 4, 192, 192, 3, 1},
        {3, 28, 28, 64, 64, 3, 1},  {19, 5, 6, 70, 65, 3, 1},   {2, 33, 31, 65, 130, 3, 1},
        {1, 7, 7, 256, 64, 3, 1},   {1, 4, 4, 128, 160, 3, 1},  {16, 8, 8, 130, 256, 3, 2},
        {5, 9, 7, 96, 40, 1, 2},    {4, 11, 13, 20, 33, 5, 2},  {2, 12, 12, 40, 72, 7, 1},
        {7, 6, 5, 33, 31, 2, 2},    {2, 90, 90, 9, 8, 3, 1},    {1, 1, 1, 600, 520, 1, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        check(&sizes[i]);
}

/* The bits of all results, as SHA-256: whatever the compiler and the processor, and so for a run that goes on
 * elsewhere. Kernels that are meant to give other bits get another line here. */
static void test_same_bits(void)
{
    static const struct {
        const char *kernels, *bits;
    } known[] = {
        {"exact", "9d0f70dffb49909ea4d6027fb2e69b878b7c1025993921f126881f0bcfafd366"},
        {"plain", "4bb0014feea6ee92251adaf0392fbc36b48d0f5218a5498de8f53bb5e8de8c67"},
        {"avx2", "60d19890f94b8b107c9a7cd2b722f08593c76ef3f277796606cd3f45390cf821"},
        {"avx512", "85b807f6cb343fd7683b68447e89b11d0ffc34e4f320553f253bfca7284ac0ed"},
    };
    const Size sizes[] = {{3, 28, 28, 64, 64, 3, 1},  {19, 5, 6, 70, 65, 3, 1}, {16, 8, 8, 130, 256, 3, 2},
                          {4, 11, 13, 20, 33, 5, 2},  {7, 6, 5, 33, 31, 2, 2},  {1, 1, 1, 600, 520, 1, 1},
                          {16, 4, 4, 192, 192, 3, 1}, {5, 17, 9, 1, 17, 3, 1},  {9, 12, 31, 3, 17, 3, 2},
                          {16, 7, 9, 200, 170, 3, 1}};
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        const RhKernels *kernels = rh_kernels_find(known[i].kernels, NULL);
        if (kernels == NULL)
            continue;
        g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
        for (guint k = 0; k < G_N_ELEMENTS(sizes); k++) {
            g_autoptr(RhParameters) values = values_of(&sizes[k]);
            for (guint result = 0; result < N_RESULTS; result++) {
                gsize count;
                g_autofree float *found = compute(kernels, values, &sizes[k], result, &count);
                g_checksum_update(sum, (const guchar *)found, (gssize)(count * sizeof *found));
            }
        }
        if (!g_str_equal(g_checksum_get_string(sum), known[i].bits))
            g_error("kernels %s: other bits than always: %s", known[i].kernels, g_checksum_get_string(sum));
    }
}

static void test_names(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_kernels_find("magic", &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, "exact"));
    g_assert_true(rh_kernels_available(rh_kernels_find("auto", NULL)));
    g_assert_cmpstr(rh_kernels_id(rh_kernels_find("plain", NULL)), ==, "plain");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fast/names", test_names);
    g_test_add_data_func("/fast/one-channel", GUINT_TO_POINTER(0), test_sizes);
    g_test_add_data_func("/fast/three-channels", GUINT_TO_POINTER(1), test_sizes);
    g_test_add_data_func("/fast/seventeen-channels", GUINT_TO_POINTER(2), test_sizes);
    g_test_add_func("/fast/large", test_large);
    g_test_add_func("/fast/same-bits-of-every-compiler-and-processor", test_same_bits);
    return g_test_run();
}
