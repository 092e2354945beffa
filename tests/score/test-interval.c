/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/interval.h"

#include <math.h>

/* Against printed tables of Student's t. */
static void test_quantiles(void)
{
    static const struct {
        double probability;
        guint degrees;
        double value;
    } table[] = {{0.975, 1, 12.706}, {0.975, 2, 4.303},   {0.975, 3, 3.182},  {0.975, 4, 2.776},
                 {0.975, 9, 2.262},  {0.975, 10, 2.228},  {0.975, 30, 2.042}, {0.975, 120, 1.980},
                 {0.95, 5, 2.015},   {0.995, 7, 3.499},   {0.995, 1, 63.657}, {0.5, 3, 0},
                 {0.025, 4, -2.776}, {0.975, 1000, 1.962}};
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        g_assert_cmpfloat_with_epsilon(rh_student_quantile(table[i].probability, table[i].degrees),
                                       table[i].value, 6e-4);
}

/* By hand: mean 2, standard deviation 1, standard error 1/√3. */
static void test_mean(void)
{
    const double values[] = {1, 2, 3}, same[] = {0.5, 0.5}, broken[] = {1, NAN, 2};
    RhInterval interval = rh_mean_interval(values, 3);
    g_assert_cmpfloat(interval.mean, ==, 2);
    g_assert_cmpfloat_with_epsilon(interval.low, 2 - 4.3027 / sqrt(3), 1e-4);
    g_assert_cmpfloat_with_epsilon(interval.high, 2 + 4.3027 / sqrt(3), 1e-4);
    interval = rh_mean_interval(same, 2);
    g_assert_true(interval.low == 0.5 && interval.high == 0.5);
    interval = rh_mean_interval(values, 1);
    g_assert_true(interval.mean == 1 && isnan(interval.low) && isnan(interval.high));
    interval = rh_mean_interval(broken, 3);
    g_assert_true(isnan(interval.mean) && isnan(interval.low));
    g_assert_true(isnan(rh_mean_interval(NULL, 0).mean));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interval/quantiles", test_quantiles);
    g_test_add_func("/interval/mean", test_mean);
    return g_test_run();
}
