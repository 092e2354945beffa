/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"
#include "mask/shapes.h"

/* From the pixel where the button is pressed to the one where it is lifted. */

static void draw(RhCanvas *canvas, cairo_t *cr)
{
    double left, top, right, bottom;
    rh_canvas_box(canvas, &left, &top, &right, &bottom);
    cairo_rectangle(cr, left, top, right - left, bottom - top);
}

static void finish(RhCanvas *canvas)
{
    rh_canvas_box_fill(canvas, rh_shape_rectangle);
}

const RhTool rh_tool_rectangle = {
    .name = "rectangle",
    .title = N_("Rectangle"),
    .icon_name = "rh-rectangle-symbolic",
    .hint = N_("Fill a rectangle from corner to corner, with Shift held a square"),
    .key_name = "R",
    .key = GDK_KEY_r,
    .number = GDK_KEY_5,
    .press = rh_canvas_box_begin,
    .move = rh_canvas_box_move,
    .finish = finish,
    .cancel = rh_canvas_outline_drop,
    .draw = draw,
};
