/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-table.h"

#include <math.h>
#include <stdio.h>

#define NAME_WIDTH 20

void rh_bench_table_head(const char *title, const RhBenchColumn *columns, guint count)
{
    g_print("%-*s", NAME_WIDTH, title);
    for (guint i = 0; i < count; i++)
        g_print("  %*s", (int)columns[i].width, columns[i].title);
    g_print("\n");
    fflush(stdout);
}

void rh_bench_table_row(const char *name, const RhBenchColumn *columns, guint count, const double *values)
{
    g_print("%-*s", NAME_WIDTH, name);
    for (guint i = 0; i < count; i++)
        if (isfinite(values[i]))
            g_print("  %*.*f", (int)columns[i].width, (int)columns[i].decimals, values[i]);
        else
            g_print("  %*s", (int)columns[i].width, "-");
    g_print("\n");
    fflush(stdout);
}
