/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/run-item.h"
#include "score/interval.h"

/* What a chart of many runs has a curve of: a run, or the seeds of one setting. */
typedef struct {
    char *label; /* the run's, or "actdiff-small (n = 3)" */
    guint style;
    gboolean visible;   /* a run of it is to be seen */
    GPtrArray *items;   /* RhRunItem: what is hidden and shown with it */
    GPtrArray *counted; /* of these the visible ones, each seed once; of a hidden curve all of them */
} RhRunCurve;

/* The curves of `items`, in the order of the list. together: finished runs that differ in their seed only
 * make one curve; a run that still trains, or is kept apart, is one by itself. Free with g_ptr_array_unref.
 */
GPtrArray *rh_run_curves(const GPtrArray *items, gboolean together);
/* Whether any two would make one curve. */
gboolean rh_run_curves_have_seeds(const GPtrArray *curves);
/* Mean and 95 % t interval of a value over what is counted; of a single run the value and NaN. */
RhInterval rh_run_curve_mean(const RhRunCurve *curve, double (*value)(RhRunItem *item, gpointer data),
                             gpointer data);
/* Shows or hides the curve of that label, with all its runs. */
void rh_run_curves_set_visible(const GPtrArray *curves, const char *label, gboolean visible);
