/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plot/legend-private.h"

typedef struct {
    char *title;
    RhChartAxis settings; /* its title is the copy above */
} RhChartSide;

struct _RhChart {
    char *title;
    RhChartSide x, y;
    GPtrArray *series; /* RhSeries, owned */
    double cursor;     /* NaN: none */
    /* Of the last draw on screen, for the pointer: width 0 before it. */
    RhPlotArea area;
    RhLegend legend;
};

/* Where everything goes, for one size. */
typedef struct {
    RhPlotArea area;
    RhLegend legend;
    RhTicks x_ticks, y_ticks;
    double title_top;
    gboolean empty; /* no visible value has a place on the axes */
} RhLayout;

/* On screen the legend lists hidden series too, so that they can be shown again, and keeps room for the
 * values at the cursor, so that nothing jumps when the pointer enters. */
typedef enum { RH_CHART_ON_SCREEN, RH_CHART_IN_FILE } RhChartPlace;

/* The series the legend lists; free with g_ptr_array_unref. */
GPtrArray *rh_chart_entries(const RhChart *chart, RhChartPlace place);
RhLayout rh_chart_arrange(const RhChart *chart, RhPen *pen, const GPtrArray *entries, RhChartPlace place,
                          double width, double height);
RhLayout rh_chart_render(const RhChart *chart, cairo_t *cr, RhChartPlace place, double width, double height,
                         const RhChartStyle *style);
