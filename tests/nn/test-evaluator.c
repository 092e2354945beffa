/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/evaluator.h"

#include <math.h>

#include "base/error.h"
#include "support.h"

#define SIDE   12
#define PIXELS (SIDE * SIDE)
#define IMAGES 11

static RhEvaluator *make(guint batch, RhPool *pool)
{
    const RhNetworkKind *kind = rh_network_kind_find("small", NULL);
    g_autoptr(RhNetwork) network = rh_network_new(kind, 4, RH_SINGLE);
    rh_network_initialise(network, 17);
    RhEvaluator *evaluator = rh_evaluator_new(kind, 4, SIDE, SIDE, batch, NULL, pool);
    rh_evaluator_set_parameters(evaluator, network->parameters);
    return evaluator;
}

static float *make_images(void)
{
    float *images = g_new(float, IMAGES *PIXELS);
    for (guint i = 0; i < IMAGES * PIXELS; i++)
        images[i] = (float)(0.5 + 0.5 * sin(0.13 * i * (1 + i % 3)));
    return images;
}

/* Eleven images in chunks of four, of one and all at once: the same scores and gradients. */
static void test_chunks(void)
{
    g_autoptr(RhEvaluator) fours = make(4, NULL), ones = make(1, NULL), whole = make(IMAGES, NULL);
    RhEvaluator *const evaluators[] = {fours, ones, whole};
    g_autofree float *images = make_images();
    float logits[3][2 * IMAGES], with_gradient[2 * IMAGES];
    g_autofree float *gradients = g_new(float, 3 * IMAGES * PIXELS);
    for (guint k = 0; k < 3; k++) {
        rh_evaluator_logits(evaluators[k], images, IMAGES, logits[k]);
        rh_evaluator_gradients(evaluators[k], images, IMAGES, with_gradient, gradients + k * IMAGES * PIXELS);
        for (guint i = 0; i < 2 * IMAGES; i++) {
            g_assert_cmpfloat_with_epsilon(logits[k][i], logits[0][i], 1e-5);
            g_assert_cmpfloat_with_epsilon(with_gradient[i], logits[0][i], 1e-5);
        }
        for (guint i = 0; i < IMAGES * PIXELS; i++)
            g_assert_cmpfloat_with_epsilon(gradients[k * IMAGES * PIXELS + i], gradients[i], 1e-5);
    }
    g_assert_cmpfloat(fabsf(logits[0][0] - logits[0][2]), >, 1e-4f);
}

/* Of the class-1 logit, image by image: finite differences in single precision. */
static void test_gradient(void)
{
    g_autoptr(RhEvaluator) evaluator = make(2, NULL);
    g_autofree float *images = make_images(), *gradients = g_new(float, 2 * PIXELS);
    float before[4], after[4];
    rh_evaluator_gradients(evaluator, images, 2, NULL, gradients);
    double worst = 0, size = 0;
    for (guint i = 0; i < 2 * PIXELS; i += 5) {
        float kept = images[i];
        images[i] = kept + 0.01f;
        rh_evaluator_logits(evaluator, images, 2, after);
        images[i] = kept - 0.01f;
        rh_evaluator_logits(evaluator, images, 2, before);
        images[i] = kept;
        guint image = i / PIXELS;
        double slope = ((double)after[2 * image + 1] - (double)before[2 * image + 1]) / 0.02;
        worst = fmax(worst, fabs(slope - (double)gradients[i]));
        size = fmax(size, fabs(slope));
    }
    g_assert_cmpfloat(size, >, 1e-3);
    g_assert_cmpfloat(worst, <, 0.1 * size); /* ReLUs switch within the interval */
}

static void test_threads(void)
{
    g_autoptr(RhEvaluator) alone = make(8, NULL);
    g_autofree float *images = make_images(), *expected = g_new(float, IMAGES *PIXELS);
    g_autofree float *gradients = g_new(float, IMAGES *PIXELS);
    rh_evaluator_gradients(alone, images, IMAGES, NULL, expected);
    for (guint threads = 2; threads <= 3; threads++) {
        g_autoptr(RhPool) pool = rh_pool_new(threads);
        g_autoptr(RhEvaluator) together = make(8, pool);
        rh_evaluator_gradients(together, images, IMAGES, NULL, gradients);
        g_assert_cmpmem(gradients, IMAGES * PIXELS * sizeof *gradients, expected,
                        IMAGES * PIXELS * sizeof *expected);
    }
}

/* Eleven images in chunks of four and of less are eleven images' operations; a gradient costs more. */
static void test_operations(void)
{
    g_autoptr(RhEvaluator) fours = make(4, NULL), ones = make(1, NULL);
    g_autofree float *images = make_images(), *gradients = g_new(float, PIXELS);
    float logits[2 * IMAGES];
    g_assert_cmpfloat(rh_evaluator_operations(fours), ==, 0);
    rh_evaluator_logits(ones, images, 1, logits);
    double one = rh_evaluator_operations(ones);
    rh_evaluator_logits(fours, images, IMAGES, logits);
    g_assert_cmpfloat(one, >, 2.0 * 144 * 9 * 4);
    g_assert_cmpfloat(rh_evaluator_operations(fours), ==, IMAGES * one);
    rh_evaluator_gradients(ones, images, 1, NULL, gradients);
    g_assert_cmpfloat(rh_evaluator_operations(ones), >, 2 * one);
}

/* What no computer has the memory for is refused, and smaller chunks can still be scored. */
static void test_too_large_for_memory(void)
{
    g_autoptr(RhEvaluator) evaluator = make(1u << 31, NULL);
    g_autofree float *images = make_images();
    g_autoptr(GError) error = NULL;
    for (guint with_gradient = 0; with_gradient < 2; with_gradient++) {
        g_assert_false(rh_evaluator_reserve(evaluator, 1u << 31, with_gradient, &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_LIMIT);
        g_assert_nonnull(strstr(error->message, " bytes) of memory"));
        g_clear_error(&error);
    }
    float logits[2];
    g_assert_true(rh_evaluator_score(evaluator, images, logits, &error));
    g_assert_no_error(error);
}

/* A network whose weights are no numbers explains nothing. */
static void test_weights_that_are_no_numbers(void)
{
    const RhNetworkKind *kind = rh_network_kind_find("small", NULL);
    g_autoptr(RhNetwork) network = rh_network_new(kind, 4, RH_SINGLE);
    g_autoptr(RhEvaluator) evaluator = make(4, NULL);
    g_autofree float *images = make_images();
    g_autoptr(GError) error = NULL;
    float logits[2];
    rh_network_initialise(network, 17);
    rh_tensor_set_value(rh_parameters_get(network->parameters, 0), RH_SINGLE, 0, NAN);
    rh_evaluator_set_parameters(evaluator, network->parameters);
    g_assert_false(rh_evaluator_score(evaluator, images, logits, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/evaluator/chunks", test_chunks);
    g_test_add_func("/evaluator/gradient", test_gradient);
    g_test_add_func("/evaluator/too-large-for-memory", test_too_large_for_memory);
    g_test_add_func("/evaluator/weights-that-are-no-numbers", test_weights_that_are_no_numbers);
    g_test_add_func("/evaluator/threads", test_threads);
    g_test_add_func("/evaluator/operations", test_operations);
    return g_test_run();
}
