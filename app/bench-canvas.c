/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* redherring-bench-canvas RUNS [training]: times the canvas while a mask is drawn, for “rh bench canvas” and
 * “rh bench canvas-training”, which start it; with “training” a run trains meanwhile, as in the window.
 *
 * A run is a stroke across a large image, painted or erased; what is timed is a frame: the sample of the
 * brush is handled where GTK delivers motions, in the frame clock's turn, and the frame it causes is laid
 * out, drawn and handed to the display before the turn ends. Prints a line of JSON, the times being those of
 * frames. */
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "bench-support.h"
#include "canvas/canvas-private.h"
#include "model/training-task.h"
#include "rh/bench-result.h"

#define IMAGE_SIDE    4096u
#define WINDOW_WIDTH  1280
#define WINDOW_HEIGHT 800
#define SAMPLES       20u /* of a stroke */
#define WARM_UP       2u  /* strokes */
#define PATIENCE      20  /* seconds without a frame */

typedef struct {
    RhCanvas *canvas;
    GtkWidget *window;
    GMainLoop *loop;
    guint strokes, frame;     /* frames are counted over all strokes */
    double *times;            /* milliseconds; of every frame */
    gint64 started;           /* of the frame under way, µs; 0: no sample was handled in it */
    guint waited;             /* seconds since a frame */
    RhTrainingTask *training; /* NULL: none */
} Drawing;

/* Grey that gets brighter to the lower right, with some grain. */
static RhImage *sample_image(void)
{
    RhImage *image = rh_image_new(IMAGE_SIDE, IMAGE_SIDE, RH_PIXEL_U8);
    guint8 *pixels = image->pixels;
    RhRandom random;
    image->black = 0;
    image->white = 255;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (guint y = 0; y < IMAGE_SIDE; y++)
        for (guint x = 0; x < IMAGE_SIDE; x++)
            *pixels++ = (guint8)((x + y) / 36 + rh_random_below(&random, 16));
    return image;
}

/* Strokes lie in pairs one below the other: the first of a pair paints, the second erases it again. */
static void handle_sample(Drawing *drawing)
{
    guint stroke = drawing->frame / SAMPLES, sample = drawing->frame % SAMPLES;
    double x = IMAGE_SIDE * (0.1 + 0.8 * sample / (SAMPLES - 1));
    double y = IMAGE_SIDE * (0.1 + 0.8 * (stroke / 2 % 10) / 9);
    if (sample > 0)
        rh_canvas_stroke_to(drawing->canvas, x, y);
    else
        rh_canvas_stroke_begin(drawing->canvas, x, y);
}

/* As it is to be: not at all, or past the reading of images. */
static gboolean is_training(const Drawing *drawing)
{
    return drawing->training == NULL || rh_training_task_get_progress(drawing->training)->epoch > 0;
}

static gboolean on_frame_begun(GtkWidget *canvas, GdkFrameClock *clock, gpointer data)
{
    Drawing *drawing = data;
    /* The smaller levels of the image, which are made in the background, take processors of their own. */
    if (drawing->canvas->halving != NULL || drawing->frame == drawing->strokes * SAMPLES ||
        !is_training(drawing))
        return G_SOURCE_CONTINUE;
    drawing->started = g_get_monotonic_time();
    handle_sample(drawing);
    return G_SOURCE_CONTINUE;
}

static void on_frame_ended(GdkFrameClock *clock, Drawing *drawing)
{
    drawing->waited = 0;
    if (drawing->started == 0)
        return;
    drawing->times[drawing->frame++] = (double)(g_get_monotonic_time() - drawing->started) / 1e3;
    drawing->started = 0;
    if (drawing->frame % SAMPLES == 0) {
        rh_canvas_finish_stroke(drawing->canvas);
        rh_canvas_set_tool(drawing->canvas,
                           drawing->frame / SAMPLES % 2 == 0 ? RH_CANVAS_BRUSH : RH_CANVAS_ERASER);
    }
    if (drawing->frame == drawing->strokes * SAMPLES)
        g_main_loop_quit(drawing->loop);
}

static gboolean look_at_clock(gpointer data)
{
    Drawing *drawing = data;
    const gboolean ended =
        drawing->training != NULL && rh_training_task_get_state(drawing->training) == RH_TRAINING_ENDED;
    if (++drawing->waited < PATIENCE && !ended)
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(drawing->loop);
    return G_SOURCE_REMOVE;
}

static void open_window(Drawing *drawing, RhImage *image, RhMaskEditor *editor)
{
    GtkWidget *canvas = rh_canvas_new();
    drawing->canvas = RH_CANVAS(canvas);
    drawing->window = gtk_window_new();
    gtk_window_set_title(GTK_WINDOW(drawing->window), "Red Herring: timing the canvas");
    gtk_window_set_decorated(GTK_WINDOW(drawing->window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(drawing->window), WINDOW_WIDTH, WINDOW_HEIGHT);
    gtk_window_set_child(GTK_WINDOW(drawing->window), canvas);
    rh_canvas_set_image(drawing->canvas, image, editor);
    gtk_window_present(GTK_WINDOW(drawing->window));
    gtk_widget_add_tick_callback(canvas, on_frame_begun, drawing, NULL);
    g_signal_connect(gtk_widget_get_frame_clock(canvas), "after-paint", G_CALLBACK(on_frame_ended), drawing);
}

static void print_result(const Drawing *drawing)
{
    guint warm_up = WARM_UP * SAMPLES;
    g_auto(RhBenchResult) result;
    rh_bench_result_init(&result, drawing->training == NULL ? "canvas" : "canvas-training");
    rh_bench_result_set_times(&result, drawing->times + warm_up, drawing->frame - warm_up);
    rh_bench_result_set_memory(&result);
    result.size = IMAGE_SIDE;
    result.renderer = g_strdup(G_OBJECT_TYPE_NAME(gtk_native_get_renderer(GTK_NATIVE(drawing->window))));
    rh_bench_result_print(&result);
}

static gboolean draw(guint runs, RhTrainingTask *training)
{
    g_autoptr(RhImage) image = sample_image();
    g_autoptr(RhMaskEditor) editor =
        rh_mask_editor_new(rh_mask_new(IMAGE_SIDE, IMAGE_SIDE), RH_MASK_UNDO_BYTES);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Drawing drawing = {.loop = loop, .strokes = WARM_UP + runs, .training = training};
    drawing.times = g_new0(double, drawing.strokes *SAMPLES);
    open_window(&drawing, image, editor);
    guint source = g_timeout_add_seconds(1, look_at_clock, &drawing);
    g_main_loop_run(loop);
    gboolean done = drawing.frame == drawing.strokes * SAMPLES;
    if (done) {
        g_source_remove(source);
        print_result(&drawing);
    }
    gtk_window_destroy(GTK_WINDOW(drawing.window));
    g_free(drawing.times);
    return done;
}

/* With the largest of the networks, and more epochs than there is time for. */
static gboolean draw_beside_training(guint runs)
{
    static const guint count[3] = {500, 128, 128};
    RhStudy *study = rh_bench_study_new(28, count);
    if (study == NULL)
        return FALSE;
    RhRunSettings settings = rh_run_settings_default(rh_method_find("baseline", NULL),
                                                     rh_network_kind_find("resnet18", NULL), study);
    settings.epochs = settings.patience = 1000;
    g_autoptr(RhTrainingTask) training = rh_training_task_new(study, &settings);
    rh_training_task_begin(training);
    gboolean done = draw(runs, training);
    rh_training_task_stop(training);
    while (rh_training_task_get_state(training) != RH_TRAINING_ENDED)
        g_main_context_iteration(NULL, TRUE);
    rh_bench_study_remove(study);
    return done;
}

int main(int argc, char **argv)
{
    guint64 runs;
    const gboolean trains = argc == 3 && g_str_equal(argv[2], "training");
    if (argc != 2 + trains || !g_ascii_string_to_unsigned(argv[1], 10, 1, 10000, &runs, NULL))
        return rh_bench_refuse("The program that times the canvas needs a number of runs.");
    if (!gtk_init_check())
        return rh_bench_refuse(
            "The window cannot be timed, for there is no display; start rh where DISPLAY or "
            "WAYLAND_DISPLAY names one.");
    if (!(trains ? draw_beside_training((guint)runs) : draw((guint)runs, NULL)))
        return rh_bench_refuse("The window cannot be timed, for the display has shown no frame for a while.");
    return EXIT_SUCCESS;
}
