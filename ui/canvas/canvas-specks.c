/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

/* Holes and islands of a few pixels are marked, so that none goes unnoticed: rings around islands, diamonds
 * around holes. They are looked for on a worker thread once the hand rests. */

#define REST_MS     300
#define RING        9.0  /* pixels of the screen: the least radius of a mark */
#define MARKS_MAX   500u /* that are drawn */
#define MARK_COLOUR 1.0, 0.62, 0.1

static void found(GObject *source, GAsyncResult *result, gpointer data)
{
    RhCanvas *canvas = RH_CANVAS(source);
    GArray *specks = g_task_propagate_pointer(G_TASK(result), NULL);
    if (specks == NULL)
        return; /* the mask has changed meanwhile */
    g_clear_object(&canvas->looking);
    g_clear_pointer(&canvas->specks, g_array_unref);
    canvas->specks = specks;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    g_object_notify(G_OBJECT(canvas), "specks");
}

static void look_in_thread(GTask *task, gpointer source, gpointer mask, GCancellable *cancellable)
{
    g_task_return_pointer(task, rh_mask_find_specks(mask), (GDestroyNotify)g_array_unref);
}

static gboolean look(gpointer data)
{
    RhCanvas *canvas = data;
    canvas->look_source = 0;
    if (canvas->editor == NULL)
        return G_SOURCE_REMOVE;
    canvas->looking = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(canvas, canvas->looking, found, NULL);
    g_task_set_task_data(task, rh_mask_editor_snapshot(canvas->editor), (GDestroyNotify)rh_mask_free);
    g_task_run_in_thread(task, look_in_thread);
    return G_SOURCE_REMOVE;
}

void rh_canvas_stop_looking(RhCanvas *canvas)
{
    g_clear_handle_id(&canvas->look_source, g_source_remove);
    if (canvas->looking != NULL)
        g_cancellable_cancel(canvas->looking);
    g_clear_object(&canvas->looking);
}

void rh_canvas_look_for_specks(RhCanvas *canvas)
{
    rh_canvas_stop_looking(canvas);
    canvas->look_source = g_timeout_add(REST_MS, look, canvas);
}

void rh_canvas_forget_specks(RhCanvas *canvas)
{
    rh_canvas_stop_looking(canvas);
    if (canvas->specks == NULL)
        return;
    g_clear_pointer(&canvas->specks, g_array_unref);
    g_object_notify(G_OBJECT(canvas), "specks");
}

guint rh_canvas_count_specks(RhCanvas *canvas)
{
    return canvas->specks != NULL ? canvas->specks->len : 0;
}

static RhPoint middle_of(const RhMaskSpeck *speck)
{
    return (RhPoint){speck->bounds.x + speck->bounds.width / 2.0,
                     speck->bounds.y + speck->bounds.height / 2.0};
}

static void mark_path(RhCanvas *canvas, cairo_t *cr, const RhMaskSpeck *speck, double scale)
{
    const RhPoint middle = middle_of(speck);
    double x, y,
        radius = hypot(speck->bounds.width, speck->bounds.height) / 2 * canvas->view.zoom + 4 * scale;
    radius = MAX(radius, RING * scale);
    rh_canvas_view_from_image(&canvas->view, middle.x, middle.y, &x, &y);
    if (x < -radius || y < -radius || x > canvas->view.width + radius || y > canvas->view.height + radius)
        return;
    cairo_new_sub_path(cr);
    if (!speck->hole) {
        cairo_arc(cr, x, y, radius, 0, 2 * G_PI);
        return;
    }
    for (int corner = 0; corner < 4; corner++)
        cairo_line_to(cr, x + (corner % 2 == 0 ? (corner - 1) * radius * G_SQRT2 : 0),
                      y + (corner % 2 == 1 ? (corner - 2) * radius * G_SQRT2 : 0));
    cairo_close_path(cr);
}

void rh_canvas_snapshot_specks(RhCanvas *canvas, GtkSnapshot *snapshot)
{
    if (rh_canvas_count_specks(canvas) == 0 || canvas->picture.display.mask_opacity == 0)
        return;
    const double scale = rh_canvas_scale(canvas);
    cairo_t *cr =
        gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)(canvas->view.width / scale),
                                                                (float)(canvas->view.height / scale)));
    cairo_scale(cr, 1 / scale, 1 / scale);
    for (guint i = 0; i < MIN(canvas->specks->len, MARKS_MAX); i++)
        mark_path(canvas, cr, &g_array_index(canvas->specks, RhMaskSpeck, i), scale);
    rh_overlay_stroke(cr, scale, 2, MARK_COLOUR);
    cairo_destroy(cr);
}

/* In the middle of the view, and large enough to be drawn on. */
void rh_canvas_show_next_speck(RhCanvas *canvas)
{
    if (rh_canvas_count_specks(canvas) == 0)
        return;
    const double before = canvas->view.zoom;
    canvas->speck_shown = (canvas->speck_shown + 1) % canvas->specks->len;
    const RhPoint middle = middle_of(&g_array_index(canvas->specks, RhMaskSpeck, canvas->speck_shown));
    if (before < 4)
        rh_canvas_view_zoom(&canvas->view, 4 / before, canvas->view.width / 2, canvas->view.height / 2);
    rh_canvas_view_centre(&canvas->view, middle.x, middle.y);
    rh_canvas_view_changed(canvas, before);
}
