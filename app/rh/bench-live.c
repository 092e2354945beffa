/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The task “live”: how long a person who draws waits for the network that is trained anew. */
#include <string.h>

#include "bench-program.h"
#include "bench-task.h"

#define PREFIX "live-"

static void list(GPtrArray *ids)
{
    g_ptr_array_add(ids, (gpointer)PREFIX "28");
    g_ptr_array_add(ids, (gpointer)PREFIX "64");
}

static gboolean measure(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    g_autofree char *runs = g_strdup_printf("%u", request->settings->runs);
    const char *const arguments[] = {runs, request->name + strlen(PREFIX), NULL};
    rh_progress_show(request->progress, "%s: drawing", request->name);
    rh_bench_result_clear(result);
    return rh_bench_ask_helper("redherring-bench-live", arguments, request->name, request->cancellable,
                               result, error);
}

const RhBenchTask rh_bench_live = {
    .name = "live",
    .summary = "From a stroke to heatmap, scores and curve of the network trained anew",
    .list = list,
    .needs_display = TRUE,
    .measure = measure,
};
