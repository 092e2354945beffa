/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "plot/chart-private.h"

static double crisp(double place)
{
    return floor(place) + 0.5;
}

static void rule(RhPen *pen, const RhInk *ink, double x0, double y0, double x1, double y1)
{
    rh_pen_set_ink(pen, ink);
    cairo_set_dash(pen->cr, NULL, 0, 0);
    cairo_set_line_width(pen->cr, 1);
    cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_BUTT);
    cairo_move_to(pen->cr, x0, y0);
    cairo_line_to(pen->cr, x1, y1);
    cairo_stroke(pen->cr);
}

/* The cursor's value in a frame on the x axis. */
typedef struct {
    char *label; /* NULL: the cursor is not within the axis */
    double x, half_width, height;
} Tag;

static Tag make_tag(const RhChart *chart, RhPen *pen, const RhPlotArea *area)
{
    double fraction = rh_axis_fraction(&area->x, chart->cursor);
    if (!(fraction >= -1e-9 && fraction <= 1 + 1e-9))
        return (Tag){NULL};
    Tag tag = {rh_axis_read_off(&area->x, chart->cursor, RH_DIGITS_X), area->left + fraction * area->width};
    RhTextSize size = rh_pen_measure(pen, RH_TEXT_LABEL, tag.label);
    tag.half_width = size.width / 2 + 0.4 * pen->em;
    tag.height = size.height + 0.2 * pen->em;
    return tag;
}

/* A tick's label gives way to the tag. */
static gboolean is_covered(RhPen *pen, const Tag *tag, double x, const char *label)
{
    double half_width = rh_pen_measure(pen, RH_TEXT_MUTED, label).width / 2;
    return tag->label != NULL && fabs(x - tag->x) < half_width + tag->half_width;
}

static void draw_x_labels(RhPen *pen, const RhLayout *layout, const Tag *tag)
{
    const RhPlotArea *area = &layout->area;
    for (guint i = 0; i < layout->x_ticks.count; i++) {
        double x = rh_plot_point(area, layout->x_ticks.at[i], area->y.low).x;
        g_autofree char *label = rh_axis_tick_label(&layout->x_ticks, i);
        if (!is_covered(pen, tag, x, label))
            rh_pen_text(pen, RH_TEXT_MUTED, label, x, area->top + area->height + 0.35 * pen->em, 0.5, 0, 0);
    }
}

static void draw_grid(RhPen *pen, const RhLayout *layout)
{
    const RhPlotArea *area = &layout->area;
    double right = area->left + area->width, bottom = area->top + area->height, gap = 0.35 * pen->em;
    for (guint i = 0; i < layout->y_ticks.count; i++) {
        double y = rh_plot_point(area, area->x.low, layout->y_ticks.at[i]).y;
        g_autofree char *label = rh_axis_tick_label(&layout->y_ticks, i);
        rule(pen, &pen->inks->grid, area->left, crisp(y), right, crisp(y));
        rh_pen_text(pen, RH_TEXT_MUTED, label, area->left - gap, y, 1, 0.5, 0);
    }
    for (guint i = 0; i < layout->x_ticks.count; i++) {
        double x = rh_plot_point(area, layout->x_ticks.at[i], area->y.low).x;
        rule(pen, &pen->inks->grid, crisp(x), area->top, crisp(x), bottom);
    }
    rule(pen, &pen->inks->axis, crisp(area->left), area->top, crisp(area->left), crisp(bottom) + 0.5);
    rule(pen, &pen->inks->axis, area->left, crisp(bottom), right, crisp(bottom));
}

static void draw_titles(const RhChart *chart, RhPen *pen, RhChartPlace place, const RhLayout *layout,
                        double height)
{
    const RhPlotArea *area = &layout->area;
    double edge = 0.5 * pen->em;
    g_autofree char *note = rh_chart_full_note(chart), *x_title = rh_chart_side_title(&chart->x),
                    *y_title = rh_chart_side_title(&chart->y);
    rh_pen_text(pen, RH_TEXT_TITLE, rh_chart_shown_title(chart, place), edge, layout->title_top, 0, 0,
                layout->title_room);
    rh_pen_text(pen, RH_TEXT_MUTED, note, edge, layout->note_top, 0, 0, layout->title_room);
    rh_pen_text(pen, RH_TEXT_LABEL, x_title, area->left + area->width / 2, height - 0.3 * pen->em, 0.5, 1,
                area->width);
    cairo_save(pen->cr);
    cairo_translate(pen->cr, 0.35 * pen->em, area->top + area->height / 2);
    cairo_rotate(pen->cr, -G_PI / 2);
    rh_pen_text(pen, RH_TEXT_LABEL, y_title, 0, 0, 0.5, 0, area->height + 2 * edge);
    cairo_restore(pen->cr);
}

static const RhSeries *series_at(const RhChart *chart, guint index)
{
    return chart->series->pdata[index];
}

static void draw_series(const RhChart *chart, RhPen *pen, const RhPlotArea *area)
{
    for (guint i = 0; i < chart->series->len; i++)
        if (series_at(chart, i)->visible)
            rh_layer_draw_band(pen, area, series_at(chart, i));
    for (guint i = 0; i < chart->series->len; i++)
        if (series_at(chart, i)->visible)
            rh_layer_draw_given(pen, area, series_at(chart, i));
    for (guint i = 0; i < chart->series->len; i++)
        if (series_at(chart, i)->visible)
            rh_layer_draw_line(pen, area, series_at(chart, i));
}

/* Says why there is nothing to see. */
static void draw_nothing(const RhChart *chart, RhPen *pen, const RhPlotArea *area)
{
    gboolean hidden = chart->series->len > 0;
    for (guint i = 0; i < chart->series->len; i++)
        hidden &= !series_at(chart, i)->visible;
    rh_pen_text(pen, RH_TEXT_MUTED, hidden ? _("All curves are hidden") : _("No data yet"),
                area->left + area->width / 2, area->top + area->height / 2, 0.5, 0.5, 0);
}

static void draw_cursor(const RhChart *chart, RhPen *pen, const RhPlotArea *area, const Tag *tag)
{
    double bottom = area->top + area->height;
    if (tag->label == NULL)
        return;
    rule(pen, &pen->inks->muted, crisp(tag->x), area->top, crisp(tag->x), bottom);
    for (guint i = 0; i < chart->series->len; i++)
        if (series_at(chart, i)->visible)
            rh_layer_draw_cursor(pen, area, series_at(chart, i), chart->cursor);
    rh_pen_set_ink(pen, &pen->inks->muted);
    cairo_set_line_width(pen->cr, 1);
    cairo_rectangle(pen->cr, tag->x - tag->half_width, bottom + 0.2 * pen->em, 2 * tag->half_width,
                    tag->height);
    cairo_stroke(pen->cr);
    rh_pen_text(pen, RH_TEXT_LABEL, tag->label, tag->x, bottom + 0.3 * pen->em, 0.5, 0, 0);
}

static void draw_values(const RhChart *chart, RhPen *pen, const RhLayout *layout, const GPtrArray *entries)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < entries->len; i++) {
        const RhSeries *series = entries->pdata[i];
        double value = series->visible ? rh_series_value(series, chart->cursor, layout->area.x.logarithmic,
                                                         layout->area.y.logarithmic)
                                       : NAN;
        g_ptr_array_add(values, isnan(value) ? NULL : rh_axis_read_off(&layout->area.y, value, RH_DIGITS_Y));
    }
    rh_legend_draw_values(pen, &layout->legend, (char *const *)values->pdata);
}

/* In the upper right corner of the plot, on paper of its own. */
static void draw_notice(const RhChart *chart, RhPen *pen, const RhPlotArea *area)
{
    RhTextSize size = rh_pen_measure(pen, RH_TEXT_LABEL, chart->notice);
    double pad = 0.3 * pen->em, right = area->left + area->width - pad, top = area->top + pad;
    rh_pen_set_ink(pen, &pen->inks->paper);
    cairo_rectangle(pen->cr, right - size.width - 2 * pad, top, size.width + 2 * pad, size.height + pad);
    cairo_fill_preserve(pen->cr);
    rh_pen_set_ink(pen, &pen->inks->muted);
    cairo_set_dash(pen->cr, NULL, 0, 0);
    cairo_set_line_width(pen->cr, 1);
    cairo_stroke(pen->cr);
    rh_pen_text(pen, RH_TEXT_LABEL, chart->notice, right - pad, top + pad / 2, 1, 0, 0);
}

void rh_chart_render_cursor(const RhChart *chart, cairo_t *cr, RhChartPlace place, const RhLayout *layout,
                            const RhChartStyle *style)
{
    RhPen pen;
    g_autoptr(GPtrArray) entries = rh_chart_entries(chart, place);
    cairo_save(cr);
    rh_pen_init(&pen, cr, style);
    Tag tag = make_tag(chart, &pen, &layout->area);
    draw_x_labels(&pen, layout, &tag);
    draw_cursor(chart, &pen, &layout->area, &tag);
    draw_values(chart, &pen, layout, entries);
    if (place == RH_CHART_ON_SCREEN && chart->focus >= 0)
        rh_legend_draw_focus(&pen, &layout->legend, (guint)chart->focus);
    if (place == RH_CHART_ON_SCREEN && chart->notice != NULL)
        draw_notice(chart, &pen, &layout->area);
    g_free(tag.label);
    rh_pen_clear(&pen);
    cairo_restore(cr);
}

RhLayout rh_chart_render(const RhChart *chart, cairo_t *cr, RhChartPlace place, double width, double height,
                         const RhChartStyle *style)
{
    RhPen pen;
    g_autoptr(GPtrArray) entries = rh_chart_entries(chart, place);
    cairo_save(cr);
    rh_pen_init(&pen, cr, style);
    RhLayout layout = rh_chart_arrange(chart, &pen, entries, place, width, height);
    draw_titles(chart, &pen, place, &layout, height);
    draw_grid(&pen, &layout);
    draw_series(chart, &pen, &layout.area);
    if (layout.empty)
        draw_nothing(chart, &pen, &layout.area);
    rh_legend_draw(&pen, &layout.legend, entries);
    rh_pen_clear(&pen);
    cairo_restore(cr);
    return layout;
}
