/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"
#include "mask/live-wire.h"

/* An outline that finds its way along edges of the image from press to press. stroke.points is the whole way,
 * stroke.anchors where in it the presses are; stroke.wire knows the ways from the last of them. */

static RhPoint last_point(RhCanvas *canvas)
{
    const GArray *points = canvas->stroke.points;
    return g_array_index(points, RhPoint, points->len - 1);
}

/* Beyond the image the way goes along its border. */
static RhPoint clamp_point(RhCanvas *canvas, RhPoint point)
{
    const RhImage *image = canvas->picture.image;
    return (RhPoint){CLAMP(point.x, 0, image->width - 0.001), CLAMP(point.y, 0, image->height - 0.001)};
}

static void find_ways(RhCanvas *canvas, RhPoint toward)
{
    RhStroke *stroke = &canvas->stroke;
    if (stroke->wire != NULL && rh_live_wire_reaches(stroke->wire, toward))
        return;
    g_clear_pointer(&stroke->wire, rh_live_wire_free);
    stroke->wire = rh_live_wire_new(canvas->picture.image, last_point(canvas), toward);
}

static void add_way(RhCanvas *canvas, RhPoint to, GArray *points)
{
    find_ways(canvas, to);
    rh_live_wire_add_path(canvas->stroke.wire, to, points);
}

/* The way under way ends in a new anchor. */
static void set_anchor(RhCanvas *canvas)
{
    RhStroke *stroke = &canvas->stroke;
    const guint place = stroke->points->len - 1;
    g_array_append_val(stroke->anchors, place);
    g_clear_pointer(&stroke->wire, rh_live_wire_free);
    g_array_set_size(stroke->loose, 0);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

static void press(RhCanvas *canvas, RhPoint point)
{
    RhStroke *stroke = &canvas->stroke;
    point = clamp_point(canvas, point);
    if (rh_canvas_outline_closes(canvas, point)) {
        rh_canvas_finish_stroke(canvas);
        return;
    }
    if (stroke->points->len == 0)
        g_array_append_val(stroke->points, point);
    else
        add_way(canvas, point, stroke->points);
    set_anchor(canvas);
}

static void move(RhCanvas *canvas, RhPoint point)
{
    GArray *loose = canvas->stroke.loose;
    g_array_set_size(loose, 0);
    add_way(canvas, clamp_point(canvas, point), loose);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

static gboolean step_back(RhCanvas *canvas)
{
    RhStroke *stroke = &canvas->stroke;
    GArray *anchors = stroke->anchors;
    if (anchors->len <= 1)
        return FALSE;
    g_array_set_size(anchors, anchors->len - 1);
    g_array_set_size(stroke->points, g_array_index(anchors, guint, anchors->len - 1) + 1);
    g_array_set_size(stroke->loose, 0);
    g_clear_pointer(&stroke->wire, rh_live_wire_free);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    return TRUE;
}

/* The way back to the first point follows edges too. */
static void finish(RhCanvas *canvas)
{
    RhStroke *stroke = &canvas->stroke;
    if (stroke->anchors->len >= 2)
        add_way(canvas, g_array_index(stroke->points, RhPoint, 0), stroke->points);
    rh_canvas_outline_fill(canvas);
}

static void add_lines(RhCanvas *canvas, cairo_t *cr, const GArray *points)
{
    for (guint i = 0; i < points->len; i++) {
        const RhPoint point = g_array_index(points, RhPoint, i);
        double x, y;
        rh_canvas_view_from_image(&canvas->view, point.x, point.y, &x, &y);
        cairo_line_to(cr, x, y);
    }
}

static void draw(RhCanvas *canvas, cairo_t *cr)
{
    const RhStroke *stroke = &canvas->stroke;
    add_lines(canvas, cr, stroke->points);
    add_lines(canvas, cr, stroke->loose);
    for (guint i = 0; i < stroke->anchors->len; i++) {
        const RhPoint anchor =
            g_array_index(stroke->points, RhPoint, g_array_index(stroke->anchors, guint, i));
        double x, y;
        rh_canvas_view_from_image(&canvas->view, anchor.x, anchor.y, &x, &y);
        cairo_rectangle(cr, x - 2, y - 2, 4, 4);
    }
}

const RhTool rh_tool_live_wire = {
    .name = "live-wire",
    .title = N_("Live-wire"),
    .icon_name = "rh-live-wire-symbolic",
    .hint =
        N_("Outline a region along its edges: a click fixes the line, a double click or Return closes it, "
           "Escape drops the last point"),
    .key_name = "S",
    .key = GDK_KEY_s,
    .number = GDK_KEY_9,
    .by_points = TRUE,
    .press = press,
    .move = move,
    .finish = finish,
    .cancel = rh_canvas_outline_drop,
    .step_back = step_back,
    .draw = draw,
};
