/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/files.h"
#include "plot/chart-private.h"

#define SIDE_MIN 64u
#define SIDE_MAX 16384u
/* Files are laid out for at most this size and enlarged, so that a figure can be read on a slide. */
#define LAYOUT_WIDTH  800.0
#define LAYOUT_HEIGHT 500.0

typedef struct {
    const RhChart *chart;
    const char *path; /* for messages */
    guint width, height;
    const RhChartStyle *style;
} Job;

static gboolean check(cairo_status_t status, const Job *job, GError **error)
{
    if (status == CAIRO_STATUS_SUCCESS)
        return TRUE;
    g_autofree char *name = g_filename_display_name(job->path);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                _("The chart for “%s” could not be drawn: %s. Choose a smaller size."), name,
                cairo_status_to_string(status));
    return FALSE;
}

/* Draws on paper of the theme's colour. */
static cairo_status_t draw_on(cairo_surface_t *surface, const Job *job)
{
    cairo_t *cr = cairo_create(surface);
    RhPen pen;
    double scale = MAX(1, MIN(job->width / LAYOUT_WIDTH, job->height / LAYOUT_HEIGHT));
    rh_pen_init(&pen, cr, job->style);
    rh_pen_set_ink(&pen, &pen.theme->paper);
    cairo_paint(cr);
    rh_pen_clear(&pen);
    cairo_scale(cr, scale, scale);
    RhLayout layout = rh_chart_render(job->chart, cr, RH_CHART_IN_FILE, job->width / scale,
                                      job->height / scale, job->style);
    rh_chart_render_cursor(job->chart, cr, RH_CHART_IN_FILE, &layout, job->style);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    return status;
}

/* Ends a surface that writes while it is drawn on. */
static gboolean finish(cairo_surface_t *surface, const Job *job, cairo_status_t status, GError **error)
{
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return check(status, job, error);
}

static cairo_status_t keep(void *bytes, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static gboolean draw_png(const Job *job, GByteArray *bytes, GError **error)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)job->width, (int)job->height);
    cairo_status_t status = draw_on(surface, job);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, keep, bytes);
    return finish(surface, job, status, error);
}

static gboolean draw_svg(const Job *job, GByteArray *bytes, GError **error)
{
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(keep, bytes, job->width, job->height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    return finish(surface, job, draw_on(surface, job), error);
}

static gboolean draw_pdf(const Job *job, GByteArray *bytes, GError **error)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(keep, bytes, job->width, job->height);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, job->chart->title);
    return finish(surface, job, draw_on(surface, job), error);
}

static void add_number(GString *table, double value)
{
    g_string_append_c(table, ',');
    rh_cell_append_number(table, value);
}

/* Of a smoothed chart the values as given have a column of their own; where there are several panels, a
 * column says which a value is in. */
static void add_header(GString *table, const RhChart *chart)
{
    gboolean several = chart->n_panels > 1, smoothed = chart->smoothing > 1;
    const char *y = several ? "value" : *chart->y[0].title != '\0' ? chart->y[0].title : "y";
    g_autofree char *mean =
        smoothed ? g_strdup_printf("%s, mean of %u points", y, chart->smoothing | 1) : g_strdup(y);
    g_autofree char *low = g_strdup_printf("%s, low", y), *high = g_strdup_printf("%s, high", y);
    const char *names[] = {"chart",  several ? "panel" : NULL,
                           "series", *chart->x.title != '\0' ? chart->x.title : "x",
                           mean,     low,
                           high,     smoothed ? y : NULL};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i] == NULL)
            continue;
        g_string_append(table, i > 0 ? "," : "");
        rh_cell_append_result(table, names[i]);
    }
    g_string_append(table, "\n");
}

static void add_point(GString *table, const RhChart *chart, const RhSeries *series, gsize k)
{
    if (chart->n_panels > 1) {
        g_string_append_c(table, ',');
        rh_cell_append_result(table, chart->y[series->panel].title);
    }
    g_string_append_c(table, ',');
    rh_cell_append_result(table, series->label);
    add_number(table, series->x[k]);
    add_number(table, series->y[k]);
    add_number(table, series->low != NULL ? series->low[k] : NAN);
    add_number(table, series->high != NULL ? series->high[k] : NAN);
    if (chart->smoothing > 1)
        add_number(table, rh_series_given(series)[k]);
}

/* One row a point, the visible lines only: what the figure shows. */
static gboolean write_table(const Job *job, GByteArray *bytes, GError **error)
{
    g_autoptr(GString) table = g_string_new(NULL);
    g_autofree char *note = rh_chart_full_note(job->chart);
    g_autofree char *title = g_strdup_printf("%s%s%s", job->chart->title, *note != '\0' ? " · " : "", note);
    add_header(table, job->chart);
    for (guint i = 0; i < job->chart->series->len; i++) {
        const RhSeries *series = job->chart->series->pdata[i];
        for (gsize k = 0; series->visible && k < series->n; k++) {
            rh_cell_append_result(table, title);
            add_point(table, job->chart, series, k);
            g_string_append_c(table, '\n');
        }
    }
    g_byte_array_append(bytes, (const guint8 *)table->str, (guint)table->len);
    return TRUE;
}

/* The whole file is made in memory: cairo's surfaces do not tell of every write that fails. */
typedef struct {
    const char *suffix;
    gboolean (*make)(const Job *job, GByteArray *bytes, GError **error);
} Format;

static const Format formats[] = {
    {".png", draw_png}, {".svg", draw_svg}, {".pdf", draw_pdf}, {".csv", write_table}};

static const Format *find_format(const char *path, GError **error)
{
    g_autofree char *folded = g_ascii_strdown(path, -1), *name = g_filename_display_name(path);
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(folded, formats[i].suffix))
            return &formats[i];
    if (rh_file_is_device(path))
        return &formats[0];
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                _("“%s” has no format a chart is written in; end the name in .png, .svg, .pdf or .csv."),
                name);
    return NULL;
}

gboolean rh_chart_has_format(const char *path, GError **error)
{
    return find_format(path, error) != NULL;
}

gboolean rh_chart_write(RhChart *chart, const char *path, guint width, guint height,
                        const RhChartStyle *style, GError **error)
{
    Job job = {chart, path, width, height, style};
    g_autofree char *name = g_filename_display_name(path);
    if (width < SIDE_MIN || height < SIDE_MIN || width > SIDE_MAX || height > SIDE_MAX) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            _("A chart of %u×%u cannot be written to “%s”; choose a width and a height from %u to %u."),
            width, height, name, SIDE_MIN, SIDE_MAX);
        return FALSE;
    }
    const Format *format = find_format(path, error);
    if (format == NULL)
        return FALSE;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    return format->make(&job, bytes, error) && rh_file_replace(path, bytes->data, bytes->len, error);
}
