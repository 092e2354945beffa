/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/map-private.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"

#define SIDE   15
#define PIXELS (SIDE * SIDE)
#define BATCH  8

static RhEvaluator *small_network(void)
{
    const RhNetworkKind *kind = rh_network_kind_find("small", NULL);
    g_autoptr(RhNetwork) network = rh_network_new(kind, 4, RH_SINGLE);
    RhEvaluator *evaluator = rh_evaluator_new(kind, 4, SIDE, SIDE, BATCH, NULL, NULL);
    rh_network_initialise(network, 7);
    rh_evaluator_set_parameters(evaluator, network->parameters);
    return evaluator;
}

static void random_image(float *image, guint sample)
{
    RhRandom random;
    rh_random_init(&random, 21, RH_PURPOSE_TEST, 0, sample);
    for (guint i = 0; i < PIXELS; i++)
        image[i] = (float)rh_random_uniform(&random);
}

static double score(RhEvaluator *evaluator, const float *image)
{
    float logits[2];
    rh_evaluator_logits(evaluator, image, 1, logits);
    return logits[1];
}

static void compute(const char *id, RhEvaluator *evaluator, const float *image, RhMapSettings settings,
                    float *map)
{
    g_autoptr(GError) error = NULL;
    const RhMapKind *kind = rh_map_kind_find(id, &error);
    g_assert_no_error(error);
    RhMapRequest request = {.evaluator = evaluator, .image = image, .settings = settings};
    kind->compute(&request, map, &error);
    g_assert_no_error(error);
}

/* Against numpy.polynomial.legendre.leggauss, brought to 0 … 1, and by what the rule promises: n nodes
 * integrate polynomials up to degree 2n − 1 exactly. */
static void test_nodes(void)
{
    double nodes[200], weights[200];
    rh_gauss_legendre(1, nodes, weights);
    g_assert_cmpfloat_with_epsilon(nodes[0], 0.5, 1e-16);
    g_assert_cmpfloat_with_epsilon(weights[0], 1, 1e-15);
    rh_gauss_legendre(3, nodes, weights);
    g_assert_cmpfloat_with_epsilon(nodes[0], 0.11270166537925831, 1e-15);
    g_assert_cmpfloat_with_epsilon(nodes[1], 0.5, 1e-15);
    g_assert_cmpfloat_with_epsilon(weights[0], 5.0 / 18, 1e-15);
    g_assert_cmpfloat_with_epsilon(weights[1], 8.0 / 18, 1e-15);
    for (guint n = 2; n <= 200; n += 22) {
        rh_gauss_legendre(n, nodes, weights);
        for (guint degree = 0; degree < 2 * n; degree++) {
            double sum = 0;
            for (guint i = 0; i < n; i++)
                sum += weights[i] * pow(nodes[i], degree);
            g_assert_cmpfloat_with_epsilon(sum, 1.0 / (degree + 1), 1e-13);
        }
    }
}

/* Along random directions, small enough steps to meet few kinks of the network. */
static void test_gradient(void)
{
    const float step = 0x1p-7f;
    float image[PIXELS], moved[PIXELS], map[PIXELS];
    g_autoptr(RhEvaluator) evaluator = small_network();
    double error = 0, size = 0;
    random_image(image, 1);
    compute("gradient", evaluator, image, rh_map_settings_default(), map);
    for (guint trial = 0; trial < 40; trial++) {
        RhRandom random;
        double expected = 0, difference = 0;
        rh_random_init(&random, 22, RH_PURPOSE_TEST, trial, 0);
        guint pixel = rh_random_below(&random, PIXELS);
        for (int side = -1; side <= 1; side += 2) {
            memcpy(moved, image, sizeof image);
            moved[pixel] += (float)side * step;
            difference += side * score(evaluator, moved) / (2 * step);
        }
        expected = map[pixel];
        error += pow(difference - expected, 2);
        size += pow(expected, 2);
    }
    g_assert_cmpfloat(size, >, 0);
    g_assert_cmpfloat(sqrt(error / size), <, 0.02);
}

/* The map's sum is what the score gains from black to the image. */
static void test_integrated_is_complete(void)
{
    float image[PIXELS], black[PIXELS] = {0}, map[PIXELS];
    g_autoptr(RhEvaluator) evaluator = small_network();
    for (guint sample = 0; sample < 3; sample++) {
        double sum = 0;
        random_image(image, sample);
        compute("integrated-gradients", evaluator, image, rh_map_settings_default(), map);
        for (guint i = 0; i < PIXELS; i++)
            sum += map[i];
        double gain = score(evaluator, image) - score(evaluator, black);
        g_assert_cmpfloat(fabs(gain), >, 1e-3);
        g_assert_cmpfloat_with_epsilon(sum, gain, 0.01 * fabs(gain) + 1e-4);
    }
}

/* Node by node, without batches. */
static void test_integrated_against_a_loop(void)
{
    enum { NODES = 11 };
    float image[PIXELS], scaled[PIXELS], gradient[PIXELS], map[PIXELS];
    double nodes[NODES], weights[NODES], total[PIXELS] = {0};
    RhMapSettings settings = rh_map_settings_default();
    g_autoptr(RhEvaluator) evaluator = small_network();
    random_image(image, 4);
    settings.nodes = NODES;
    compute("integrated-gradients", evaluator, image, settings, map);
    rh_gauss_legendre(NODES, nodes, weights);
    for (guint k = 0; k < NODES; k++) {
        for (guint i = 0; i < PIXELS; i++)
            scaled[i] = (float)(image[i] * nodes[k]);
        rh_evaluator_gradients(evaluator, scaled, 1, NULL, gradient);
        for (guint i = 0; i < PIXELS; i++)
            total[i] += weights[k] * gradient[i] * image[i];
    }
    for (guint i = 0; i < PIXELS; i++)
        g_assert_cmpfloat_with_epsilon(map[i], total[i], 1e-5);
}

/* Pixel by pixel: the mean over the windows that lie on it of what the score loses. */
static void occlude(RhEvaluator *evaluator, const float *image, guint window, guint stride, float fill,
                    double *lost)
{
    double whole = score(evaluator, image);
    guint count[PIXELS] = {0};
    float hidden[PIXELS];
    memset(lost, 0, PIXELS * sizeof *lost);
    for (guint top = 0; top < SIDE; top += stride)
        for (guint left = 0; left < SIDE; left += stride) {
            gboolean under[PIXELS];
            for (guint i = 0; i < PIXELS; i++) {
                under[i] = i / SIDE >= top && i / SIDE < top + window && i % SIDE >= left &&
                           i % SIDE < left + window;
                hidden[i] = under[i] ? fill : image[i];
            }
            double loss = whole - score(evaluator, hidden);
            for (guint i = 0; i < PIXELS; i++)
                if (under[i]) {
                    lost[i] += loss;
                    count[i]++;
                }
        }
    for (guint i = 0; i < PIXELS; i++)
        lost[i] = count[i] > 0 ? lost[i] / count[i] : 0;
}

/* Windows that fit, that are cut off at the edge, that overlap, that leave gaps, and one over everything. */
static void test_occlusion_against_a_loop(void)
{
    const guint sizes[][2] = {{3, 3}, {2, 2}, {4, 3}, {2, 4}, {40, 40}};
    float image[PIXELS], map[PIXELS];
    double expected[PIXELS], largest = 0;
    g_autoptr(RhEvaluator) evaluator = small_network();
    random_image(image, 2);
    memset(image, 0, 5 * SIDE * sizeof *image); /* black windows lose nothing */
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        RhMapSettings settings = {.window = sizes[i][0], .stride = sizes[i][1], .fill = i == 2 ? 0.5 : 0};
        compute("occlusion", evaluator, image, settings, map);
        occlude(evaluator, image, settings.window, settings.stride, (float)settings.fill, expected);
        for (guint k = 0; k < PIXELS; k++) {
            g_assert_cmpfloat_with_epsilon(map[k], expected[k], 1e-5);
            largest = MAX(largest, fabs(expected[k]));
        }
    }
    g_assert_cmpfloat(largest, >, 1e-3);
}

static void test_table(void)
{
    g_autoptr(GError) error = NULL;
    const RhMapKind *const *kinds = rh_map_kinds();
    guint count = 0;
    for (; kinds[count] != NULL; count++)
        g_assert_true(rh_map_kind_find(kinds[count]->id, NULL) == kinds[count]);
    g_assert_cmpuint(count, >=, 3);
    g_assert_false(rh_map_kind_find("occlusion", NULL)->smoothed);
    g_assert_null(rh_map_kind_find("tea-leaves", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "integrated-gradients"));
}

static void test_coarse_settings(void)
{
    const RhMapKind *integrated = rh_map_kind_find("integrated-gradients", NULL);
    const RhMapKind *occlusion = rh_map_kind_find("occlusion", NULL);
    g_assert_cmpuint(rh_map_settings_coarse(integrated, 28, 28, 1).nodes, ==, 200);
    g_assert_cmpuint(rh_map_settings_coarse(integrated, 28, 28, 0.1).nodes, ==, 20);
    g_assert_cmpuint(rh_map_settings_coarse(integrated, 28, 28, 1e-6).nodes, ==, 4);
    g_assert_cmpuint(rh_map_settings_coarse(occlusion, 28, 28, 1).window, ==, 0);
    g_assert_cmpuint(rh_map_settings_coarse(occlusion, 28, 28, 0.25).window, ==, 4);
    g_assert_cmpuint(rh_map_settings_coarse(occlusion, 224, 224, 0.25).window, ==, 30);
    g_assert_cmpuint(rh_map_settings_coarse(occlusion, 224, 224, 0.25).stride, ==, 30);
    g_assert_cmpuint(rh_map_settings_coarse(occlusion, 28, 20, 1e-9).window, ==, 20);
}

static void note_progress(double fraction, gpointer data)
{
    GArray *seen = data;
    g_array_append_val(seen, fraction);
}

static void cancel_midway(double fraction, gpointer data)
{
    if (fraction > 0.3)
        g_cancellable_cancel(data);
}

static void test_progress_and_cancel(void)
{
    float image[PIXELS], map[PIXELS];
    g_autoptr(RhEvaluator) evaluator = small_network();
    random_image(image, 3);
    for (const RhMapKind *const *kind = rh_map_kinds(); *kind != NULL; kind++) {
        g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(double));
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(GError) error = NULL;
        RhMapRequest request = {.evaluator = evaluator,
                                .image = image,
                                .settings = rh_map_settings_default(),
                                .cancellable = cancellable,
                                .progress = note_progress,
                                .progress_data = seen};
        g_assert_true((*kind)->compute(&request, map, &error));
        g_assert_cmpfloat(g_array_index(seen, double, seen->len - 1), ==, 1);
        for (guint i = 1; i < seen->len; i++)
            g_assert_cmpfloat(g_array_index(seen, double, i), >, g_array_index(seen, double, i - 1));
        request.progress = cancel_midway;
        request.progress_data = cancellable;
        if ((*kind)->coarsen != NULL) { /* the others are done in one chunk */
            g_assert_false((*kind)->compute(&request, map, &error));
            g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
            g_clear_error(&error);
        }
        g_cancellable_cancel(cancellable);
        g_assert_false((*kind)->compute(&request, map, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

static void test_refused_settings(void)
{
    float image[PIXELS] = {0}, map[PIXELS];
    g_autoptr(RhEvaluator) evaluator = small_network();
    const RhMapKind *kind = rh_map_kind_find("integrated-gradients", NULL);
    const guint refused[] = {0, 1000000};
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        RhMapRequest request = {.evaluator = evaluator, .image = image, .settings = {.nodes = refused[i]}};
        g_assert_false(kind->compute(&request, map, &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maps/nodes", test_nodes);
    g_test_add_func("/maps/gradient", test_gradient);
    g_test_add_func("/maps/integrated-is-complete", test_integrated_is_complete);
    g_test_add_func("/maps/integrated-against-a-loop", test_integrated_against_a_loop);
    g_test_add_func("/maps/occlusion-against-a-loop", test_occlusion_against_a_loop);
    g_test_add_func("/maps/table", test_table);
    g_test_add_func("/maps/coarse-settings", test_coarse_settings);
    g_test_add_func("/maps/progress-and-cancel", test_progress_and_cancel);
    g_test_add_func("/maps/refused-settings", test_refused_settings);
    return g_test_run();
}
