/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What users of training dashboards complain about, each a test: figures without legend or axis labels,
 * smoothing that cannot be turned off or is not said, no way to hide a run, a chart that moves while it is
 * read, colour as the only sign. (One line shown as if it were certain: tests/model/test-run-curves.c.) */
#include <math.h>
#include <string.h>

#include "base/files.h"
#include "plot/chart.h"
#include "support.h"

#define WIDTH  900
#define HEIGHT 560

static const double levels[] = {0, 0.25, 0.5, 0.75, 1}, jagged[] = {0.1, 0.9, 0.2, 0.8, 0.3};

static RhChart *new_chart(const char *title, const char *x, const char *y)
{
    RhChart *chart = rh_chart_new(title);
    rh_chart_set_axes(chart, &(RhChartAxis){.title = x, .high = 1}, &(RhChartAxis){.title = y, .high = 1});
    rh_chart_add_series(chart, "baseline", 0, levels, jagged, NULL, NULL, 5);
    return chart;
}

static cairo_surface_t *exported(RhChart *chart, const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "chart.png", NULL);
    RhChartStyle style = rh_chart_style_default();
    g_assert_true(rh_chart_write(chart, path, WIDTH, HEIGHT, &style, NULL));
    return cairo_image_surface_create_from_png(path);
}

/* Draws on transparent ground, so that alpha tells ink whatever its colour. */
static cairo_surface_t *drawn(RhChart *chart)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    RhChartStyle style = rh_chart_style_default();
    rh_chart_draw(chart, cr, WIDTH, HEIGHT, &style);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}

typedef struct {
    guint left, top, right, bottom;
} Box;

static guint32 pixel_at(cairo_surface_t *surface, guint x, guint y)
{
    guint32 pixel;
    memcpy(&pixel,
           cairo_image_surface_get_data(surface) + y * (gsize)cairo_image_surface_get_stride(surface) + 4 * x,
           sizeof pixel);
    return pixel & 0xffffff;
}

/* Pixels that differ, counted within the box and outside it. */
static void compare(cairo_surface_t *a, cairo_surface_t *b, Box box, guint *inside, guint *outside)
{
    *inside = *outside = 0;
    for (guint y = 0; y < HEIGHT; y++)
        for (guint x = 0; x < WIDTH; x++)
            if (pixel_at(a, x, y) != pixel_at(b, x, y))
                (*(x >= box.left && x < box.right && y >= box.top && y < box.bottom ? inside : outside))++;
}

static guint differing(cairo_surface_t *a, cairo_surface_t *b)
{
    guint inside, outside;
    compare(a, b, (Box){0, 0, WIDTH, HEIGHT}, &inside, &outside);
    return inside;
}

/* Another text in one of the four places changes ink there and nowhere else: so the text is in the figure. */
static void test_figures_have_title_axes_units_and_legend(void)
{
    static const struct {
        const char *title, *x, *y;
        Box box;
    } changes[] = {
        {"Test AVC", "epoch (number)", "loss (nats)", {0, 0, WIDTH, 40}},
        {"Test AUC", "epoch (member)", "loss (nats)", {100, HEIGHT - 40, WIDTH, HEIGHT}},
        {"Test AUC", "epoch (number)", "loss (bats)", {0, 40, 30, HEIGHT}},
    };
    g_autofree char *folder = rh_test_folder();
    g_autoptr(RhChart) chart = new_chart("Test AUC", "epoch (number)", "loss (nats)");
    rh_chart_set_heading_elsewhere(chart, TRUE); /* on screen; a figure has its title all the same */
    cairo_surface_t *figure = exported(chart, folder);
    guint inside, outside;
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(RhChart) other = new_chart(changes[i].title, changes[i].x, changes[i].y);
        cairo_surface_t *changed = exported(other, folder);
        compare(figure, changed, changes[i].box, &inside, &outside);
        g_assert_cmpuint(inside, >, 5);
        g_assert_cmpuint(outside, ==, 0);
        cairo_surface_destroy(changed);
    }
    g_autoptr(RhChart) renamed = rh_chart_copy(chart);
    rh_chart_clear(renamed);
    rh_chart_add_series(renamed, "baseIine", 0, levels, jagged, NULL, NULL, 5);
    cairo_surface_t *legend = exported(renamed, folder);
    compare(figure, legend, (Box){WIDTH * 6 / 10, 0, WIDTH, HEIGHT / 2}, &inside, &outside);
    g_assert_cmpuint(inside, >, 0);
    g_assert_cmpuint(outside, ==, 0);
    cairo_surface_destroy(legend);
    cairo_surface_destroy(figure);
    rh_folder_remove(folder, NULL);
}

/* Short labels would leave room for a second column beside the plot, which has none. */
static void test_every_curve_is_in_the_legend(void)
{
    static const char *const labels[] = {"a", "b", "c", "d"};
    g_autofree char *folder = rh_test_folder();
    for (guint panels = 1; panels <= 4; panels += 3)
        for (guint changed = 0; changed < G_N_ELEMENTS(labels); changed++) {
            cairo_surface_t *figures[2];
            for (guint k = 0; k < 2; k++) {
                const RhChartAxis x = {.title = "epoch", .high = 1}, axis = {.title = "loss", .high = 1},
                                  axes[] = {axis, axis, axis, axis};
                g_autoptr(RhChart) chart = rh_chart_new("");
                rh_chart_set_panels(chart, &x, axes, panels);
                for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
                    rh_chart_add_to_panel(chart, i % panels, k == 1 && i == changed ? "x" : labels[i], i,
                                          levels, jagged, NULL, NULL, 5);
                figures[k] = exported(chart, folder);
            }
            g_assert_cmpuint(differing(figures[0], figures[1]), >, 5);
            cairo_surface_destroy(figures[0]);
            cairo_surface_destroy(figures[1]);
        }
    rh_folder_remove(folder, NULL);
}

static void test_smoothing_can_be_off_and_is_said(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "chart.csv", NULL), *text = NULL;
    g_autoptr(RhChart) chart = new_chart("Loss", "epoch", "loss");
    RhChartStyle style = rh_chart_style_default();
    cairo_surface_t *before = drawn(chart);
    rh_chart_set_smoothing(chart, 3);
    cairo_surface_t *smoothed = drawn(chart);
    guint in_note, elsewhere; /* a line below the title is new */
    compare(before, smoothed, (Box){0, 20, WIDTH / 2, 45}, &in_note, &elsewhere);
    g_assert_cmpuint(in_note, >, 100);
    const double by_hand[] = {0.1, 0.4, 1.9 / 3, 1.3 / 3, 0.3}; /* the ends stay */
    for (guint i = 0; i < 5; i++)
        g_assert_cmpfloat_with_epsilon(rh_chart_value(chart, 0, 0, levels[i]), by_hand[i], 1e-12);
    g_assert_true(rh_chart_write(chart, path, WIDTH, HEIGHT, &style, NULL));
    g_assert_true(rh_file_read(path, 4096, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(
        text, "chart,series,epoch,\"loss, mean of 3 points\",\"loss, low\",\"loss, high\",loss\n"
              "\"Loss · Smoothed: mean of 3 points; as measured: faint\",baseline,0,0.1,,,0.1\n"));
    rh_chart_set_smoothing(chart, 0);
    cairo_surface_t *after = drawn(chart);
    g_assert_cmpuint(differing(before, after), ==, 0);
    for (guint i = 0; i < 5; i++)
        g_assert_cmpfloat(rh_chart_value(chart, 0, 0, levels[i]), ==, jagged[i]);
    cairo_surface_destroy(before);
    cairo_surface_destroy(smoothed);
    cairo_surface_destroy(after);
    rh_folder_remove(folder, NULL);
}

/* A gap stays a gap, and a smoothed band stays a band. */
static void test_smoothing_of_gaps_and_bands(void)
{
    const double x[] = {0, 1, 2, 3, 4}, y[] = {1, NAN, 3, 5, 4}, low[] = {0, NAN, 2, 2, 2},
                 high[] = {2, NAN, 4, 7, 6};
    g_autoptr(RhChart) chart = rh_chart_new("");
    rh_chart_set_smoothing(chart, 5);
    guint line = rh_chart_add_series(chart, "a", 0, x, y, low, high, 5);
    g_assert_cmpfloat_with_epsilon(rh_chart_value(chart, 0, line, 2), 13.0 / 4, 1e-12);
    g_assert_cmpfloat_with_epsilon(rh_chart_value(chart, 0, line, 3), 4, 1e-12);
    g_assert_true(isnan(rh_chart_value(chart, 0, line, 1)));
    g_autoptr(RhChart) copy = rh_chart_copy(chart);
    g_assert_cmpfloat_with_epsilon(rh_chart_value(copy, 0, line, 2), 13.0 / 4, 1e-12);
    rh_chart_set_smoothing(copy, 0);
    g_assert_cmpfloat(rh_chart_value(copy, 0, line, 2), ==, 3);
    g_assert_cmpfloat_with_epsilon(rh_chart_value(chart, 0, line, 2), 13.0 / 4, 1e-12);
}

/* Hidden, a run is in neither the plot nor an exported figure, and it comes back. */
static void test_a_run_can_be_hidden(void)
{
    g_autofree char *folder = rh_test_folder();
    const double flat[] = {0.5, 0.5, 0.5, 0.5, 0.5};
    g_autoptr(RhChart) alone = new_chart("a", "x", "y");
    g_autoptr(RhChart) chart = rh_chart_copy(alone);
    guint other = rh_chart_add_series(chart, "other", 1, levels, flat, NULL, NULL, 5);
    cairo_surface_t *both = exported(chart, folder), *first = exported(alone, folder);
    rh_chart_set_visible(chart, other, FALSE);
    cairo_surface_t *hidden = exported(chart, folder);
    g_assert_cmpuint(differing(both, hidden), >, 100);
    g_assert_cmpuint(differing(first, hidden), ==, 0);
    rh_chart_set_visible(chart, other, TRUE);
    cairo_surface_t *again = exported(chart, folder);
    g_assert_cmpuint(differing(both, again), ==, 0);
    cairo_surface_destroy(both);
    cairo_surface_destroy(first);
    cairo_surface_destroy(hidden);
    cairo_surface_destroy(again);
    rh_folder_remove(folder, NULL);
}

/* As a refresh does, which clears the chart and adds what has come since: hidden stays hidden. */
static void test_hidden_stays_hidden(void)
{
    g_autoptr(RhChart) chart = new_chart("a", "x", "y");
    rh_chart_set_visible(chart, 0, FALSE);
    g_autoptr(RhChart) copy = rh_chart_copy(chart);
    RhChart *both[] = {chart, copy};
    for (guint i = 0; i < G_N_ELEMENTS(both); i++) {
        rh_chart_clear(both[i]);
        rh_chart_add_series(both[i], "other", 1, levels, jagged, NULL, NULL, 5);
        rh_chart_add_series(both[i], "baseline", 0, levels, jagged, NULL, NULL, 5);
        g_assert_true(rh_chart_get_visible(both[i], 0));
        g_assert_false(rh_chart_get_visible(both[i], 1));
        rh_chart_set_visible(both[i], 1, TRUE);
        rh_chart_clear(both[i]);
        g_assert_true(rh_chart_get_visible(
            both[i], rh_chart_add_series(both[i], "baseline", 0, levels, jagged, NULL, NULL, 5)));
    }
}

/* Cursor, focus and notice change no place of anything: the layer below stays as it was painted. */
static void test_reading_moves_nothing(void)
{
    g_autoptr(RhChart) chart = new_chart("a", "x", "y");
    RhChartStyle style = rh_chart_style_default();
    cairo_surface_t *surfaces[2];
    double places[2];
    for (guint i = 0; i < 2; i++) {
        if (i == 1) {
            rh_chart_set_cursor(chart, 0.4);
            rh_chart_set_focus(chart, 0);
            rh_chart_set_notice(chart, "Held");
        }
        surfaces[i] = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
        cairo_t *cr = cairo_create(surfaces[i]);
        rh_chart_draw_data(chart, cr, WIDTH, HEIGHT, &style);
        cairo_destroy(cr);
        cairo_surface_flush(surfaces[i]);
        places[i] = rh_chart_x_at(chart, 300, HEIGHT / 2);
    }
    g_assert_cmpuint(differing(surfaces[0], surfaces[1]), ==, 0);
    g_assert_cmpfloat(places[0], ==, places[1]);
    cairo_t *cr = cairo_create(surfaces[1]);
    rh_chart_draw_cursor(chart, cr, &style);
    cairo_destroy(cr);
    cairo_surface_flush(surfaces[1]);
    g_assert_cmpuint(differing(surfaces[0], surfaces[1]), >, 100);
    cairo_surface_destroy(surfaces[0]);
    cairo_surface_destroy(surfaces[1]);
}

/* The alpha of a legend's sample: its shape without its colour. */
static void sample_shape(guint style, guint8 shape[32 * 32])
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 32, 32);
    cairo_t *cr = cairo_create(surface);
    RhChartStyle look = rh_chart_style_default();
    rh_chart_draw_sample(cr, style, 0, 16, 32, &look);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    const guint8 *pixels = cairo_image_surface_get_data(surface);
    for (guint i = 0; i < 32 * 32; i++)
        shape[i] = pixels[(i / 32) * (gsize)cairo_image_surface_get_stride(surface) + 4 * (i % 32) + 3];
    cairo_surface_destroy(surface);
}

static void test_colour_is_not_the_only_sign(void)
{
    static guint8 shapes[32][32 * 32];
    for (guint i = 0; i < 32; i++) {
        sample_shape(i, shapes[i]);
        for (guint k = 0; k < i; k++) {
            guint difference = 0;
            for (guint p = 0; p < 32 * 32; p++)
                difference += abs(shapes[i][p] - shapes[k][p]) > 64;
            g_assert_cmpuint(difference, >=, 4);
        }
    }
}

static void test_logarithmic_is_said(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "chart.png", NULL);
    g_autoptr(RhChart) chart = new_chart("Loss", "epoch", "loss");
    cairo_surface_t *linear = exported(chart, folder);
    rh_chart_set_logarithmic(chart, FALSE, TRUE);
    rh_chart_set_axes(chart, &(RhChartAxis){.title = "epoch", .high = 1},
                      &(RhChartAxis){.title = "loss", .high = 1}); /* as a refresh does: the choice stays */
    cairo_surface_t *logarithmic = exported(chart, folder);
    guint in_title, elsewhere;
    compare(linear, logarithmic, (Box){0, 60, 22, HEIGHT}, &in_title, &elsewhere);
    g_assert_cmpuint(in_title, >, 50);
    g_assert_cmpfloat_with_epsilon(rh_chart_value(chart, 0, 0, 0.125), sqrt(0.1 * 0.9), 1e-12);
    cairo_surface_destroy(linear);
    cairo_surface_destroy(logarithmic);
    rh_folder_remove(folder, NULL);
}

/* The keyboard's cursor goes from point to point of what is shown. */
static void test_next_x(void)
{
    const double x[] = {0.1, 0.6}, y[] = {1, 1};
    g_autoptr(RhChart) chart = new_chart("a", "x", "y");
    guint other = rh_chart_add_series(chart, "b", 1, x, y, NULL, NULL, 2);
    g_assert_cmpfloat(rh_chart_next_x(chart, 0, 1), ==, 0.1);
    g_assert_cmpfloat(rh_chart_next_x(chart, 0.7, -1), ==, 0.6);
    rh_chart_set_visible(chart, other, FALSE);
    g_assert_cmpfloat(rh_chart_next_x(chart, 0, 1), ==, 0.25);
    g_assert_cmpfloat(rh_chart_next_x(chart, NAN, 1), ==, 0);
    g_assert_cmpfloat(rh_chart_next_x(chart, NAN, -1), ==, 1);
    g_assert_true(isnan(rh_chart_next_x(chart, 1, 1)));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dashboard/figures-have-title-axes-units-and-legend",
                    test_figures_have_title_axes_units_and_legend);
    g_test_add_func("/dashboard/every-curve-is-in-the-legend", test_every_curve_is_in_the_legend);
    g_test_add_func("/dashboard/smoothing-can-be-off-and-is-said", test_smoothing_can_be_off_and_is_said);
    g_test_add_func("/dashboard/smoothing-of-gaps-and-bands", test_smoothing_of_gaps_and_bands);
    g_test_add_func("/dashboard/a-run-can-be-hidden", test_a_run_can_be_hidden);
    g_test_add_func("/dashboard/hidden-stays-hidden", test_hidden_stays_hidden);
    g_test_add_func("/dashboard/reading-moves-nothing", test_reading_moves_nothing);
    g_test_add_func("/dashboard/colour-is-not-the-only-sign", test_colour_is_not_the_only_sign);
    g_test_add_func("/dashboard/logarithmic-is-said", test_logarithmic_is_said);
    g_test_add_func("/dashboard/next-x", test_next_x);
    return g_test_run();
}
