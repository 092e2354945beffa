/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/chart.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/files.h"
#include "support.h"

static RhChart *sample_chart(void)
{
    const double x[] = {0, 0.1, 1}, y[] = {1, NAN, 1.0 / 3}, low[] = {0.5, NAN, 0.25}, high[] = {1, NAN, 0.5};
    RhChart *chart = rh_chart_new("AUC, by \"level\"");
    rh_chart_set_axes(chart, &(RhChartAxis){.title = "shift level"}, &(RhChartAxis){.title = "AUC"});
    rh_chart_add_series(chart, "baseline", 0, x, y, low, high, 3);
    rh_chart_add_series(chart, "act,diff", 1, x, low, NULL, NULL, 1);
    rh_chart_add_series(chart, "hidden", 2, x, y, NULL, NULL, 3);
    rh_chart_set_visible(chart, 2, FALSE);
    return chart;
}

static char *written(const char *folder, const char *name, guint width, guint height, gsize *length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(RhChart) chart = sample_chart();
    g_autoptr(GError) error = NULL;
    RhChartStyle style = rh_chart_style_default();
    char *content = NULL;
    rh_chart_write(chart, path, width, height, &style, &error);
    g_assert_no_error(error);
    g_assert_true(rh_file_read(path, 1 << 26, &content, length, NULL));
    return content;
}

static void test_csv(void)
{
    g_autofree char *folder = rh_test_folder();
    gsize length;
    g_autofree char *text = written(folder, "chart.csv", 400, 300, &length);
    g_assert_cmpstr(text, ==,
                    "chart,series,shift level,AUC,\"AUC, low\",\"AUC, high\"\n"
                    "\"AUC, by \"\"level\"\"\",baseline,0,1,0.5,1\n"
                    "\"AUC, by \"\"level\"\"\",baseline,0.1,,,\n"
                    "\"AUC, by \"\"level\"\"\",baseline,1,0.33333333333333331,0.25,0.5\n"
                    "\"AUC, by \"\"level\"\"\",\"act,diff\",0,0.5,,\n");
    rh_folder_remove(folder, NULL);
}

/* Of several panels the table says which a value is in. */
static void test_csv_of_panels(void)
{
    const double x[] = {1, 2}, y[] = {0.5, 0.25};
    const RhChartAxis epoch = {.title = "epoch"}, axes[] = {{.title = "loss"}, {.title = "AUC"}};
    g_autofree char *folder = rh_test_folder(), *text = NULL;
    g_autofree char *path = g_build_filename(folder, "panels.csv", NULL);
    g_autoptr(RhChart) chart = rh_chart_new("Run");
    RhChartStyle style = rh_chart_style_default();
    rh_chart_set_panels(chart, &epoch, axes, 2);
    rh_chart_add_to_panel(chart, 1, "a", 0, x, y, NULL, NULL, 2);
    rh_chart_add_to_panel(chart, 0, "a", 0, x, y, y, x, 1);
    g_assert_true(rh_chart_write(chart, path, 400, 300, &style, NULL));
    g_assert_true(rh_file_read(path, 4096, &text, NULL, NULL));
    g_assert_cmpstr(text, ==,
                    "chart,panel,series,epoch,value,\"value, low\",\"value, high\"\n"
                    "Run,AUC,a,1,0.5,,\nRun,AUC,a,2,0.25,,\nRun,loss,a,1,0.5,0.5,1\n");
    rh_folder_remove(folder, NULL);
}

static void test_no_cell_is_run_as_a_formula(void)
{
    const double x[] = {-1}, y[] = {-0.5};
    g_autofree char *folder = rh_test_folder(), *text = NULL;
    g_autofree char *path = g_build_filename(folder, "chart.csv", NULL);
    static const char *const names[] = {"+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "a=b", "–"};
    g_autoptr(RhChart) chart = rh_chart_new("=HYPERLINK(\"http://evil\")");
    RhChartStyle style = rh_chart_style_default();
    rh_chart_set_axes(chart, &(RhChartAxis){.title = "=x"}, &(RhChartAxis){.title = "y"});
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        rh_chart_add_series(chart, names[i], i, x, y, NULL, NULL, 1);
    g_assert_true(rh_chart_write(chart, path, 400, 300, &style, NULL));
    g_assert_true(rh_file_read(path, 4096, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpstr(lines[0], ==, "chart,series,'=x,y,\"y, low\",\"y, high\"");
    g_assert_cmpstr(lines[1], ==, "\"'=HYPERLINK(\"\"http://evil\"\")\",'+1,-1,-0.5,,"); /* numbers stay */
    g_assert_nonnull(strstr(lines[2], ",'-1+1,"));
    g_assert_nonnull(strstr(lines[3], ",'@SUM(A1),"));
    g_assert_nonnull(strstr(lines[4], ",\"'\tx\","));
    g_assert_nonnull(strstr(lines[5], ",\"'\rx\","));
    g_assert_nonnull(strstr(lines[6], ",a=b,"));
    g_assert_nonnull(strstr(lines[7], ",–,"));
    rh_folder_remove(folder, NULL);
}

static void test_formats(void)
{
    const struct {
        const char *name, *begins;
    } files[] = {{"a.png", "\x89PNG\r\n"}, {"a.svg", "<?xml"}, {"a.PDF", "%PDF-"}};
    g_autofree char *folder = rh_test_folder();
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        gsize length;
        g_autofree char *content = written(folder, files[i].name, 1600, 1000, &length);
        g_assert_cmpuint(length, >, 1000);
        g_assert_true(g_str_has_prefix(content, files[i].begins));
    }
    g_autofree char *path = g_build_filename(folder, "a.png", NULL);
    cairo_surface_t *image = cairo_image_surface_create_from_png(path);
    g_assert_cmpint(cairo_image_surface_get_width(image), ==, 1600);
    g_assert_cmpint(cairo_image_surface_get_height(image), ==, 1000);
    cairo_surface_destroy(image);
    rh_folder_remove(folder, NULL);
}

static void assert_refused(const char *path, guint width, guint height, GQuark domain)
{
    g_autoptr(RhChart) chart = sample_chart();
    g_autoptr(GError) error = NULL;
    RhChartStyle style = rh_chart_style_default();
    g_assert_false(rh_chart_write(chart, path, width, height, &style, &error));
    g_assert_cmpuint(error->domain, ==, domain);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void test_refusals(void)
{
    g_autofree char *folder = rh_test_folder();
    g_autofree char *unknown = g_build_filename(folder, "chart.bmp", NULL);
    g_autofree char *good = g_build_filename(folder, "chart.png", NULL);
    g_assert_false(rh_chart_has_format(unknown, NULL));
    g_assert_true(rh_chart_has_format(good, NULL));
    assert_refused(unknown, 400, 300, RH_ERROR);
    assert_refused(good, 0, 300, RH_ERROR);
    assert_refused(good, 400, 1 << 20, RH_ERROR);
    assert_refused("/nowhere/at/all/chart.png", 400, 300, G_FILE_ERROR);
    assert_refused("/nowhere/at/all/chart.csv", 400, 300, G_FILE_ERROR);
    rh_folder_remove(folder, NULL);
}

/* A limit on file sizes stands in for a disk on which half of the chart has room. */
static void test_full_disk_is_told_in_every_format(void)
{
    static const char *const names[] = {"a.png", "a.svg", "a.pdf", "a.csv"};
    g_autofree char *folder = rh_test_folder();
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize length, kept_length;
        g_autofree char *good = written(folder, names[i], 900, 560, &length), *kept = NULL;
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_autoptr(RhChart) chart = sample_chart();
        g_autoptr(GError) error = NULL;
        RhChartStyle style = rh_chart_style_default();
        small = before;
        small.rlim_cur = length / 2;
        setrlimit(RLIMIT_FSIZE, &small);
        const gboolean done = rh_chart_write(chart, path, 900, 560, &style, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        g_assert_false(done);
        g_assert_nonnull(strstr(error->message, path));
        g_assert_nonnull(strstr(error->message, "Make room"));
        g_assert_true(rh_file_read(path, 1 << 26, &kept, &kept_length, NULL));
        g_assert_cmpmem(kept, kept_length, good, length);
    }
    rh_folder_remove(folder, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/export/csv", test_csv);
    g_test_add_func("/export/csv-of-panels", test_csv_of_panels);
    g_test_add_func("/export/no-cell-is-run-as-a-formula", test_no_cell_is_run_as_a_formula);
    g_test_add_func("/export/formats", test_formats);
    g_test_add_func("/export/refusals", test_refusals);
    g_test_add_func("/export/full-disk-is-told-in-every-format", test_full_disk_is_told_in_every_format);
    return g_test_run();
}
