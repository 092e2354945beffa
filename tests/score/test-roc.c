/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/roc.h"

#include <math.h>

#include "base/random.h"

/* Worked by hand: of the 3·2 pairs 4 are won, 1 is tied. */
static void test_by_hand(void)
{
    const double a[] = {3, 1, 2}, b[] = {0, 2};
    g_assert_cmpfloat(rh_win_rate(a, 3, b, 2), ==, 4.5 / 6);
    g_assert_cmpfloat(rh_win_rate(b, 2, a, 3), ==, 1.5 / 6);

    const double scores[] = {0.1, 0.4, 0.35, 0.8};
    const guint8 labels[] = {0, 0, 1, 1};
    g_assert_cmpfloat(rh_auc(scores, labels, 4), ==, 0.75);
}

static void test_extremes(void)
{
    const double scores[] = {-INFINITY, -1, 1, INFINITY}, equal[] = {2, 2, 2, 2}, broken[] = {0, 1, NAN, 2};
    const guint8 labels[] = {0, 0, 1, 1}, reversed[] = {1, 1, 0, 0}, single[] = {1, 1, 1, 1};
    g_assert_cmpfloat(rh_auc(scores, labels, 4), ==, 1);
    g_assert_cmpfloat(rh_auc(scores, reversed, 4), ==, 0);
    g_assert_cmpfloat(rh_auc(equal, labels, 4), ==, 0.5);
    g_assert_true(isnan(rh_auc(scores, single, 4)));
    g_assert_true(isnan(rh_auc(broken, labels, 4)));
    g_assert_true(isnan(rh_auc(NULL, NULL, 0)));
    g_assert_true(isnan(rh_win_rate(scores, 4, NULL, 0)));
}

static void test_per_logit(void)
{
    const double logit0[] = {5, -1, 3, -4}, logit1[] = {2, 1, 3, 4};
    const guint8 labels[] = {0, 0, 1, 1};
    /* −o₀ = −5, 1, −3, 4 wins 3 of 4 pairs; o₁ wins all. */
    g_assert_cmpfloat(rh_auc_per_logit(logit0, logit1, labels, 4), ==, (0.75 + 1) / 2);
}

static double pair_by_pair(const double *scores, const guint8 *labels, gsize count)
{
    double wins = 0, pairs = 0;
    for (gsize i = 0; i < count; i++)
        for (gsize j = 0; j < count; j++)
            if (labels[i] == 1 && labels[j] == 0) {
                wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                pairs++;
            }
    return wins / pairs;
}

static void test_against_all_pairs(void)
{
    RhRandom random;
    rh_random_init(&random, 5, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 200; trial++) {
        double scores[60];
        guint8 labels[60];
        guint count = 2 + rh_random_below(&random, 58), steps = 1 + rh_random_below(&random, 40);
        for (guint i = 0; i < count; i++) {
            labels[i] = i < 2 ? (guint8)i : (guint8)rh_random_below(&random, 2);
            scores[i] = (double)rh_random_below(&random, steps) / 7 - 2; /* few values: many ties */
        }
        g_assert_cmpfloat_with_epsilon(rh_auc(scores, labels, count), pair_by_pair(scores, labels, count),
                                       1e-14);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/roc/by-hand", test_by_hand);
    g_test_add_func("/roc/extremes", test_extremes);
    g_test_add_func("/roc/per-logit", test_per_logit);
    g_test_add_func("/roc/against-all-pairs", test_against_all_pairs);
    return g_test_run();
}
