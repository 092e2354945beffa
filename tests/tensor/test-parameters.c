/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/parameters.h"

static void test_set(void)
{
    g_autoptr(RhParameters) parameters = rh_parameters_new(RH_SINGLE);
    RhTensor *weight = rh_parameters_add(parameters, "weight", RH_SHAPE(3, 5), TRUE);
    RhTensor *mean = rh_parameters_add(parameters, "mean", RH_SHAPE(7), FALSE);
    RhTensor *scalar = rh_parameters_add(parameters, "scalar", RH_SCALAR, TRUE);
    for (guint i = 0; i < 100; i++) { /* addresses are stable */
        g_autofree char *name = g_strdup_printf("more%u", i);
        rh_parameters_add(parameters, name, RH_SHAPE(1, 1, 1, 2), FALSE);
    }
    g_assert_cmpuint(rh_parameters_count(parameters), ==, 103);
    g_assert_true(rh_parameters_get(parameters, 0) == weight);
    g_assert_true(rh_parameters_find(parameters, "mean") == mean);
    g_assert_true(rh_parameters_find(parameters, "scalar") == scalar);
    g_assert_null(rh_parameters_find(parameters, "variance"));
    g_assert_cmpuint(rh_parameters_trainable_size(parameters), ==, 16);
    g_assert_true(rh_parameters_precision(parameters) == RH_SINGLE);
}

static void test_memory(void)
{
    for (RhPrecision precision = RH_SINGLE; precision <= RH_DOUBLE; precision++) {
        g_autoptr(RhParameters) parameters = rh_parameters_new(precision);
        for (guint size = 0; size < 40; size++) {
            g_autofree char *name = g_strdup_printf("tensor%u", size);
            RhTensor *tensor = rh_parameters_add(parameters, name, RH_SHAPE(size), TRUE);
            g_assert_cmpuint(GPOINTER_TO_SIZE(tensor->data) % 64, ==, 0);
            for (guint i = 0; i < size; i++)
                g_assert_cmpfloat(rh_tensor_value(tensor, precision, i), ==, 0);
        }
    }
}

static void test_values(void)
{
    g_autoptr(RhParameters) single = rh_parameters_new(RH_SINGLE), exact = rh_parameters_new(RH_DOUBLE);
    RhTensor *a = rh_parameters_add(single, "a", RH_SHAPE(2), TRUE);
    RhTensor *b = rh_parameters_add(exact, "b", RH_SHAPE(2), TRUE);
    rh_tensor_set_value(a, RH_SINGLE, 1, 0.1);
    rh_tensor_set_value(b, RH_DOUBLE, 1, 0.1);
    g_assert_cmpfloat(((const float *)a->data)[1], ==, 0.1f);
    g_assert_cmpfloat(rh_tensor_value(a, RH_SINGLE, 1), ==, (double)0.1f);
    g_assert_cmpfloat(rh_tensor_value(b, RH_DOUBLE, 1), ==, 0.1);
    g_assert_cmpfloat(rh_tensor_value(a, RH_SINGLE, 0), ==, 0);
}

/* A copy shares nothing; assigning takes the values over and nothing else. */
static void test_copy(void)
{
    RhParameters *parameters = rh_parameters_new(RH_DOUBLE);
    RhTensor *tensor = rh_parameters_add(parameters, "a", RH_SHAPE(3), FALSE);
    rh_tensor_set_value(tensor, RH_DOUBLE, 2, 5);
    g_autoptr(RhParameters) copy = rh_parameters_copy(parameters);
    rh_tensor_set_value(tensor, RH_DOUBLE, 2, 6);
    RhTensor *twin = rh_parameters_find(copy, "a");
    g_assert_true(twin != tensor && twin->data != tensor->data && !twin->trainable);
    g_assert_true(rh_shape_equal(twin->shape, tensor->shape));
    g_assert_cmpfloat(rh_tensor_value(twin, RH_DOUBLE, 2), ==, 5);
    rh_parameters_assign(copy, parameters);
    g_assert_cmpfloat(rh_tensor_value(twin, RH_DOUBLE, 2), ==, 6);

    RhParameters *same = rh_parameters_ref(parameters);
    rh_parameters_unref(parameters);
    g_assert_cmpfloat(rh_tensor_value(rh_parameters_get(same, 0), RH_DOUBLE, 2), ==, 6);
    rh_parameters_unref(same);
}

static void test_shape(void)
{
    RhShape shape = RH_SHAPE(16, 28, 28, 1);
    g_autofree char *text = rh_shape_to_string(shape), *scalar = rh_shape_to_string(RH_SCALAR);
    g_assert_cmpstr(text, ==, "16×28×28×1");
    g_assert_cmpstr(scalar, ==, "scalar");
    g_assert_cmpuint(rh_shape_count(shape), ==, 12544);
    g_assert_cmpuint(rh_shape_count(RH_SCALAR), ==, 1);
    g_assert_true(rh_shape_equal(shape, RH_SHAPE(16, 28, 28, 1)));
    g_assert_false(rh_shape_equal(shape, RH_SHAPE(16, 28, 28)));
    g_assert_false(rh_shape_equal(RH_SHAPE(1), RH_SCALAR));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parameters/set", test_set);
    g_test_add_func("/parameters/memory", test_memory);
    g_test_add_func("/parameters/values", test_values);
    g_test_add_func("/parameters/copy", test_copy);
    g_test_add_func("/parameters/shape", test_shape);
    return g_test_run();
}
