/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "plot/chart-private.h"

static void free_series(gpointer series)
{
    rh_series_free(series);
}

RhChart *rh_chart_new(const char *title)
{
    RhChart *chart = g_new0(RhChart, 1);
    chart->title = g_strdup(title != NULL ? title : "");
    chart->note = g_strdup("");
    chart->focus = -1;
    chart->x.title = g_strdup("");
    chart->y.title = g_strdup("");
    chart->series = g_ptr_array_new_with_free_func(free_series);
    chart->hidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    chart->cursor = NAN;
    return chart;
}

void rh_chart_free(RhChart *chart)
{
    if (chart == NULL)
        return;
    g_free(chart->title);
    g_free(chart->note);
    g_free(chart->notice);
    g_free(chart->x.title);
    g_free(chart->y.title);
    g_ptr_array_unref(chart->series);
    g_hash_table_unref(chart->hidden);
    g_free(chart);
}

static void replace(char **text, const char *value)
{
    char *copy = g_strdup(value != NULL ? value : "");
    g_free(*text);
    *text = copy;
}

void rh_chart_set_title(RhChart *chart, const char *title)
{
    replace(&chart->title, title);
}

const char *rh_chart_get_title(const RhChart *chart)
{
    return chart->title;
}

void rh_chart_set_heading_elsewhere(RhChart *chart, gboolean elsewhere)
{
    chart->heading_elsewhere = elsewhere;
}

void rh_chart_set_note(RhChart *chart, const char *note)
{
    replace(&chart->note, note);
}

void rh_chart_set_notice(RhChart *chart, const char *notice)
{
    g_free(chart->notice);
    chart->notice = g_strdup(notice);
}

static void set_side(RhChartSide *side, const RhChartAxis *axis)
{
    replace(&side->title, axis->title);
    side->settings = *axis;
    side->settings.title = side->title;
    side->own = axis->logarithmic;
    side->settings.logarithmic = side->own || side->chosen;
}

static void choose_scale(RhChartSide *side, gboolean logarithmic)
{
    side->chosen = logarithmic;
    side->settings.logarithmic = side->own || side->chosen;
}

void rh_chart_set_logarithmic(RhChart *chart, gboolean x, gboolean y)
{
    choose_scale(&chart->x, x);
    choose_scale(&chart->y, y);
}

void rh_chart_set_smoothing(RhChart *chart, guint window)
{
    chart->smoothing = window;
    for (guint i = 0; i < chart->series->len; i++)
        rh_series_smooth(chart->series->pdata[i], window);
}

RhChart *rh_chart_copy(const RhChart *chart)
{
    RhChart *copy = rh_chart_new(chart->title);
    copy->heading_elsewhere = chart->heading_elsewhere;
    rh_chart_set_note(copy, chart->note);
    rh_chart_set_notice(copy, chart->notice);
    rh_chart_set_logarithmic(copy, chart->x.chosen, chart->y.chosen);
    set_side(&copy->x,
             &(RhChartAxis){chart->x.title, chart->x.settings.low, chart->x.settings.high, chart->x.own});
    set_side(&copy->y,
             &(RhChartAxis){chart->y.title, chart->y.settings.low, chart->y.settings.high, chart->y.own});
    for (guint i = 0; i < chart->series->len; i++)
        g_ptr_array_add(copy->series, rh_series_copy(chart->series->pdata[i]));
    GHashTableIter each;
    gpointer label;
    for (g_hash_table_iter_init(&each, chart->hidden); g_hash_table_iter_next(&each, &label, NULL);)
        g_hash_table_add(copy->hidden, g_strdup(label));
    rh_chart_set_smoothing(copy, chart->smoothing);
    copy->cursor = chart->cursor;
    copy->focus = chart->focus;
    copy->layout = chart->layout;
    return copy;
}

const char *rh_chart_shown_title(const RhChart *chart, RhChartPlace place)
{
    return place == RH_CHART_ON_SCREEN && chart->heading_elsewhere ? "" : chart->title;
}

char *rh_chart_full_note(const RhChart *chart)
{
    if (chart->smoothing < 2)
        return g_strdup(chart->note);
    return g_strdup_printf(_("Smoothed: mean of %u points; as measured: faint%s%s"), chart->smoothing | 1,
                           *chart->note != '\0' ? " · " : "", chart->note);
}

char *rh_chart_side_title(const RhChartSide *side)
{
    if (!side->settings.logarithmic)
        return g_strdup(side->title);
    return g_strdup_printf(_("%s%slogarithmic"), side->title, *side->title != '\0' ? ", " : "");
}

void rh_chart_set_axes(RhChart *chart, const RhChartAxis *x, const RhChartAxis *y)
{
    set_side(&chart->x, x);
    set_side(&chart->y, y);
}

void rh_chart_clear(RhChart *chart)
{
    g_ptr_array_set_size(chart->series, 0);
    chart->layout.legend = (RhLegend){0};
}

guint rh_chart_add_series(RhChart *chart, const char *label, guint style, const double *x, const double *y,
                          const double *low, const double *high, gsize n)
{
    RhSeries *series = rh_series_new(label, style, x, y, low, high, n);
    series->visible = !g_hash_table_contains(chart->hidden, label);
    rh_series_smooth(series, chart->smoothing);
    g_ptr_array_add(chart->series, series);
    return chart->series->len - 1;
}

static RhSeries *get_series(const RhChart *chart, guint series)
{
    g_assert(series < chart->series->len);
    return chart->series->pdata[series];
}

void rh_chart_set_visible(RhChart *chart, guint series, gboolean visible)
{
    RhSeries *line = get_series(chart, series);
    line->visible = visible;
    if (visible)
        g_hash_table_remove(chart->hidden, line->label);
    else
        g_hash_table_add(chart->hidden, g_strdup(line->label));
}

gboolean rh_chart_get_visible(const RhChart *chart, guint series)
{
    return get_series(chart, series)->visible;
}

guint rh_chart_n_series(const RhChart *chart)
{
    return chart->series->len;
}

const char *rh_chart_label(const RhChart *chart, guint series)
{
    return get_series(chart, series)->label;
}

void rh_chart_set_cursor(RhChart *chart, double x)
{
    chart->cursor = x;
}

double rh_chart_value(const RhChart *chart, guint series, double x)
{
    const RhSeries *line = get_series(chart, series);
    return line->visible
               ? rh_series_value(line, x, chart->x.settings.logarithmic, chart->y.settings.logarithmic)
               : NAN;
}

GPtrArray *rh_chart_entries(const RhChart *chart, RhChartPlace place)
{
    GPtrArray *entries = g_ptr_array_new();
    for (guint i = 0; i < chart->series->len; i++)
        if (place == RH_CHART_ON_SCREEN || rh_chart_get_visible(chart, i))
            g_ptr_array_add(entries, chart->series->pdata[i]);
    return entries;
}

void rh_chart_set_focus(RhChart *chart, int series)
{
    g_assert(series < (int)chart->series->len);
    chart->focus = series;
}

double rh_chart_next_x(const RhChart *chart, double x, int step)
{
    double next = NAN;
    for (guint i = 0; i < chart->series->len; i++) {
        const RhSeries *series = chart->series->pdata[i];
        for (gsize k = 0; series->visible && k < series->n; k++) {
            double here = series->x[k];
            if (isnan(series->y[k]) || !isfinite(here) || (here - x) * step <= 0) /* NaN x: all are beyond */
                continue;
            if (isnan(next) || (next - here) * step > 0)
                next = here;
        }
    }
    return next;
}

void rh_chart_draw_data(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style)
{
    chart->layout = rh_chart_render(chart, cr, RH_CHART_ON_SCREEN, width, height, style);
}

void rh_chart_draw_cursor(RhChart *chart, cairo_t *cr, const RhChartStyle *style)
{
    if (chart->layout.area.width > 0)
        rh_chart_render_cursor(chart, cr, RH_CHART_ON_SCREEN, &chart->layout, style);
}

void rh_chart_draw(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style)
{
    rh_chart_draw_data(chart, cr, width, height, style);
    rh_chart_draw_cursor(chart, cr, style);
}

double rh_chart_x_at(const RhChart *chart, double pixel_x)
{
    const RhPlotArea *area = &chart->layout.area;
    return area->width > 0 ? rh_axis_value(&area->x, (pixel_x - area->left) / area->width) : NAN;
}

int rh_chart_legend_at(const RhChart *chart, double pixel_x, double pixel_y)
{
    return rh_legend_at(&chart->layout.legend, pixel_x, pixel_y);
}

void rh_chart_draw_sample(cairo_t *cr, guint series_style, double x, double y, double width,
                          const RhChartStyle *style)
{
    RhPen pen;
    const RhSeries series = {.style = series_style, .visible = TRUE};
    cairo_save(cr);
    rh_pen_init(&pen, cr, style);
    rh_layer_draw_sample(&pen, &series, x, y, width);
    rh_pen_clear(&pen);
    cairo_restore(cr);
}
