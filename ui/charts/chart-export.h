/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "plot/chart.h"

/* Asks where to, and writes the chart as it is shown, on white paper. format: "png", "svg", "pdf" or "csv".
 * The widget's window says what became of it. Takes the chart. */
void rh_chart_export(GtkWidget *widget, RhChart *chart, const char *format);
