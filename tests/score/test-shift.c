/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/shift.h"

#include <string.h>

#include "score/roc.h"
#include "test-sets.h"

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

static RhShift measured(const RhScored *rows, gsize count)
{
    RhShift shift;
    rh_shift_measure(rows, count, &shift);
    return shift;
}

/* Every pair of images, each as often as its weights say. */
static void test_against_weighted_pairs(void)
{
    RhScored rows[ROWS];
    double weights[ROWS];
    make_rows(rows, ROWS, 1);
    const RhShift shift = measured(rows, ROWS);
    for (guint k = 0; k < 21; k++) {
        double wins = 0, pairs = 0, right = 0, total = 0;
        const RhShiftPoint point = rh_shift_value(&shift, k / 20.0);
        population_weights(rows, ROWS, point.level, weights);
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
        g_assert_cmpfloat_with_epsilon(point.auc, wins / pairs, 1e-12);
        g_assert_cmpfloat_with_epsilon(point.accuracy, right / total, 1e-12);
        g_assert_true(isnan(point.auc_low) && isnan(point.accuracy_high));
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
    RhRandom random;
    g_autofree double *scores = g_new(double, count);
    g_autofree guint8 *labels = g_new(guint8, count);
    make_rows(rows, ROWS, 2);
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 1, 0);
    const RhShift shift = measured(rows, ROWS);
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        double accuracy;
        const RhShiftPoint point = rh_shift_value(&shift, levels[i]);
        draw_population(rows, levels[i], &random, count, scores, labels, &accuracy);
        g_assert_cmpfloat_with_epsilon(point.auc, rh_auc(scores, labels, count), 0.015);
        g_assert_cmpfloat_with_epsilon(point.accuracy, accuracy, 0.015);
    }
}

/* One image a cell, worked by hand: a network that follows the confounder only. */
static void test_by_hand(void)
{
    const RhScored rows[] = {
        {{-1, 1}, 1, 0, 0}, {{1, -1}, 1, 1, 0}, {{1, -1}, 0, 0, 0}, {{-1, 1}, 0, 1, 0}, {{0, 9}, 0, 2, 0}};
    const double levels[] = {0, 0.25, 0.5, 1};
    const RhShift shift = measured(rows, 5);
    const RhShift *const one = &shift;
    /* AUC(s) = (1−s)² + ½·2·s(1−s) = 1 − s, and so is the accuracy. */
    for (guint i = 0; i < 4; i++) {
        const RhShiftPoint point = rh_shift_read(&one, 1, levels[i]);
        g_assert_cmpfloat(point.auc, ==, 1 - levels[i]);
        g_assert_cmpfloat(point.accuracy, ==, 1 - levels[i]);
        g_assert_cmpfloat(point.auc_per_logit, ==, 1 - levels[i]);
        g_assert_cmpfloat(point.auc_high - point.auc_low, >, 0.5); /* one image says next to nothing */
        g_assert_cmpfloat(point.accuracy_high - point.accuracy_low, >, 0.5);
    }
    const RhShiftSummary summary = rh_shift_summary(&one, 1);
    g_assert_cmpfloat(summary.crossing, ==, 0.5);
    g_assert_cmpfloat_with_epsilon(summary.area.mean, 0.5, 1e-15);
    g_assert_cmpfloat(summary.slope.mean, ==, -1);
    g_assert_cmpuint(rh_shift_images(&shift, 0, 0), ==, 1);
    g_assert_cmpuint(rh_shift_images(&shift, 1, 0.1), ==, 2);
}

/* Worked by hand (Obuchowski): two patients of two films each against three images that stand alone.
 * V of the films 1, ⅓ and ⅔, 1, their mean 0.75, patients' sums of distances −1/6 and 1/6, and so
 * 2·(1/36 + 1/36)/4² = 1/144; V of the three 1, ½, ¾, and so (3/2)·(1/8)/3² = 1/48. Together 1/36. */
static void test_patients_by_hand(void)
{
    const RhScored rows[] = {{{0, 3}, 1, 0, 7}, {{0, 1}, 1, 0, 7},    {{0, 2}, 1, 0, 9},   {{0, 4}, 1, 0, 9},
                             {{0, 0}, 0, 0, 0}, {{0, 2.5f}, 0, 0, 0}, {{0, 1.5f}, 0, 0, 0}};
    const RhShift shift = measured(rows, G_N_ELEMENTS(rows));
    g_assert_cmpfloat_with_epsilon(shift.wins[RH_WINS_ALIGNED], 0.75, 1e-15);
    g_assert_cmpfloat_with_epsilon(shift.wins_covariance[RH_WINS_ALIGNED][RH_WINS_ALIGNED], 1.0 / 36, 1e-15);
    g_assert_cmpuint(shift.images[RH_CELL(1, 0)], ==, 4);
    g_assert_cmpuint(shift.clusters[RH_CELL(1, 0)], ==, 2);
    g_assert_cmpuint(shift.clusters_in_all, ==, 5);
    g_assert_true(rh_shift_has_patients(&shift));
    g_assert_cmpfloat_with_epsilon(shift.overlap[RH_CELL(1, 0)][RH_CELL(1, 0)], 0.5, 1e-15);
}

/* Films twice over in the hands of the same patients say nothing more. */
static void test_copies_say_nothing(void)
{
    RhScored rows[ROWS], twice[2 * ROWS];
    make_rows(rows, ROWS, 8);
    for (guint i = 0; i < ROWS; i++) {
        twice[2 * i] = rows[i];
        twice[2 * i].cluster = i + 1;
        twice[2 * i + 1] = twice[2 * i];
    }
    const RhShift once = measured(rows, ROWS), doubled = measured(twice, 2 * ROWS);
    for (guint k = 0; k < RH_N_WINS; k++)
        for (guint l = 0; l < RH_N_WINS; l++)
            g_assert_cmpfloat_with_epsilon(once.wins_covariance[k][l], doubled.wins_covariance[k][l], 1e-14);
    for (guint i = 0; i < ROWS; i++)
        twice[2 * i].cluster = twice[2 * i + 1].cluster = 0;
    const RhShift apart = measured(twice, 2 * ROWS);
    g_assert_cmpfloat(apart.wins_covariance[0][0], <, 0.6 * once.wins_covariance[0][0]);
}

/* "AUC 1.000, 1.000–1.000" from 4 images against 4. */
static void test_no_interval_is_a_point(void)
{
    RhScored rows[16];
    for (guint i = 0; i < 16; i++)
        rows[i] = (RhScored){{0, i % 2 == 1 ? 1.0f + (float)i : -1.0f - (float)i}, i % 2, i / 2 % 2, 0};
    const RhShiftPoint start = read_at(rows, 16, 0), between = read_at(rows, 16, 0.5);
    g_assert_cmpfloat(start.auc, ==, 1);
    g_assert_cmpfloat(start.auc_high, ==, 1);
    g_assert_cmpfloat_with_epsilon(start.auc_low, 0.58, 0.005);
    g_assert_cmpfloat_with_epsilon(start.accuracy_low, 0.51 / 2 + 0.51 / 2 + 0.144, 0.01);
    g_assert_cmpfloat(between.auc_low, >, start.auc_low); /* of twice as many images */
    g_assert_cmpfloat(between.auc_low, <, 0.9);

    /* Equal trainings on the same images say nothing of the images. */
    const RhShift shift = measured(rows, 16);
    const RhShift *const seeds[] = {&shift, &shift, &shift};
    const RhShiftPoint mean = rh_shift_read(seeds, 3, 0);
    g_assert_cmpfloat(mean.auc_low, ==, start.auc_low);
    g_assert_cmpfloat(mean.accuracy_low, ==, start.accuracy_low);
}

/* At both ends the population is a part of the test set, so the figure for plain arrays serves. */
static void test_per_logit(void)
{
    RhScored rows[ROWS];
    make_rows(rows, ROWS, 5);
    const RhShiftPoint points[] = {read_at(rows, ROWS, 0), read_at(rows, ROWS, 1)};
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

static void test_missing_cells(void)
{
    const RhScored rows[] = {{{0, 1}, 1, 1, 0}, {{0, 2}, 1, 1, 0}, {{0, -1}, 0, 1, 0}, {{0, 3}, 0, 1, 0}},
                   broken[] = {{{0, NAN}, 1, 0, 0}, {{0, -1}, 0, 0, 0}};
    for (guint i = 0; i < 2; i++) {
        const RhShiftPoint point = read_at(rows, 4, i / 2.0);
        g_assert_true(isnan(point.auc) && isnan(point.auc_low) && isnan(point.auc_high));
        g_assert_true(isnan(point.accuracy) && isnan(point.accuracy_low));
    }
    const RhShiftPoint end = read_at(rows, 4, 1);
    g_assert_cmpfloat(end.auc, ==, 0.5);
    g_assert_cmpfloat(end.accuracy, ==, 0.75);
    g_assert_false(isnan(end.auc_low));
    const RhShift shift = measured(rows, 4);
    const RhShift *const one = &shift;
    const RhShiftSummary summary = rh_shift_summary(&one, 1);
    g_assert_true(isnan(summary.crossing) && isnan(summary.area.mean) && isnan(summary.slope.low));

    const RhShiftPoint point = read_at(broken, 2, 0), nothing = read_at(NULL, 0, 0);
    g_assert_true(isnan(point.auc) && isnan(point.auc_per_logit) && isnan(point.auc_low));
    g_assert_cmpfloat(point.accuracy, ==, 0.5);
    g_assert_true(isnan(nothing.auc) && isnan(nothing.accuracy) && isnan(nothing.accuracy_low));
}

/* The least root of (1−s)²·a + s(1−s)·m + s²·c = ½, whatever levels are printed. */
static void test_crossing(void)
{
    static const struct {
        double wins[RH_N_WINS], expected;
    } cases[] = {
        {{1, 1, 0}, 0.5},                       /* a straight line */
        {{1, 2, 0}, 0.70710678118654752},       /* 1 − s² */
        {{0.9, 1.35, 0.35}, 0.760398644698075}, /* 0.9 − 0.45·s − 0.1·s² */
        {{0.25, 1, 0.25}, NAN},                 /* ¼ + s/2 − s²/2, at the most 0.375 */
        {{0.5, 0.4, 0.1}, 0},                   /* starts there */
        {{0.9, 1.6, 0.5}, 1},                   /* ends there */
        {{0.9, 1.8, 0.8}, NAN},
        {{0.5, 1, 0.5}, NAN}, /* lies there */
        {{NAN, 1, 0}, NAN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        RhShift shift = {.clusters_in_all = 1};
        const RhShift *const both[] = {&shift, &shift};
        memcpy(shift.wins, cases[i].wins, sizeof shift.wins);
        const double crossing = rh_shift_summary(both, 1).crossing;
        if (isnan(cases[i].expected))
            g_assert_true(isnan(crossing));
        else
            g_assert_cmpfloat_with_epsilon(crossing, cases[i].expected, 1e-12);
    }
}

/* By hand: of 0.30 and 0.32 the mean is 0.31, its reach t(0.975; 1) · s / √2 = 12.7062 · 0.01; of 0.2 and 0.4
 * it reaches beyond what an accuracy can be, and is cut. */
static void test_mean(void)
{
    static const double correct[2][2] = {{0.30, 0.2}, {0.32, 0.4}};
    RhShift shifts[2] = {0};
    const RhShift *const both[] = {&shifts[0], &shifts[1]};
    for (guint run = 0; run < 2; run++)
        for (guint cell = 0; cell < RH_N_CELLS; cell++) {
            shifts[run].images[cell] = shifts[run].clusters[cell] = 50;
            shifts[run].clusters_in_all = 200;
            shifts[run].correct[cell] = correct[run][cell % 2];
            shifts[run].wins[0] = 0.7 + 0.1 * run;
        }
    const RhShiftPoint start = rh_shift_read(both, 2, 0), end = rh_shift_read(both, 2, 1);
    g_assert_cmpfloat_with_epsilon(start.accuracy, 0.31, 1e-12);
    g_assert_cmpfloat_with_epsilon(start.accuracy_low, 0.31 - 0.1270620474, 1e-9);
    g_assert_cmpfloat_with_epsilon(start.accuracy_high, 0.31 + 0.1270620474, 1e-9);
    g_assert_cmpfloat_with_epsilon(start.auc, 0.75, 1e-12);
    g_assert_cmpfloat_with_epsilon(end.accuracy, 0.3, 1e-12);
    g_assert_cmpfloat(end.accuracy_low, ==, 0);
    g_assert_cmpfloat(end.accuracy_high, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shift/by-hand", test_by_hand);
    g_test_add_func("/shift/patients-by-hand", test_patients_by_hand);
    g_test_add_func("/shift/copies-say-nothing", test_copies_say_nothing);
    g_test_add_func("/shift/no-interval-is-a-point", test_no_interval_is_a_point);
    g_test_add_func("/shift/against-weighted-pairs", test_against_weighted_pairs);
    g_test_add_func("/shift/against-resampling", test_against_resampling);
    g_test_add_func("/shift/per-logit", test_per_logit);
    g_test_add_func("/shift/missing-cells", test_missing_cells);
    g_test_add_func("/shift/crossing", test_crossing);
    g_test_add_func("/shift/mean", test_mean);
    return g_test_run();
}
