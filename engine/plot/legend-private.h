/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plot/layer-private.h"

/* A grid of entries: sample, label and, in a column of its own, the value at the cursor. */
typedef struct {
    double x, y, cell_width, cell_height;
    double pitch; /* from one column to the next */
    double label_width, value_width;
    guint columns, rows;
    guint shown; /* entries that have room; the others are counted in the last cell */
} RhLegend;

/* `entries`: RhSeries* in order. Arranges them in at most width×height and so many columns; value_width is
 * kept free at each. */
RhLegend rh_legend_arrange(RhPen *pen, const GPtrArray *entries, double width, double height, guint columns,
                           double value_width);
double rh_legend_width(const RhLegend *legend); /* of a single column */
double rh_legend_height(const RhLegend *legend);
void rh_legend_draw(RhPen *pen, const RhLegend *legend, const GPtrArray *entries);
/* values[i]: what to write beside entry i, or NULL. */
void rh_legend_draw_values(RhPen *pen, const RhLegend *legend, char *const *values);
/* A frame round an entry, if it is shown. */
void rh_legend_draw_focus(RhPen *pen, const RhLegend *legend, guint entry);
/* Which entry lies at a point, −1 for none. */
int rh_legend_at(const RhLegend *legend, double x, double y);
