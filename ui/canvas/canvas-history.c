/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

/* Walks through many steps of the history at once. */

#define BUDGET 8000 /* µs at a time: half a frame */

static gboolean go_on(gpointer data)
{
    RhCanvas *canvas = data;
    RhMaskEditor *editor = canvas->editor;
    const gint64 end = g_get_monotonic_time() + BUDGET;
    RhRectangle all = {0};
    gboolean moved = TRUE;
    while (moved && rh_mask_editor_steps_done(editor) != canvas->going_to && g_get_monotonic_time() < end) {
        RhRectangle touched;
        moved = rh_mask_editor_steps_done(editor) > canvas->going_to ? rh_mask_editor_undo(editor, &touched)
                                                                     : rh_mask_editor_redo(editor, &touched);
        rh_rectangle_add(&all, touched.x, touched.y, touched.width, touched.height);
    }
    rh_canvas_mask_touched(canvas, all);
    if (moved && rh_mask_editor_steps_done(editor) != canvas->going_to)
        return G_SOURCE_CONTINUE;
    canvas->going = 0;
    rh_canvas_mask_changed(canvas);
    return G_SOURCE_REMOVE;
}

/* Where it has come to is where it stays. */
void rh_canvas_stop_going(RhCanvas *canvas)
{
    if (canvas->going == 0)
        return;
    g_clear_handle_id(&canvas->going, g_source_remove);
    rh_canvas_mask_changed(canvas);
}

void rh_canvas_go_to_step(RhCanvas *canvas, guint done)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    rh_canvas_finish_stroke(canvas);
    if (canvas->editor == NULL || rh_mask_editor_locked(canvas->editor) ||
        rh_mask_editor_steps_done(canvas->editor) == done)
        return;
    canvas->going_to = done;
    if (canvas->going == 0)
        canvas->going = g_idle_add(go_on, canvas);
}

RhMaskEditor *rh_canvas_get_editor(RhCanvas *canvas)
{
    g_return_val_if_fail(RH_IS_CANVAS(canvas), NULL);
    return canvas->editor;
}

void rh_canvas_editor_changed(RhCanvas *canvas, RhRectangle touched)
{
    g_return_if_fail(RH_IS_CANVAS(canvas));
    rh_canvas_mask_touched(canvas, touched);
    rh_canvas_update_cursor(canvas);
    rh_canvas_mask_changed(canvas);
}
