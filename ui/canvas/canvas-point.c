/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

static gboolean find_place(RhCanvas *canvas, double *x, double *y)
{
    if (canvas->crosshair) {
        *x = canvas->crosshair_x;
        *y = canvas->crosshair_y;
        return TRUE;
    }
    rh_canvas_view_to_image(&canvas->view, canvas->pointer_x, canvas->pointer_y, x, y);
    return canvas->pointer_inside;
}

static double heat_at(const RhCanvasPicture *picture, guint column, guint row)
{
    gsize x = (gsize)column * picture->heat_width / picture->image->width;
    gsize y = (gsize)row * picture->heat_height / picture->image->height;
    return (double)picture->heat[y * picture->heat_width + x];
}

gboolean rh_canvas_get_point(RhCanvas *canvas, RhCanvasPoint *point)
{
    g_return_val_if_fail(RH_IS_CANVAS(canvas), FALSE);
    const RhCanvasPicture *picture = &canvas->picture;
    const RhImage *image = picture->image;
    double x, y;
    if (image == NULL || !find_place(canvas, &x, &y) || x < 0 || y < 0 || x >= image->width ||
        y >= image->height)
        return FALSE;
    *point = (RhCanvasPoint){.column = (guint)x, .row = (guint)y};
    gsize place = (gsize)point->row * image->width + point->column;
    point->value = rh_image_stored(image, place);
    point->has_mask = picture->mask != NULL;
    point->inside = point->has_mask && picture->mask->pixels[place] != 0;
    point->has_heat = picture->heat != NULL;
    point->heat = point->has_heat ? heat_at(picture, point->column, point->row) : NAN;
    return TRUE;
}
