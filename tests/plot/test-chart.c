/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/chart.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "plot/chart-private.h"
#include "support.h"

#define WIDTH  400
#define HEIGHT 300
#define WIDE   500 /* room for two panels in a row */

static RhChart *new_chart(RhChartAxis x, RhChartAxis y)
{
    RhChart *chart = rh_chart_new("Test");
    rh_chart_set_axes(chart, &x, &y);
    return chart;
}

static RhChart *unit_chart(void)
{
    return new_chart((RhChartAxis){.title = "level", .low = 0, .high = 1},
                     (RhChartAxis){.title = "AUC", .low = 0, .high = 1});
}

/* Draws on white paper; free with cairo_surface_destroy. */
static cairo_surface_t *draw_as_wide_as(RhChart *chart, int width)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    RhChartStyle style = rh_chart_style_default();
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    rh_chart_draw(chart, cr, width, HEIGHT, &style);
    g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}

static cairo_surface_t *draw(RhChart *chart)
{
    return draw_as_wide_as(chart, WIDTH);
}

/* Pixels nearly of a style's colour within a box, and their mean row. */
static guint ink(cairo_surface_t *surface, guint style, guint left, guint right, double *row)
{
    const guint8 *pixels = cairo_image_surface_get_data(surface);
    double rgb[3], sum = 0;
    guint count = 0;
    rh_chart_colour(style, RH_CHART_LIGHT, rgb);
    for (guint y = 0; y < HEIGHT; y++)
        for (guint x = left; x < right; x++) {
            guint32 pixel;
            double distance = 0;
            memcpy(&pixel, pixels + y * (gsize)cairo_image_surface_get_stride(surface) + 4 * x, sizeof pixel);
            for (guint k = 0; k < 3; k++)
                distance += fabs((pixel >> (16 - 8 * k) & 0xff) / 255.0 - rgb[k]);
            if (distance < 0.15) {
                count++;
                sum += y;
            }
        }
    if (row != NULL)
        *row = sum / count;
    return count;
}

/* The column of pixels where x lies, found by bisection of what the chart says. */
static guint column_of(const RhChart *chart, double x)
{
    double low = 0, high = WIDTH;
    for (guint i = 0; i < 40; i++)
        *(rh_chart_x_at(chart, (low + high) / 2, HEIGHT / 2) < x ? &low : &high) = (low + high) / 2;
    return (guint)low;
}

static void test_value(void)
{
    const double x[] = {0, 1, 2, 3, 4, 5}, y[] = {0, 10, NAN, 4, 4, 8};
    g_autoptr(RhChart) chart = unit_chart();
    guint line = rh_chart_add_series(chart, "a", 0, x, y, NULL, NULL, 6);
    g_assert_cmpfloat(rh_chart_value(chart, 0, line, 0.25), ==, 2.5);
    g_assert_cmpfloat(rh_chart_value(chart, 0, line, 1), ==, 10);
    g_assert_cmpfloat(rh_chart_value(chart, 0, line, 3), ==, 4);
    g_assert_cmpfloat(rh_chart_value(chart, 0, line, 5), ==, 8);
    g_assert_cmpfloat(rh_chart_value(chart, 0, line, 4.5), ==, 6);
    const double outside[] = {-0.1, 1.5, 2, 2.5, 5.1, NAN, INFINITY};
    for (guint i = 0; i < G_N_ELEMENTS(outside); i++)
        g_assert_true(isnan(rh_chart_value(chart, 0, line, outside[i])));
    rh_chart_set_visible(chart, line, FALSE);
    g_assert_true(isnan(rh_chart_value(chart, 0, line, 1)));
}

/* On logarithmic axes the line is straight on the page, and so is what is read off. */
static void test_value_logarithmic(void)
{
    const double x[] = {1, 100}, y[] = {1, 0.0001}, negative[] = {1, -1};
    RhChartAxis axis = {.title = "", .logarithmic = TRUE};
    g_autoptr(RhChart) chart = new_chart(axis, axis);
    guint line = rh_chart_add_series(chart, "a", 0, x, y, NULL, NULL, 2);
    guint other = rh_chart_add_series(chart, "b", 1, x, negative, NULL, NULL, 2);
    g_assert_cmpfloat_with_epsilon(rh_chart_value(chart, 0, line, 10), 0.01, 1e-12);
    g_assert_cmpfloat(rh_chart_value(chart, 0, other, 1), ==, 1);
    g_assert_true(isnan(rh_chart_value(chart, 0, other, 50)));
    g_assert_true(isnan(rh_chart_value(chart, 0, other, 100)));
}

static void test_ink_where_the_line_runs(void)
{
    const double x[] = {0, 1}, flat[] = {0.75, 0.75}, rising[] = {0, 0.5};
    g_autoptr(RhChart) chart = unit_chart();
    rh_chart_add_series(chart, "flat", 0, x, flat, NULL, NULL, 2);
    rh_chart_add_series(chart, "rising", 8, x, rising, NULL, NULL, 2); /* the same colour, dashed */
    rh_chart_set_visible(chart, 1, FALSE);
    cairo_surface_t *surface = draw(chart);
    guint at[3] = {column_of(chart, 0.1), column_of(chart, 0.5), column_of(chart, 0.9)};
    double row[3], bottom, middle;
    for (guint i = 0; i < 3; i++)
        g_assert_cmpuint(ink(surface, 0, at[i], at[i] + 4, &row[i]), >, 3);
    g_assert_cmpfloat_with_epsilon(row[0], row[2], 0.5);
    cairo_surface_destroy(surface);

    rh_chart_clear(chart);
    const double low[] = {0, 0}, high[] = {0.5, 0.5};
    rh_chart_add_series(chart, "low", 0, x, low, NULL, NULL, 2);
    surface = draw(chart);
    g_assert_cmpuint(ink(surface, 0, at[1], at[1] + 4, &bottom), >, 3);
    cairo_surface_destroy(surface);
    rh_chart_clear(chart);
    rh_chart_add_series(chart, "high", 0, x, high, NULL, NULL, 2);
    surface = draw(chart);
    g_assert_cmpuint(ink(surface, 0, at[1], at[1] + 4, &middle), >, 3);
    cairo_surface_destroy(surface);
    g_assert_cmpfloat_with_epsilon((bottom - row[1]) / (bottom - middle), 1.5, 0.03);
}

/* Lines beyond the range are cut off, markers there are not drawn. */
static void test_clipped(void)
{
    const double x[] = {0, 0.5, 1}, above[] = {3, 1e30, 5}, x_far[] = {-2, 3};
    const double half[] = {0.5, 0.5};
    g_autoptr(RhChart) chart = unit_chart();
    rh_chart_add_series(chart, "above", 1, x, above, above, above, 3);
    rh_chart_add_series(chart, "wide", 0, x_far, half, NULL, NULL, 2);
    cairo_surface_t *surface = draw(chart);
    guint left = column_of(chart, 0), right = column_of(chart, 1);
    double row;
    g_assert_cmpuint(ink(surface, 0, left + 60, right, &row), >, 50);
    g_assert_cmpuint(ink(surface, 0, right + 3, WIDTH, NULL), ==, 0);
    g_assert_cmpuint(ink(surface, 1, right - 20, WIDTH, NULL), ==, 0);
    cairo_surface_destroy(surface);
}

static void test_legend(void)
{
    const double x[] = {0, 1}, y[] = {0.2, 0.4};
    g_autoptr(RhChart) chart = unit_chart();
    g_assert_cmpint(rh_chart_legend_at(chart, 20, 40), ==, -1);
    rh_chart_add_series(chart, "first", 0, x, y, NULL, NULL, 2);
    rh_chart_add_series(chart, "second", 1, x, y, NULL, NULL, 2);
    rh_chart_add_series(chart, "third", 2, x, y, NULL, NULL, 2);
    rh_chart_set_visible(chart, 2, FALSE);
    cairo_surface_destroy(draw(chart));
    guint hits[3] = {0};
    double last_row[3] = {0};
    for (guint row = 0; row < HEIGHT; row++)
        for (guint column = 0; column < WIDTH; column++) {
            int entry = rh_chart_legend_at(chart, column, row);
            g_assert_cmpint(entry, >=, -1);
            g_assert_cmpint(entry, <, 3);
            if (entry >= 0) {
                hits[entry]++;
                last_row[entry] = row;
            }
        }
    for (guint i = 0; i < 3; i++)
        g_assert_cmpuint(hits[i], >, 500); /* a hidden series is there, to be shown again */
    g_assert_cmpfloat(last_row[2], <, HEIGHT / 2);
    g_assert_cmpuint(rh_chart_n_series(chart), ==, 3);
    g_assert_cmpstr(rh_chart_label(chart, 1), ==, "second");
    rh_chart_clear(chart);
    g_assert_cmpint(rh_chart_legend_at(chart, 20, 40), ==, -1);
}

static void test_cursor(void)
{
    const double x[] = {0, 1}, y[] = {0.5, 0.5};
    g_autoptr(RhChart) chart = unit_chart();
    g_assert_true(isnan(rh_chart_x_at(chart, 10, 10)));
    rh_chart_add_series(chart, "a", 0, x, y, NULL, NULL, 2);
    cairo_surface_t *without = draw(chart);
    guint at = column_of(chart, 0.3);
    guint before = ink(without, 0, at - 8, at + 8, NULL), legend = column_of(chart, 0);
    rh_chart_set_cursor(chart, 0.3);
    cairo_surface_t *with = draw(chart);
    g_assert_cmpuint(ink(with, 0, at - 8, at + 8, NULL), >, before + 5); /* the dot */
    g_assert_cmpuint(column_of(chart, 0), ==, legend);                   /* and nothing else has moved */
    rh_chart_set_cursor(chart, 7);
    cairo_surface_t *outside = draw(chart);
    g_assert_cmpmem(cairo_image_surface_get_data(outside), 4 * WIDTH * HEIGHT,
                    cairo_image_surface_get_data(without), 4 * WIDTH * HEIGHT);
    cairo_surface_destroy(without);
    cairo_surface_destroy(with);
    cairo_surface_destroy(outside);
}

static void test_awkward_data(void)
{
    const double none[] = {NAN, NAN}, one[] = {0.5}, huge[] = {-1e308, 1e308},
                 infinite[] = {-INFINITY, INFINITY}, gaps[] = {1, NAN, 2, NAN, 3}, x[] = {0, 1, 2, 3, 4},
                 backwards[] = {4, 1, 3, 0, 2};
    for (guint logarithmic = 0; logarithmic < 2; logarithmic++) {
        RhChartAxis axis = {.title = "a", .logarithmic = logarithmic};
        g_autoptr(RhChart) chart = new_chart(axis, axis);
        cairo_surface_destroy(draw(chart));
        rh_chart_add_series(chart, "none", 0, x, none, none, none, 2);
        cairo_surface_destroy(draw(chart));
        rh_chart_add_series(chart, "empty", 1, NULL, NULL, NULL, NULL, 0);
        rh_chart_add_series(chart, "one", 2, one, one, one, one, 1);
        rh_chart_set_cursor(chart, 0.5);
        cairo_surface_t *surface = draw(chart);
        g_assert_cmpuint(ink(surface, 2, column_of(chart, 0.5) - 6, column_of(chart, 0.5) + 6, NULL), >, 10);
        cairo_surface_destroy(surface);
        rh_chart_add_series(chart, "gaps", 3, x, gaps, NULL, NULL, 5);
        rh_chart_add_series(chart, "backwards", 4, backwards, gaps, backwards, gaps, 5);
        rh_chart_add_series(chart, "huge", 5, huge, huge, NULL, NULL, 2);
        rh_chart_add_series(chart, "infinite", 6, infinite, infinite, infinite, infinite, 2);
        cairo_surface_destroy(draw(chart));
        for (guint i = 0; i < rh_chart_n_series(chart); i++)
            rh_chart_set_visible(chart, i, FALSE);
        cairo_surface_destroy(draw(chart));
    }
}

static void test_tiny_sizes(void)
{
    const double x[] = {0, 1}, y[] = {0.2, 0.4};
    RhChartStyle style = rh_chart_style_default();
    g_autoptr(RhChart) chart = unit_chart();
    rh_chart_add_series(chart, "a rather long label for a small chart", 0, x, y, y, y, 2);
    for (guint side = 1; side < 200; side += 18) {
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)side, (int)side);
        cairo_t *cr = cairo_create(surface);
        rh_chart_draw(chart, cr, side, side, &style);
        g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
    }
}

/* Of very many points few are drawn, and a single spike is among them. */
static void test_thinned_out(void)
{
    const guint n = 100000;
    g_autofree double *x = g_new(double, n), *y = g_new(double, n);
    for (guint i = 0; i < n; i++) {
        x[i] = i;
        y[i] = i == 54321 ? 9 : i == 77777 ? -9 : i % 7 / 7.0;
    }
    y[1000] = NAN;
    RhSeries *series = rh_series_new("a", 0, x, y, NULL, NULL, n);
    RhPlotArea area = {0, 0, 300, 100, {0, n - 1, FALSE, FALSE}, {-10, 10, FALSE, FALSE}};
    g_autoptr(GArray) points = rh_series_points(series, series->y, &area);
    guint spikes = 0, gaps = 0;
    double before = -1;
    for (guint i = 0; i < points->len; i++) {
        RhPoint point = g_array_index(points, RhPoint, i);
        if (isnan(point.x)) {
            gaps++;
            continue;
        }
        spikes += fabs(point.y - 5) < 1e-9 || fabs(point.y - 95) < 1e-9;
        g_assert_cmpfloat(point.x, >, before);
        before = point.x;
    }
    g_assert_cmpuint(points->len, <, 4 * 302 + 2);
    g_assert_cmpuint(points->len, >, 300);
    g_assert_cmpuint(spikes, ==, 2);
    g_assert_cmpuint(gaps, ==, 1);
    rh_series_free(series);
}

static double luminance(const double rgb[3])
{
    double linear[3];
    for (guint k = 0; k < 3; k++)
        linear[k] = rgb[k] <= 0.04045 ? rgb[k] / 12.92 : pow((rgb[k] + 0.055) / 1.055, 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/* To the page of the desktop, as the WCAG has it. */
static void test_high_contrast(void)
{
    static const struct {
        RhChartTheme theme;
        double page[3];
    } pages[] = {{RH_CHART_LIGHT_CONTRAST, {0.98, 0.98, 0.98}},
                 {RH_CHART_DARK_CONTRAST, {0.141, 0.141, 0.141}}};
    for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
        for (guint style = 0; style < 8; style++) {
            double rgb[3], page = luminance(pages[i].page) + 0.05;
            rh_chart_colour(style, pages[i].theme, rgb);
            double line = luminance(rgb) + 0.05;
            g_assert_cmpfloat(MAX(page, line) / MIN(page, line), >=, 4.5);
        }
}

/* A panel's line, and what is read off it, are its own; one legend serves all. */
static void test_panels(void)
{
    const double x[] = {1, 2, 3}, loss[] = {0.9, 0.5, 0.4}, accuracy[] = {0.5, 0.7, 0.9};
    const RhChartAxis epochs = {.title = "epoch", .low = 0, .high = 4};
    const RhChartAxis axes[] = {{.title = "loss"}, {.title = "accuracy", .high = 1}};
    g_autoptr(RhChart) chart = rh_chart_new("Curves");
    rh_chart_set_panels(chart, &epochs, axes, 2);
    g_assert_cmpuint(rh_chart_add_to_panel(chart, 0, "training", 0, x, loss, NULL, NULL, 3), ==, 0);
    g_assert_cmpuint(rh_chart_add_to_panel(chart, 0, "validation", 1, x, accuracy, NULL, NULL, 3), ==, 1);
    g_assert_cmpuint(rh_chart_add_to_panel(chart, 1, "training", 0, x, accuracy, NULL, NULL, 3), ==, 0);
    g_assert_cmpuint(rh_chart_n_panels(chart), ==, 2);
    g_assert_cmpstr(rh_chart_panel_title(chart, 1), ==, "accuracy");
    g_assert_cmpuint(rh_chart_n_series(chart), ==, 2);
    g_assert_true(rh_chart_is_in_panel(chart, 0, 1) && !rh_chart_is_in_panel(chart, 1, 1));
    g_autoptr(RhChart) copy = rh_chart_copy(chart);
    RhChart *both[] = {chart, copy};
    for (guint i = 0; i < 2; i++) {
        g_assert_cmpfloat(rh_chart_value(both[i], 0, 0, 2), ==, 0.5);
        g_assert_cmpfloat(rh_chart_value(both[i], 1, 0, 2), ==, 0.7);
        g_assert_true(isnan(rh_chart_value(both[i], 1, 1, 2)));
        rh_chart_set_visible(both[i], 0, FALSE);
        g_assert_true(isnan(rh_chart_value(both[i], 0, 0, 2)) && isnan(rh_chart_value(both[i], 1, 0, 2)));
        rh_chart_set_visible(both[i], 0, TRUE);
    }
    cairo_surface_destroy(draw_as_wide_as(chart, WIDE)); /* two columns: each is read off by its own axis */
    double left = rh_chart_x_at(chart, 0.3 * WIDE, HEIGHT / 2),
           right = rh_chart_x_at(chart, 0.8 * WIDE, HEIGHT / 2);
    g_assert_cmpfloat(left, >, 0.5);
    g_assert_cmpfloat(left, <, 3.5);
    g_assert_cmpfloat(right, >, 0.5);
    g_assert_cmpfloat(right, <, 3.5);
    RhChartStyle style = rh_chart_style_default();
    g_assert_cmpfloat(rh_chart_wished_height(chart, 200, &style), >,
                      1.5 * rh_chart_wished_height(chart, WIDE, &style));
    for (guint side = 1; side < 700; side += 33) { /* whatever the room */
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)side, (int)side);
        cairo_t *cr = cairo_create(surface);
        rh_chart_set_cursor(chart, 2);
        rh_chart_draw(chart, cr, side, side, &style);
        g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
    }
}

/* A legend of many lines takes its room from the page and not from the plot, within reason. */
static void test_room_for_a_long_legend(void)
{
    const double width = 420, x[] = {0, 1}, y[] = {0.2, 0.9};
    const RhChartAxis level = {.title = "shift level"}, accuracy = {.title = "test accuracy"};
    RhChartStyle style = rh_chart_style_default();
    g_autoptr(RhChart) chart = rh_chart_new("Every run under shift");
    rh_chart_set_axes(chart, &level, &accuracy);
    double wished[40];
    for (guint i = 0; i < G_N_ELEMENTS(wished); i++) {
        g_autofree char *label = g_strdup_printf("activation-difference-%u", i);
        rh_chart_add_series(chart, label, i, x, y, NULL, NULL, G_N_ELEMENTS(x));
        wished[i] = rh_chart_wished_height(chart, width, &style);
        cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
        cairo_t *cr = cairo_create(surface);
        RhLayout layout = rh_chart_render(chart, cr, RH_CHART_ON_SCREEN, width, ceil(wished[i]), &style);
        g_assert_cmpfloat(layout.panels[0].area.height, >, 75);
        g_assert_cmpuint(layout.legend.shown, ==, i < 8 ? i + 1 : layout.legend.shown);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
    }
    g_assert_cmpfloat(wished[7], >, wished[1] + 20);
    g_assert_cmpfloat(wished[39], ==, wished[38]);
    g_assert_cmpfloat(wished[39], <, 400);
}

/* The cursor stands in every panel, and moves nothing but what is written of it. */
static void test_cursor_in_every_panel(void)
{
    const double x[] = {0, 1}, y[] = {0.5, 0.5};
    const RhChartAxis axis = {.title = "", .low = 0, .high = 1}, axes[] = {axis, axis};
    g_autoptr(RhChart) chart = rh_chart_new("");
    rh_chart_set_panels(chart, &axis, axes, 2);
    rh_chart_add_to_panel(chart, 0, "a", 0, x, y, NULL, NULL, 2);
    rh_chart_add_to_panel(chart, 1, "a", 0, x, y, NULL, NULL, 2);
    cairo_surface_t *without = draw_as_wide_as(chart, WIDE);
    rh_chart_set_cursor(chart, 0.6);
    cairo_surface_t *with = draw_as_wide_as(chart, WIDE);
    for (guint half = 0; half < 2; half++)
        g_assert_cmpuint(ink(with, 0, half * WIDE / 2, (half + 1) * WIDE / 2, NULL), >,
                         ink(without, 0, half * WIDE / 2, (half + 1) * WIDE / 2, NULL) + 10);
    cairo_surface_destroy(without);
    cairo_surface_destroy(with);
}

static void test_colours_differ(void)
{
    for (guint theme = 0; theme < RH_CHART_N_THEMES; theme++)
        for (guint a = 0; a < 8; a++)
            for (guint b = 0; b < a; b++) {
                double first[3], second[3], distance = 0;
                rh_chart_colour(a, theme, first);
                rh_chart_colour(b, theme, second);
                for (guint k = 0; k < 3; k++)
                    distance += fabs(first[k] - second[k]);
                g_assert_cmpfloat(distance, >, 0.25);
            }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chart/value", test_value);
    g_test_add_func("/chart/value-logarithmic", test_value_logarithmic);
    g_test_add_func("/chart/ink-where-the-line-runs", test_ink_where_the_line_runs);
    g_test_add_func("/chart/clipped", test_clipped);
    g_test_add_func("/chart/legend", test_legend);
    g_test_add_func("/chart/cursor", test_cursor);
    g_test_add_func("/chart/awkward-data", test_awkward_data);
    g_test_add_func("/chart/tiny-sizes", test_tiny_sizes);
    g_test_add_func("/chart/thinned-out", test_thinned_out);
    g_test_add_func("/chart/high-contrast", test_high_contrast);
    g_test_add_func("/chart/panels", test_panels);
    g_test_add_func("/chart/room-for-a-long-legend", test_room_for_a_long_legend);
    g_test_add_func("/chart/cursor-in-every-panel", test_cursor_in_every_panel);
    g_test_add_func("/chart/colours-differ", test_colours_differ);
    return g_test_run();
}
