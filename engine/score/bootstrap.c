/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/bootstrap.h"

#include <math.h>
#include <string.h>

#include "base/quantile.h"
#include "base/random.h"
#include "score/shift-private.h"

#define N_KINDS (1u << RH_N_CELLS) /* of clusters: which cells they have images in */

typedef struct {
    const RhScored *rows;
    gsize count;
    guint *clusters; /* of the rows */
    guint n_clusters;
    GArray *members[N_KINDS]; /* guint: the clusters of a kind */
} Population;

static void population_init(Population *population, const RhScored *rows, gsize count)
{
    *population = (Population){.rows = rows, .count = count};
    population->clusters = rh_scored_clusters(rows, count, &population->n_clusters);
    g_autofree guint8 *kinds = g_new0(guint8, population->n_clusters + 1);
    for (gsize i = 0; i < count; i++)
        if (rh_scored_has_cell(&rows[i]))
            kinds[population->clusters[i]] |= (guint8)(1u << RH_CELL(rows[i].label, rows[i].conflicting));
    for (guint kind = 0; kind < N_KINDS; kind++)
        population->members[kind] = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint cluster = 0; cluster < population->n_clusters; cluster++)
        g_array_append_val(population->members[kinds[cluster]], cluster);
}

static void population_clear(Population *population)
{
    g_free(population->clusters);
    for (guint kind = 0; kind < N_KINDS; kind++)
        g_array_unref(population->members[kind]);
}

/* How often each cluster is drawn: of each kind as many as it has. */
static void draw_clusters(const Population *population, guint64 seed, guint draw, guint *times)
{
    RhRandom random;
    rh_random_init(&random, seed, RH_PURPOSE_BOOTSTRAP, draw, 0);
    memset(times, 0, population->n_clusters * sizeof *times);
    for (guint kind = 0; kind < N_KINDS; kind++) {
        const GArray *members = population->members[kind];
        for (guint i = 0; i < members->len; i++)
            times[g_array_index(members, guint, rh_random_below(&random, members->len))]++;
    }
}

static void copy_rows(const Population *population, const guint *times, GArray *drawn)
{
    g_array_set_size(drawn, 0);
    for (gsize i = 0; i < population->count; i++)
        if (rh_scored_has_cell(&population->rows[i]))
            for (guint k = 0; k < times[population->clusters[i]]; k++)
                g_array_append_val(drawn, population->rows[i]);
}

/* One value that is no number makes both bounds none. */
static void take_quantiles(double *values, guint count, double *low, double *high)
{
    *low = *high = NAN;
    for (guint i = 0; i < count; i++)
        if (isnan(values[i]))
            return;
    rh_sort_values(values, count);
    *low = rh_quantile(values, count, 0.025);
    *high = rh_quantile(values, count, 0.975);
}

void rh_shift_bootstrap(const RhScored *rows, gsize count, guint draws, guint64 seed, RhShiftPoint *points,
                        guint n_points)
{
    Population population;
    population_init(&population, rows, count);
    g_autofree guint *times = g_new(guint, population.n_clusters + 1);
    g_autofree double *accuracy = g_new(double, (gsize)draws *n_points),
                      *auc = g_new(double, (gsize)draws *n_points);
    g_autoptr(GArray) drawn = g_array_new(FALSE, FALSE, sizeof(RhScored));
    for (guint draw = 0; draw < draws; draw++) {
        RhShift shift;
        draw_clusters(&population, seed, draw, times);
        copy_rows(&population, times, drawn);
        rh_shift_measure((const RhScored *)(void *)drawn->data, drawn->len, &shift);
        for (guint i = 0; i < n_points; i++) {
            const RhShiftPoint point = rh_shift_value(&shift, points[i].level);
            accuracy[(gsize)i * draws + draw] = point.accuracy;
            auc[(gsize)i * draws + draw] = point.auc;
        }
    }
    for (guint i = 0; i < n_points; i++) {
        take_quantiles(accuracy + (gsize)i * draws, draws, &points[i].accuracy_low, &points[i].accuracy_high);
        take_quantiles(auc + (gsize)i * draws, draws, &points[i].auc_low, &points[i].auc_high);
    }
    population_clear(&population);
}
