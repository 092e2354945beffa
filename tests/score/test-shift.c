/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/shift.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "score/roc.h"

#define ROWS 90

/* A test set with uneven cells and some ties, in which the confounder pulls the score towards its own class.
 */
static void make_rows(RhScored *rows, guint count, guint64 seed)
{
    RhRandom random;
    rh_random_init(&random, seed, RH_PURPOSE_TEST, 0, 0);
    for (guint i = 0; i < count; i++) {
        guint8 label = i % 5 < 2, conflicting = i % 7 < 3;
        double pull = (label == 1) != (conflicting == 1) ? 1 : -1;
        double score = 0.4 * (label == 1 ? 1 : -1) + 0.7 * pull + rh_random_normal(&random);
        float logit0 = (float)round(rh_random_normal(&random) * 8) / 8;
        rows[i] = (RhScored){{logit0, logit0 + (float)round(score * 8) / 8}, label, conflicting};
    }
}

/* The population of a level, as weights on the images: a class's weights sum to its number of images, a share
 * `level` of them on the conflicting ones. */
static void population_weights(const RhScored *rows, guint count, double level, double *weights)
{
    double cells[2][2] = {{0}};
    for (guint i = 0; i < count; i++)
        cells[rows[i].label][rows[i].conflicting]++;
    for (guint i = 0; i < count; i++) {
        const double *cell = cells[rows[i].label];
        double share = rows[i].conflicting ? level : 1 - level;
        weights[i] = share * (cell[0] + cell[1]) / cell[rows[i].conflicting];
    }
}

static gboolean is_right(const RhScored *row)
{
    return (rh_score(row) > 0) == (row->label == 1);
}

/* Every pair of images, each as often as its weights say. */
static void test_against_weighted_pairs(void)
{
    RhScored rows[ROWS];
    double levels[21], weights[ROWS];
    RhShiftPoint points[21];
    make_rows(rows, ROWS, 1);
    for (guint i = 0; i < 21; i++)
        levels[i] = i / 20.0;
    rh_shift_curve(rows, ROWS, levels, 21, 0, 0, points);
    for (guint k = 0; k < 21; k++) {
        double wins = 0, pairs = 0, right = 0, total = 0;
        population_weights(rows, ROWS, levels[k], weights);
        for (guint i = 0; i < ROWS; i++) {
            right += is_right(&rows[i]) ? weights[i] : 0;
            total += weights[i];
            for (guint j = 0; j < ROWS; j++)
                if (rows[i].label == 1 && rows[j].label == 0) {
                    double difference = rh_score(&rows[i]) - rh_score(&rows[j]);
                    double won = difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
                    wins += weights[i] * weights[j] * won;
                    pairs += weights[i] * weights[j];
                }
        }
        g_assert_cmpfloat(points[k].level, ==, levels[k]);
        g_assert_cmpfloat_with_epsilon(points[k].auc, wins / pairs, 1e-12);
        g_assert_cmpfloat_with_epsilon(points[k].accuracy, right / total, 1e-12);
        g_assert_true(isnan(points[k].auc_low) && isnan(points[k].accuracy_high));
    }
}

/* Draws a population of `count` images in which each class has a share `level` of conflicting ones. */
static void draw_population(const RhScored *rows, double level, RhRandom *random, guint count, double *scores,
                            guint8 *labels, double *accuracy)
{
    guint right = 0;
    for (guint drawn = 0; drawn < count;) {
        gboolean conflicting = (drawn / 5 + 0.5) / (count / 5) < level; /* the same share within each class */
        const RhScored *row = &rows[rh_random_below(random, ROWS)];
        if (row->conflicting != conflicting || row->label != (drawn % 5 < 2))
            continue;
        scores[drawn] = rh_score(row);
        labels[drawn++] = row->label;
        right += is_right(row);
    }
    *accuracy = (double)right / count;
}

static void test_against_resampling(void)
{
    const double levels[] = {0, 0.25, 0.5, 0.8, 1};
    const guint count = 40000;
    RhScored rows[ROWS];
    RhShiftPoint points[G_N_ELEMENTS(levels)];
    RhRandom random;
    g_autofree double *scores = g_new(double, count);
    g_autofree guint8 *labels = g_new(guint8, count);
    make_rows(rows, ROWS, 2);
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 1, 0);
    rh_shift_curve(rows, ROWS, levels, G_N_ELEMENTS(levels), 0, 0, points);
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        double accuracy;
        draw_population(rows, levels[i], &random, count, scores, labels, &accuracy);
        g_assert_cmpfloat_with_epsilon(points[i].auc, rh_auc(scores, labels, count), 0.015);
        g_assert_cmpfloat_with_epsilon(points[i].accuracy, accuracy, 0.015);
    }
}

/* One image a cell, worked by hand: a network that follows the confounder only. */
static void test_by_hand(void)
{
    const RhScored rows[] = {
        {{-1, 1}, 1, 0}, {{1, -1}, 1, 1}, {{1, -1}, 0, 0}, {{-1, 1}, 0, 1}, {{0, 9}, 0, 2}};
    const double levels[] = {0, 0.25, 0.5, 1};
    RhShiftPoint points[4];
    rh_shift_curve(rows, 5, levels, 4, 20, 0, points);
    /* AUC(s) = (1−s)² + ½·2·s(1−s) = 1 − s, and so is the accuracy. */
    for (guint i = 0; i < 4; i++) {
        g_assert_cmpfloat(points[i].auc, ==, 1 - levels[i]);
        g_assert_cmpfloat(points[i].accuracy, ==, 1 - levels[i]);
        g_assert_cmpfloat(points[i].auc_per_logit, ==, 1 - levels[i]);
        g_assert_cmpfloat(points[i].auc_low, ==, points[i].auc);
    }
    g_assert_cmpfloat(rh_shift_crossing(points, 4), ==, 0.5);
}

/* At both ends the population is a part of the test set, so the figure for plain arrays serves. */
static void test_per_logit(void)
{
    const double levels[] = {0, 1};
    RhScored rows[ROWS];
    RhShiftPoint points[2];
    make_rows(rows, ROWS, 5);
    rh_shift_curve(rows, ROWS, levels, 2, 0, 0, points);
    for (guint end = 0; end < 2; end++) {
        double logits[2][ROWS];
        guint8 labels[ROWS];
        gsize count = 0;
        for (guint i = 0; i < ROWS; i++) {
            if (rows[i].conflicting != end)
                continue;
            logits[0][count] = rows[i].logits[0];
            logits[1][count] = rows[i].logits[1];
            labels[count++] = rows[i].label;
        }
        double expected = rh_auc_per_logit(logits[0], logits[1], labels, count);
        g_assert_cmpfloat_with_epsilon(points[end].auc_per_logit, expected, 1e-12);
        g_assert_cmpfloat(fabs(expected - points[end].auc), >, 0.01); /* another figure than the AUC */
    }
}

/* A second bootstrap that copies the drawn rows and ranks them anew has the same distribution. */
static void test_interval(void)
{
    const double level = 0.3;
    const guint draws = 4000;
    RhScored rows[ROWS], drawn[ROWS];
    RhShiftPoint point, again, one;
    RhRandom random;
    double mean = 0, square = 0;
    make_rows(rows, ROWS, 4);
    rh_shift_curve(rows, ROWS, &level, 1, draws, 11, &point);
    rh_shift_curve(rows, ROWS, &level, 1, draws, 11, &again);
    g_assert_cmpmem(&point, sizeof point, &again, sizeof again);
    rh_random_init(&random, 12, RH_PURPOSE_TEST, 0, 0);
    for (guint draw = 0; draw < draws; draw++) {
        for (guint i = 0; i < ROWS;) {
            drawn[i] = rows[rh_random_below(&random, ROWS)];
            i += drawn[i].label == rows[i].label && drawn[i].conflicting == rows[i].conflicting;
        }
        rh_shift_curve(drawn, ROWS, &level, 1, 0, 0, &one);
        mean += one.auc / draws;
        square += one.auc * one.auc / draws;
    }
    double deviation = sqrt(square - mean * mean);
    g_assert_cmpfloat_with_epsilon(point.auc_high - point.auc_low, 2 * 1.96 * deviation, 0.2 * deviation);
    g_assert_cmpfloat(point.auc_low, <, point.auc);
    g_assert_cmpfloat(point.auc, <, point.auc_high);
    g_assert_cmpfloat(point.accuracy_low, <, point.accuracy);
    g_assert_cmpfloat(point.accuracy, <, point.accuracy_high);
}

static void test_missing_cells(void)
{
    const RhScored rows[] = {{{0, 1}, 1, 1}, {{0, 2}, 1, 1}, {{0, -1}, 0, 1}, {{0, 3}, 0, 1}},
                   broken[] = {{{0, NAN}, 1, 0}, {{0, -1}, 0, 0}};
    const double levels[] = {0, 0.5, 1};
    RhShiftPoint points[3];
    rh_shift_curve(rows, 4, levels, 3, 50, 0, points);
    for (guint i = 0; i < 2; i++) {
        g_assert_true(isnan(points[i].auc) && isnan(points[i].auc_low) && isnan(points[i].auc_high));
        g_assert_true(isnan(points[i].accuracy) && isnan(points[i].accuracy_low));
    }
    g_assert_cmpfloat(points[2].auc, ==, 0.5);
    g_assert_cmpfloat(points[2].accuracy, ==, 0.75);
    g_assert_false(isnan(points[2].auc_low));

    rh_shift_curve(broken, 2, levels, 3, 10, 0, points);
    g_assert_true(isnan(points[0].auc) && isnan(points[0].auc_per_logit));
    g_assert_cmpfloat(points[0].accuracy, ==, 0.5);
    rh_shift_curve(NULL, 0, levels, 3, 10, 0, points);
    g_assert_true(isnan(points[0].auc) && isnan(points[1].accuracy) && isnan(points[2].accuracy_low));
}

static void test_crossing(void)
{
    const struct {
        double auc[4];
        double expected;
    } cases[] = {
        {{0.9, 0.6, 0.2, 0.1}, 1.25}, {{0.1, 0.3, 0.5, 0.9}, 2},        {{0.9, 0.5, 0.9, 0.9}, NAN},
        {{0.5, 0.4, 0.3, 0.2}, NAN},  {{0.9, 0.8, NAN, 0.2}, NAN},      {{0.8, 0.5, 0.5, 0.2}, 1},
        {{NAN, 0.6, 0.4, 0.6}, 1.5},  {{0.9, 0.9, 0.9, 0.500001}, NAN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        RhShiftPoint points[4];
        for (guint k = 0; k < 4; k++)
            points[k] = (RhShiftPoint){.level = k, .auc = cases[i].auc[k]};
        double crossing = rh_shift_crossing(points, 4);
        if (isnan(cases[i].expected))
            g_assert_true(isnan(crossing));
        else
            g_assert_cmpfloat_with_epsilon(crossing, cases[i].expected, 1e-12);
    }
    g_assert_true(isnan(rh_shift_crossing(NULL, 0)));
}

/* By hand: of 0.30 and 0.32 the mean is 0.31, its reach t(0.975; 1) · s / √2 = 12.7062 · 0.01; of 0.2 and 0.4
 * it reaches beyond what an accuracy can be, and is cut; of 1, 1 there is none. */
static void test_mean(void)
{
    const RhShiftPoint one[] = {{.level = 0, .accuracy = 1, .auc = NAN},
                                {.level = 0.5, .accuracy = 0.30, .auc = 0.5},
                                {.level = 1, .accuracy = 0.2, .auc = 0.5}};
    const RhShiftPoint other[] = {{.level = 0, .accuracy = 1, .auc = 1},
                                  {.level = 0.5, .accuracy = 0.32, .auc = 0.5},
                                  {.level = 1, .accuracy = 0.4, .auc = 0.5, .auc_per_logit = 0.6}};
    const RhShiftPoint *const curves[] = {one, other};
    RhShiftPoint mean[3];
    rh_shift_mean(curves, 2, 3, mean);
    g_assert_cmpfloat(mean[1].level, ==, 0.5);
    g_assert_cmpfloat_with_epsilon(mean[1].accuracy, 0.31, 1e-12);
    g_assert_cmpfloat_with_epsilon(mean[1].accuracy_low, 0.31 - 0.1270620474, 1e-9);
    g_assert_cmpfloat_with_epsilon(mean[1].accuracy_high, 0.31 + 0.1270620474, 1e-9);
    g_assert_cmpfloat_with_epsilon(mean[2].accuracy, 0.3, 1e-12);
    g_assert_cmpfloat(mean[2].accuracy_low, ==, 0);
    g_assert_cmpfloat(mean[2].accuracy_high, ==, 1);
    g_assert_cmpfloat_with_epsilon(mean[2].auc_per_logit, 0.3, 1e-12);
    g_assert_cmpfloat(mean[2].auc_low, ==, 0.5);
    g_assert_cmpfloat(mean[0].accuracy_high, ==, 1);
    g_assert_true(isnan(mean[0].auc) && isnan(mean[0].auc_low));
    rh_shift_mean(curves, 1, 3, mean);
    g_assert_cmpfloat(mean[2].accuracy, ==, 0.2);
    g_assert_true(isnan(mean[2].accuracy_low) && isnan(mean[2].accuracy_high));
}

static void test_read(void)
{
    const RhShiftPoint curve[] = {{.level = 0, .accuracy = 1, .auc = NAN},
                                  {.level = 0.5, .accuracy = 0.5, .auc = 0.5},
                                  {.level = 1, .auc = 0.25}};
    static const struct {
        double level, accuracy, auc;
    } read[] = {{-1, 1, NAN},        {0, 1, NAN},  {0.25, 0.75, NAN}, {0.5, 0.5, 0.5},
                {0.75, 0.25, 0.375}, {1, 0, 0.25}, {7, 0, 0.25}};
    for (guint i = 0; i < G_N_ELEMENTS(read); i++) {
        double accuracy, auc;
        rh_shift_read(curve, 3, read[i].level, &accuracy, &auc);
        g_assert_cmpfloat(accuracy, ==, read[i].accuracy);
        g_assert_true(auc == read[i].auc || (isnan(auc) && isnan(read[i].auc)));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shift/by-hand", test_by_hand);
    g_test_add_func("/shift/against-weighted-pairs", test_against_weighted_pairs);
    g_test_add_func("/shift/against-resampling", test_against_resampling);
    g_test_add_func("/shift/per-logit", test_per_logit);
    g_test_add_func("/shift/interval", test_interval);
    g_test_add_func("/shift/missing-cells", test_missing_cells);
    g_test_add_func("/shift/mean", test_mean);
    g_test_add_func("/shift/read", test_read);
    g_test_add_func("/shift/crossing", test_crossing);
    return g_test_run();
}
