/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-task.h"

/* A unit of work that can be done again and again. */
typedef struct {
    gpointer data;
    gboolean (*run)(gpointer data, GError **error); /* one unit */
    /* Floating-point operations of the last unit; NULL: none are counted. */
    double (*operations)(gconstpointer data);
    guint images; /* in a unit */
} RhBenchUnit;

/* Does the unit a few times to warm up and then as often as the settings say, and adds what it took to the
 * result. */
gboolean rh_bench_time(const RhBenchRequest *request, const RhBenchUnit *unit, RhBenchResult *result,
                       GError **error);
