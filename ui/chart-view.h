/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "plot/chart.h"

/* Shows a chart: redraws on change only, hover reads all series at that x, a click on the legend hides a
 * series, light and dark follow the application. Its accessible description says the values at the cursor.
 *
 * Signals: "series-toggled" (guint series, gboolean visible) after a click on the legend, "picked" (double x)
 * after a click into the plot. */
#define RH_TYPE_CHART_VIEW (rh_chart_view_get_type())
G_DECLARE_FINAL_TYPE(RhChartView, rh_chart_view, RH, CHART_VIEW, GtkWidget)

GtkWidget *rh_chart_view_new(const char *title);
RhChart *rh_chart_view_get_chart(RhChartView *view); /* owned by the view; call _changed after touching it */
void rh_chart_view_changed(RhChartView *view);
/* The level that stays marked while the pointer is elsewhere; NaN for none. */
void rh_chart_view_set_cursor(RhChartView *view, double x);
