/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plot/axis-private.h"

typedef struct {
    char *label;
    guint style;
    guint panel, entry; /* where it is drawn, and in the legend */
    gboolean visible;
    gboolean rising; /* x never falls: a line over x, which may be thinned out when it is drawn */
    gsize n;
    double *x, *y;
    double *low, *high; /* NULL without a band */
    /* As given, where y, low and high are smoothed; else NULL. */
    double *given_y, *given_low, *given_high;
} RhSeries;

RhSeries *rh_series_new(const char *label, guint style, const double *x, const double *y, const double *low,
                        const double *high, gsize n);
RhSeries *rh_series_copy(const RhSeries *series);
void rh_series_free(RhSeries *series);
/* y and the band become the mean of `window` points about each; 0 or 1: as given. */
void rh_series_smooth(RhSeries *series, guint window);
/* As given, smoothed or not. */
const double *rh_series_given(const RhSeries *series);
/* Adds the series' values, its band included, to the extents of the two axes. */
void rh_series_extent(const RhSeries *series, const RhChartAxis *x_axis, const RhChartAxis *y_axis,
                      RhExtent *x, RhExtent *y);
/* The line's height at x as it is drawn, straight between points on the given axes; NaN where there is no
 * line. */
double rh_series_value(const RhSeries *series, double x, gboolean logarithmic_x, gboolean logarithmic_y);

/* Where data lie on the page. */
typedef struct {
    double left, top, width, height;
    RhAxisRange x, y;
} RhPlotArea;

typedef struct {
    double x, y; /* pixels; NaN: the line breaks */
} RhPoint;

RhPoint rh_plot_point(const RhPlotArea *area, double x, double y);
/* The points of a line over the series' x, `values` (y, low or high of it) up. Where there are many more
 * points than pixels each column of pixels keeps its first, lowest, highest and last. Free with
 * g_array_unref. */
GArray *rh_series_points(const RhSeries *series, const double *values, const RhPlotArea *area);
