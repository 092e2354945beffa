/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

/* Charts drawn with cairo and pango, on screen and into files alike: axes, series, bands, legend. No GTK.
 * Colours are told apart by colour-blind people, and marker and dash tell series apart besides colour. */
typedef struct _RhChart RhChart;

typedef struct {
    const char *title; /* with unit */
    double low, high;  /* low == high: from the data, with empty and flat data handled */
    gboolean logarithmic;
} RhChartAxis;

typedef struct {
    gboolean dark;
    double font_size;  /* points at scale 1; 10 */
    double line_width; /* 1.8 */
} RhChartStyle;

RhChart *rh_chart_new(const char *title);
void rh_chart_free(RhChart *chart);
void rh_chart_set_title(RhChart *chart, const char *title);
void rh_chart_set_axes(RhChart *chart, const RhChartAxis *x, const RhChartAxis *y);
void rh_chart_clear(RhChart *chart); /* removes the series */
/* x, y: n values, copied; low and high: a band, may be NULL. NaN breaks the line. Returns the series' index.
 * style: which colour, marker and dash; the same number looks the same in every chart. */
guint rh_chart_add_series(RhChart *chart, const char *label, guint style, const double *x, const double *y,
                          const double *low, const double *high, gsize n);
void rh_chart_set_visible(RhChart *chart, guint series, gboolean visible);
gboolean rh_chart_get_visible(const RhChart *chart, guint series);
guint rh_chart_n_series(const RhChart *chart);
const char *rh_chart_label(const RhChart *chart, guint series);
/* A level marked by a vertical line, NaN for none; values at it are written in the legend. */
void rh_chart_set_cursor(RhChart *chart, double x);
/* The series' value at x, on the straight line that is drawn between points; NaN outside or hidden. */
double rh_chart_value(const RhChart *chart, guint series, double x);

/* Paints no background. A hidden series stays in the legend, greyed, so that a click can show it again. */
void rh_chart_draw(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style);
/* After a draw: data from pixels (beyond the axis' ends too; NaN before any draw) and which series' legend
 * entry (−1: none) lies at a point. */
double rh_chart_x_at(const RhChart *chart, double pixel_x);
int rh_chart_legend_at(const RhChart *chart, double pixel_x, double pixel_y);
/* Format from the suffix: .png, .svg, .pdf (width×height points), .csv. Whole or not at all. The visible
 * series on the theme's background; sizes above 800×500 enlarge text and lines too, to be read on a slide. */
gboolean rh_chart_write(RhChart *chart, const char *path, guint width, guint height,
                        const RhChartStyle *style, GError **error);
/* Refuses a name that rh_chart_write would, before there is anything to draw. */
gboolean rh_chart_has_format(const char *path, GError **error);
RhChartStyle rh_chart_style_default(void);
/* The colour of a style number, 0 … 1. */
void rh_chart_colour(guint style, gboolean dark, double rgb[3]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhChart, rh_chart_free)
