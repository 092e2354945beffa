/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"

/* A brush that paints only where the image's values are in a range. */

static void press(RhCanvas *canvas, RhPoint point)
{
    double low, high;
    rh_canvas_range(canvas, &low, &high);
    rh_canvas_stroke_open(canvas);
    rh_mask_editor_set_range(canvas->editor, canvas->picture.image, low, high);
    rh_tool_brush_begin(canvas, point);
}

const RhTool rh_tool_threshold = {
    .name = "threshold-brush",
    .title = N_("Threshold brush"),
    .icon_name = "rh-threshold-symbolic",
    .hint = N_("Paint only where the image is as bright as the range says"),
    .key_name = "T",
    .key = GDK_KEY_t,
    .number = GDK_KEY_8,
    .options = RH_TOOL_SIZE | RH_TOOL_RANGE,
    .press = press,
    .move = rh_tool_brush_move,
    .carry = rh_tool_brush_carry,
    .finish = rh_canvas_stroke_close,
    .cancel = rh_canvas_stroke_drop,
};
