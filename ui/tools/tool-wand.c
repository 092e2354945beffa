/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "canvas/canvas-private.h"
#include "mask/flood.h"

/* The connected region of pixels like the one pressed on. Moving to the right or up while the button is held
 * takes in more of it, to the left or down less. Regions are found on a worker thread, the newest wish last:
 * a film of many millions of pixels may be one region. */

#define PERCENT_A_PIXEL 0.1 /* of the screen, that the pointer moves */

typedef struct {
    RhImage *image;
    guint x, y;
    double tolerance; /* stored values */
} Search;

static void search_free(Search *search)
{
    rh_image_unref(search->image);
    g_free(search);
}

static double wanted_tolerance(RhCanvas *canvas)
{
    double low, high;
    rh_canvas_extent(canvas, &low, &high);
    return canvas->tolerance / 100 * (high - low);
}

/* The stroke becomes the region: one found with more tolerance holds those found with less. */
static void show_region(RhCanvas *canvas, const GArray *spans, double tolerance)
{
    RhStroke *stroke = &canvas->stroke;
    RhRectangle touched = {0};
    if (tolerance < stroke->shown) {
        rh_mask_editor_restart(canvas->editor, &touched);
        rh_canvas_mask_touched(canvas, touched);
    }
    rh_mask_editor_paint(canvas->editor, (const RhMaskSpan *)(gconstpointer)spans->data, spans->len,
                         !stroke->erasing, &touched);
    rh_canvas_mask_touched(canvas, touched);
    stroke->shown = tolerance;
}

static void search_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Search *search = data;
    GArray *spans = rh_flood(search->image, search->x, search->y, search->tolerance, cancellable);
    if (spans != NULL)
        g_task_return_pointer(task, spans, (GDestroyNotify)g_array_unref);
    else
        g_task_return_error_if_cancelled(task);
}

static void begin_search(RhCanvas *canvas);

static void found(GObject *source, GAsyncResult *result, gpointer data)
{
    RhCanvas *canvas = RH_CANVAS(source);
    const Search *search = g_task_get_task_data(G_TASK(result));
    g_autoptr(GArray) spans = g_task_propagate_pointer(G_TASK(result), NULL);
    if (spans == NULL)
        return; /* the stroke is over */
    g_clear_object(&canvas->stroke.search);
    show_region(canvas, spans, search->tolerance);
    if (search->tolerance != wanted_tolerance(canvas))
        begin_search(canvas);
    else if (canvas->stroke.released)
        rh_canvas_finish_stroke(canvas);
}

static void begin_search(RhCanvas *canvas)
{
    RhStroke *stroke = &canvas->stroke;
    Search *search = g_new(Search, 1);
    *search = (Search){rh_image_ref(canvas->picture.image), stroke->seed_x, stroke->seed_y,
                       wanted_tolerance(canvas)};
    stroke->search = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(canvas, stroke->search, found, NULL);
    g_task_set_task_data(task, search, (GDestroyNotify)search_free);
    g_task_run_in_thread(task, search_in_thread);
}

static void stop_search(RhCanvas *canvas)
{
    if (canvas->stroke.search != NULL)
        g_cancellable_cancel(canvas->stroke.search);
    g_clear_object(&canvas->stroke.search);
}

static void press(RhCanvas *canvas, RhPoint point)
{
    RhStroke *stroke = &canvas->stroke;
    const RhImage *image = canvas->picture.image;
    rh_canvas_stroke_open(canvas);
    if (!(point.x >= 0 && point.y >= 0 && point.x < image->width && point.y < image->height)) {
        rh_canvas_finish_stroke(canvas);
        return;
    }
    stroke->seed_x = (guint)point.x;
    stroke->seed_y = (guint)point.y;
    stroke->shown = -1;
    stroke->end = (RhPoint){canvas->pointer_x, canvas->pointer_y};
    stroke->before = canvas->tolerance;
    begin_search(canvas);
}

/* By what the pointer has moved on the screen, whatever the zoom. */
static void move(RhCanvas *canvas, RhPoint point)
{
    const RhStroke *stroke = &canvas->stroke;
    if (stroke->released)
        return;
    const double scale = rh_canvas_scale(canvas);
    const double moved = (canvas->pointer_x - stroke->end.x) - (canvas->pointer_y - stroke->end.y);
    const double wanted = stroke->before + PERCENT_A_PIXEL * moved / scale;
    rh_canvas_set_tolerance(canvas, floor(wanted / PERCENT_A_PIXEL + 0.5) * PERCENT_A_PIXEL);
    if (stroke->search == NULL)
        begin_search(canvas);
}

static void release(RhCanvas *canvas)
{
    canvas->stroke.released = TRUE;
    if (canvas->stroke.search == NULL)
        rh_canvas_finish_stroke(canvas);
}

/* What is still being looked for is found here, so that no click is lost. */
static void finish(RhCanvas *canvas)
{
    const RhStroke *stroke = &canvas->stroke;
    if (stroke->search != NULL) {
        stop_search(canvas);
        g_autoptr(GArray) spans =
            rh_flood(canvas->picture.image, stroke->seed_x, stroke->seed_y, wanted_tolerance(canvas), NULL);
        show_region(canvas, spans, wanted_tolerance(canvas));
    }
    rh_canvas_stroke_close(canvas);
}

static void cancel(RhCanvas *canvas)
{
    stop_search(canvas);
    rh_canvas_stroke_drop(canvas);
}

const RhTool rh_tool_wand = {
    .name = "wand",
    .title = N_("Magic wand"),
    .icon_name = "rh-wand-symbolic",
    .hint =
        N_("Fill the connected region of like brightness; drag right to take in more, left to take in less"),
    .key_name = "W",
    .key = GDK_KEY_w,
    .number = GDK_KEY_7,
    .options = RH_TOOL_TOLERANCE,
    .press = press,
    .move = move,
    .release = release,
    .finish = finish,
    .cancel = cancel,
};
