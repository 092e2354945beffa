/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"
#include "mask/shapes.h"

/* The ellipse in the rectangle from the pixel where the button is pressed to the one where it is lifted. */

static void draw(RhCanvas *canvas, cairo_t *cr)
{
    double left, top, right, bottom;
    rh_canvas_box(canvas, &left, &top, &right, &bottom);
    cairo_save(cr);
    cairo_translate(cr, (left + right) / 2, (top + bottom) / 2);
    cairo_scale(cr, (right - left) / 2, (bottom - top) / 2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, 1, 0, 2 * G_PI);
    cairo_restore(cr);
}

static void finish(RhCanvas *canvas)
{
    rh_canvas_box_fill(canvas, rh_shape_ellipse);
}

const RhTool rh_tool_ellipse = {
    .name = "ellipse",
    .title = N_("Ellipse"),
    .icon_name = "rh-ellipse-symbolic",
    .hint = N_("Fill an ellipse from corner to corner, with Shift held a circle"),
    .key_name = "O",
    .key = GDK_KEY_o,
    .number = GDK_KEY_6,
    .press = rh_canvas_box_begin,
    .move = rh_canvas_box_move,
    .finish = finish,
    .cancel = rh_canvas_outline_drop,
    .draw = draw,
};
