/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shift-curve.h"

#include "score/bootstrap.h"
#include "study/run-groups.h"

#define BOOTSTRAP_SEED 1

void rh_shift_curve_free(RhShiftCurve *curve)
{
    g_free(curve->label);
    g_ptr_array_unref(curve->runs);
    g_ptr_array_unref(curve->shifts);
    g_free(curve->points);
    g_free(curve->lowest);
    g_free(curve->highest);
    g_free(curve);
}

static RhShiftCurve *curve_new(char *label, guint n_levels)
{
    RhShiftCurve *curve = g_new0(RhShiftCurve, 1);
    curve->label = label;
    curve->runs = g_ptr_array_new();
    curve->shifts = g_ptr_array_new_with_free_func(g_free);
    curve->n_levels = n_levels;
    curve->points = g_new(RhShiftPoint, n_levels);
    return curve;
}

static void read_points(RhShiftCurve *curve)
{
    for (guint i = 0; i < curve->n_levels; i++)
        curve->points[i] = rh_shift_read((const RhShift *const *)curve->shifts->pdata, curve->shifts->len,
                                         (double)i / (curve->n_levels - 1));
}

static RhShiftCurve *curve_of_run(const RhRun *run, guint n_levels, RhIntervals intervals)
{
    RhShiftCurve *curve = curve_new(g_strdup(run->name), n_levels);
    const RhScored *rows = (const RhScored *)(void *)run->test->data;
    RhShift *shift = g_new(RhShift, 1);
    rh_shift_measure(rows, run->test->len, shift);
    g_ptr_array_add(curve->runs, (gpointer)run);
    g_ptr_array_add(curve->shifts, shift);
    read_points(curve);
    if (intervals == RH_INTERVALS_BOOTSTRAP)
        rh_shift_bootstrap(rows, run->test->len, RH_BOOTSTRAP_DRAWS, BOOTSTRAP_SEED, curve->points, n_levels);
    return curve;
}

GPtrArray *rh_shift_curves_of_runs(const GPtrArray *runs, guint n_levels, RhIntervals intervals)
{
    GPtrArray *curves = g_ptr_array_new_with_free_func((GDestroyNotify)rh_shift_curve_free);
    for (guint i = 0; i < runs->len; i++)
        g_ptr_array_add(curves, curve_of_run(runs->pdata[i], n_levels, intervals));
    return curves;
}

static void widen(RhShiftPoint *lowest, RhShiftPoint *highest, const RhShiftPoint *point)
{
    lowest->accuracy = MIN(lowest->accuracy, point->accuracy);
    lowest->auc = MIN(lowest->auc, point->auc);
    highest->accuracy = MAX(highest->accuracy, point->accuracy);
    highest->auc = MAX(highest->auc, point->auc);
}

static RhShiftCurve *curve_of_mean(RhShiftCurve *const *members, guint count, const char *setting)
{
    const guint n_levels = members[0]->n_levels;
    RhShiftCurve *curve = curve_new(g_strdup_printf("%s (n = %u)", setting, count), n_levels);
    curve->lowest = g_memdup2(members[0]->points, n_levels * sizeof *curve->lowest);
    curve->highest = g_memdup2(members[0]->points, n_levels * sizeof *curve->highest);
    for (guint k = 0; k < count; k++) {
        g_ptr_array_add(curve->runs, members[k]->runs->pdata[0]);
        g_ptr_array_add(curve->shifts, g_memdup2(members[k]->shifts->pdata[0], sizeof(RhShift)));
        for (guint i = 0; i < n_levels; i++)
            widen(&curve->lowest[i], &curve->highest[i], &members[k]->points[i]);
    }
    read_points(curve);
    return curve;
}

static guint64 seed_of(const RhShiftCurve *curve)
{
    return ((const RhRun *)curve->runs->pdata[0])->settings.seed;
}

static gboolean has_seed(RhShiftCurve *const *members, guint count, guint64 seed)
{
    for (guint i = 0; i < count; i++)
        if (seed_of(members[i]) == seed)
            return TRUE;
    return FALSE;
}

GPtrArray *rh_shift_curves_of_means(const GPtrArray *single, GPtrArray *by_setting)
{
    GPtrArray *means = g_ptr_array_new_with_free_func((GDestroyNotify)rh_shift_curve_free);
    g_autoptr(GPtrArray) runs = g_ptr_array_new();
    for (guint i = 0; i < single->len; i++)
        g_ptr_array_add(runs, ((const RhShiftCurve *)single->pdata[i])->runs->pdata[0]);
    g_autoptr(GPtrArray) groups = rh_run_groups((const RhRun *const *)runs->pdata, runs->len);
    g_autofree RhShiftCurve **members = g_new(RhShiftCurve *, single->len);
    for (guint i = 0; i < groups->len; i++) {
        const RhRunGroup *group = groups->pdata[i];
        guint count = 0;
        for (guint k = 0; k < group->members->len; k++) {
            RhShiftCurve *curve = single->pdata[g_array_index(group->members, guint, k)];
            if (!has_seed(members, count, seed_of(curve)))
                members[count++] = curve;
        }
        if (count > 1)
            g_ptr_array_add(means, curve_of_mean(members, count, group->label));
        g_ptr_array_add(by_setting, count > 1 ? means->pdata[means->len - 1] : members[0]);
    }
    return means;
}

gboolean rh_shift_curve_is_mean(const RhShiftCurve *curve)
{
    return curve->runs->len > 1;
}

RhShiftSummary rh_shift_curve_summary(const RhShiftCurve *curve)
{
    return rh_shift_summary((const RhShift *const *)curve->shifts->pdata, curve->shifts->len);
}
