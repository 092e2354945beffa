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

/* The desktop's looks. In high contrast text is pure, lines are thicker, and each stands out from the page.
 */
typedef enum {
    RH_CHART_LIGHT,
    RH_CHART_DARK,
    RH_CHART_LIGHT_CONTRAST,
    RH_CHART_DARK_CONTRAST,
    RH_CHART_N_THEMES
} RhChartTheme;

typedef struct {
    RhChartTheme theme;
    double font_size;  /* points at scale 1; 10 */
    double line_width; /* 1.8 */
} RhChartStyle;

RhChart *rh_chart_new(const char *title);
void rh_chart_free(RhChart *chart);
RhChart *rh_chart_copy(const RhChart *chart); /* for a thread, or to keep what is shown */
void rh_chart_set_title(RhChart *chart, const char *title);
const char *rh_chart_get_title(const RhChart *chart);
/* On screen the title stands in a heading beside the chart; in files it is drawn all the same. */
void rh_chart_set_heading_elsewhere(RhChart *chart, gboolean elsewhere);
/* A line below the title: what the bands are, on which data. */
void rh_chart_set_note(RhChart *chart, const char *note);
/* On screen only, in a corner of the plot, moving nothing; NULL for none. */
void rh_chart_set_notice(RhChart *chart, const char *notice);
void rh_chart_set_axes(RhChart *chart, const RhChartAxis *x, const RhChartAxis *y);
/* Several panels side by side, 1 … RH_CHART_PANELS: each with a vertical axis of its own, whose title stands
 * above it, over one horizontal axis and with one legend. As many stand in a row as there is room for. */
#define RH_CHART_PANELS 6
void rh_chart_set_panels(RhChart *chart, const RhChartAxis *x, const RhChartAxis *y, guint n_panels);
guint rh_chart_n_panels(const RhChart *chart);
const char *rh_chart_panel_title(const RhChart *chart, guint panel);
/* How high the chart wants to be on screen, for its panels or for a legend above a plot. */
double rh_chart_wished_height(const RhChart *chart, double width, const RhChartStyle *style);
/* Axes that are logarithmic whatever rh_chart_set_axes says. */
void rh_chart_set_logarithmic(RhChart *chart, gboolean x, gboolean y);
/* Lines through the mean of `window` points about each (0: off), the lines as given faint behind them. A
 * smoothed chart says so below its title, on screen and in files. */
void rh_chart_set_smoothing(RhChart *chart, guint window);
/* Removes the series. What is hidden stays hidden: a series added later under its label is hidden too. */
void rh_chart_clear(RhChart *chart);
/* x, y: n values, copied; low and high: a band, may be NULL. NaN breaks the line. Returns the series' index.
 * style: which colour, marker and dash; the same number looks the same in every chart. */
guint rh_chart_add_series(RhChart *chart, const char *label, guint style, const double *x, const double *y,
                          const double *low, const double *high, gsize n);
/* A series may have a line in each of several panels: those of one label are hidden and shown together. */
guint rh_chart_add_to_panel(RhChart *chart, guint panel, const char *label, guint style, const double *x,
                            const double *y, const double *low, const double *high, gsize n);
gboolean rh_chart_is_in_panel(const RhChart *chart, guint series, guint panel);
void rh_chart_set_visible(RhChart *chart, guint series, gboolean visible);
gboolean rh_chart_get_visible(const RhChart *chart, guint series);
guint rh_chart_n_series(const RhChart *chart);
const char *rh_chart_label(const RhChart *chart, guint series);
/* A level marked by a vertical line, NaN for none; values at it are written in the legend, or above the panel
 * where there are several. */
void rh_chart_set_cursor(RhChart *chart, double x);
/* The series' value at x, on the straight line that is drawn between points; NaN outside or hidden. */
double rh_chart_value(const RhChart *chart, guint panel, guint series, double x);

/* The legend's entry of this series has the keyboard's focus; −1: none. */
void rh_chart_set_focus(RhChart *chart, int series);
/* The nearest x at which a visible series has a point, beyond `x` in the direction of `step` (−1, 1; NaN x:
 * the first or last); NaN if there is none. */
double rh_chart_next_x(const RhChart *chart, double x, int step);

/* Paints no background. A hidden series stays in the legend, greyed, so that a click can show it again.
 * Two layers: the lower one, which changes with the data and may take a while, and the one above it, which
 * follows cursor and focus and is quick; rh_chart_draw_cursor after rh_chart_draw_data. */
void rh_chart_draw_data(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style);
void rh_chart_draw_cursor(RhChart *chart, cairo_t *cr, const RhChartStyle *style);
/* Both. */
void rh_chart_draw(RhChart *chart, cairo_t *cr, double width, double height, const RhChartStyle *style);
/* After a draw: data from pixels (of the nearest panel, beyond the axis' ends too; NaN before any draw) and
 * which series' legend entry (−1: none) lies at a point. */
double rh_chart_x_at(const RhChart *chart, double pixel_x, double pixel_y);
int rh_chart_legend_at(const RhChart *chart, double pixel_x, double pixel_y);
/* Format from the suffix: .png, .svg, .pdf (width×height points), .csv. Whole or not at all. The visible
 * series on the theme's background; sizes above 800×500 enlarge text and lines too, to be read on a slide. */
gboolean rh_chart_write(RhChart *chart, const char *path, guint width, guint height,
                        const RhChartStyle *style, GError **error);
/* Refuses a name that rh_chart_write would, before there is anything to draw. */
gboolean rh_chart_has_format(const char *path, GError **error);
RhChartStyle rh_chart_style_default(void);
/* A piece of line with a marker, as the legend shows it, `width` wide about y. */
void rh_chart_draw_sample(cairo_t *cr, guint series_style, double x, double y, double width,
                          const RhChartStyle *style);
/* The colour of a style number, 0 … 1. */
void rh_chart_colour(guint style, RhChartTheme theme, double rgb[3]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhChart, rh_chart_free)
