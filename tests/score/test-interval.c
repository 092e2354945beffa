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
    for (guint degrees = 1; degrees < 400; degrees += 7)
        g_assert_cmpfloat_with_epsilon(rh_student_reach(degrees), rh_student_quantile(0.975, degrees), 1e-7);
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

/* Two values of each cluster that are equal are one value; values far apart within a cluster tell less. */
static void test_clusters(void)
{
    const double values[] = {1, 1, 2, 2, 3, 3}, once[] = {1, 2, 3};
    const guint32 clusters[] = {5, 5, 8, 8, 2, 2}, one[] = {4, 4, 4, 4, 4, 4};
    const RhInterval pairs = rh_clustered_mean_interval(values, clusters, 6),
                     single = rh_mean_interval(once, 3);
    g_assert_cmpfloat_with_epsilon(pairs.mean, 2, 1e-15);
    g_assert_cmpfloat_with_epsilon(pairs.low, single.low, 1e-12);
    g_assert_cmpfloat_with_epsilon(pairs.high, single.high, 1e-12);
    const RhInterval lone = rh_clustered_mean_interval(values, one, 6);
    g_assert_true(lone.mean == 2 && isnan(lone.low));
}

/* Against printed values: Wilson 11 of 20 and 12 of 12; Newcombe for an area of 1 from 4 against 4. */
static void test_shares_and_areas(void)
{
    const RhInterval some = rh_share_interval(11 / 20.0, 20), all = rh_share_interval(1, 12);
    g_assert_cmpfloat_with_epsilon(some.low, 0.342, 5e-4);
    g_assert_cmpfloat_with_epsilon(some.high, 0.742, 5e-4);
    g_assert_cmpfloat_with_epsilon(all.low, 0.757, 1e-3);
    g_assert_cmpfloat(all.high, ==, 1);
    g_assert_cmpfloat(rh_share_interval(0, 3).low, ==, 0);

    const RhInterval perfect = rh_auc_interval(1, 0, 4, 4, RH_NORMAL_QUANTILE),
                     turned = rh_auc_interval(0, NAN, 4, 4, RH_NORMAL_QUANTILE);
    g_assert_cmpfloat_with_epsilon(perfect.low, 0.58, 0.005);
    g_assert_cmpfloat(perfect.high, ==, 1);
    g_assert_cmpfloat_with_epsilon(turned.high, 1 - perfect.low, 1e-12);
    g_assert_cmpfloat(turned.low, ==, 0);
    g_assert_true(isnan(rh_auc_interval(NAN, 1, 4, 4, 2).low));
}

static void test_text(void)
{
    static const struct {
        RhInterval interval;
        const char *text;
    } cases[] = {{{0.534, 0.4, 0.656}, "0.53 (0.40–0.66)"},
                 {{0.9956, 0.9881, 0.9999}, "0.996 (0.988–1.000)"},
                 {{-1, -1, -0.957}, "-1.00 (-1.00 to -0.96)"},
                 {{0.5, NAN, NAN}, "0.50"},
                 {{NAN, NAN, NAN}, "–"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = rh_interval_text(cases[i].interval);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interval/quantiles", test_quantiles);
    g_test_add_func("/interval/mean", test_mean);
    g_test_add_func("/interval/clusters", test_clusters);
    g_test_add_func("/interval/shares-and-areas", test_shares_and_areas);
    g_test_add_func("/interval/text", test_text);
    return g_test_run();
}
