/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/layer-private.h"

#include <math.h>

#define N_STAGGER 5

static gboolean is_gap(RhPoint point)
{
    return isnan(point.x) || isnan(point.y);
}

static void trace(RhPen *pen, const RhPoint *low, const RhPoint *high, guint count)
{
    for (guint i = 0; i < count; i++)
        cairo_line_to(pen->cr, high[i].x, high[i].y);
    for (guint i = count; i > 0; i--)
        cairo_line_to(pen->cr, low[i - 1].x, low[i - 1].y);
    cairo_close_path(pen->cr);
}

/* Fills between the lower and the upper line from one gap to the next; a point that stands alone gets a bar.
 */
static void fill_stretch(RhPen *pen, const RhPoint *low, const RhPoint *high, guint count)
{
    cairo_new_path(pen->cr);
    if (count == 1)
        cairo_rectangle(pen->cr, low->x - pen->line_width, high->y, 2 * pen->line_width, low->y - high->y);
    else
        trace(pen, low, high, count);
    cairo_fill(pen->cr);
}

void rh_layer_draw_band(RhPen *pen, const RhPlotArea *area, const RhSeries *series)
{
    if (series->low == NULL)
        return;
    g_autofree RhPoint *low = g_new(RhPoint, series->n), *high = g_new(RhPoint, series->n);
    guint count = 0;
    double column = NAN;
    gboolean thinned = series->rising && series->n > 4 * (gsize)MAX(1, area->width);
    cairo_save(pen->cr);
    cairo_rectangle(pen->cr, area->left, area->top, area->width, area->height);
    cairo_clip(pen->cr);
    rh_pen_set_style(pen, series->style, pen->theme->band_alpha);
    for (gsize i = 0; i < series->n; i++) {
        RhPoint bottom = rh_plot_point(area, series->x[i], series->low[i]);
        RhPoint top = rh_plot_point(area, series->x[i], series->high[i]);
        if (is_gap(bottom) || is_gap(top)) {
            fill_stretch(pen, low, high, count);
            count = 0;
        } else if (thinned && count > 0 && floor(top.x) == column) { /* the widest of a column of pixels */
            low[count - 1].y = MAX(low[count - 1].y, bottom.y);
            high[count - 1].y = MIN(high[count - 1].y, top.y);
        } else {
            low[count] = bottom;
            high[count++] = top;
            column = floor(top.x);
        }
    }
    fill_stretch(pen, low, high, count);
    cairo_restore(pen->cr);
}

static gboolean is_inside(const RhPlotArea *area, RhPoint point)
{
    const double slack = 0.5;
    return point.x >= area->left - slack && point.x <= area->left + area->width + slack &&
           point.y >= area->top - slack && point.y <= area->top + area->height + slack;
}

/* Each point has its marker where there is room; where there is not, some of the points have, at places that
 * differ from style to style. The last point and points that stand alone always have one. */
static void draw_markers(RhPen *pen, const RhPlotArea *area, const RhSeries *series)
{
    double radius = rh_pen_marker_radius(pen), room = 5 * radius, spacing = 24 * radius;
    gboolean all = !series->rising || (double)series->n * room < area->width;
    double next = all ? -INFINITY : area->left + spacing * (series->style % N_STAGGER + 0.5) / N_STAGGER;
    RhPoint before = {NAN, NAN}, here = before, after;
    for (gsize i = 0; i < series->n; i++, before = here, here = after) {
        if (i == 0)
            here = rh_plot_point(area, series->x[0], series->y[0]);
        after =
            i + 1 < series->n ? rh_plot_point(area, series->x[i + 1], series->y[i + 1]) : (RhPoint){NAN, NAN};
        gboolean alone = is_gap(before) && is_gap(after), last = i + 1 == series->n;
        if (is_gap(here) || !is_inside(area, here) || !(alone || last || here.x >= next))
            continue;
        rh_pen_marker(pen, series->style, here.x, here.y, radius, 1);
        if (!all && here.x >= next)
            next += spacing * ceil((here.x - next) / spacing + 1e-9);
    }
}

static void stroke(RhPen *pen, const RhPlotArea *area, const RhSeries *series, const double *values,
                   double alpha)
{
    g_autoptr(GArray) points = rh_series_points(series, values, area);
    gboolean drawing = FALSE;
    double edge = pen->line_width;
    cairo_save(pen->cr);
    cairo_rectangle(pen->cr, area->left - edge, area->top - edge, area->width + 2 * edge,
                    area->height + 2 * edge);
    cairo_clip(pen->cr);
    cairo_new_path(pen->cr);
    for (guint i = 0; i < points->len; i++) {
        RhPoint point = g_array_index(points, RhPoint, i);
        if (!is_gap(point) && drawing)
            cairo_line_to(pen->cr, point.x, point.y);
        else if (!is_gap(point))
            cairo_move_to(pen->cr, point.x, point.y);
        drawing = !is_gap(point);
    }
    rh_pen_set_dash(pen, series->style);
    rh_pen_set_style(pen, series->style, alpha);
    cairo_stroke(pen->cr);
    cairo_restore(pen->cr);
}

void rh_layer_draw_given(RhPen *pen, const RhPlotArea *area, const RhSeries *series)
{
    if (series->given_y != NULL)
        stroke(pen, area, series, series->given_y, pen->theme->faint_alpha);
}

void rh_layer_draw_line(RhPen *pen, const RhPlotArea *area, const RhSeries *series)
{
    stroke(pen, area, series, series->y, 1);
    draw_markers(pen, area, series);
}

void rh_layer_draw_cursor(RhPen *pen, const RhPlotArea *area, const RhSeries *series, double x)
{
    double y = rh_series_value(series, x, area->x.logarithmic, area->y.logarithmic);
    RhPoint point = rh_plot_point(area, x, y);
    if (is_gap(point) || !is_inside(area, point))
        return;
    cairo_new_path(pen->cr);
    cairo_arc(pen->cr, point.x, point.y, 1.25 * rh_pen_marker_radius(pen), 0, 2 * G_PI);
    rh_pen_set_ink(pen, &pen->theme->paper);
    cairo_fill_preserve(pen->cr);
    rh_pen_set_style(pen, series->style, 1);
    cairo_set_dash(pen->cr, NULL, 0, 0);
    cairo_set_line_width(pen->cr, 1.2 * pen->line_width);
    cairo_stroke(pen->cr);
}

void rh_layer_draw_sample(RhPen *pen, const RhSeries *series, double x, double y, double width)
{
    double alpha = series->visible ? 1 : 0.3;
    rh_pen_set_dash(pen, series->style);
    rh_pen_set_style(pen, series->style, alpha);
    cairo_move_to(pen->cr, x, y);
    cairo_line_to(pen->cr, x + width, y);
    cairo_stroke(pen->cr);
    rh_pen_marker(pen, series->style, x + width / 2, y, rh_pen_marker_radius(pen), alpha);
}
