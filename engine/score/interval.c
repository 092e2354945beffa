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

RhInterval rh_mean_interval(const double *values, guint count)
{
    RhInterval interval = {NAN, NAN, NAN};
    double sum = 0, squares = 0;
    for (guint i = 0; i < count; i++)
        sum += values[i];
    if (count == 0)
        return interval;
    interval.mean = sum / count;
    for (guint i = 0; i < count; i++)
        squares += (values[i] - interval.mean) * (values[i] - interval.mean);
    if (count < 2 || isnan(squares))
        return interval;
    const double reach = rh_student_quantile(0.975, count - 1) * sqrt(squares / (count - 1)) / sqrt(count);
    interval.low = interval.mean - reach;
    interval.high = interval.mean + reach;
    return interval;
}
