/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-view.h"

#include <math.h>

#define MARGIN        8.0 /* around a fitted image */
#define REVEAL_MARGIN 24.0
#define PARTS         64 /* of a pixel */

static double fitting_zoom(const RhCanvasView *view)
{
    if (view->image_width <= 0 || view->image_height <= 0)
        return 1;
    double across = MAX(view->width - 2 * MARGIN, 1) / view->image_width;
    double down = MAX(view->height - 2 * MARGIN, 1) / view->image_height;
    return MIN(MIN(across, down), RH_CANVAS_ZOOM_MAX);
}

gboolean rh_canvas_view_is_enlarged(const RhCanvasView *view)
{
    return view->zoom > fitting_zoom(view) * (1 + 1e-9);
}

void rh_canvas_view_fit(RhCanvasView *view)
{
    view->fit = TRUE;
    view->zoom = fitting_zoom(view);
    view->x = view->image_width / 2;
    view->y = view->image_height / 2;
}

void rh_canvas_view_set_size(RhCanvasView *view, double width, double height)
{
    view->width = width;
    view->height = height;
    if (view->fit)
        rh_canvas_view_fit(view);
}

void rh_canvas_view_set_image(RhCanvasView *view, double width, double height)
{
    view->image_width = width;
    view->image_height = height;
    rh_canvas_view_fit(view);
}

void rh_canvas_view_zoom(RhCanvasView *view, double factor, double x, double y)
{
    double fitting = fitting_zoom(view);
    double zoom = CLAMP(view->zoom * factor, MIN(fitting, 1), RH_CANVAS_ZOOM_MAX);
    if (factor < 1 && zoom <= fitting && fitting <= 1) {
        rh_canvas_view_fit(view);
        return;
    }
    if (zoom == view->zoom)
        return;
    double from_middle_x = x - view->width / 2, from_middle_y = y - view->height / 2;
    double image_x = view->x + from_middle_x / view->zoom, image_y = view->y + from_middle_y / view->zoom;
    view->zoom = zoom;
    rh_canvas_view_centre(view, image_x - from_middle_x / zoom, image_y - from_middle_y / zoom);
}

void rh_canvas_view_centre(RhCanvasView *view, double image_x, double image_y)
{
    view->fit = FALSE;
    view->x = CLAMP(image_x, 0, view->image_width);
    view->y = CLAMP(image_y, 0, view->image_height);
}

void rh_canvas_view_reveal(RhCanvasView *view, double image_x, double image_y)
{
    double x, y;
    rh_canvas_view_from_image(view, image_x, image_y, &x, &y);
    double margin_x = MIN(REVEAL_MARGIN, view->width / 4), margin_y = MIN(REVEAL_MARGIN, view->height / 4);
    double over_x = x - CLAMP(x, margin_x, view->width - margin_x);
    double over_y = y - CLAMP(y, margin_y, view->height - margin_y);
    if (!view->fit && (over_x != 0 || over_y != 0))
        rh_canvas_view_centre(view, view->x + over_x / view->zoom, view->y + over_y / view->zoom);
}

void rh_canvas_view_origin(const RhCanvasView *view, double *x, double *y)
{
    *x = floor((view->width / 2 - view->x * view->zoom) * PARTS + 0.5) / PARTS;
    *y = floor((view->height / 2 - view->y * view->zoom) * PARTS + 0.5) / PARTS;
}

void rh_canvas_view_to_image(const RhCanvasView *view, double x, double y, double *image_x, double *image_y)
{
    double origin_x, origin_y;
    rh_canvas_view_origin(view, &origin_x, &origin_y);
    *image_x = (x - origin_x) / view->zoom;
    *image_y = (y - origin_y) / view->zoom;
}

void rh_canvas_view_from_image(const RhCanvasView *view, double image_x, double image_y, double *x, double *y)
{
    double origin_x, origin_y;
    rh_canvas_view_origin(view, &origin_x, &origin_y);
    *x = origin_x + image_x * view->zoom;
    *y = origin_y + image_y * view->zoom;
}
