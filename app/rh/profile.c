/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile.h"

#include "base/peak.h"
#include "base/pool.h"
#include "tensor/plan.h"

#define LINES_MOST  40
#define LEAST_SHARE 0.002 /* of a step; what takes less is added up */

static int compare_lines(gconstpointer a, gconstpointer b)
{
    double x = ((const RhProfileLine *)a)->seconds, y = ((const RhProfileLine *)b)->seconds;
    return (x < y) - (x > y);
}

/* What a line would take if nothing but the arithmetic, or nothing but the memory, held it up. */
static double best_seconds(const RhProfileLine *line, double peak, double bandwidth)
{
    return MAX(line->operations / (peak * 1e9), line->bytes / (bandwidth * 1e9));
}

static void print_line(const RhProfileLine *line, guint64 steps, double total, double best)
{
    g_autofree char *shape = rh_shape_to_string(line->shape), *operand = rh_shape_to_string(line->operand);
    g_autofree char *name = line->shape.rank == 0 ? g_strdup(line->operation)
                            : line->operand.rank == 4
                                ? g_strdup_printf("%s, %s and %s", line->operation, shape, operand)
                                : g_strdup_printf("%s, %s", line->operation, shape);
    g_printerr("%9.3f  %5.1f %%  %5.1f  %9.1f  %7.1f  %6.2f  %s\n", 1e3 * line->seconds / (double)steps,
               100 * line->seconds / total, (double)line->runs / (double)steps,
               line->operations / line->seconds / 1e9, line->bytes / line->seconds / 1e9,
               best / line->seconds, name);
}

void rh_profile_print(GArray *lines, guint64 steps, guint threads)
{
    g_autoptr(RhPool) pool = rh_pool_new(threads);
    double peak = rh_peak_measure(rh_pool_threads(pool), NULL);
    double bandwidth = rh_peak_bandwidth(rh_pool_threads(pool)), total = 0, rest = 0;
    for (guint i = 0; i < lines->len; i++)
        total += g_array_index(lines, RhProfileLine, i).seconds;
    g_array_sort(lines, compare_lines);
    g_printerr("Where the time of %" G_GUINT64_FORMAT
               " steps went. Best: the share of what the arithmetic (%.0f GFLOP/s) "
               "or\nmemory (%.0f GB/s) of this machine allows; above 1 where operations are saved, or the "
               "cache serves.\n"
               "  ms/step    share  times   GFLOP/s     GB/s    best\n",
               steps, peak, bandwidth);
    for (guint i = 0; steps > 0 && i < lines->len; i++) {
        const RhProfileLine *line = &g_array_index(lines, RhProfileLine, i);
        if (i < LINES_MOST && line->seconds > LEAST_SHARE * total)
            print_line(line, steps, total, best_seconds(line, peak, bandwidth));
        else
            rest += line->seconds;
    }
    if (steps > 0)
        g_printerr("%9.3f  %5.1f %%  all the rest\n%9.3f  in all\n", 1e3 * rest / (double)steps,
                   100 * rest / total, 1e3 * total / (double)steps);
    g_array_unref(lines);
}
