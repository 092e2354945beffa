/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "plot/chart.h"

/* How things look: colours, markers and dashes of the series, inks of the page, and text. */
typedef struct {
    double red, green, blue, alpha;
} RhInk;

#define RH_N_COLOURS 8

typedef struct {
    guint32 colours[RH_N_COLOURS];
    RhInk paper, text, muted, axis, grid;
    double band_alpha, faint_alpha;
    double thickness; /* of lines and markers, times that of the style */
} RhTheme;

/* What drawing needs at hand. */
typedef struct {
    cairo_t *cr;
    PangoLayout *layout;
    const RhTheme *theme;
    double em; /* height of the font in pixels */
    double line_width;
} RhPen;

typedef enum { RH_TEXT_TITLE, RH_TEXT_LABEL, RH_TEXT_MUTED } RhTextKind;

typedef struct {
    double width, height;
} RhTextSize;

void rh_pen_init(RhPen *pen, cairo_t *cr, const RhChartStyle *style);
void rh_pen_clear(RhPen *pen);
void rh_pen_set_ink(RhPen *pen, const RhInk *ink);
/* Colour of a style, with alpha. */
void rh_pen_set_style(RhPen *pen, guint style, double alpha);
/* A line in a style's dash and width; drawn with cairo_stroke. */
void rh_pen_set_dash(RhPen *pen, guint style);
/* A style's marker, in its colour, with a rim of paper so that it stands out from lines. */
void rh_pen_marker(RhPen *pen, guint style, double x, double y, double radius, double alpha);
double rh_pen_marker_radius(const RhPen *pen);

RhTextSize rh_pen_measure(RhPen *pen, RhTextKind kind, const char *text);
/* (x, y) is the point of the text at the share (anchor_x, anchor_y) of its size; cut in the middle to at most
 * `room` pixels (0: as wide as it is). */
void rh_pen_text(RhPen *pen, RhTextKind kind, const char *text, double x, double y, double anchor_x,
                 double anchor_y, double room);
