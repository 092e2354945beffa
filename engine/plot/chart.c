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
    for (guint i = 0; i < RH_CHART_PANELS; i++)
        chart->y[i].title = g_strdup("");
    chart->n_panels = 1;
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
    for (guint i = 0; i < RH_CHART_PANELS; i++)
        g_free(chart->y[i].title);
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

static void copy_side(RhChartSide *copy, const RhChartSide *side)
{
    set_side(copy, &(RhChartAxis){side->title, side->settings.low, side->settings.high, side->own});
}

static void choose_scale(RhChartSide *side, gboolean logarithmic)
{
    side->chosen = logarithmic;
    side->settings.logarithmic = side->own || side->chosen;
}

void rh_chart_set_logarithmic(RhChart *chart, gboolean x, gboolean y)
{
    choose_scale(&chart->x, x);
    for (guint i = 0; i < RH_CHART_PANELS; i++)
        choose_scale(&chart->y[i], y);
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
    rh_chart_set_logarithmic(copy, chart->x.chosen, chart->y[0].chosen);
    copy_side(&copy->x, &chart->x);
    for (guint i = 0; i < RH_CHART_PANELS; i++)
        copy_side(&copy->y[i], &chart->y[i]);
    copy->n_panels = chart->n_panels;
    copy->n_entries = chart->n_entries;
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
    rh_chart_set_panels(chart, x, y, 1);
}

void rh_chart_set_panels(RhChart *chart, const RhChartAxis *x, const RhChartAxis *y, guint n_panels)
{
    g_assert(n_panels >= 1 && n_panels <= RH_CHART_PANELS);
    set_side(&chart->x, x);
    for (guint i = 0; i < n_panels; i++)
        set_side(&chart->y[i], &y[i]);
    chart->n_panels = n_panels;
}

guint rh_chart_n_panels(const RhChart *chart)
{
    return chart->n_panels;
}

const char *rh_chart_panel_title(const RhChart *chart, guint panel)
{
    g_assert(panel < chart->n_panels);
    return chart->y[panel].title;
}

void rh_chart_clear(RhChart *chart)
{
    g_ptr_array_set_size(chart->series, 0);
    chart->n_entries = 0;
    chart->layout.legend = (RhLegend){0};
}

guint rh_chart_add_series(RhChart *chart, const char *label, guint style, const double *x, const double *y,
                          const double *low, const double *high, gsize n)
{
    return rh_chart_add_to_panel(chart, 0, label, style, x, y, low, high, n);
}

static RhSeries *line_at(const RhChart *chart, guint index)
{
    return chart->series->pdata[index];
}

/* The entry of the lines of that label in other panels, or a new one. */
static guint find_entry(RhChart *chart, const char *label, guint panel)
{
    for (guint i = 0; i < chart->series->len; i++)
        if (line_at(chart, i)->panel != panel && g_str_equal(line_at(chart, i)->label, label))
            return line_at(chart, i)->entry;
    return chart->n_entries++;
}

guint rh_chart_add_to_panel(RhChart *chart, guint panel, const char *label, guint style, const double *x,
                            const double *y, const double *low, const double *high, gsize n)
{
    g_assert(panel < chart->n_panels);
    RhSeries *line = rh_series_new(label, style, x, y, low, high, n);
    line->visible = !g_hash_table_contains(chart->hidden, label);
    line->panel = panel;
    line->entry = find_entry(chart, label, panel);
    rh_series_smooth(line, chart->smoothing);
    g_ptr_array_add(chart->series, line);
    return line->entry;
}

/* The first line of a series. */
static const RhSeries *get_series(const RhChart *chart, guint series)
{
    guint i = 0;
    g_assert(series < chart->n_entries);
    while (line_at(chart, i)->entry != series)
        i++;
    return line_at(chart, i);
}

static const RhSeries *find_line(const RhChart *chart, guint series, guint panel)
{
    g_assert(series < chart->n_entries && panel < chart->n_panels);
    for (guint i = 0; i < chart->series->len; i++)
        if (line_at(chart, i)->entry == series && line_at(chart, i)->panel == panel)
            return line_at(chart, i);
    return NULL;
}

gboolean rh_chart_is_in_panel(const RhChart *chart, guint series, guint panel)
{
    return find_line(chart, series, panel) != NULL;
}

void rh_chart_set_visible(RhChart *chart, guint series, gboolean visible)
{
    const char *label = get_series(chart, series)->label;
    for (guint i = 0; i < chart->series->len; i++)
        if (line_at(chart, i)->entry == series)
            line_at(chart, i)->visible = visible;
    if (visible)
        g_hash_table_remove(chart->hidden, label);
    else
        g_hash_table_add(chart->hidden, g_strdup(label));
}

gboolean rh_chart_get_visible(const RhChart *chart, guint series)
{
    return get_series(chart, series)->visible;
}

guint rh_chart_n_series(const RhChart *chart)
{
    return chart->n_entries;
}

const char *rh_chart_label(const RhChart *chart, guint series)
{
    return get_series(chart, series)->label;
}

void rh_chart_set_cursor(RhChart *chart, double x)
{
    chart->cursor = x;
}

double rh_chart_value(const RhChart *chart, guint panel, guint series, double x)
{
    const RhSeries *line = find_line(chart, series, panel);
    if (line == NULL || !line->visible)
        return NAN;
    return rh_series_value(line, x, chart->x.settings.logarithmic, chart->y[panel].settings.logarithmic);
}

GPtrArray *rh_chart_entries(const RhChart *chart, RhChartPlace place)
{
    GPtrArray *entries = g_ptr_array_new();
    for (guint i = 0; i < chart->n_entries; i++)
        if (place == RH_CHART_ON_SCREEN || rh_chart_get_visible(chart, i))
            g_ptr_array_add(entries, (gpointer)get_series(chart, i));
    return entries;
}

void rh_chart_set_focus(RhChart *chart, int series)
{
    g_assert(series < (int)chart->n_entries);
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
    if (chart->layout.n_panels > 0)
        rh_chart_render_cursor(chart, cr, RH_CHART_ON_SCREEN, &chart->layout, style);
}

void rh_chart_draw(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style)
{
    rh_chart_draw_data(chart, cr, width, height, style);
    rh_chart_draw_cursor(chart, cr, style);
}

/* Square of the distance; 0 within. */
static double distance_to(const RhPlotArea *area, double x, double y)
{
    double across = MAX(0, MAX(area->left - x, x - area->left - area->width));
    double down = MAX(0, MAX(area->top - y, y - area->top - area->height));
    return across * across + down * down;
}

double rh_chart_x_at(const RhChart *chart, double pixel_x, double pixel_y)
{
    const RhPlotArea *nearest = &chart->layout.panels[0].area;
    if (chart->layout.n_panels == 0)
        return NAN;
    for (guint i = 1; i < chart->layout.n_panels; i++) {
        const RhPlotArea *area = &chart->layout.panels[i].area;
        if (distance_to(area, pixel_x, pixel_y) < distance_to(nearest, pixel_x, pixel_y))
            nearest = area;
    }
    return rh_axis_value(&nearest->x, (pixel_x - nearest->left) / nearest->width);
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
