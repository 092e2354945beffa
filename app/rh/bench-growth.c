/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-growth.h"

#include <string.h>

#include "base/error.h"
#include "bench-table.h"
#include "command.h"
#include "plot/chart.h"

#define STEPS_MAX    16
#define CHART_WIDTH  900
#define CHART_HEIGHT 560

/* A setting, and the values it is given; none: doubled from 1 to the number of processors. */
typedef struct {
    const char *name, *axis;
    gsize offset; /* in RhBenchSettings */
    guint values[STEPS_MAX];
} Ladder;

static const Ladder ladders[] = {
    {"batch", "Images in a batch", G_STRUCT_OFFSET(RhBenchSettings, batch), {1, 2, 4, 8, 16, 32, 64}},
    {"size",
     "Side of the images in pixels",
     G_STRUCT_OFFSET(RhBenchSettings, size),
     {16, 24, 32, 48, 64, 96, 128}},
    {"width", "Channels of the first stage", G_STRUCT_OFFSET(RhBenchSettings, width), {8, 16, 32, 64}},
    {"threads", "Threads", G_STRUCT_OFFSET(RhBenchSettings, threads), {0}},
};

static const Ladder *find_ladder(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(ladders); i++)
        if (g_str_equal(ladders[i].name, name))
            return &ladders[i];
    return NULL;
}

gboolean rh_bench_growth_check(const RhBenchGrowth *growth, GError **error)
{
    if (find_ladder(growth->over) != NULL)
        return growth->out == NULL || rh_chart_has_format(growth->out, error);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--over is batch, size, width or threads, not “%s”.",
                growth->over);
    return FALSE;
}

static guint steps_of(const Ladder *ladder, guint values[STEPS_MAX])
{
    guint count = 0, processors = MIN(g_get_num_processors(), 1u << (STEPS_MAX - 2));
    for (; count < STEPS_MAX && ladder->values[count] > 0; count++)
        values[count] = ladder->values[count];
    if (count > 0)
        return count;
    for (guint threads = 1; threads < processors; threads *= 2)
        values[count++] = threads;
    values[count++] = processors;
    return count;
}

/* One line of the chart. */
typedef struct {
    guint count;
    double at[STEPS_MAX], step[STEPS_MAX], low[STEPS_MAX], high[STEPS_MAX], unit[STEPS_MAX];
} Curve;

static void add_point(Curve *curve, double at, const RhBenchResult *result)
{
    guint i = curve->count++;
    curve->at[i] = at;
    curve->step[i] = result->median_ms;
    curve->low[i] = result->quartile_low_ms;
    curve->high[i] = result->quartile_high_ms;
    curve->unit[i] = result->median_ms / result->gflop;
}

static const RhBenchColumn columns[] = {
    {NULL, 7, 0},          {"median, ms", 10, 3}, {"GFLOP", 10, 3},
    {"ms a GFLOP", 10, 3}, {"% of peak", 9, 1},   {"memory, MB", 10, 0},
};

/* The first column bears the setting's name. */
static void print_head(const RhBenchGrowth *growth)
{
    RhBenchColumn named[G_N_ELEMENTS(columns)];
    memcpy(named, columns, sizeof columns);
    named[0].title = growth->over;
    rh_bench_table_head("task", named, G_N_ELEMENTS(named));
}

static void print_point(double at, const RhBenchResult *result)
{
    const double values[] = {at,
                             result->median_ms,
                             result->gflop,
                             result->median_ms / result->gflop,
                             100 * result->peak_share,
                             result->peak_rss_mb};
    rh_bench_table_row(result->task, columns, G_N_ELEMENTS(columns), values);
}

static gboolean climb(const RhBenchItem *item, const RhBenchSettings *settings, const RhBenchGrowth *growth,
                      RhProgress *progress, GCancellable *cancellable, Curve *curve, GError **error)
{
    const Ladder *ladder = find_ladder(growth->over);
    guint values[STEPS_MAX], count = steps_of(ladder, values);
    for (guint i = 0; i < count; i++) {
        RhBenchSettings changed = *settings;
        g_auto(RhBenchResult) result = {NULL};
        G_STRUCT_MEMBER(guint, &changed, ladder->offset) = values[i];
        if (changed.threads != settings->threads)
            changed.peak = 0; /* that of so many threads is another */
        rh_progress_show(progress, "%s: %s %u", item->name, ladder->name, values[i]);
        rh_progress_log(progress, "%s: %s %u", item->name, ladder->name, values[i]);
        gboolean measured = rh_bench_measure_apart(item, &changed, cancellable, &result, error);
        rh_progress_clear(progress);
        if (!measured)
            return FALSE;
        add_point(curve, values[i], &result);
        if (growth->as_json)
            rh_bench_result_print(&result);
        else
            print_point(values[i], &result);
    }
    return TRUE;
}

static RhChart *new_chart(const RhBenchSettings *settings, const Ladder *ladder)
{
    g_autofree char *title =
        g_strdup_printf("A training step of %s by %s", settings->network->id, ladder->name);
    RhChart *chart = rh_chart_new(title);
    const RhChartAxis x = {.title = ladder->axis, .logarithmic = TRUE};
    const RhChartAxis y = {.title = "Milliseconds", .logarithmic = TRUE};
    rh_chart_set_axes(chart, &x, &y);
    return chart;
}

static void draw(RhChart *chart, const RhBenchItem *item, const Curve *curve)
{
    g_autofree char *step = g_strdup_printf("%s, a step", item->name);
    g_autofree char *unit = g_strdup_printf("%s, a GFLOP", item->name);
    guint style = rh_chart_n_series(chart);
    rh_chart_add_series(chart, step, style, curve->at, curve->step, curve->low, curve->high, curve->count);
    rh_chart_add_series(chart, unit, style + 1, curve->at, curve->unit, NULL, NULL, curve->count);
}

gboolean rh_bench_grow(const GArray *items, const RhBenchSettings *settings, const RhBenchGrowth *growth,
                       RhProgress *progress, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhChart) chart = new_chart(settings, find_ladder(growth->over));
    if (!growth->as_json)
        print_head(growth);
    for (guint i = 0; i < items->len; i++) {
        const RhBenchItem *item = &g_array_index(items, RhBenchItem, i);
        Curve curve = {0};
        if (!climb(item, settings, growth, progress, cancellable, &curve, error))
            return FALSE;
        draw(chart, item, &curve);
    }
    if (growth->out == NULL)
        return TRUE;
    RhChartStyle style = rh_chart_style_default();
    return rh_chart_write(chart, growth->out, CHART_WIDTH, CHART_HEIGHT, &style, error);
}
