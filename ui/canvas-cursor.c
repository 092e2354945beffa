/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas-private.h"

#include <math.h>

#define ARM 10.0 /* of the crosshair, in pixels of the screen */

/* Dark below and light above, so that it is seen on any film. */
static void stroke_twice(cairo_t *cr, double scale)
{
    cairo_set_line_width(cr, 3 * scale);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.6);
    cairo_stroke_preserve(cr);
    cairo_set_line_width(cr, scale);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_stroke(cr);
}

/* The brush as it would mark: a circle, or the one pixel that a brush of one pixel marks. */
static void brush_path(RhCanvas *canvas, cairo_t *cr, double image_x, double image_y)
{
    double x, y, zoom = canvas->view.zoom;
    if (canvas->brush_size <= 1) {
        rh_canvas_view_from_image(&canvas->view, floor(image_x), floor(image_y), &x, &y);
        cairo_rectangle(cr, x, y, zoom, zoom);
    } else {
        rh_canvas_view_from_image(&canvas->view, image_x, image_y, &x, &y);
        cairo_new_sub_path(cr);
        cairo_arc(cr, x, y, canvas->brush_size * zoom / 2, 0, 2 * G_PI);
    }
}

static void crosshair_path(cairo_t *cr, double x, double y, double arm)
{
    cairo_move_to(cr, x - arm, y);
    cairo_line_to(cr, x + arm, y);
    cairo_move_to(cr, x, y - arm);
    cairo_line_to(cr, x, y + arm);
}

void rh_canvas_snapshot_cursor(RhCanvas *canvas, GtkSnapshot *snapshot)
{
    gboolean by_keyboard = canvas->crosshair && gtk_widget_has_focus(GTK_WIDGET(canvas));
    gboolean by_pointer = canvas->pointer_inside && !canvas->space_held && canvas->tool != RH_CANVAS_PAN &&
                          canvas->drag != RH_DRAG_PAN;
    if (canvas->editor == NULL || !(by_keyboard || by_pointer))
        return;
    double image_x = canvas->crosshair_x, image_y = canvas->crosshair_y, x, y;
    if (!by_keyboard)
        rh_canvas_view_to_image(&canvas->view, canvas->pointer_x, canvas->pointer_y, &image_x, &image_y);
    rh_canvas_view_from_image(&canvas->view, image_x, image_y, &x, &y);
    double scale = rh_canvas_scale(canvas), arm = ARM * scale;
    double reach = (canvas->brush_size + 2) * canvas->view.zoom / 2 + arm + 2 * scale;
    graphene_rect_t bounds =
        GRAPHENE_RECT_INIT((float)floor((x - reach) / scale), (float)floor((y - reach) / scale),
                           (float)ceil(2 * reach / scale) + 1, (float)ceil(2 * reach / scale) + 1);
    graphene_rect_t all =
        GRAPHENE_RECT_INIT(0, 0, (float)(canvas->view.width / scale), (float)(canvas->view.height / scale));
    if (!graphene_rect_intersection(&bounds, &all, &bounds))
        return;
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &bounds);
    cairo_scale(cr, 1 / scale, 1 / scale);
    if (rh_canvas_stroking(canvas) ? canvas->erasing : rh_canvas_would_erase(canvas))
        cairo_set_dash(cr, (double[]){4 * scale, 4 * scale}, 2, 0);
    brush_path(canvas, cr, image_x, image_y);
    stroke_twice(cr, scale);
    cairo_set_dash(cr, NULL, 0, 0);
    if (by_keyboard) {
        crosshair_path(cr, floor(x) + 0.5, floor(y) + 0.5, arm);
        stroke_twice(cr, scale);
    }
    cairo_destroy(cr);
}
