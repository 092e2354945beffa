/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/shift.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantile.h"
#include "base/random.h"
#include "score/interval.h"

/* Cells are numbered label·2 + conflicting. */
#define N_CELLS    4
#define CONFIDENCE 0.95

typedef struct {
    double score;
    guint cell;
    gboolean correct;
} Row;

/* The test set sorted by score once. A resample is how often each row was drawn; its win rates follow in one
 * pass over the rows, without sorting again. */
typedef struct {
    Row *rows;
    gsize count;
    gboolean ranked;        /* no score is NaN */
    guint *places[N_CELLS]; /* where in `rows` a cell's members are */
    guint size[N_CELLS];
    double class_share[2];
} TestSet;

/* All that a curve needs to know of a set or of a resample. */
typedef struct {
    double win[2][2];        /* positive aligned or conflicting against negative aligned or conflicting */
    double correct[N_CELLS]; /* share of a cell's images that are classified rightly */
} Rates;

static int compare_rows(const void *left, const void *right)
{
    double a = ((const Row *)left)->score, b = ((const Row *)right)->score;
    return (a > b) - (a < b);
}

/* What images are ranked by. */
typedef double (*Ranking)(const RhScored *row);

static double by_logit0(const RhScored *row)
{
    return -row->logits[0];
}

static double by_logit1(const RhScored *row)
{
    return row->logits[1];
}

static void test_set_init(TestSet *set, const RhScored *rows, gsize count, Ranking ranking)
{
    *set = (TestSet){.rows = g_new(Row, count), .ranked = TRUE};
    for (gsize i = 0; i < count; i++) {
        const RhScored *row = &rows[i];
        if (row->label > 1 || row->conflicting > 1)
            continue;
        gboolean correct = row->label == 1 ? rh_score(row) > 0 : rh_score(row) <= 0;
        double score = ranking(row);
        set->rows[set->count++] = (Row){score, row->label * 2u + row->conflicting, correct};
        set->ranked &= !isnan(score);
    }
    if (set->ranked && set->count > 0)
        qsort(set->rows, set->count, sizeof *set->rows, compare_rows);
    for (guint cell = 0; cell < N_CELLS; cell++)
        set->places[cell] = g_new(guint, set->count);
    for (guint i = 0; i < set->count; i++) {
        guint cell = set->rows[i].cell;
        set->places[cell][set->size[cell]++] = i;
        set->class_share[cell / 2] += 1.0 / (double)set->count;
    }
}

static void test_set_clear(TestSet *set)
{
    for (guint cell = 0; cell < N_CELLS; cell++)
        g_free(set->places[cell]);
    g_free(set->rows);
}

/* times[i]: how often row i counts. Wins are counted twice, so that a tie's half is a whole number. */
static void measure(const TestSet *set, const guint *times, Rates *rates)
{
    guint64 wins_twice[2][2] = {{0}}, below[2] = {0}, correct[N_CELLS] = {0};
    for (gsize first = 0, next; first < set->count; first = next) {
        guint64 tied[N_CELLS] = {0};
        for (next = first; next < set->count && !(set->rows[next].score > set->rows[first].score); next++) {
            const Row *row = &set->rows[next];
            tied[row->cell] += times[next];
            correct[row->cell] += row->correct ? times[next] : 0;
        }
        for (guint a = 0; a < 2; a++)
            for (guint b = 0; b < 2; b++)
                wins_twice[a][b] += tied[2 + a] * (2 * below[b] + tied[b]);
        below[0] += tied[0];
        below[1] += tied[1];
    }
    for (guint a = 0; a < 2; a++)
        for (guint b = 0; b < 2; b++)
            rates->win[a][b] =
                set->ranked ? (double)wins_twice[a][b] / (2.0 * set->size[2 + a] * set->size[b]) : NAN;
    for (guint cell = 0; cell < N_CELLS; cell++)
        rates->correct[cell] = (double)correct[cell] / set->size[cell];
}

/* Draws as many rows from each cell as it has, with replacement. */
static void resample(const TestSet *set, guint64 seed, guint draw, guint *times)
{
    RhRandom random;
    rh_random_init(&random, seed, RH_PURPOSE_BOOTSTRAP, draw, 0);
    memset(times, 0, set->count * sizeof *times);
    for (guint cell = 0; cell < N_CELLS; cell++)
        for (guint i = 0; i < set->size[cell]; i++)
            times[set->places[cell][rh_random_below(&random, set->size[cell])]]++;
}

/* A term of weight zero needs no images. */
static double weighted(double weight, double value)
{
    return weight > 0 ? weight * value : 0;
}

static double auc_at(const Rates *rates, double level)
{
    const double share[2] = {1 - level, level};
    double sum = 0;
    for (guint a = 0; a < 2; a++)
        for (guint b = 0; b < 2; b++)
            sum += weighted(share[a] * share[b], rates->win[a][b]);
    return sum;
}

static double accuracy_at(const TestSet *set, const Rates *rates, double level)
{
    const double share[2] = {1 - level, level};
    double sum = 0;
    for (guint cell = 0; cell < N_CELLS; cell++)
        sum += weighted(set->class_share[cell / 2] * share[cell % 2], rates->correct[cell]);
    return set->count > 0 ? sum : NAN;
}

/* Percentile interval of `values`, which are sorted in place. One NaN makes both bounds NaN. */
static void interval(double *values, guint count, double *low, double *high)
{
    *low = *high = NAN;
    for (guint i = 0; i < count; i++)
        if (isnan(values[i]))
            return;
    if (count == 0)
        return;
    rh_sort_values(values, count);
    *low = rh_quantile(values, count, (1 - CONFIDENCE) / 2);
    *high = rh_quantile(values, count, (1 + CONFIDENCE) / 2);
}

/* Of a set with every row as it is. */
static void measure_all(const TestSet *set, Rates *rates)
{
    g_autofree guint *times = g_new(guint, set->count);
    for (gsize i = 0; i < set->count; i++)
        times[i] = 1;
    measure(set, times, rates);
}

static void measure_ranking(const RhScored *rows, gsize count, Ranking ranking, Rates *rates)
{
    TestSet set;
    test_set_init(&set, rows, count, ranking);
    measure_all(&set, rates);
    test_set_clear(&set);
}

static void point_at(const TestSet *set, const Rates *rates, const Rates *drawn, guint draws, double level,
                     double *values, RhShiftPoint *point)
{
    point->level = level;
    point->accuracy = accuracy_at(set, rates, level);
    point->auc = auc_at(rates, level);
    for (guint draw = 0; draw < draws; draw++)
        values[draw] = accuracy_at(set, &drawn[draw], level);
    interval(values, draws, &point->accuracy_low, &point->accuracy_high);
    for (guint draw = 0; draw < draws; draw++)
        values[draw] = auc_at(&drawn[draw], level);
    interval(values, draws, &point->auc_low, &point->auc_high);
}

void rh_shift_curve(const RhScored *rows, gsize count, const double *levels, guint n_levels, guint draws,
                    guint64 seed, RhShiftPoint *points)
{
    TestSet set;
    Rates rates, of_logit[2];
    test_set_init(&set, rows, count, rh_score);
    if (set.count == 0)
        draws = 0;
    g_autofree guint *times = g_new(guint, set.count);
    g_autofree Rates *drawn = g_new(Rates, draws);
    g_autofree double *values = g_new(double, draws);
    measure_all(&set, &rates);
    measure_ranking(rows, count, by_logit0, &of_logit[0]);
    measure_ranking(rows, count, by_logit1, &of_logit[1]);
    for (guint draw = 0; draw < draws; draw++) {
        resample(&set, seed, draw, times);
        measure(&set, times, &drawn[draw]);
    }
    for (guint i = 0; i < n_levels; i++) {
        g_assert(levels[i] >= 0 && levels[i] <= 1);
        point_at(&set, &rates, drawn, draws, levels[i], values, &points[i]);
        points[i].auc_per_logit = (auc_at(&of_logit[0], levels[i]) + auc_at(&of_logit[1], levels[i])) / 2;
    }
    test_set_clear(&set);
}

static RhInterval mean_of(const RhShiftPoint *const *curves, guint count, guint level, goffset value)
{
    g_autofree double *values = g_new(double, count);
    for (guint i = 0; i < count; i++)
        values[i] = G_STRUCT_MEMBER(double, &curves[i][level], value);
    RhInterval interval = rh_mean_interval(values, count);
    /* The values lie between 0 and 1, so their mean does, whatever a normal distribution would allow. */
    if (interval.low < 0)
        interval.low = 0;
    if (interval.high > 1)
        interval.high = 1;
    return interval;
}

void rh_shift_mean(const RhShiftPoint *const *curves, guint count, guint n_levels, RhShiftPoint *points)
{
    g_assert(count > 0);
    for (guint i = 0; i < n_levels; i++) {
        RhInterval accuracy = mean_of(curves, count, i, G_STRUCT_OFFSET(RhShiftPoint, accuracy));
        RhInterval auc = mean_of(curves, count, i, G_STRUCT_OFFSET(RhShiftPoint, auc));
        RhInterval logit = mean_of(curves, count, i, G_STRUCT_OFFSET(RhShiftPoint, auc_per_logit));
        points[i] = (RhShiftPoint){.level = curves[0][i].level,
                                   .accuracy = accuracy.mean,
                                   .accuracy_low = accuracy.low,
                                   .accuracy_high = accuracy.high,
                                   .auc = auc.mean,
                                   .auc_low = auc.low,
                                   .auc_high = auc.high,
                                   .auc_per_logit = logit.mean};
    }
}

const char *rh_shift_bands(gboolean single, gboolean several)
{
    if (single && several)
        return _("Bands: 95 %, of n seeds (t), of one run (bootstrap)");
    if (several)
        return _("Bands: 95 % t interval of the mean over n seeds");
    return single ? _("Bands: 95 % bootstrap over the test images") : NULL;
}

void rh_shift_read(const RhShiftPoint *points, guint count, double level, double *accuracy, double *auc)
{
    const double first = points[0].level, last = points[count - 1].level;
    const double place = (CLAMP(level, first, last) - first) / (last - first) * (count - 1);
    const guint before = MIN((guint)place, count - 2);
    const RhShiftPoint *a = &points[before], *b = a + 1;
    *accuracy = a->accuracy + (place - before) * (b->accuracy - a->accuracy);
    *auc = a->auc + (place - before) * (b->auc - a->auc);
}

double rh_shift_crossing(const RhShiftPoint *points, guint count)
{
    double side = 0, at = NAN; /* side of one half the curve was last on; where it met one half since */
    for (guint i = 0; i < count; i++) {
        double height = points[i].auc - 0.5;
        if (isnan(height)) {
            side = 0;
            at = NAN;
        } else if (height == 0) {
            at = isnan(at) ? points[i].level : at;
        } else if (side * height < 0) {
            double before = points[i - 1].auc - 0.5;
            double step = points[i].level - points[i - 1].level;
            return isnan(at) ? points[i - 1].level + step * before / (before - height) : at;
        } else {
            side = height;
            at = NAN;
        }
    }
    return NAN;
}
