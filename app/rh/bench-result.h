/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* What was measured of one task: a line of JSON whose members bear these names. Peers print such lines too,
 * of which only `task` and `median_ms` are needed. What does not exist is NULL or NaN here and null there. */
typedef struct {
    char *program, *task, *network, *kernels;
    double threads, batch, size, width; /* whole numbers */
    double median_ms, min_ms, max_ms, quartile_low_ms, quartile_high_ms, percentile_99_ms;
    double peak_rss_mb; /* the most memory the process had, in 2²⁰ bytes */
    double gflop;       /* counted work of one unit, in 10⁹ operations */
    double gflops;      /* the same a second … */
    double peak_share;  /* … and as a share of the most the machine can do */
    double images_per_second;
    char *renderer; /* what drew the window */
} RhBenchResult;

/* All NULL and NaN but the program, which is this one. */
void rh_bench_result_init(RhBenchResult *result, const char *task);
void rh_bench_result_clear(RhBenchResult *result);
/* Sorts the milliseconds, count > 0, and sets all that follows from them. */
void rh_bench_result_set_times(RhBenchResult *result, double *milliseconds, guint count);
/* The most memory this process has had until now. */
void rh_bench_result_set_memory(RhBenchResult *result);

void rh_bench_result_build(const RhBenchResult *result, JsonBuilder *builder); /* the members */
/* One line on standard output, at once. */
void rh_bench_result_print(const RhBenchResult *result);
/* Takes a line apart; FALSE, and nothing to clear, if it is none of these. */
gboolean rh_bench_result_parse(RhBenchResult *result, const char *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RhBenchResult, rh_bench_result_clear)
