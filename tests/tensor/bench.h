/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "tensor/graph.h"
#include "tensor/kernels.h"

/* A graph whose results are compared with values computed elsewhere, for the tests of this folder. */
typedef struct {
    const RhKernels *kernels;
    RhPrecision precision;
    RhRandom random;
    RhParameters *values; /* the operands, in the order in which they were made */
    RhGraph *graph;
} RhBench;

/* Calls `check` with an empty graph in single precision for all kernels this processor can run, and in
 * double. */
void rh_bench_run(void (*check)(RhBench *bench, gconstpointer data), gconstpointer data);
/* An operand drawn from [low, high), or with the values given, rounded to the precision. */
RhNode *rh_bench_random(RhBench *bench, RhShape shape, double low, double high);
RhNode *rh_bench_given(RhBench *bench, RhShape shape, const double *given);
/* Element `index` of operand `which`. */
double rh_bench_operand(const RhBench *bench, guint which, gsize index);
/* The node's values after a run; free with g_free. */
double *rh_bench_result(RhBench *bench, RhNode *node);
/* How far a result may be off, relatively: 1e-13 in double precision, 2e-6 in single, 1e-5 with fast kernels.
 */
double rh_bench_tolerance(const RhBench *bench);
/* Insists that the node's values are those expected, to that tolerance of the largest. */
void rh_bench_check(RhBench *bench, const char *what, RhNode *node, const double *expected);
