/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "score/shift-private.h"

/* A term of weight zero needs no images. */
static double weighted(double weight, double value)
{
    return weight != 0 ? weight * value : 0;
}

static double sum_of(const double *weights, const double *values, guint n)
{
    double sum = 0;
    for (guint k = 0; k < n; k++)
        sum += weighted(weights[k], values[k]);
    return sum;
}

static gboolean has_images(const RhShift *shift)
{
    return shift->clusters_in_all > 0;
}

gboolean rh_shift_has_patients(const RhShift *shift)
{
    for (guint cell = 0; cell < RH_N_CELLS; cell++)
        if (shift->clusters[cell] < shift->images[cell])
            return TRUE;
    return FALSE;
}

const char *rh_shift_bands(gboolean patients, gboolean single, gboolean several)
{
    if (single && several)
        return patients ? _("Bands: 95 %, over test patients; of n runs, over trainings")
                        : _("Bands: 95 %, over test images; of n runs, over trainings");
    if (several)
        return _("Bands: 95 %, over n trainings, same test images");
    if (!single)
        return NULL;
    return patients ? _("Bands: 95 %, over the test patients") : _("Bands: 95 %, over the test images");
}

guint rh_shift_images(const RhShift *shift, guint label, double level)
{
    const guint aligned = shift->images[RH_CELL(label, 0)], conflicting = shift->images[RH_CELL(label, 1)];
    return (level < 1 ? aligned : 0) + (level > 0 ? conflicting : 0);
}

/* As many independent images of a class as weigh what its clusters do. */
static double independent(const RhShift *shift, guint label, double level)
{
    const double share[2] = {1 - level, level};
    double sum = 0;
    for (guint a = 0; a < 2; a++)
        for (guint b = 0; b < 2; b++)
            sum += weighted(share[a] * share[b], shift->overlap[RH_CELL(label, a)][RH_CELL(label, b)]);
    return 1 / sum;
}

/* ── AUC ── */

static double variance_of(const RhShift *shift, const double weights[RH_N_WINS])
{
    double sum = 0;
    for (guint k = 0; k < RH_N_WINS; k++)
        for (guint l = 0; l < RH_N_WINS; l++)
            sum += weighted(weights[k] * weights[l], shift->wins_covariance[k][l]);
    return sum;
}

static double fourth_moment_of(const RhShift *shift, const double weights[RH_N_WINS])
{
    double sum = 0;
    for (guint k = 0; k < RH_N_WINS; k++)
        for (guint l = 0; l < RH_N_WINS; l++)
            for (guint m = 0; m < RH_N_WINS; m++)
                for (guint n = 0; n < RH_N_WINS; n++)
                    sum += weighted(weights[k] * weights[l] * weights[m] * weights[n],
                                    shift->wins_fourth[k][l][m][n]);
    return sum;
}

/* Of few patients, or where few of them make the variance, that is itself uncertain, which Student's t allows
 * for: with Satterthwaite's degrees of freedom, 2·variance² over the variance of the variance. */
static double quantile_of(const RhShift *shift, const double weights[RH_N_WINS], double clusters)
{
    const double variance = variance_of(shift, weights);
    if (!rh_shift_has_patients(shift) || !(variance > 0))
        return RH_NORMAL_QUANTILE;
    const double square = variance * variance,
                 rest = fourth_moment_of(shift, weights) - square / shift->clusters_in_all;
    const double degrees = rest > 0 ? MIN(2 * square / rest, clusters - 2) : clusters - 2;
    return rh_student_reach((guint)MAX(degrees, 1));
}

/* `level`: at which the images count for as many as they do in `weights`. */
static RhInterval weighted_auc(const RhShift *shift, const double weights[RH_N_WINS], double level)
{
    const double positives = independent(shift, 1, level), negatives = independent(shift, 0, level);
    return rh_auc_interval(sum_of(weights, shift->wins, RH_N_WINS), variance_of(shift, weights), positives,
                           negatives, quantile_of(shift, weights, positives + negatives));
}

static void weights_at(double level, double weights[RH_N_WINS])
{
    weights[RH_WINS_ALIGNED] = (1 - level) * (1 - level);
    weights[RH_WINS_MIXED] = level * (1 - level);
    weights[RH_WINS_CONFLICTING] = level * level;
}

static RhInterval auc_of(const RhShift *shift, double level)
{
    double weights[RH_N_WINS];
    weights_at(level, weights);
    return has_images(shift) ? weighted_auc(shift, weights, level) : (RhInterval){NAN, NAN, NAN};
}

/* ── Accuracy ── */

/* What the images of a cell count as: fewer where those of one patient are alike (Korn and Graubard). */
static double effective_images(const RhShift *shift, guint cell)
{
    const double n = shift->images[cell], share = shift->correct[cell];
    const double variance = shift->correct_covariance[cell][cell];
    if (shift->clusters[cell] == shift->images[cell])
        return n;
    if (!(variance > 0))
        return 1 / shift->overlap[cell][cell];
    const double ratio = RH_NORMAL_QUANTILE / rh_student_reach(MAX(shift->clusters[cell], 2) - 1);
    return MIN(share * (1 - share) / variance, n) * ratio * ratio;
}

/* How the shares of two cells go along; where the images do not tell, as if those of a cluster were one. */
static double correlation(const RhShift *shift, guint k, guint l)
{
    const double a = shift->correct_covariance[k][k], b = shift->correct_covariance[l][l];
    const double all = shift->overlap[k][l] / sqrt(shift->overlap[k][k] * shift->overlap[l][l]);
    if (a > 0 && b > 0)
        return shift->correct_covariance[k][l] / sqrt(a * b);
    return a > 0 || b > 0 ? 0 : all;
}

/* Each class keeps the share it has of the images, and gives `level` of it to the conflicting ones. */
static void cell_weights(const RhShift *shift, double level, double weights[RH_N_CELLS])
{
    double of_class[2], count = 0;
    for (guint label = 0; label < 2; label++) {
        of_class[label] = shift->images[RH_CELL(label, 0)] + shift->images[RH_CELL(label, 1)];
        count += of_class[label];
    }
    for (guint cell = 0; cell < RH_N_CELLS; cell++)
        weights[cell] = of_class[cell / 2] / count * (cell % 2 == 1 ? level : 1 - level);
}

static RhInterval accuracy_of(const RhShift *shift, double level)
{
    double weights[RH_N_CELLS], n[RH_N_CELLS], correlations[RH_N_CELLS * RH_N_CELLS];
    if (!has_images(shift))
        return (RhInterval){NAN, NAN, NAN};
    cell_weights(shift, level, weights);
    for (guint k = 0; k < RH_N_CELLS; k++) {
        n[k] = effective_images(shift, k);
        for (guint l = 0; l < RH_N_CELLS; l++)
            correlations[k * RH_N_CELLS + l] = correlation(shift, k, l);
    }
    return rh_weighted_shares_interval(weights, shift->correct, n, correlations, RH_N_CELLS);
}

RhShiftPoint rh_shift_value(const RhShift *shift, double level)
{
    double terms[RH_N_WINS], cells[RH_N_CELLS];
    RhShiftPoint point = {level, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (!has_images(shift))
        return point;
    weights_at(level, terms);
    cell_weights(shift, level, cells);
    point.accuracy = sum_of(cells, shift->correct, RH_N_CELLS);
    point.auc = sum_of(terms, shift->wins, RH_N_WINS);
    point.auc_per_logit = sum_of(terms, shift->per_logit, RH_N_WINS);
    return point;
}

/* ── Of one run, or the mean of several ── */

typedef RhInterval (*Measure)(const RhShift *shift, double level);

/* Trainings that came out equal say nothing of how they differ: then the interval is that over the images. */
static RhInterval mean_of(const RhShift *const *shifts, guint count, Measure measure, double level,
                          double least)
{
    const RhInterval first = measure(shifts[0], level);
    g_autofree double *values = g_new(double, count);
    gboolean equal = TRUE;
    for (guint i = 0; i < count; i++) {
        values[i] = measure(shifts[i], level).mean;
        equal &= values[i] == values[0];
    }
    if (equal)
        return first;
    RhInterval interval = rh_mean_interval(values, count);
    if (interval.low < least)
        interval.low = least;
    if (interval.high > 1)
        interval.high = 1;
    return interval;
}

RhShiftPoint rh_shift_read(const RhShift *const *shifts, guint count, double level)
{
    g_assert(count > 0 && level >= 0 && level <= 1);
    const RhInterval accuracy = mean_of(shifts, count, accuracy_of, level, 0);
    const RhInterval auc = mean_of(shifts, count, auc_of, level, 0);
    double per_logit = 0;
    for (guint i = 0; i < count; i++)
        per_logit += rh_shift_value(shifts[i], level).auc_per_logit / count;
    return (RhShiftPoint){.level = level,
                          .accuracy = accuracy.mean,
                          .accuracy_low = accuracy.low,
                          .accuracy_high = accuracy.high,
                          .auc = auc.mean,
                          .auc_low = auc.low,
                          .auc_high = auc.high,
                          .auc_per_logit = per_logit};
}

/* ── The whole curve ── */

static RhInterval area_of(const RhShift *shift, double level)
{
    static const double weights[RH_N_WINS] = {1 / 3.0, 1 / 6.0, 1 / 3.0};
    return has_images(shift) ? weighted_auc(shift, weights, level) : (RhInterval){NAN, NAN, NAN};
}

/* How far the interval of a difference reaches, from how far those of its parts do. */
static double reach_of_difference(double a, double b, double together)
{
    return sqrt(MAX(a * a + b * b - 2 * together * a * b, 0));
}

static RhInterval slope_of(const RhShift *shift, double level)
{
    const guint start = RH_WINS_ALIGNED, end = RH_WINS_CONFLICTING;
    const RhInterval from = auc_of(shift, 0), to = auc_of(shift, 1);
    const double a = shift->wins_covariance[start][start], b = shift->wins_covariance[end][end];
    const double together = a > 0 && b > 0 ? shift->wins_covariance[start][end] / sqrt(a * b) : 0;
    const double slope = to.mean - from.mean;
    return (RhInterval){slope, slope - reach_of_difference(to.mean - to.low, from.high - from.mean, together),
                        slope + reach_of_difference(to.high - to.mean, from.mean - from.low, together)};
}

/* Least root of a·s² + b·s + c in 0 … 1; NaN: none, or every s is one. */
static double least_root(double a, double b, double c)
{
    const double discriminant = b * b - 4 * a * c;
    if (!(discriminant >= 0) || (a == 0 && b == 0))
        return NAN;
    /* Of the two ways to write a root each loses digits where the other does not. */
    const double q = -(b + copysign(sqrt(discriminant), b)) / 2;
    const double roots[2] = {q / a, c / q};
    double least = NAN;
    for (guint i = 0; i < 2; i++) {
        const double root = fabs(roots[i]) < 1e-12 ? 0 : fabs(roots[i] - 1) < 1e-12 ? 1 : roots[i];
        if (root >= 0 && root <= 1 && !(root >= least))
            least = root;
    }
    return least;
}

static double crossing_of(const RhShift *const *shifts, guint count)
{
    double wins[RH_N_WINS] = {0};
    for (guint i = 0; i < count; i++)
        for (guint k = 0; k < RH_N_WINS; k++)
            wins[k] += shifts[i]->wins[k] / count;
    const double start = wins[RH_WINS_ALIGNED], mixed = wins[RH_WINS_MIXED], end = wins[RH_WINS_CONFLICTING];
    return least_root(start - mixed + end, mixed - 2 * start, start - 0.5);
}

RhShiftSummary rh_shift_summary(const RhShift *const *shifts, guint count)
{
    g_assert(count > 0);
    return (RhShiftSummary){.area = mean_of(shifts, count, area_of, 0.5, 0),
                            .slope = mean_of(shifts, count, slope_of, 0.5, -1),
                            .crossing = crossing_of(shifts, count)};
}
