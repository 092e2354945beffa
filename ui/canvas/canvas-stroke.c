/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <glib/gi18n.h>

gboolean rh_canvas_stroking(RhCanvas *canvas)
{
    return canvas->stroke.under_way;
}

gboolean rh_canvas_would_erase(RhCanvas *canvas)
{
    return rh_tool(canvas->tool)->erases != canvas->control_held;
}

gboolean rh_canvas_by_points(RhCanvas *canvas)
{
    return canvas->stroke.under_way && rh_tool(canvas->tool)->by_points;
}

gboolean rh_canvas_can_stroke(RhCanvas *canvas)
{
    return canvas->editor != NULL && rh_tool(canvas->tool)->press != NULL &&
           !rh_mask_editor_locked(canvas->editor);
}

/* ── For the tools ── */

/* A brush that erases is called an eraser, and the other way round. */
void rh_canvas_stroke_open(RhCanvas *canvas)
{
    const RhTool *tool = rh_tool(canvas->tool);
    if (tool->erases != canvas->stroke.erasing && tool == &rh_tool_brush)
        tool = &rh_tool_eraser;
    else if (tool->erases != canvas->stroke.erasing && tool == &rh_tool_eraser)
        tool = &rh_tool_brush;
    rh_mask_editor_begin(canvas->editor, tool->title);
}

void rh_canvas_stroke_close(RhCanvas *canvas)
{
    rh_mask_editor_end(canvas->editor);
}

void rh_canvas_stroke_drop(RhCanvas *canvas)
{
    RhRectangle touched = {0};
    rh_mask_editor_cancel(canvas->editor, &touched);
    rh_canvas_mask_touched(canvas, touched);
}

/* ── For those who hold them ── */

static void begin_anew(RhCanvas *canvas)
{
    RhStroke *stroke = &canvas->stroke;
    g_array_set_size(stroke->points, 0);
    g_array_set_size(stroke->loose, 0);
    g_array_set_size(stroke->anchors, 0);
    stroke->under_way = TRUE;
    stroke->released = FALSE;
    stroke->erasing = rh_canvas_would_erase(canvas);
    stroke->revision = rh_mask_editor_revision(canvas->editor);
    g_signal_emit_by_name(canvas, "stroke-begun");
}

void rh_canvas_stroke_begin(RhCanvas *canvas, double image_x, double image_y)
{
    if (!rh_canvas_can_stroke(canvas))
        return;
    rh_canvas_stop_going(canvas);
    if (!rh_canvas_by_points(canvas)) {
        rh_canvas_finish_stroke(canvas);
        begin_anew(canvas);
    }
    canvas->stroke.at = (RhPoint){image_x, image_y};
    rh_tool(canvas->tool)->press(canvas, canvas->stroke.at);
}

void rh_canvas_stroke_to(RhCanvas *canvas, double image_x, double image_y)
{
    RhStroke *stroke = &canvas->stroke;
    if (!stroke->under_way || (image_x == stroke->at.x && image_y == stroke->at.y))
        return;
    stroke->at = (RhPoint){image_x, image_y};
    rh_tool(canvas->tool)->move(canvas, stroke->at);
}

/* Nobody has drawn the way from where the pointer was on the image to where it is now. */
void rh_canvas_stroke_carry(RhCanvas *canvas)
{
    RhStroke *stroke = &canvas->stroke;
    const RhTool *tool = rh_tool(canvas->tool);
    if (!stroke->under_way || canvas->drag != RH_DRAG_STROKE || tool->carry == NULL)
        return;
    rh_canvas_view_to_image(&canvas->view, canvas->pointer_x, canvas->pointer_y, &stroke->at.x,
                            &stroke->at.y);
    tool->carry(canvas, stroke->at);
}

/* What the hand still does belongs to no stroke any more. */
static void lift(RhCanvas *canvas)
{
    if (canvas->drag == RH_DRAG_STROKE)
        canvas->drag = RH_DRAG_NONE;
    canvas->pen_down = FALSE;
}

void rh_canvas_stroke_release(RhCanvas *canvas)
{
    const RhTool *tool = rh_tool(canvas->tool);
    lift(canvas);
    if (!canvas->stroke.under_way || tool->by_points)
        return;
    if (tool->release != NULL)
        tool->release(canvas);
    else
        rh_canvas_finish_stroke(canvas);
}

static void forget(RhCanvas *canvas)
{
    g_clear_pointer(&canvas->stroke.wire, rh_live_wire_free);
    g_clear_object(&canvas->stroke.search);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void rh_canvas_finish_stroke(RhCanvas *canvas)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    lift(canvas);
    if (!canvas->stroke.under_way)
        return;
    canvas->stroke.under_way = FALSE;
    rh_tool(canvas->tool)->finish(canvas);
    forget(canvas);
    if (rh_mask_editor_revision(canvas->editor) != canvas->stroke.revision)
        rh_canvas_mask_changed(canvas);
}

/* Told as a change too: an autosave may have seen the half stroke. */
void rh_canvas_stroke_cancel(RhCanvas *canvas)
{
    lift(canvas);
    if (!canvas->stroke.under_way)
        return;
    canvas->stroke.under_way = FALSE;
    rh_tool(canvas->tool)->cancel(canvas);
    forget(canvas);
    rh_canvas_mask_changed(canvas);
}

gboolean rh_canvas_stroke_step_back(RhCanvas *canvas)
{
    const RhTool *tool = rh_tool(canvas->tool);
    if (!canvas->stroke.under_way)
        return FALSE;
    if (tool->step_back == NULL || !tool->step_back(canvas))
        rh_canvas_stroke_cancel(canvas);
    return TRUE;
}
