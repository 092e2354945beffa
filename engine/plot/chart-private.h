/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plot/legend-private.h"

typedef struct {
    char *title;
    RhChartAxis settings; /* its title is the copy above */
    gboolean chosen;      /* to be logarithmic, whatever the axis was set to */
    gboolean own;         /* what the axis was set to */
} RhChartSide;

typedef struct {
    RhPlotArea area;
    RhTicks x_ticks, y_ticks;
    gboolean empty; /* no visible value has a place on the axes */
} RhPanel;

/* Where everything goes, for one size. */
typedef struct {
    RhPanel panels[RH_CHART_PANELS];
    guint n_panels; /* 0: nothing has a place yet */
    RhLegend legend;
    double title_top, title_room, note_top;
} RhLayout;

struct _RhChart {
    char *title, *note, *notice;
    gboolean heading_elsewhere;
    RhChartSide x, y[RH_CHART_PANELS];
    guint n_panels;
    GPtrArray *series;  /* RhSeries, owned: the lines */
    guint n_entries;    /* of the legend */
    GHashTable *hidden; /* labels */
    guint smoothing;    /* points; below 2: none */
    double cursor;      /* NaN: none */
    int focus;          /* entry with the keyboard's focus; −1: none */
    /* Of the last draw on screen, for what is drawn on it and for the pointer: all 0 before it. */
    RhLayout layout;
};

/* On screen the legend lists hidden series too, so that they can be shown again, and keeps room for the
 * values at the cursor, so that nothing jumps when the pointer enters. */
typedef enum { RH_CHART_ON_SCREEN, RH_CHART_IN_FILE } RhChartPlace;

/* The title shown there; "" for none. */
const char *rh_chart_shown_title(const RhChart *chart, RhChartPlace place);
/* What is said below the title: the chart's note and its smoothing; free with g_free. */
char *rh_chart_full_note(const RhChart *chart);
/* The title of an axis, with its scale; free with g_free. */
char *rh_chart_side_title(const RhChartSide *side);
/* The first line of each series the legend lists; free with g_ptr_array_unref. */
GPtrArray *rh_chart_entries(const RhChart *chart, RhChartPlace place);
RhLayout rh_chart_arrange(const RhChart *chart, RhPen *pen, const GPtrArray *entries, RhChartPlace place,
                          double width, double height);
/* All but what follows the cursor … */
RhLayout rh_chart_render(const RhChart *chart, cairo_t *cr, RhChartPlace place, double width, double height,
                         const RhChartStyle *style);
/* … and that: the labels of the x axis, which give way to it, the values in the legend. */
void rh_chart_render_cursor(const RhChart *chart, cairo_t *cr, RhChartPlace place, const RhLayout *layout,
                            const RhChartStyle *style);
