/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plot/look-private.h"
#include "plot/series-private.h"

/* One series inside the plot area: first the bands of all, then the lines, then what stands at the cursor. */
void rh_layer_draw_band(RhPen *pen, const RhPlotArea *area, const RhSeries *series);
/* Of a smoothed series: the line as given, faint, without markers. */
void rh_layer_draw_given(RhPen *pen, const RhPlotArea *area, const RhSeries *series);
void rh_layer_draw_line(RhPen *pen, const RhPlotArea *area, const RhSeries *series);
void rh_layer_draw_cursor(RhPen *pen, const RhPlotArea *area, const RhSeries *series, double x);
/* A line with a marker, as the legend shows it. */
void rh_layer_draw_sample(RhPen *pen, const RhSeries *series, double x, double y, double width);
