/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-measure.h"

#include <time.h>

/* At least so many runs and so long: two threads that have begun on one processor share it for a while. */
#define WARM_UP_RUNS         2u
#define WARM_UP_MILLISECONDS 150

static double milliseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * (double)now.tv_sec + now.tv_nsec / 1e6;
}

static gboolean run_once(const RhBenchRequest *request, const RhBenchUnit *unit, double *milliseconds,
                         GError **error)
{
    if (g_cancellable_set_error_if_cancelled(request->cancellable, error))
        return FALSE;
    double start = milliseconds_now();
    gboolean done = unit->run(unit->data, error);
    *milliseconds = milliseconds_now() - start;
    return done;
}

static gboolean warm_up(const RhBenchRequest *request, const RhBenchUnit *unit, GError **error)
{
    double start = milliseconds_now(), ignored;
    rh_progress_show(request->progress, "%s: warming up", request->name);
    for (guint i = 0; i < WARM_UP_RUNS || milliseconds_now() - start < WARM_UP_MILLISECONDS; i++)
        if (!run_once(request, unit, &ignored, error))
            return FALSE;
    return TRUE;
}

gboolean rh_bench_time(const RhBenchRequest *request, const RhBenchUnit *unit, RhBenchResult *result,
                       GError **error)
{
    guint runs = request->settings->runs;
    g_autofree double *times = g_new(double, runs);
    if (!warm_up(request, unit, error))
        return FALSE;
    for (guint i = 0; i < runs; i++) {
        rh_progress_show(request->progress, "%s: run %u of %u", request->name, i + 1, runs);
        if (!run_once(request, unit, &times[i], error))
            return FALSE;
    }
    rh_bench_result_set_times(result, times, runs);
    rh_bench_result_set_memory(result);
    result->images_per_second = unit->images / (result->median_ms / 1e3);
    if (unit->operations != NULL)
        result->gflop = unit->operations(unit->data) / 1e9;
    return TRUE;
}
