/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas-pyramid.h"
#include "image/colormap.h"

typedef enum { RH_MASK_FILLED, RH_MASK_FILL_ONLY, RH_MASK_OUTLINED, RH_N_MASK_STYLES } RhMaskStyle;
typedef enum {
    RH_MASK_CYAN,
    RH_MASK_YELLOW,
    RH_MASK_MAGENTA,
    RH_MASK_GREEN,
    RH_MASK_ORANGE,
    RH_N_MASK_COLOURS
} RhMaskColour;

/* Which values are shown as black and white; by hand: as they were set. */
typedef enum {
    RH_WINDOW_FULL,
    RH_WINDOW_MIDDLE,
    RH_WINDOW_DARK,
    RH_WINDOW_BRIGHT,
    RH_WINDOW_BY_HAND,
    RH_N_WINDOW_PRESETS
} RhWindowPreset;

/* How it is looked at; the same for one image after the other. */
typedef struct {
    RhWindowPreset window_preset;
    double black, white; /* shares of the image's range that are shown as black and white; black < white */
    gboolean inverted;   /* black for white */
    gboolean grid;       /* lines between pixels, where they are large */
    gboolean minimap;    /* the whole image in a corner, where only a part is in view */
    RhMaskStyle mask_style;
    RhMaskColour mask_colour;
    double mask_opacity, heat_opacity; /* 0 … 1 */
} RhCanvasDisplay;

#define RH_CANVAS_GRID_ZOOM 8.0

RhCanvasDisplay rh_canvas_display_default(void);
guint32 rh_mask_colour_rgb(RhMaskColour colour); /* 0xRRGGBB */

/* What the canvas shows, and how it becomes pixels: the image in grey, a heatmap and the mask over it. It is
 * painted a tile at a time, straight into pixels of the screen, so that a change costs what it covers. */
typedef struct {
    RhImage *image;     /* level 0; owned */
    GPtrArray *halved;  /* levels 1, 2, … of the image; NULL while they are being made */
    const RhMask *mask; /* level 0; the caller's; NULL: none */
    RhMask *halved_masks[RH_PYRAMID_LEVELS]; /* from 1 on; owned */
    float *heat; /* heat_height×heat_width, 0 … 1, stretched over the image; NULL: none; owned */
    guint heat_height, heat_width;
    const RhColormap *colormap;
    RhCanvasDisplay display;
    guint grid; /* alpha of 256 with which it is drawn, from RH_CANVAS_GRID_ZOOM on; 0: not */
    guint line; /* width of the mask's outline, in pixels of the screen: 1 or more */
} RhCanvasPicture;

#define RH_CANVAS_TILE     128 /* the largest side that is painted at once */
#define RH_CANVAS_LINE_MAX 8

void rh_canvas_picture_clear(RhCanvasPicture *picture); /* no image, mask or heatmap; frees what is owned */
/* Takes a reference. Any mask and heatmap are dropped. */
void rh_canvas_picture_set_image(RhCanvasPicture *picture, RhImage *image);
void rh_canvas_picture_take_halved(RhCanvasPicture *picture, GPtrArray *halved);
/* The mask must outlive its being shown; NULL: none. */
void rh_canvas_picture_set_mask(RhCanvasPicture *picture, const RhMask *mask);
/* Tells that the mask's pixels in `area` have changed. */
void rh_canvas_picture_mask_changed(RhCanvasPicture *picture, RhRectangle area);
/* Copies the values; NULL: none. */
void rh_canvas_picture_set_heat(RhCanvasPicture *picture, const float *values, guint height, guint width,
                                const RhColormap *colormap);
/* width×height pixels of the screen, the first of which has its corner at (x, y), counted in pixels of the
 * screen from the image's corner, at `zoom` screen pixels an image pixel. width, height ≤ RH_CANVAS_TILE.
 * out: height rows of width, 0xffRRGGBB. */
void rh_canvas_picture_paint(const RhCanvasPicture *picture, double zoom, double x, double y, int width,
                             int height, guint32 *out);
/* The same of any size, from the image's corner on; `stride` pixels from one row of `out` to the next. */
void rh_canvas_picture_paint_whole(const RhCanvasPicture *picture, double zoom, int width, int height,
                                   guint32 *out, gsize stride);
