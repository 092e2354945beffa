/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/series-private.h"

#include <math.h>

/* Points a column of pixels can use; with more the line is thinned out. */
#define POINTS_A_COLUMN 4

RhSeries *rh_series_new(const char *label, guint style, const double *x, const double *y, const double *low,
                        const double *high, gsize n)
{
    RhSeries *series = g_new(RhSeries, 1);
    gboolean band = low != NULL && high != NULL;
    *series = (RhSeries){
        .label = g_strdup(label),
        .style = style,
        .visible = TRUE,
        .rising = TRUE,
        .n = n,
        .x = g_memdup2(x, n * sizeof *x),
        .y = g_memdup2(y, n * sizeof *y),
        .low = band ? g_memdup2(low, n * sizeof *low) : NULL,
        .high = band ? g_memdup2(high, n * sizeof *high) : NULL,
    };
    for (gsize i = 1; i < n; i++)
        series->rising &= x[i] >= x[i - 1];
    return series;
}

/* The values back as they were given. */
static void restore(double **value, double **given)
{
    if (*given == NULL)
        return;
    g_free(*value);
    *value = g_steal_pointer(given);
}

void rh_series_free(RhSeries *series)
{
    rh_series_smooth(series, 0);
    g_free(series->label);
    g_free(series->x);
    g_free(series->y);
    g_free(series->low);
    g_free(series->high);
    g_free(series);
}

RhSeries *rh_series_copy(const RhSeries *series)
{
    RhSeries *copy = rh_series_new(series->label, series->style, series->x, rh_series_given(series),
                                   series->given_low != NULL ? series->given_low : series->low,
                                   series->given_high != NULL ? series->given_high : series->high, series->n);
    copy->visible = series->visible;
    copy->panel = series->panel;
    copy->entry = series->entry;
    return copy;
}

/* The mean of the numbers within `half` points on either side, fewer at the ends so that both sides stay
 * alike: the line keeps its ends and does not lag behind. What is no number stays a gap. */
static double *smoothed(const double *values, gsize n, gsize half)
{
    double *means = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        gsize reach = MIN(half, MIN(i, n - 1 - i)), count = 0;
        double sum = 0;
        for (gsize k = i - reach; k <= i + reach; k++)
            if (isfinite(values[k])) {
                sum += values[k];
                count++;
            }
        means[i] = isfinite(values[i]) ? sum / (double)count : values[i];
    }
    return means;
}

void rh_series_smooth(RhSeries *series, guint window)
{
    double **const values[] = {&series->y, &series->low, &series->high};
    double **const given[] = {&series->given_y, &series->given_low, &series->given_high};
    for (guint k = 0; k < G_N_ELEMENTS(values); k++) {
        restore(values[k], given[k]);
        if (window < 2 || *values[k] == NULL)
            continue;
        *given[k] = *values[k];
        *values[k] = smoothed(*given[k], series->n, window / 2);
    }
}

const double *rh_series_given(const RhSeries *series)
{
    return series->given_y != NULL ? series->given_y : series->y;
}

void rh_series_extent(const RhSeries *series, const RhChartAxis *x_axis, const RhChartAxis *y_axis,
                      RhExtent *x, RhExtent *y)
{
    for (gsize i = 0; i < series->n; i++) {
        if (!(fabs(series->y[i]) < RH_AXIS_LIMIT))
            continue;
        rh_extent_add(x, series->x[i], x_axis->logarithmic);
        rh_extent_add(y, rh_series_given(series)[i], y_axis->logarithmic); /* drawn too, if faintly */
        if (series->low != NULL) {
            rh_extent_add(y, series->low[i], y_axis->logarithmic);
            rh_extent_add(y, series->high[i], y_axis->logarithmic);
        }
    }
}

static double scaled(double value, gboolean logarithmic)
{
    return logarithmic ? log(value) : value;
}

static double between(const RhSeries *series, gsize i, double x, gboolean logarithmic_x,
                      gboolean logarithmic_y)
{
    double x0 = scaled(series->x[i], logarithmic_x), x1 = scaled(series->x[i + 1], logarithmic_x);
    double y0 = scaled(series->y[i], logarithmic_y), y1 = scaled(series->y[i + 1], logarithmic_y);
    double y = y0 + (y1 - y0) * (scaled(x, logarithmic_x) - x0) / (x1 - x0);
    return logarithmic_y ? exp(y) : y;
}

/* The first point from which on a line over a rising x can pass through x. */
static gsize first_before(const RhSeries *series, double x)
{
    gsize low = 0, high = series->rising ? series->n : 0;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (series->x[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

double rh_series_value(const RhSeries *series, double x, gboolean logarithmic_x, gboolean logarithmic_y)
{
    for (gsize i = first_before(series, x); i < series->n; i++) {
        if (series->rising && series->x[i] > x)
            break;
        if (series->x[i] == x && series->y[i] > (logarithmic_y ? 0 : -INFINITY))
            return series->y[i];
        if (i + 1 == series->n || !((series->x[i] < x) == (x < series->x[i + 1])))
            continue;
        double value = between(series, i, x, logarithmic_x, logarithmic_y);
        if (!isnan(value))
            return value;
    }
    return NAN;
}

/* Far outside is far enough: cairo's coordinates are short, and nothing out there is seen. */
static double limited(double fraction)
{
    return isnan(fraction) ? NAN : CLAMP(fraction, -50, 51);
}

RhPoint rh_plot_point(const RhPlotArea *area, double x, double y)
{
    return (RhPoint){area->left + area->width * limited(rh_axis_fraction(&area->x, x)),
                     area->top + area->height * (1 - limited(rh_axis_fraction(&area->y, y)))};
}

/* One column of pixels: its first, lowest, highest and last point, in the order in which they come. */
typedef struct {
    RhPoint points[POINTS_A_COLUMN];
    guint place[POINTS_A_COLUMN], count;
} Column;

enum { FIRST, LOWEST, HIGHEST, LAST };

static void column_add(Column *column, RhPoint point)
{
    guint place = column->count++;
    for (guint k = 0; k < POINTS_A_COLUMN; k++) {
        gboolean better = k == FIRST     ? FALSE
                          : k == LOWEST  ? point.y > column->points[k].y
                          : k == HIGHEST ? point.y < column->points[k].y
                                         : TRUE;
        if (place == 0 || better) {
            column->points[k] = point;
            column->place[k] = place;
        }
    }
}

static void column_flush(Column *column, GArray *points)
{
    guint middle = column->place[LOWEST] <= column->place[HIGHEST] ? LOWEST : HIGHEST;
    const guint order[] = {FIRST, middle, LOWEST + HIGHEST - middle, LAST};
    for (guint k = 0; k < POINTS_A_COLUMN && column->count > 0; k++)
        if (k == 0 || column->place[order[k]] > column->place[order[k - 1]])
            g_array_append_val(points, column->points[order[k]]);
    column->count = 0;
}

GArray *rh_series_points(const RhSeries *series, const double *values, const RhPlotArea *area)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(RhPoint));
    gboolean thinned = series->rising && series->n > POINTS_A_COLUMN * (gsize)MAX(1, area->width);
    Column column = {0};
    for (gsize i = 0; i < series->n; i++) {
        RhPoint point = rh_plot_point(area, series->x[i], values[i]);
        gboolean gap = isnan(point.x) || isnan(point.y);
        if (!thinned || gap || (column.count > 0 && floor(point.x) != floor(column.points[FIRST].x)))
            column_flush(&column, points);
        if (gap) {
            point = (RhPoint){NAN, NAN};
            g_array_append_val(points, point);
        } else {
            column_add(&column, point);
        }
    }
    column_flush(&column, points);
    return points;
}
