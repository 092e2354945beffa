/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "plot/chart.h"

/* The curves of a chart as items of a menu in which each can be hidden, also those for which the legend has
 * no room. */
typedef void (*RhChartCurvesToggle)(const char *label, gpointer data);

typedef struct {
    GMenu *menu;
    GSimpleActionGroup *actions; /* one a curve: "0", "1", … */
    RhChartCurvesToggle toggle;
    gpointer data;
} RhChartCurves;

/* Fills `menu`; the actions become the group "curve" of the widget. toggle is called for a curve chosen. */
void rh_chart_curves_init(RhChartCurves *curves, GMenu *menu, GtkWidget *widget, RhChartCurvesToggle toggle,
                          gpointer data);
void rh_chart_curves_clear(RhChartCurves *curves);
/* Makes them those of the chart. Where they are the same curves the menu is not touched: it may be open. */
void rh_chart_curves_show(RhChartCurves *curves, const RhChart *chart);
