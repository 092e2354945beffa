/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Where the image lies in the canvas. Everything is in pixels of the screen (not GTK's logical ones) and of
 * the image; pixel (i, j) of either covers [i, i+1)×[j, j+1). The image's corner is always on a whole screen
 * pixel, so that what is drawn does not shimmer while it is moved. */
typedef struct {
    double image_width, image_height;
    double width, height; /* of the canvas */
    double zoom;          /* screen pixels an image pixel */
    double x, y;          /* the image point in the middle of the canvas; always inside the image */
    gboolean fit;         /* the whole image is shown, also after a change of size */
} RhCanvasView;

#define RH_CANVAS_ZOOM_MAX 64.0

void rh_canvas_view_set_size(RhCanvasView *view, double width, double height);
void rh_canvas_view_set_image(RhCanvasView *view, double width, double height); /* fits */
void rh_canvas_view_fit(RhCanvasView *view);
/* Multiplies the zoom; the image point at (x, y) of the canvas stays where it is. From the fitted view
 * outwards the view stays fitted. */
void rh_canvas_view_zoom(RhCanvasView *view, double factor, double x, double y);
/* Whether it is larger than fits. */
gboolean rh_canvas_view_is_enlarged(const RhCanvasView *view);
/* Brings an image point into the middle, as far as the image reaches. */
void rh_canvas_view_centre(RhCanvasView *view, double image_x, double image_y);
/* Moves as little as needed for an image point to be seen. */
void rh_canvas_view_reveal(RhCanvasView *view, double image_x, double image_y);

/* The image's corner in the canvas, to the 64th part of a pixel: moving the image by whole pixels leaves the
 * fraction exactly as it was, and with it everything that is painted. */
void rh_canvas_view_origin(const RhCanvasView *view, double *x, double *y);
void rh_canvas_view_to_image(const RhCanvasView *view, double x, double y, double *image_x, double *image_y);
void rh_canvas_view_from_image(const RhCanvasView *view, double image_x, double image_y, double *x,
                               double *y);
