/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-doubt.h"

#include <glib/gi18n.h>
#include <math.h>

static const RhEpochMetrics *epoch_at(const RhRun *run, guint place)
{
    return &g_array_index(run->metrics, RhEpochMetrics, place);
}

static char *doubt_of_numbers(const RhRun *run)
{
    for (guint i = 0; i < run->metrics->len; i++) {
        const RhEpochMetrics *epoch = epoch_at(run, i);
        if (!isfinite(epoch->train_classification) || !isfinite(epoch->train_penalty) ||
            !isfinite(epoch->valid_loss))
            return g_strdup_printf(
                _("The training diverged: from epoch %u on its loss is not a number. Try a "
                  "lower learning rate."),
                epoch->epoch);
    }
    return NULL;
}

static char *doubt_of_losses(const RhRun *run)
{
    if (run->metrics->len == 0)
        return NULL;
    const RhEpochMetrics *first = epoch_at(run, 0), *last = epoch_at(run, run->metrics->len - 1);
    if (last->train_classification > RH_DOUBT_LOSS)
        return g_strdup_printf(
            _("The training diverged: in the last epoch the loss is %.4g, where guessing has "
              "0.69. Try a lower learning rate."),
            last->train_classification);
    if (fabs(last->train_penalty) > RH_DOUBT_LOSS &&
        fabs(last->train_penalty) > RH_DOUBT_GROWTH * fabs(first->train_penalty))
        return g_strdup_printf(
            _("The training diverged: the penalty grew from %.4g in the first epoch to %.4g in "
              "the last. Try a lower learning rate or a lower weight λ."),
            first->train_penalty, last->train_penalty);
    return NULL;
}

/* Whether there is an AUC and one half lies outside of its interval. */
static gboolean is_told_from_chance(const RhShiftPoint *point)
{
    return point->auc_low > 0.5 || point->auc_high < 0.5;
}

static char *doubt_of_learning(const RhShift *shift)
{
    if (shift == NULL)
        return NULL;
    const RhShiftPoint ends[] = {rh_shift_read((const RhShift *const[]){shift}, 1, 0),
                                 rh_shift_read((const RhShift *const[]){shift}, 1, 1)};
    if (isnan(ends[0].auc) || isnan(ends[1].auc) || is_told_from_chance(&ends[0]) ||
        is_told_from_chance(&ends[1]))
        return NULL;
    return g_strdup(
        _("Nothing was learnt that could be told from chance: neither as in training nor with the "
          "confounder reversed."));
}

char *rh_run_doubt(const RhRun *run, const RhShift *shift)
{
    if (run->fault != NULL)
        return g_strdup(run->fault);
    if (run->state != RH_RUN_FINISHED)
        return NULL;
    char *doubt = doubt_of_numbers(run);
    if (doubt == NULL)
        doubt = doubt_of_losses(run);
    return doubt != NULL ? doubt : doubt_of_learning(shift);
}
