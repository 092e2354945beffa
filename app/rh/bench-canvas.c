/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tasks “canvas” and “canvas-training”: a frame of the window while a mask is drawn, alone or beside a
 * training. */
#include "bench-program.h"
#include "bench-task.h"

static gboolean draw(const RhBenchRequest *request, const char *beside, RhBenchResult *result, GError **error)
{
    g_autofree char *runs = g_strdup_printf("%u", request->settings->runs);
    const char *const arguments[] = {runs, beside, NULL};
    rh_progress_show(request->progress, "%s: drawing", request->name);
    rh_bench_result_clear(result);
    return rh_bench_ask_helper("redherring-bench-canvas", arguments, request->name, request->cancellable,
                               result, error);
}

static gboolean draw_alone(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    return draw(request, NULL, result, error);
}

static gboolean draw_beside_training(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    return draw(request, "training", result, error);
}

const RhBenchTask rh_bench_canvas = {
    .name = "canvas",
    .summary = "A brush's sample and the frame that shows it, in the window",
    .needs_display = TRUE,
    .measure = draw_alone,
};

const RhBenchTask rh_bench_canvas_training = {
    .name = "canvas-training",
    .summary = "The same while a run trains",
    .needs_display = TRUE,
    .measure = draw_beside_training,
};
