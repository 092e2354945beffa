/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas-private.h"

gboolean rh_canvas_stroking(RhCanvas *canvas)
{
    return canvas->editor != NULL && rh_mask_editor_drawing(canvas->editor);
}

gboolean rh_canvas_would_erase(RhCanvas *canvas)
{
    return (canvas->tool == RH_CANVAS_ERASER) != canvas->control_held;
}

static void mark(RhCanvas *canvas, double image_x, double image_y)
{
    RhRectangle touched = {0};
    rh_mask_editor_line(canvas->editor, canvas->stroke_x, canvas->stroke_y, image_x, image_y,
                        canvas->brush_size, !canvas->erasing, &touched);
    canvas->stroke_x = image_x;
    canvas->stroke_y = image_y;
    rh_canvas_mask_touched(canvas, touched);
}

void rh_canvas_stroke_begin(RhCanvas *canvas, double image_x, double image_y)
{
    g_assert(canvas->editor != NULL);
    rh_canvas_finish_stroke(canvas);
    canvas->erasing = rh_canvas_would_erase(canvas);
    canvas->stroke_revision = rh_mask_editor_revision(canvas->editor);
    rh_mask_editor_begin(canvas->editor, canvas->erasing ? "Eraser" : "Brush");
    canvas->stroke_x = image_x;
    canvas->stroke_y = image_y;
    g_signal_emit_by_name(canvas, "stroke-begun");
    mark(canvas, image_x, image_y);
}

void rh_canvas_stroke_to(RhCanvas *canvas, double image_x, double image_y)
{
    if (rh_canvas_stroking(canvas) && (image_x != canvas->stroke_x || image_y != canvas->stroke_y))
        mark(canvas, image_x, image_y);
}

/* What the hand still does belongs to no stroke any more. */
static void lift(RhCanvas *canvas)
{
    if (canvas->drag == RH_DRAG_STROKE)
        canvas->drag = RH_DRAG_NONE;
    canvas->pen_down = FALSE;
}

void rh_canvas_finish_stroke(RhCanvas *canvas)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    lift(canvas);
    if (!rh_canvas_stroking(canvas))
        return;
    rh_mask_editor_end(canvas->editor);
    if (rh_mask_editor_revision(canvas->editor) != canvas->stroke_revision)
        rh_canvas_mask_changed(canvas);
}

/* Told as a change too: an autosave may have seen the half stroke. */
void rh_canvas_stroke_cancel(RhCanvas *canvas)
{
    lift(canvas);
    if (!rh_canvas_stroking(canvas))
        return;
    RhRectangle touched = {0};
    rh_mask_editor_cancel(canvas->editor, &touched);
    rh_canvas_mask_touched(canvas, touched);
    rh_canvas_mask_changed(canvas);
}
