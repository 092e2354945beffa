/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-curves.h"

#include <glib/gi18n.h>

#include "study/run-groups.h"

static void curve_free(gpointer data)
{
    RhRunCurve *curve = data;
    g_free(curve->label);
    g_ptr_array_unref(curve->items);
    g_ptr_array_unref(curve->counted);
    g_free(curve);
}

static RhRunCurve *curve_new(void)
{
    RhRunCurve *curve = g_new0(RhRunCurve, 1);
    curve->items = g_ptr_array_new_with_free_func(g_object_unref);
    curve->counted = g_ptr_array_new_with_free_func(g_object_unref);
    return curve;
}

static RhRunCurve *curve_of_run(RhRunItem *item)
{
    RhRunCurve *curve = curve_new();
    curve->label = g_strdup(rh_run_item_get_run(item)->title);
    curve->style = rh_run_item_get_style(item);
    curve->visible = rh_run_item_get_visible(item);
    g_ptr_array_add(curve->items, g_object_ref(item));
    g_ptr_array_add(curve->counted, g_object_ref(item));
    return curve;
}

static gboolean has_seed(const GPtrArray *items, guint64 seed)
{
    for (guint i = 0; i < items->len; i++)
        if (rh_run_item_get_run(items->pdata[i])->settings.seed == seed)
            return TRUE;
    return FALSE;
}

/* A setting that is shown by one run is called like the run. */
static char *label_of(const RhRunCurve *curve, const char *setting)
{
    if (curve->counted->len == 1)
        return g_strdup(rh_run_item_get_run(curve->counted->pdata[0])->title);
    /* Translators: a setting and over how many runs its mean is: "actdiff-small (n = 3)" */
    return g_strdup_printf(_("%s (n = %u)"), setting, curve->counted->len);
}

static RhRunCurve *curve_of_group(const GPtrArray *items, const RhRunGroup *group)
{
    RhRunCurve *curve = curve_new();
    for (guint i = 0; i < group->members->len; i++) {
        RhRunItem *item = items->pdata[g_array_index(group->members, guint, i)];
        curve->visible |= rh_run_item_get_visible(item);
        g_ptr_array_add(curve->items, g_object_ref(item));
    }
    for (guint i = 0; i < curve->items->len; i++) {
        RhRunItem *item = curve->items->pdata[i];
        if ((rh_run_item_get_visible(item) || !curve->visible) &&
            !has_seed(curve->counted, rh_run_item_get_run(item)->settings.seed))
            g_ptr_array_add(curve->counted, g_object_ref(item));
    }
    curve->style = rh_run_item_get_style(curve->items->pdata[0]);
    curve->label = label_of(curve, group->label);
    return curve;
}

static gboolean is_finished(RhRunItem *item)
{
    return !rh_run_item_get_training(item) && !rh_run_item_get_apart(item) &&
           rh_run_item_get_run(item)->state == RH_RUN_FINISHED;
}

/* For a sort: by the place of the first run in the list. */
static int by_place(gconstpointer a, gconstpointer b, gpointer data)
{
    const RhRunCurve *one = *(const RhRunCurve *const *)a, *other = *(const RhRunCurve *const *)b;
    guint p = 0, q = 0;
    g_ptr_array_find(data, one->items->pdata[0], &p);
    g_ptr_array_find(data, other->items->pdata[0], &q);
    return p < q ? -1 : p > q;
}

GPtrArray *rh_run_curves(const GPtrArray *items, gboolean together)
{
    GPtrArray *curves = g_ptr_array_new_with_free_func(curve_free);
    g_autoptr(GPtrArray) finished = g_ptr_array_new(), runs = g_ptr_array_new();
    for (guint i = 0; i < items->len; i++) {
        if (together && is_finished(items->pdata[i])) {
            g_ptr_array_add(finished, items->pdata[i]);
            g_ptr_array_add(runs, (gpointer)rh_run_item_get_run(items->pdata[i]));
        } else {
            g_ptr_array_add(curves, curve_of_run(items->pdata[i]));
        }
    }
    g_autoptr(GPtrArray) groups = rh_run_groups((const RhRun *const *)runs->pdata, runs->len);
    for (guint i = 0; i < groups->len; i++)
        g_ptr_array_add(curves, curve_of_group(finished, groups->pdata[i]));
    g_ptr_array_sort_with_data(curves, by_place, (gpointer)items);
    return curves;
}

gboolean rh_run_curves_have_seeds(const GPtrArray *curves)
{
    for (guint i = 0; i < curves->len; i++)
        if (((const RhRunCurve *)curves->pdata[i])->counted->len > 1)
            return TRUE;
    return FALSE;
}

RhInterval rh_run_curve_mean(const RhRunCurve *curve, double (*value)(RhRunItem *item, gpointer data),
                             gpointer data)
{
    g_autofree double *values = g_new(double, curve->counted->len);
    for (guint i = 0; i < curve->counted->len; i++)
        values[i] = value(curve->counted->pdata[i], data);
    return rh_mean_interval(values, curve->counted->len);
}

void rh_run_curves_set_visible(const GPtrArray *curves, const char *label, gboolean visible)
{
    for (guint i = 0; i < curves->len; i++) {
        const RhRunCurve *curve = curves->pdata[i];
        for (guint k = 0; g_str_equal(curve->label, label) && k < curve->items->len; k++)
            rh_run_item_set_visible(curve->items->pdata[k], visible);
    }
}
