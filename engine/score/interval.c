/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/interval.h"

#include <math.h>

/* Share of Student's t with n degrees of freedom below t ≥ 0: the closed form in θ = arctan(t/√n), a finite
 * sum for whole n (Abramowitz and Stegun 26.7.3 and 26.7.4). */
static double share_below(double t, guint n)
{
    const double angle = atan(t / sqrt(n)), cosine = cos(angle), square = cosine * cosine;
    const gboolean odd = n % 2 == 1;
    double term = odd ? cosine : 1, sum = n == 1 ? 0 : term;
    for (guint k = odd ? 3 : 2; k + 2 <= n; k += 2) {
        term *= square * (k - 1) / k;
        sum += term;
    }
    const double both = odd ? 2 / G_PI * (angle + sin(angle) * sum) : sin(angle) * sum;
    return 0.5 + both / 2;
}

double rh_student_quantile(double probability, guint degrees)
{
    g_assert(degrees >= 1 && probability > 0 && probability < 1);
    if (probability < 0.5)
        return -rh_student_quantile(1 - probability, degrees);
    double low = 0, high = 1;
    while (share_below(high, degrees) < probability && high < 1e12)
        high *= 2;
    for (guint i = 0; i < 200 && low < high; i++) {
        const double middle = low + (high - low) / 2;
        if (middle == low || middle == high)
            break;
        *(share_below(middle, degrees) < probability ? &low : &high) = middle;
    }
    return high;
}

double rh_student_reach(guint degrees)
{
    if (degrees < 30)
        return rh_student_quantile(0.975, degrees);
    /* In powers of 1/n (Abramowitz and Stegun 26.7.5), right to seven digits from here on. */
    const double x = RH_NORMAL_QUANTILE, square = x * x, n = degrees;
    const double terms[] = {(square + 1) / 4, ((5 * square + 16) * square + 3) / 96,
                            (((3 * square + 19) * square + 17) * square - 15) / 384,
                            ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160};
    return x * (1 + (terms[0] + (terms[1] + (terms[2] + terms[3] / n) / n) / n) / n);
}

RhInterval rh_mean_interval(const double *values, guint count)
{
    return rh_clustered_mean_interval(values, NULL, count);
}

/* The sums of the values' distances from their mean, a sum a cluster. */
static GArray *cluster_sums(const double *values, const guint32 *clusters, guint count, double mean)
{
    GArray *sums = g_array_new(FALSE, TRUE, sizeof(double));
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < count; i++) {
        const gpointer cluster = GUINT_TO_POINTER(clusters != NULL ? clusters[i] : 0);
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, cluster)); /* from 1 */
        if (place == 0) {
            g_array_set_size(sums, sums->len + 1);
            place = sums->len;
            if (cluster != NULL)
                g_hash_table_insert(places, cluster, GUINT_TO_POINTER(place));
        }
        g_array_index(sums, double, place - 1) += values[i] - mean;
    }
    return sums;
}

RhInterval rh_clustered_mean_interval(const double *values, const guint32 *clusters, guint count)
{
    RhInterval interval = {NAN, NAN, NAN};
    double sum = 0, squares = 0;
    for (guint i = 0; i < count; i++)
        sum += values[i];
    if (count == 0 || isnan(sum))
        return interval;
    interval.mean = sum / count;
    g_autoptr(GArray) sums = cluster_sums(values, clusters, count, interval.mean);
    const guint n = sums->len;
    for (guint i = 0; i < n; i++)
        squares += g_array_index(sums, double, i) * g_array_index(sums, double, i);
    if (n < 2)
        return interval;
    const double reach = rh_student_reach(n - 1) * sqrt(squares * n / (n - 1)) / count;
    interval.low = interval.mean - reach;
    interval.high = interval.mean + reach;
    return interval;
}

RhInterval rh_share_interval(double share, double n)
{
    const double square = RH_NORMAL_QUANTILE * RH_NORMAL_QUANTILE, scale = 1 + square / n;
    const double centre = (share + square / (2 * n)) / scale;
    const double reach = RH_NORMAL_QUANTILE * sqrt(share * (1 - share) / n + square / (4 * n * n)) / scale;
    /* What rounding leaves at the ends is none of the interval. */
    return (RhInterval){share, share <= 0 ? 0 : centre - reach, share >= 1 ? 1 : centre + reach};
}

/* How far the interval of a sum reaches, from how far those of its parts do. */
static double sum_reach(const double *parts, const double *correlations, guint count)
{
    double sum = 0;
    for (guint k = 0; k < count; k++)
        for (guint l = 0; l < count; l++)
            if (parts[k] != 0 && parts[l] != 0 && (k == l || correlations != NULL))
                sum += parts[k] * parts[l] * (k == l ? 1 : correlations[k * count + l]);
    return sum < 0 ? 0 : sqrt(sum);
}

RhInterval rh_weighted_shares_interval(const double *weights, const double *shares, const double *n,
                                       const double *correlations, guint count)
{
    g_autofree double *below = g_new0(double, count), *above = g_new0(double, count);
    double sum = 0;
    for (guint k = 0; k < count; k++) {
        if (weights[k] == 0)
            continue;
        const RhInterval own = rh_share_interval(shares[k], n[k]);
        sum += weights[k] * own.mean;
        below[k] = weights[k] * (own.mean - own.low);
        above[k] = weights[k] * (own.high - own.mean);
    }
    return (RhInterval){sum, sum - sum_reach(below, correlations, count),
                        sum + sum_reach(above, correlations, count)};
}

/* The variance that an area t would have with scores of exponential distributions (Hanley and McNeil), the
 * mean number in place of both. */
static double hanley_variance(double t, double positives, double negatives)
{
    const double mean = (positives + negatives) / 2;
    return t * (1 - t) * (1 + (mean - 1) * ((1 - t) / (2 - t) + t / (1 + t))) / (positives * negatives);
}

/* The farthest area towards `end` that is still compatible with the one found. */
static double compatible(double auc, double end, double positives, double negatives, double quantile)
{
    double inside = auc, outside = end;
    if (auc == end)
        return end;
    for (guint i = 0; i < 200; i++) {
        const double middle = (inside + outside) / 2, distance = auc - middle;
        const double reach = quantile * quantile * hanley_variance(middle, positives, negatives);
        *(distance * distance <= reach ? &inside : &outside) = middle;
    }
    return inside;
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

RhInterval rh_auc_interval(double auc, double variance, double positives, double negatives, double quantile)
{
    if (isnan(auc))
        return (RhInterval){NAN, NAN, NAN};
    if (!(variance > 0) || auc <= 0 || auc >= 1)
        return (RhInterval){auc, compatible(auc, 0, positives, negatives, quantile),
                            compatible(auc, 1, positives, negatives, quantile)};
    const double centre = log(auc / (1 - auc)), reach = quantile * sqrt(variance) / (auc * (1 - auc));
    return (RhInterval){auc, logistic(centre - reach), logistic(centre + reach)};
}

char *rh_interval_text(RhInterval interval)
{
    if (isnan(interval.mean))
        return g_strdup("–");
    if (isnan(interval.low) || isnan(interval.high))
        return g_strdup_printf("%.2f", interval.mean);
    const int decimals = interval.high - interval.low < 0.02 ? 3 : 2;
    const char *to = interval.low < 0 ? " to " : "–"; /* a dash before a minus cannot be read */
    return g_strdup_printf("%.*f (%.*f%s%.*f)", decimals, interval.mean, decimals, interval.low, to, decimals,
                           interval.high);
}
