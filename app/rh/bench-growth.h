/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-task.h"

/* How the time of a training step grows with one of the settings. */
typedef struct {
    const char *over; /* the setting: "batch", "size", "width" or "threads" */
    const char *out;  /* a chart, or its values as .csv; NULL: none */
    gboolean as_json;
} RhBenchGrowth;

/* Refuses a setting that is none of these, and a file that is no chart. */
gboolean rh_bench_growth_check(const RhBenchGrowth *growth, GError **error);
/* Times every item at every step of the ladder, prints a line of each and draws them all. */
gboolean rh_bench_grow(const GArray *items, const RhBenchSettings *settings, const RhBenchGrowth *growth,
                       RhProgress *progress, GCancellable *cancellable, GError **error);
