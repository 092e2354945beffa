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

static void draw_x_labels(RhPen *pen, const RhPanel *panel, const Tag *tag)
{
    const RhPlotArea *area = &panel->area;
    for (guint i = 0; i < panel->x_ticks.count; i++) {
        double x = rh_plot_point(area, panel->x_ticks.at[i], area->y.low).x;
        g_autofree char *label = rh_axis_tick_label(&panel->x_ticks, i);
        if (!is_covered(pen, tag, x, label))
            rh_pen_text(pen, RH_TEXT_MUTED, label, x, area->top + area->height + 0.35 * pen->em, 0.5, 0, 0);
    }
}

static void draw_grid(RhPen *pen, const RhPanel *panel)
{
    const RhPlotArea *area = &panel->area;
    double right = area->left + area->width, bottom = area->top + area->height, gap = 0.35 * pen->em;
    for (guint i = 0; i < panel->y_ticks.count; i++) {
        double y = rh_plot_point(area, area->x.low, panel->y_ticks.at[i]).y;
        g_autofree char *label = rh_axis_tick_label(&panel->y_ticks, i);
        rule(pen, &pen->theme->grid, area->left, crisp(y), right, crisp(y));
        rh_pen_text(pen, RH_TEXT_MUTED, label, area->left - gap, y, 1, 0.5, 0);
    }
    for (guint i = 0; i < panel->x_ticks.count; i++) {
        double x = rh_plot_point(area, panel->x_ticks.at[i], area->y.low).x;
        rule(pen, &pen->theme->grid, crisp(x), area->top, crisp(x), bottom);
    }
    rule(pen, &pen->theme->axis, crisp(area->left), area->top, crisp(area->left), crisp(bottom) + 0.5);
    rule(pen, &pen->theme->axis, area->left, crisp(bottom), right, crisp(bottom));
}

/* Above a panel that has others beside it, else upright beside the plot. */
static void draw_y_title(const RhChart *chart, RhPen *pen, const RhLayout *layout, guint panel)
{
    const RhPlotArea *area = &layout->panels[panel].area;
    g_autofree char *title = rh_chart_side_title(&chart->y[panel]);
    if (layout->n_panels > 1) {
        rh_pen_text(pen, RH_TEXT_LABEL, title, area->left, area->top - 0.4 * pen->em, 0, 1, area->width);
        return;
    }
    cairo_save(pen->cr);
    cairo_translate(pen->cr, 0.35 * pen->em, area->top + area->height / 2);
    cairo_rotate(pen->cr, -G_PI / 2);
    rh_pen_text(pen, RH_TEXT_LABEL, title, 0, 0, 0.5, 0, area->height + pen->em);
    cairo_restore(pen->cr);
}

static void draw_titles(const RhChart *chart, RhPen *pen, RhChartPlace place, const RhLayout *layout,
                        double height)
{
    double edge = 0.5 * pen->em, left = layout->panels[0].area.left, right = left;
    g_autofree char *note = rh_chart_full_note(chart), *x_title = rh_chart_side_title(&chart->x);
    for (guint i = 0; i < layout->n_panels; i++) {
        const RhPlotArea *area = &layout->panels[i].area;
        right = MAX(right, area->left + area->width);
        draw_y_title(chart, pen, layout, i);
    }
    rh_pen_text(pen, RH_TEXT_TITLE, rh_chart_shown_title(chart, place), edge, layout->title_top, 0, 0,
                layout->title_room);
    rh_pen_text(pen, RH_TEXT_MUTED, note, edge, layout->note_top, 0, 0, layout->title_room);
    rh_pen_text(pen, RH_TEXT_LABEL, x_title, (left + right) / 2, height - 0.3 * pen->em, 0.5, 1,
                right - left);
}

static void draw_series(const RhChart *chart, RhPen *pen, const RhPlotArea *area, guint panel)
{
    static void (*const layers[])(RhPen *, const RhPlotArea *, const RhSeries *) = {
        rh_layer_draw_band, rh_layer_draw_given, rh_layer_draw_line};
    for (guint k = 0; k < G_N_ELEMENTS(layers); k++)
        for (guint i = 0; i < chart->series->len; i++) {
            const RhSeries *line = chart->series->pdata[i];
            if (line->visible && line->panel == panel)
                layers[k](pen, area, line);
        }
}

/* Says why there is nothing to see. */
static void draw_nothing(const RhChart *chart, RhPen *pen, const RhPlotArea *area, guint panel)
{
    gboolean any = FALSE, seen = FALSE;
    for (guint i = 0; i < chart->series->len; i++) {
        const RhSeries *line = chart->series->pdata[i];
        any |= line->panel == panel;
        seen |= line->panel == panel && line->visible;
    }
    rh_pen_text(pen, RH_TEXT_MUTED, any && !seen ? _("All curves are hidden") : _("No data yet"),
                area->left + area->width / 2, area->top + area->height / 2, 0.5, 0.5, area->width);
}

static void draw_cursor(const RhChart *chart, RhPen *pen, const RhPlotArea *area, guint panel, const Tag *tag)
{
    double bottom = area->top + area->height;
    if (tag->label == NULL)
        return;
    rule(pen, &pen->theme->muted, crisp(tag->x), area->top, crisp(tag->x), bottom);
    for (guint i = 0; i < chart->series->len; i++) {
        const RhSeries *line = chart->series->pdata[i];
        if (line->visible && line->panel == panel)
            rh_layer_draw_cursor(pen, area, line, chart->cursor);
    }
    rh_pen_set_ink(pen, &pen->theme->muted);
    cairo_set_line_width(pen->cr, 1);
    cairo_rectangle(pen->cr, tag->x - tag->half_width, bottom + 0.2 * pen->em, 2 * tag->half_width,
                    tag->height);
    cairo_stroke(pen->cr);
    rh_pen_text(pen, RH_TEXT_LABEL, tag->label, tag->x, bottom + 0.3 * pen->em, 0.5, 0, 0);
}

/* A line's value at the cursor as it is written; NULL if it has none there. */
static char *value_text(const RhChart *chart, const RhPlotArea *area, const RhSeries *line)
{
    double value =
        line->visible ? rh_series_value(line, chart->cursor, area->x.logarithmic, area->y.logarithmic) : NAN;
    return isnan(value) ? NULL : rh_axis_read_off(&area->y, value, RH_DIGITS_Y);
}

static void draw_values_in_legend(const RhChart *chart, RhPen *pen, const RhLayout *layout,
                                  const GPtrArray *entries)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < entries->len; i++)
        g_ptr_array_add(values, value_text(chart, &layout->panels[0].area, entries->pdata[i]));
    rh_legend_draw_values(pen, &layout->legend, (char *const *)values->pdata);
}

/* From the right end on leftwards, each behind the marker of its line, as many as there is room for. */
static void draw_values_above(const RhChart *chart, RhPen *pen, const RhPlotArea *area, guint panel)
{
    g_autofree char *title = rh_chart_side_title(&chart->y[panel]);
    double base = area->top - 0.4 * pen->em, radius = rh_pen_marker_radius(pen), pad = 0.3 * pen->em;
    double right = area->left + area->width;
    double least = area->left + rh_pen_measure(pen, RH_TEXT_LABEL, title).width + pad;
    for (guint i = chart->series->len; i > 0; i--) {
        const RhSeries *line = chart->series->pdata[i - 1];
        g_autofree char *text = line->panel == panel ? value_text(chart, area, line) : NULL;
        if (text == NULL)
            continue;
        RhTextSize size = rh_pen_measure(pen, RH_TEXT_LABEL, text);
        double left = right - size.width - pad - 2 * radius;
        if (left < least)
            return;
        rh_pen_text(pen, RH_TEXT_LABEL, text, right, base, 1, 1, 0);
        rh_pen_marker(pen, line->style, left + radius, base - size.height / 2, radius, 1);
        right = left - 2 * pad;
    }
}

/* In the upper right corner of the plot, on paper of its own. */
static void draw_notice(const RhChart *chart, RhPen *pen, const RhPlotArea *area)
{
    RhTextSize size = rh_pen_measure(pen, RH_TEXT_LABEL, chart->notice);
    double pad = 0.3 * pen->em, right = area->left + area->width - pad, top = area->top + pad;
    rh_pen_set_ink(pen, &pen->theme->paper);
    cairo_rectangle(pen->cr, right - size.width - 2 * pad, top, size.width + 2 * pad, size.height + pad);
    cairo_fill_preserve(pen->cr);
    rh_pen_set_ink(pen, &pen->theme->muted);
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
    for (guint i = 0; i < layout->n_panels; i++) {
        const RhPlotArea *area = &layout->panels[i].area;
        Tag tag = make_tag(chart, &pen, area);
        draw_x_labels(&pen, &layout->panels[i], &tag);
        draw_cursor(chart, &pen, area, i, &tag);
        if (layout->n_panels > 1)
            draw_values_above(chart, &pen, area, i);
        g_free(tag.label);
    }
    if (layout->n_panels == 1)
        draw_values_in_legend(chart, &pen, layout, entries);
    if (place == RH_CHART_ON_SCREEN && chart->focus >= 0)
        rh_legend_draw_focus(&pen, &layout->legend, (guint)chart->focus);
    if (place == RH_CHART_ON_SCREEN && chart->notice != NULL)
        draw_notice(chart, &pen, &layout->panels[0].area);
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
    for (guint i = 0; i < layout.n_panels; i++) {
        const RhPanel *panel = &layout.panels[i];
        draw_grid(&pen, panel);
        draw_series(chart, &pen, &panel->area, i);
        if (panel->empty)
            draw_nothing(chart, &pen, &panel->area, i);
    }
    rh_legend_draw(&pen, &layout.legend, entries);
    rh_pen_clear(&pen);
    cairo_restore(cr);
    return layout;
}
