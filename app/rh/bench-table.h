/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Tables of numbers on standard output: a name and then columns, one row printed at a time. */
typedef struct {
    const char *title;
    guint width, decimals;
} RhBenchColumn;

void rh_bench_table_head(const char *title, const RhBenchColumn *columns, guint count);
/* A value that does not exist (NaN) is a dash. */
void rh_bench_table_row(const char *name, const RhBenchColumn *columns, guint count, const double *values);
