/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "canvas/canvas-private.h"

/* Brush and eraser: the tip swept from sample to sample. */

static RhMaskDab dab_at(RhCanvas *canvas, RhPoint point)
{
    const double pressed = canvas->pen_pressure ? canvas->pressure : 1;
    return (RhMaskDab){point.x, point.y, MAX(canvas->brush_size * pressed, 1)};
}

void rh_tool_brush_move(RhCanvas *canvas, RhPoint point)
{
    RhStroke *stroke = &canvas->stroke;
    RhRectangle touched = {0};
    const RhMaskDab dab = dab_at(canvas, point);
    rh_mask_editor_sweep(canvas->editor, &canvas->tip, stroke->dab, dab, !stroke->erasing, &touched);
    stroke->dab = dab;
    rh_canvas_mask_touched(canvas, touched);
}

void rh_tool_brush_carry(RhCanvas *canvas, RhPoint point)
{
    canvas->stroke.dab = dab_at(canvas, point);
}

void rh_tool_brush_begin(RhCanvas *canvas, RhPoint point)
{
    canvas->stroke.dab = dab_at(canvas, point);
    rh_tool_brush_move(canvas, point);
}

static void press(RhCanvas *canvas, RhPoint point)
{
    rh_canvas_stroke_open(canvas);
    rh_tool_brush_begin(canvas, point);
}

const RhTool rh_tool_brush = {
    .name = "brush",
    .title = N_("Brush"),
    .icon_name = "rh-brush-symbolic",
    .hint = N_("Paint the mask"),
    .key_name = "B",
    .key = GDK_KEY_b,
    .number = GDK_KEY_1,
    .options = RH_TOOL_SIZE,
    .press = press,
    .move = rh_tool_brush_move,
    .carry = rh_tool_brush_carry,
    .finish = rh_canvas_stroke_close,
    .cancel = rh_canvas_stroke_drop,
};

const RhTool rh_tool_eraser = {
    .name = "eraser",
    .title = N_("Eraser"),
    .icon_name = "rh-eraser-symbolic",
    .hint = N_("Erase from the mask; any tool does with Ctrl held"),
    .key_name = "E",
    .key = GDK_KEY_e,
    .number = GDK_KEY_2,
    .options = RH_TOOL_SIZE,
    .erases = TRUE,
    .press = press,
    .move = rh_tool_brush_move,
    .carry = rh_tool_brush_carry,
    .finish = rh_canvas_stroke_close,
    .cancel = rh_canvas_stroke_drop,
};
