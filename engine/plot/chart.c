/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/chart.h"

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
    chart->x.title = g_strdup("");
    chart->y.title = g_strdup("");
    chart->series = g_ptr_array_new_with_free_func(free_series);
    chart->cursor = NAN;
    return chart;
}

void rh_chart_free(RhChart *chart)
{
    if (chart == NULL)
        return;
    g_free(chart->title);
    g_free(chart->x.title);
    g_free(chart->y.title);
    g_ptr_array_unref(chart->series);
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

static void set_side(RhChartSide *side, const RhChartAxis *axis)
{
    replace(&side->title, axis->title);
    side->settings = *axis;
    side->settings.title = side->title;
}

void rh_chart_set_axes(RhChart *chart, const RhChartAxis *x, const RhChartAxis *y)
{
    set_side(&chart->x, x);
    set_side(&chart->y, y);
}

void rh_chart_clear(RhChart *chart)
{
    g_ptr_array_set_size(chart->series, 0);
    chart->legend = (RhLegend){0};
}

guint rh_chart_add_series(RhChart *chart, const char *label, guint style, const double *x, const double *y,
                          const double *low, const double *high, gsize n)
{
    g_ptr_array_add(chart->series, rh_series_new(label, style, x, y, low, high, n));
    return chart->series->len - 1;
}

static RhSeries *get_series(const RhChart *chart, guint series)
{
    g_assert(series < chart->series->len);
    return chart->series->pdata[series];
}

void rh_chart_set_visible(RhChart *chart, guint series, gboolean visible)
{
    get_series(chart, series)->visible = visible;
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

void rh_chart_draw(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style)
{
    RhLayout layout = rh_chart_render(chart, cr, RH_CHART_ON_SCREEN, width, height, style);
    chart->area = layout.area;
    chart->legend = layout.legend;
}

double rh_chart_x_at(const RhChart *chart, double pixel_x)
{
    if (!(chart->area.width > 0))
        return NAN;
    return rh_axis_value(&chart->area.x, (pixel_x - chart->area.left) / chart->area.width);
}

int rh_chart_legend_at(const RhChart *chart, double pixel_x, double pixel_y)
{
    return rh_legend_at(&chart->legend, pixel_x, pixel_y);
}
