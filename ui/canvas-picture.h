/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas-pyramid.h"
#include "image/colormap.h"

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
    double mask_opacity, heat_opacity;
    guint line; /* width of the mask's outline, in pixels of the screen: 1 or more */
} RhCanvasPicture;

#define RH_CANVAS_TILE     128 /* the largest side that is painted at once */
#define RH_CANVAS_LINE_MAX 4

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
