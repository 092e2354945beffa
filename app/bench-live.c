/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* redherring-bench-live RUNS 28|64: times “Retrain while I draw” for “rh bench live”, which starts it.
 *
 * The real window is opened on a study of 500 images of 28×28 pixels or of 150 of 64×64. A run is a stroke on
 * the image in view; what is timed is the wait from its end to the end of the frame that shows heatmap,
 * scores and shift curve of the network trained anew. Prints a line of JSON. */
#include <stdlib.h>
#include <string.h>

#include "bench-support.h"
#include "canvas/canvas-private.h"
#include "rh/bench-result.h"
#include "window/window-private.h"

#define WINDOW_WIDTH  1280
#define WINDOW_HEIGHT 800
#define SAMPLES       8u  /* of a stroke */
#define WARM_UP       1u  /* strokes */
#define REST_S        0.5 /* of the hand between strokes */
#define PATIENCE_S    60.0

static const struct {
    const char *name;
    guint size, count[3];
} kinds[] = {
    {"28", 28, {500, 128, 128}},
    {"64", 64, {150, 40, 40}},
};

typedef enum { OPENING, WAITING, RESTING, ANSWERING, DONE } Stage;

typedef struct {
    RhStudy *study;
    guint size;
    RhWindow *window;
    GtkApplication *application;
    Stage stage;
    guint stroke, strokes;
    double *times; /* milliseconds; of every stroke */
    gint64 since;  /* when the stage began, µs */
    char *renderer;
} Watch;

static void enter(Watch *watch, Stage stage)
{
    watch->stage = stage;
    watch->since = g_get_monotonic_time();
}

static double seconds_in_stage(const Watch *watch)
{
    return (double)(g_get_monotonic_time() - watch->since) / G_USEC_PER_SEC;
}

static void switch_on(RhWindow *window)
{
    rh_run_setup_set_method(rh_run_panel_get_setup(window->run_panel), rh_method_find("actdiff", NULL));
    g_object_set(window->live_bar, "active", TRUE, NULL);
}

static gboolean is_trained(RhWindow *window)
{
    return rh_live_training_get_state(window->live_training) == RH_LIVE_DONE &&
           g_list_model_get_n_items(G_LIST_MODEL(window->live_runs)) > 0;
}

/* Strokes lie in pairs one below the other: the first of a pair paints, the second erases it again. */
static void draw_stroke(Watch *watch)
{
    RhCanvas *canvas = watch->window->canvas;
    const double y = watch->size * (0.2 + 0.6 * (watch->stroke / 2 % 4) / 3);
    rh_canvas_set_tool(canvas, watch->stroke % 2 == 0 ? RH_CANVAS_BRUSH : RH_CANVAS_ERASER);
    rh_canvas_set_brush_size(canvas, watch->size / 4);
    rh_canvas_stroke_begin(canvas, watch->size * 0.3, y);
    for (guint i = 1; i < SAMPLES; i++)
        rh_canvas_stroke_to(canvas, watch->size * (0.3 + 0.4 * i / (SAMPLES - 1)), y);
    rh_canvas_finish_stroke(canvas);
}

static gboolean is_answered(const RhWindow *window)
{
    return window->live_stroke == 0 && window->live_stroke_map == 0;
}

static gboolean on_frame_begun(GtkWidget *window, GdkFrameClock *clock, gpointer data)
{
    Watch *watch = data;
    if (watch->stage == OPENING && watch->window->editor != NULL) {
        switch_on(watch->window);
        enter(watch, WAITING);
    } else if (watch->stage == WAITING && is_trained(watch->window)) {
        enter(watch, RESTING);
    } else if (watch->stage == RESTING && seconds_in_stage(watch) > REST_S) {
        draw_stroke(watch);
        enter(watch, ANSWERING);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean look_at_clock(gpointer data)
{
    Watch *watch = data;
    if (seconds_in_stage(watch) < PATIENCE_S)
        return G_SOURCE_CONTINUE;
    g_application_quit(G_APPLICATION(watch->application));
    return G_SOURCE_REMOVE;
}

static void on_frame_ended(GdkFrameClock *clock, Watch *watch)
{
    if (watch->stage != ANSWERING || !is_answered(watch->window))
        return;
    watch->times[watch->stroke++] = 1e3 * seconds_in_stage(watch);
    enter(watch, watch->stroke < watch->strokes ? RESTING : DONE);
    if (watch->stage == DONE)
        g_application_quit(G_APPLICATION(watch->application));
}

static void activate(GtkApplication *application, Watch *watch)
{
    watch->window = rh_window_new(application);
    gtk_window_set_default_size(GTK_WINDOW(watch->window), WINDOW_WIDTH, WINDOW_HEIGHT);
    gtk_window_present(GTK_WINDOW(watch->window));
    rh_window_open(watch->window, watch->study->folder);
    watch->renderer = g_strdup(G_OBJECT_TYPE_NAME(gtk_native_get_renderer(GTK_NATIVE(watch->window))));
    enter(watch, OPENING);
    g_timeout_add_seconds(1, look_at_clock, watch);
    gtk_widget_add_tick_callback(GTK_WIDGET(watch->window), on_frame_begun, watch, NULL);
    g_signal_connect(gtk_widget_get_frame_clock(GTK_WIDGET(watch->window)), "after-paint",
                     G_CALLBACK(on_frame_ended), watch);
}

static void print_result(Watch *watch, const char *kind)
{
    g_autofree char *task = g_strdup_printf("live-%s", kind);
    g_auto(RhBenchResult) result;
    rh_bench_result_init(&result, task);
    rh_bench_result_set_times(&result, watch->times + WARM_UP, watch->strokes - WARM_UP);
    rh_bench_result_set_memory(&result);
    result.size = watch->size;
    result.renderer = g_strdup(watch->renderer);
    rh_bench_result_print(&result);
}

/* The window must neither find nor change what the user has set and opened. */
static void leave_the_user_alone(const char *folder)
{
    static const char *const places[] = {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
                                         "XDG_CACHE_HOME"};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *place = g_build_filename(folder, places[i], NULL);
        g_setenv(places[i], place, TRUE);
    }
    g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
}

static gboolean draw(Watch *watch)
{
    g_autoptr(AdwApplication) application = adw_application_new(NULL, G_APPLICATION_NON_UNIQUE);
    watch->application = GTK_APPLICATION(application);
    g_signal_connect(application, "activate", G_CALLBACK(activate), watch);
    g_application_run(G_APPLICATION(application), 0, NULL);
    return watch->stage == DONE;
}

static gboolean measure(const char *kind, guint size, const guint count[3], guint runs)
{
    Watch watch = {.study = rh_bench_study_new(size, count), .size = size, .strokes = WARM_UP + runs};
    if (watch.study == NULL)
        return FALSE;
    g_autofree char *folder = g_path_get_dirname(watch.study->folder);
    leave_the_user_alone(folder);
    if (!gtk_init_check())
        rh_bench_refuse("The window cannot be timed, for there is no display; start rh where DISPLAY or "
                        "WAYLAND_DISPLAY names one.");
    else {
        watch.times = g_new0(double, watch.strokes);
        if (draw(&watch))
            print_result(&watch, kind);
        else
            rh_bench_refuse("The window cannot be timed, for it has answered no stroke for a while.");
        g_free(watch.times);
    }
    g_free(watch.renderer);
    rh_bench_study_remove(watch.study);
    return watch.stage == DONE;
}

int main(int argc, char **argv)
{
    guint64 runs;
    if (argc == 3 && g_ascii_string_to_unsigned(argv[1], 10, 1, 10000, &runs, NULL))
        for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
            if (g_str_equal(kinds[i].name, argv[2]))
                return measure(argv[2], kinds[i].size, kinds[i].count, (guint)runs) ? EXIT_SUCCESS
                                                                                    : EXIT_FAILURE;
    return rh_bench_refuse("The program that times the live loop needs a number of runs, and 28 or 64.");
}
