/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/quantile.h"

#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void rh_sort_values(double *values, gsize count)
{
    qsort(values, count, sizeof *values, compare);
}

double rh_quantile(const double *sorted, gsize count, double share)
{
    g_assert(count > 0 && share >= 0 && share <= 1);
    double place = share * (double)(count - 1);
    gsize below = (gsize)place, above = MIN(below + 1, count - 1);
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}
