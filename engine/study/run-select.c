/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run.h"

/* Lowest validation loss among the epochs that count; a loss that is no number is never the lowest. */
static guint lowest(const RhRunSettings *settings, const GArray *metrics)
{
    const RhEpochMetrics *best = NULL;
    for (guint i = 0; i < metrics->len; i++) {
        const RhEpochMetrics *row = &g_array_index(metrics, RhEpochMetrics, i);
        if (row->epoch < settings->first_best_epoch || row->valid_loss != row->valid_loss)
            continue;
        if (best == NULL || row->valid_loss < best->valid_loss)
            best = row;
    }
    return best != NULL ? best->epoch : 0;
}

gboolean rh_run_is_complete(const RhRunSettings *settings, const GArray *metrics)
{
    const guint best = lowest(settings, metrics);
    const guint since = best > 0 ? best : settings->first_best_epoch - 1;
    return metrics->len >= settings->epochs ||
           (metrics->len > since && metrics->len - since >= settings->patience);
}

guint rh_run_select_epoch(const RhRunSettings *settings, const GArray *metrics)
{
    const guint best = lowest(settings, metrics);
    return best == 0 && rh_run_is_complete(settings, metrics) ? metrics->len : best;
}
