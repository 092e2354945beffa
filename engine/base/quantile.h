/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Sorts in place, the least first; none may be NaN. */
void rh_sort_values(double *values, gsize count);
/* Of sorted values, at least one: the value that a share of them lies below. 0 is the least, 0.5 the median,
 * 1 the greatest; in between on a straight line from one value to the next. */
double rh_quantile(const double *sorted, gsize count, double share);
