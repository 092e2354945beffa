/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"

/* An outline drawn by hand; it closes by a straight line where the button is lifted. */

static void move(RhCanvas *canvas, RhPoint point)
{
    g_array_append_val(canvas->stroke.points, point);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

const RhTool rh_tool_lasso = {
    .name = "lasso",
    .title = N_("Lasso"),
    .icon_name = "rh-lasso-symbolic",
    .hint = N_("Draw around a region to fill it"),
    .key_name = "L",
    .key = GDK_KEY_l,
    .number = GDK_KEY_4,
    .press = move,
    .move = move,
    .finish = rh_canvas_outline_fill,
    .cancel = rh_canvas_outline_drop,
    .draw = rh_canvas_outline_path,
};
