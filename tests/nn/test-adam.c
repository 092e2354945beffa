/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/adam.h"

#include <math.h>

#include "support.h"

#define VALUES 40000 /* more than one piece */
#define STEPS  5
#define RATE   0.01

static double gradient_at(guint step, guint tensor, gsize index)
{
    return sin(0.37 * (double)index + step) * (1 + tensor) + (index % 7 == 0 ? 0 : 0.1);
}

/* Kingma and Ba, algorithm 1, one value at a time. */
static double reference(guint tensor, gsize index, double value)
{
    double first = 0, second = 0;
    for (guint t = 1; t <= STEPS; t++) {
        double g = gradient_at(t, tensor, index);
        first = 0.9 * first + 0.1 * g;
        second = 0.999 * second + 0.001 * g * g;
        double m = first / (1 - pow(0.9, t)), v = second / (1 - pow(0.999, t));
        value -= RATE * m / (sqrt(v) + 1e-8);
    }
    return value;
}

/* Two trainable tensors around a buffer, moved by STEPS steps. */
static RhParameters *train(RhPrecision precision, RhPool *pool)
{
    RhParameters *parameters = rh_parameters_new(precision);
    const RhTensor *const tensors[2] = {
        rh_parameters_add(parameters, "a", RH_SHAPE(VALUES), TRUE),
        (rh_parameters_add(parameters, "buffer", RH_SHAPE(3), FALSE),
         rh_parameters_add(parameters, "b", RH_SHAPE(3, 5), TRUE)),
    };
    g_autoptr(RhAdam) adam = rh_adam_new(parameters, RATE);
    gpointer gradients[2];
    for (guint k = 0; k < 2; k++)
        gradients[k] = g_malloc0(rh_shape_count(tensors[k]->shape) * rh_precision_size(precision));
    for (guint step = 1; step <= STEPS; step++) {
        for (guint k = 0; k < 2; k++)
            for (gsize i = 0; i < rh_shape_count(tensors[k]->shape); i++)
                if (precision == RH_SINGLE)
                    ((float *)gradients[k])[i] = (float)gradient_at(step, k, i);
                else
                    ((double *)gradients[k])[i] = gradient_at(step, k, i);
        rh_adam_step(adam, (gconstpointer const *)gradients, pool);
    }
    g_free(gradients[0]);
    g_free(gradients[1]);
    return parameters;
}

static void check(RhPrecision precision, double tolerance)
{
    g_autoptr(RhParameters) parameters = train(precision, NULL);
    const RhTensor *a = rh_parameters_find(parameters, "a"), *b = rh_parameters_find(parameters, "b");
    for (gsize i = 0; i < VALUES; i++)
        g_assert_cmpfloat_with_epsilon(rh_tensor_value(a, precision, i), reference(0, i, 0), tolerance);
    for (gsize i = 0; i < 15; i++)
        g_assert_cmpfloat_with_epsilon(rh_tensor_value(b, precision, i), reference(1, i, 0), tolerance);
    g_assert_cmpfloat(rh_tensor_value(rh_parameters_find(parameters, "buffer"), precision, 1), ==, 0);
}

static void test_double(void)
{
    check(RH_DOUBLE, 1e-14);
}

static void test_single(void)
{
    check(RH_SINGLE, 1e-6);
}

static void test_threads(void)
{
    g_autoptr(RhParameters) alone = train(RH_SINGLE, NULL);
    for (guint threads = 2; threads <= 3; threads++) {
        g_autoptr(RhPool) pool = rh_pool_new(threads);
        g_autoptr(RhParameters) together = train(RH_SINGLE, pool);
        g_assert_cmpmem(rh_parameters_find(alone, "a")->data, VALUES * sizeof(float),
                        rh_parameters_find(together, "a")->data, VALUES * sizeof(float));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/adam/double", test_double);
    g_test_add_func("/adam/single", test_single);
    g_test_add_func("/adam/threads", test_threads);
    return g_test_run();
}
