/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "canvas/canvas-picture.h"
#include "canvas/canvas-view.h"

/* Painted tiles of the picture, kept while they are in view. They are counted from the image's
 * corner, so moving the image paints only what comes into view, and a stroke only the tiles it touches; what
 * has not changed is the same node as in the frame before, which GTK does not draw again. */
typedef struct _RhCanvasTiles RhCanvasTiles;

RhCanvasTiles *rh_canvas_tiles_new(void);
void rh_canvas_tiles_free(RhCanvasTiles *tiles);
void rh_canvas_tiles_forget(RhCanvasTiles *tiles);
/* area: in screen pixels from the image's corner, and whatever lies less than a pixel beside it. */
void rh_canvas_tiles_forget_area(RhCanvasTiles *tiles, const graphene_rect_t *area);
/* Draws what is in view. scale: screen pixels a GTK pixel. */
void rh_canvas_tiles_snapshot(RhCanvasTiles *tiles, const RhCanvasPicture *picture, const RhCanvasView *view,
                              double scale, GtkSnapshot *snapshot);
