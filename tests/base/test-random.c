/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/random.h"

#include <math.h>

/* Known answers of Philox 4x32-10 published with the algorithm: all-zero counter and key. A stream's counter
 * begins with (0, purpose, epoch, sample), so purpose 0 makes it zero. */
static void test_known_answer(void)
{
    RhRandom random;
    rh_random_init(&random, 0, (RhPurpose)0, 0, 0);
    g_assert_cmphex(rh_random_next(&random), ==, 0x6627e8d5u);
    g_assert_cmphex(rh_random_next(&random), ==, 0xe169c58du);
    g_assert_cmphex(rh_random_next(&random), ==, 0xbc57ac4cu);
    g_assert_cmphex(rh_random_next(&random), ==, 0x9b00dbd8u);
}

static void test_streams_differ(void)
{
    RhRandom a, b, c;
    rh_random_init(&a, 7, RH_PURPOSE_ORDER, 1, 2);
    rh_random_init(&b, 7, RH_PURPOSE_ORDER, 1, 2);
    rh_random_init(&c, 7, RH_PURPOSE_ORDER, 1, 3);
    guint same = 0;
    for (guint i = 0; i < 100; i++) {
        guint32 value = rh_random_next(&a);
        g_assert_cmpuint(value, ==, rh_random_next(&b));
        same += value == rh_random_next(&c);
    }
    g_assert_cmpuint(same, <, 2);
}

static void test_below_is_even(void)
{
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    guint count[7] = {0};
    for (guint i = 0; i < 70000; i++)
        count[rh_random_below(&random, 7)]++;
    double chi_square = 0;
    for (guint i = 0; i < 7; i++)
        chi_square += pow(count[i] - 10000.0, 2) / 10000;
    g_assert_cmpfloat(chi_square, <, 22.5); /* 6 degrees of freedom, p = 0.001 */
}

static void test_normal_moments(void)
{
    RhRandom random;
    rh_random_init(&random, 2, RH_PURPOSE_TEST, 0, 0);
    double sum = 0, square = 0, fourth = 0;
    const guint n = 200000;
    for (guint i = 0; i < n; i++) {
        double value = rh_random_normal(&random);
        sum += value;
        square += value * value;
        fourth += value * value * value * value;
    }
    g_assert_cmpfloat(fabs(sum / n), <, 0.01);
    g_assert_cmpfloat(fabs(square / n - 1), <, 0.02);
    g_assert_cmpfloat(fabs(fourth / n - 3), <, 0.15);
}

static void test_permute_keeps_all(void)
{
    RhRandom random;
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 0, 0);
    guint32 values[50];
    gboolean seen[50] = {FALSE};
    for (guint i = 0; i < 50; i++)
        values[i] = i;
    rh_random_permute(&random, values, 50);
    guint moved = 0;
    for (guint i = 0; i < 50; i++) {
        g_assert_false(seen[values[i]]);
        seen[values[i]] = TRUE;
        moved += values[i] != i;
    }
    g_assert_cmpuint(moved, >, 30);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/random/known-answer", test_known_answer);
    g_test_add_func("/random/streams-differ", test_streams_differ);
    g_test_add_func("/random/below-is-even", test_below_is_even);
    g_test_add_func("/random/normal-moments", test_normal_moments);
    g_test_add_func("/random/permute-keeps-all", test_permute_keeps_all);
    return g_test_run();
}
