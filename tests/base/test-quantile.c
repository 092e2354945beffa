/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/quantile.h"

static void assert_quantile(const double *values, gsize count, double share, double expected)
{
    g_autofree double *sorted = g_memdup2(values, count * sizeof *values);
    rh_sort_values(sorted, count);
    g_assert_cmpfloat_with_epsilon(rh_quantile(sorted, count, share), expected, 1e-12);
}

/* Five values: the places are 0, 1, 2, 3 and 4, so that the quartiles are values themselves. */
static void test_odd(void)
{
    const double values[] = {7, 1, 5, 30, 2};
    assert_quantile(values, 5, 0, 1);
    assert_quantile(values, 5, 0.25, 2);
    assert_quantile(values, 5, 0.5, 5);
    assert_quantile(values, 5, 0.75, 7);
    assert_quantile(values, 5, 1, 30);
    /* Place 3.96: from 7 on, 0.96 of the way to 30. */
    assert_quantile(values, 5, 0.99, 7 + 0.96 * 23);
}

/* Four values: places 0.75, 1.5 and 2.25. */
static void test_even(void)
{
    const double values[] = {40, 10, 30, 20};
    assert_quantile(values, 4, 0.25, 17.5);
    assert_quantile(values, 4, 0.5, 25);
    assert_quantile(values, 4, 0.75, 32.5);
}

static void test_few(void)
{
    const double values[] = {3, 1};
    assert_quantile(values, 1, 0.25, 3);
    assert_quantile(values, 1, 1, 3);
    assert_quantile(values, 2, 0.5, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quantile/odd", test_odd);
    g_test_add_func("/quantile/even", test_even);
    g_test_add_func("/quantile/few", test_few);
    return g_test_run();
}
