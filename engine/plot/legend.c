/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/legend-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* In heights of the font. */
#define SAMPLE      1.9
#define GAP         0.5
#define COLUMN_GAP  0.8
#define LABEL_LEAST 3.0

RhLegend rh_legend_arrange(RhPen *pen, const GPtrArray *entries, double width, double height, guint columns,
                           double value_width)
{
    RhLegend legend = {.value_width = value_width};
    if (entries->len == 0)
        return legend;
    for (guint i = 0; i < entries->len; i++) {
        const RhSeries *series = entries->pdata[i];
        RhTextSize size = rh_pen_measure(pen, RH_TEXT_LABEL, series->label);
        legend.label_width = MAX(legend.label_width, ceil(size.width) + 1);
        legend.cell_height = MAX(legend.cell_height, 1.1 * size.height);
    }
    double besides = (SAMPLE + GAP) * pen->em + (value_width > 0 ? value_width + GAP * pen->em : 0);
    legend.label_width =
        CLAMP(legend.label_width, LABEL_LEAST * pen->em, MAX(LABEL_LEAST * pen->em, width - besides));
    legend.cell_width = legend.label_width + besides;
    legend.pitch = legend.cell_width + COLUMN_GAP * pen->em;
    legend.columns =
        (guint)CLAMP((width + COLUMN_GAP * pen->em) / legend.pitch, 1, MIN(columns, entries->len));
    guint rows = (entries->len + legend.columns - 1) / legend.columns;
    legend.rows = (guint)CLAMP(height / legend.cell_height, 1, rows);
    guint cells = legend.rows * legend.columns;
    legend.shown = entries->len <= cells ? entries->len : cells - 1;
    return legend;
}

double rh_legend_width(const RhLegend *legend)
{
    return legend->cell_width;
}

double rh_legend_height(const RhLegend *legend)
{
    return legend->rows * legend->cell_height;
}

/* Upper left corner of a cell; cells run along the rows. */
static RhPoint cell(const RhLegend *legend, guint index)
{
    return (RhPoint){legend->x + index % legend->columns * legend->pitch,
                     legend->y + index / legend->columns * legend->cell_height};
}

void rh_legend_draw(RhPen *pen, const RhLegend *legend, const GPtrArray *entries)
{
    for (guint i = 0; i < legend->shown; i++) {
        const RhSeries *series = entries->pdata[i];
        RhPoint corner = cell(legend, i);
        double middle = corner.y + legend->cell_height / 2, text = corner.x + (SAMPLE + GAP) * pen->em;
        RhTextKind kind = series->visible ? RH_TEXT_LABEL : RH_TEXT_MUTED;
        rh_layer_draw_sample(pen, series, corner.x, middle, SAMPLE * pen->em);
        rh_pen_text(pen, kind, series->label, text, middle, 0, 0.5, legend->label_width);
    }
    if (legend->shown < entries->len) {
        RhPoint corner = cell(legend, legend->shown);
        g_autofree char *text = g_strdup_printf(_("and %u more"), entries->len - legend->shown);
        rh_pen_text(pen, RH_TEXT_MUTED, text, corner.x, corner.y + legend->cell_height / 2, 0, 0.5,
                    legend->cell_width);
    }
}

void rh_legend_draw_values(RhPen *pen, const RhLegend *legend, char *const *values)
{
    for (guint i = 0; i < legend->shown; i++) {
        RhPoint corner = cell(legend, i);
        if (values[i] != NULL)
            rh_pen_text(pen, RH_TEXT_LABEL, values[i], corner.x + legend->cell_width,
                        corner.y + legend->cell_height / 2, 1, 0.5, 0);
    }
}

void rh_legend_draw_focus(RhPen *pen, const RhLegend *legend, guint entry)
{
    if (entry >= legend->shown)
        return;
    RhPoint corner = cell(legend, entry);
    rh_pen_set_ink(pen, &pen->theme->text);
    cairo_set_dash(pen->cr, NULL, 0, 0);
    cairo_set_line_width(pen->cr, 2);
    cairo_rectangle(pen->cr, corner.x - 2, corner.y, legend->cell_width + 4, legend->cell_height);
    cairo_stroke(pen->cr);
}

int rh_legend_at(const RhLegend *legend, double x, double y)
{
    if (legend->shown == 0 || x < legend->x || y < legend->y)
        return -1;
    double column = floor((x - legend->x) / legend->pitch),
           row = floor((y - legend->y) / legend->cell_height);
    if (column >= legend->columns || row >= legend->rows)
        return -1;
    guint index = (guint)row * legend->columns + (guint)column;
    return index < legend->shown ? (int)index : -1;
}
