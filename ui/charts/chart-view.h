/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "plot/chart.h"

/* Shows a chart: redraws on change only, hover reads all series at that x in every panel, a click on the
 * legend hides a series, light, dark and high contrast follow the desktop. Of several panels as many stand in
 * a row as fit. A menu in the corner smooths, makes axes logarithmic, hides curves, holds the chart still and
 * saves it. By the keyboard: left and right move along the curves, up and down along the legend, Space hides
 * and shows the curve chosen there or else holds the chart. The accessible description says the values at the
 * cursor.
 *
 * A chart that is held, or read with the pointer, keeps what it shows: newer data wait, and it says so.
 *
 * Properties "title", "smoothing" (points, 0: off), "logarithmic-x", "logarithmic-y", "held".
 * Signals: "series-toggled" (const char *label, gboolean visible) after a person hid or showed a series,
 * "picked" (double x) after a click into the plot or a move by the keyboard. */
#define RH_TYPE_CHART_VIEW (rh_chart_view_get_type())
G_DECLARE_FINAL_TYPE(RhChartView, rh_chart_view, RH, CHART_VIEW, GtkWidget)

/* Owned by the view. After touching it call one of the next two. */
RhChart *rh_chart_view_get_chart(RhChartView *view);
/* The same curves with newer data: shown at once, or as soon as the chart is not held. */
void rh_chart_view_changed(RhChartView *view);
/* Another chart than before, because somebody asked for it: shown at once. */
void rh_chart_view_replaced(RhChartView *view);
/* The level that stays marked while the pointer is elsewhere; NaN for none. */
void rh_chart_view_set_cursor(RhChartView *view, double x);
