/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The task “canvas”: a frame of the window while a mask is drawn. rh knows no window, so a program beside it
 * draws. */
#include "base/error.h"
#include "bench-program.h"
#include "bench-task.h"
#include "config.h"

#define PROGRAM "redherring-bench-canvas"

/* Beside this program where it was built, in a folder of helpers where it was installed. */
static char *find_program(void)
{
    g_autofree char *own = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = own != NULL ? g_path_get_dirname(own) : g_strdup(".");
    const char *const folders[] = {folder, RH_HELPERS};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(folders[i], PROGRAM, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static gboolean measure(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    g_autofree char *program = find_program();
    if (program == NULL) {
        g_set_error_literal(error, RH_ERROR, RH_ERROR_MISSING,
                            "The window cannot be timed, for " PROGRAM
                            " is not beside rh; build with the window (gtk4, libadwaita).");
        return FALSE;
    }
    g_autofree char *runs = g_strdup_printf("%u", request->settings->runs);
    const char *const arguments[] = {program, runs, NULL};
    rh_progress_show(request->progress, "canvas: drawing");
    rh_bench_result_clear(result);
    return rh_bench_ask_own(arguments, request->name, request->cancellable, result, error);
}

const RhBenchTask rh_bench_canvas = {
    .name = "canvas",
    .summary = "A brush's sample and the frame that shows it, in the window",
    .needs_display = TRUE,
    .measure = measure,
};
