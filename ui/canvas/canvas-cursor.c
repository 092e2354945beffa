/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

#define ARM 10.0 /* of the crosshair, in pixels of the screen */

/* Where the pen would mark: the one pixel, whatever the tip. */
static void pixel_path(RhCanvas *canvas, cairo_t *cr, double image_x, double image_y)
{
    double x, y;
    rh_canvas_view_from_image(&canvas->view, floor(image_x), floor(image_y), &x, &y);
    cairo_rectangle(cr, x, y, canvas->view.zoom, canvas->view.zoom);
}

static void tip_path(RhCanvas *canvas, cairo_t *cr, double x, double y, double reach)
{
    cairo_new_sub_path(cr);
    if (canvas->tip.square)
        cairo_rectangle(cr, x - reach, y - reach, 2 * reach, 2 * reach);
    else
        cairo_arc(cr, x, y, reach, 0, 2 * G_PI);
}

/* The brush as it would mark; a soft one with the core that it marks at once. */
static void brush_path(RhCanvas *canvas, cairo_t *cr, double image_x, double image_y)
{
    double x, y, reach = canvas->brush_size * canvas->view.zoom / 2;
    if (canvas->brush_size <= 1) {
        pixel_path(canvas, cr, image_x, image_y);
        return;
    }
    rh_canvas_view_from_image(&canvas->view, image_x, image_y, &x, &y);
    tip_path(canvas, cr, x, y, reach);
    if (canvas->tip.soft)
        tip_path(canvas, cr, x, y, reach / 2);
}

static void crosshair_path(cairo_t *cr, double x, double y, double arm)
{
    cairo_move_to(cr, x - arm, y);
    cairo_line_to(cr, x + arm, y);
    cairo_move_to(cr, x, y - arm);
    cairo_line_to(cr, x, y + arm);
}

/* The outline under way; dashed where it will remove. */
void rh_canvas_snapshot_stroke(RhCanvas *canvas, GtkSnapshot *snapshot)
{
    const RhTool *tool = rh_tool(canvas->tool);
    if (!rh_canvas_stroking(canvas) || tool->draw == NULL)
        return;
    const double scale = rh_canvas_scale(canvas);
    cairo_t *cr =
        gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)(canvas->view.width / scale),
                                                                (float)(canvas->view.height / scale)));
    cairo_scale(cr, 1 / scale, 1 / scale);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    if (canvas->stroke.erasing)
        cairo_set_dash(cr, (double[]){4 * scale, 4 * scale}, 2, 0);
    tool->draw(canvas, cr);
    rh_overlay_stroke(cr, scale, 1, 1, 1, 1);
    cairo_destroy(cr);
}

void rh_canvas_snapshot_cursor(RhCanvas *canvas, GtkSnapshot *snapshot)
{
    gboolean by_keyboard = canvas->crosshair && gtk_widget_has_focus(GTK_WIDGET(canvas));
    gboolean by_pointer = canvas->pointer_inside && !canvas->space_held &&
                          (rh_tool(canvas->tool)->options & RH_TOOL_SIZE) != 0 && canvas->drag != RH_DRAG_PAN;
    if (canvas->editor == NULL || !(by_keyboard || by_pointer))
        return;
    double image_x = canvas->crosshair_x, image_y = canvas->crosshair_y, x, y;
    if (!by_keyboard)
        rh_canvas_view_to_image(&canvas->view, canvas->pointer_x, canvas->pointer_y, &image_x, &image_y);
    rh_canvas_view_from_image(&canvas->view, image_x, image_y, &x, &y);
    double scale = rh_canvas_scale(canvas), arm = ARM * scale;
    double reach = (canvas->brush_size * G_SQRT2 + 2) * canvas->view.zoom / 2 + arm + 4 * scale;
    graphene_rect_t bounds =
        GRAPHENE_RECT_INIT((float)floor((x - reach) / scale), (float)floor((y - reach) / scale),
                           (float)ceil(2 * reach / scale) + 1, (float)ceil(2 * reach / scale) + 1);
    graphene_rect_t all =
        GRAPHENE_RECT_INIT(0, 0, (float)(canvas->view.width / scale), (float)(canvas->view.height / scale));
    if (!graphene_rect_intersection(&bounds, &all, &bounds))
        return;
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &bounds);
    cairo_scale(cr, 1 / scale, 1 / scale);
    if (rh_canvas_stroking(canvas) ? canvas->stroke.erasing : rh_canvas_would_erase(canvas))
        cairo_set_dash(cr, (double[]){4 * scale, 4 * scale}, 2, 0);
    if ((rh_tool(canvas->tool)->options & RH_TOOL_SIZE) != 0)
        brush_path(canvas, cr, image_x, image_y);
    else
        pixel_path(canvas, cr, image_x, image_y);
    rh_overlay_stroke(cr, scale, 1, 1, 1, 1);
    cairo_set_dash(cr, NULL, 0, 0);
    if (by_keyboard) {
        crosshair_path(cr, floor(x) + 0.5, floor(y) + 0.5, arm);
        rh_overlay_stroke(cr, scale, 1, 1, 1, 1);
    }
    cairo_destroy(cr);
}
