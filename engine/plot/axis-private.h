/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plot/chart.h"

/* Smallest and largest of the finite values; low > high while there is none. */
typedef struct {
    double low, high;
    gboolean fractional; /* a value was no whole number */
} RhExtent;

#define RH_EXTENT_EMPTY ((RhExtent){G_MAXDOUBLE, -G_MAXDOUBLE, FALSE})
/* Values beyond this do not stretch an axis. */
#define RH_AXIS_LIMIT 1e300

/* What an axis shows: finite, low < high, above zero if logarithmic. */
typedef struct {
    double low, high;
    gboolean logarithmic;
    gboolean whole; /* ticks at whole numbers only */
} RhAxisRange;

#define RH_TICKS_MAX 32

typedef struct {
    guint count;
    double at[RH_TICKS_MAX];
    double step; /* between ticks; 0 on a logarithmic axis */
} RhTicks;

void rh_extent_add(RhExtent *extent, double value, gboolean logarithmic);
/* The range of an axis for the data at hand: its own if it has one, else the data's, widened by the share
 * `margin` at both ends. Data of one value are put in the middle; without data 0 … 1 (logarithmic: 1 … 10).
 */
RhAxisRange rh_axis_resolve(const RhChartAxis *axis, const RhExtent *extent, double margin);
/* Place of a value, 0 at the low and 1 at the high end; NaN if it has none. And back. */
double rh_axis_fraction(const RhAxisRange *range, double value);
double rh_axis_value(const RhAxisRange *range, double fraction);
/* At most `most` (2 … RH_TICKS_MAX) ticks at round numbers within the range. */
RhTicks rh_axis_ticks(const RhAxisRange *range, guint most);
char *rh_axis_tick_label(const RhTicks *ticks, guint index);
/* A value as it is read off, to about 10^−digits of the range, or with so many digits on a logarithmic axis.
 */
char *rh_axis_read_off(const RhAxisRange *range, double value, int digits);
#define RH_DIGITS_X 2
#define RH_DIGITS_Y 3
