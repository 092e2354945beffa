/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "plot/chart.h"

/* The desktop's: light or dark, in high contrast or not. */
RhChartTheme rh_chart_theme(void);
/* Calls changed (widget) whenever it is another, as long as the widget lives. */
void rh_chart_theme_follow(GtkWidget *widget, GCallback changed);
