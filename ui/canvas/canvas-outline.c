/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

#include "mask/shapes.h"

/* What the tools that draw outlines share: points until they are filled, and boxes from corner to corner. */

#define NEAR 6.0 /* pixels of the screen: a press this near to the first point means that point */

void rh_canvas_outline_drop(RhCanvas *canvas)
{
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

/* One step of the history, named after the tool. */
static void fill_spans(RhCanvas *canvas, GArray *spans)
{
    RhRectangle touched = {0};
    rh_canvas_stroke_open(canvas);
    rh_mask_editor_paint(canvas->editor, (const RhMaskSpan *)(gpointer)spans->data, spans->len,
                         !canvas->stroke.erasing, &touched);
    rh_canvas_mask_touched(canvas, touched);
    rh_canvas_stroke_close(canvas);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void rh_canvas_outline_fill(RhCanvas *canvas)
{
    const RhMask *mask = rh_mask_editor_mask(canvas->editor);
    const GArray *points = canvas->stroke.points;
    g_autoptr(GArray) spans = rh_shape_polygon((const RhPoint *)(gconstpointer)points->data, points->len,
                                               mask->width, mask->height);
    fill_spans(canvas, spans);
}

static void to_screen(RhCanvas *canvas, RhPoint point, double *x, double *y)
{
    rh_canvas_view_from_image(&canvas->view, point.x, point.y, x, y);
}

void rh_canvas_outline_path(RhCanvas *canvas, cairo_t *cr)
{
    const GArray *points = canvas->stroke.points;
    double x, y;
    for (guint i = 0; i < points->len; i++) {
        to_screen(canvas, g_array_index(points, RhPoint, i), &x, &y);
        cairo_line_to(cr, x, y);
    }
    if (!rh_tool(canvas->tool)->by_points)
        return;
    to_screen(canvas, canvas->stroke.end, &x, &y);
    cairo_line_to(cr, x, y);
    for (guint i = 0; i < points->len; i++) { /* a handle at each point */
        to_screen(canvas, g_array_index(points, RhPoint, i), &x, &y);
        cairo_rectangle(cr, floor(x) - 1.5, floor(y) - 1.5, 4, 4);
    }
}

/* A double click, the same place again, or the first point. */
gboolean rh_canvas_outline_closes(RhCanvas *canvas, RhPoint point)
{
    const GArray *points = canvas->stroke.points;
    if (points->len == 0)
        return FALSE;
    const RhPoint first = g_array_index(points, RhPoint, 0);
    const RhPoint last = g_array_index(points, RhPoint, points->len - 1);
    const double near = NEAR * rh_canvas_scale(canvas) / canvas->view.zoom;
    if (canvas->pressed_again || (last.x == point.x && last.y == point.y))
        return TRUE;
    return points->len >= 3 && hypot(first.x - point.x, first.y - point.y) <= near;
}

/* ── Boxes: the first point is the corner, `end` the opposite one ── */

void rh_canvas_box_begin(RhCanvas *canvas, RhPoint point)
{
    g_array_append_val(canvas->stroke.points, point);
    rh_canvas_box_move(canvas, point);
}

/* Shift held: as wide as high, in pixels. */
void rh_canvas_box_move(RhCanvas *canvas, RhPoint point)
{
    const RhPoint corner = g_array_index(canvas->stroke.points, RhPoint, 0);
    if (canvas->shift_held) {
        const double across = floor(point.x) - floor(corner.x), down = floor(point.y) - floor(corner.y);
        const double side = MAX(fabs(across), fabs(down));
        point.x = floor(corner.x) + 0.5 + (across < 0 ? -side : side);
        point.y = floor(corner.y) + 0.5 + (down < 0 ? -side : side);
    }
    canvas->stroke.end = point;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void rh_canvas_box(RhCanvas *canvas, double *left, double *top, double *right, double *bottom)
{
    rh_shape_box(g_array_index(canvas->stroke.points, RhPoint, 0), canvas->stroke.end, left, top, right,
                 bottom);
    rh_canvas_view_from_image(&canvas->view, *left, *top, left, top);
    rh_canvas_view_from_image(&canvas->view, *right, *bottom, right, bottom);
}

void rh_canvas_box_fill(RhCanvas *canvas, GArray *(*shape)(RhPoint, RhPoint, guint, guint))
{
    const RhMask *mask = rh_mask_editor_mask(canvas->editor);
    g_autoptr(GArray) spans = shape(g_array_index(canvas->stroke.points, RhPoint, 0), canvas->stroke.end,
                                    mask->width, mask->height);
    fill_spans(canvas, spans);
}
