/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "bench-result.h"
#include "nn/network.h"
#include "progress.h"
#include "tensor/kernels.h"

/* What rh bench times: one table of tasks, one file for each kind of work. */

typedef struct {
    const RhNetworkKind *network;
    const RhKernels *kernels;
    guint width, threads; /* as they are, never 0 */
    guint size, batch, runs;
    double peak; /* what the machine can do at most on these threads, in GFLOP/s; 0: not measured yet */
} RhBenchSettings;

/* To time one thing, here and now. */
typedef struct {
    const RhBenchSettings *settings;
    const char *name; /* the task's, or that of one of its kinds */
    RhPool *pool;
    RhProgress *progress;
    GCancellable *cancellable;
} RhBenchRequest;

/* What of the settings a task goes by; the rest is not in its result. */
typedef enum {
    RH_BENCH_THREADS = 1 << 0,
    RH_BENCH_BATCH = 1 << 1,
    RH_BENCH_NETWORK = 1 << 2, /* and with it kernels, width and the share of the peak */
    RH_BENCH_SIZE = 1 << 3,
} RhBenchUses;

typedef struct {
    const char *name, *summary;
    const char *option;           /* that chooses among its kinds, "method"; NULL: there is one kind only */
    void (*list)(GPtrArray *ids); /* adds the ids of its kinds */
    RhBenchUses uses;
    gboolean needs_display;
    /* Adds times, memory and counted work to the result. */
    gboolean (*measure)(const RhBenchRequest *request, RhBenchResult *result, GError **error);
} RhBenchTask;

extern const RhBenchTask rh_bench_step, rh_bench_eval, rh_bench_map, rh_bench_data, rh_bench_canvas,
    rh_bench_canvas_training, rh_bench_live;

const RhBenchTask *const *rh_bench_tasks(void); /* NULL-terminated */

/* One thing to be timed, and printed in a line. */
typedef struct {
    const RhBenchTask *task;
    const char *name;  /* the task's, or the id of a kind */
    gboolean optional; /* not asked for by name: where it cannot be timed it is left out */
} RhBenchItem;

/* Narrows a task to some of its kinds. */
typedef struct {
    const char *option;
    char *const *values; /* each an id or several with commas between them; NULL: not given */
} RhBenchChoice;

/* `names` are those of tasks, or of single kinds; none: all there is. Free the RhBenchItem with
 * g_array_unref. */
GArray *rh_bench_select(char *const *names, const RhBenchChoice *choices, guint n_choices, GError **error);

/* Times it in this process. */
gboolean rh_bench_measure(const RhBenchItem *item, const RhBenchSettings *settings, RhProgress *progress,
                          GCancellable *cancellable, RhBenchResult *result, GError **error);
/* Times it in a process of its own, so that neither memory nor anything else is left from what was timed
 * before. */
gboolean rh_bench_measure_apart(const RhBenchItem *item, const RhBenchSettings *settings,
                                GCancellable *cancellable, RhBenchResult *result, GError **error);
