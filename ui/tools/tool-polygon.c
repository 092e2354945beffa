/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"

/* An outline of straight lines from press to press. */

static void press(RhCanvas *canvas, RhPoint point)
{
    GArray *points = canvas->stroke.points;
    if (rh_canvas_outline_closes(canvas, point)) {
        rh_canvas_finish_stroke(canvas);
        return;
    }
    g_array_append_val(points, point);
    canvas->stroke.end = point;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

static void move(RhCanvas *canvas, RhPoint point)
{
    canvas->stroke.end = point;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

static gboolean step_back(RhCanvas *canvas)
{
    GArray *points = canvas->stroke.points;
    if (points->len <= 1)
        return FALSE;
    g_array_set_size(points, points->len - 1);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    return TRUE;
}

const RhTool rh_tool_polygon = {
    .name = "polygon",
    .title = N_("Polygon"),
    .icon_name = "rh-polygon-symbolic",
    .hint =
        N_("Fill a region between points: a double click or Return closes it, Escape drops the last point"),
    .key_name = "P",
    .key = GDK_KEY_p,
    .number = GDK_KEY_3,
    .by_points = TRUE,
    .press = press,
    .move = move,
    .finish = rh_canvas_outline_fill,
    .cancel = rh_canvas_outline_drop,
    .step_back = step_back,
    .draw = rh_canvas_outline_path,
};
