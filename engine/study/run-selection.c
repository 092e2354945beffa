/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-selection.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "nn/weights.h"
#include "study/scoring-private.h"

static const char *const names[RH_N_SELECTIONS] = {
    [RH_SELECT_AS_TRAINED] = "as-trained",       [RH_SELECT_SHIFTED] = "shifted",
    [RH_SELECT_LIKE_TRAINING] = "like-training", [RH_SELECT_BALANCED] = "balanced",
    [RH_SELECT_WORST_GROUP] = "worst-group",     [RH_SELECT_LAST] = "last",
};

const char *rh_selection_name(RhSelection selection)
{
    return names[selection];
}

gboolean rh_selection_parse(const char *name, RhSelection *selection)
{
    for (guint i = 0; i < RH_N_SELECTIONS; i++)
        if (g_str_equal(names[i], name)) {
            *selection = i;
            return TRUE;
        }
    return FALSE;
}

/* The logits of an epoch, as many rows as are known of; NULL with an error. Free with g_free. */
static double *read_logits(const RhRun *run, guint epoch, const char *tensor, guint rows, GError **error)
{
    g_autofree char *path = rh_run_history_path(run, epoch);
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, error);
    gsize count = 0;
    g_autofree double *logits = file != NULL ? rh_tensor_file_read(file, tensor, &count, error) : NULL;
    if (logits == NULL || count == 2 * (gsize)rows)
        return g_steal_pointer(&logits);
    g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                _("The scores of “%s” are not those of the run's %u images; train the run again to choose "
                  "among its epochs."),
                path, rows);
    return NULL;
}

static void put_logits(RhScores *scores, const double *logits)
{
    for (guint i = 0; i < scores->count; i++)
        for (guint k = 0; k < 2; k++)
            scores->rows[i].logits[k] = (float)logits[2 * i + k];
}

/* What a selection by validation images would have gone by in training. */
static RhScoreRule rule_of(const RhRun *run, RhSelection selection)
{
    static const RhValidation validations[] = {
        [RH_SELECT_SHIFTED] = RH_VALIDATION_SHIFTED,
        [RH_SELECT_LIKE_TRAINING] = RH_VALIDATION_LIKE_TRAINING,
        [RH_SELECT_BALANCED] = RH_VALIDATION_BALANCED,
    };
    RhRun other = *run;
    other.settings.validation = validations[selection];
    return rh_validation_rule(&other);
}

/* The loss of that group which has the highest. */
static double worst_loss(const RhScores *scores)
{
    double worst = -INFINITY;
    for (guint8 label = 0; label < 2; label++)
        for (guint8 conflicting = 0; conflicting < 3; conflicting++) {
            RhScores group = {.rows = g_new(RhTestRow, scores->count + 1)};
            for (guint i = 0; i < scores->count; i++) {
                const RhTestRow *row = &scores->rows[i];
                const guint8 part = row->conflicting == RH_UNKNOWN ? 2 : row->conflicting;
                if (row->label == label && part == conflicting)
                    group.rows[group.count++] = *row;
            }
            const RhScoreRule all = {.all = TRUE};
            if (group.count > 0)
                worst = fmax(worst, rh_scores_summarise(&group, &all).loss);
            g_free(group.rows);
        }
    return worst;
}

static double loss_of(const RhScores *scores, const RhRun *run, RhSelection selection)
{
    if (selection == RH_SELECT_WORST_GROUP)
        return worst_loss(scores);
    const RhScoreRule rule = rule_of(run, selection);
    return rh_scores_summarise(scores, &rule).loss;
}

static gboolean check_rule(const RhScores *scores, const RhRun *run, RhSelection selection, GError **error)
{
    const RhScoreRule rule =
        selection == RH_SELECT_WORST_GROUP ? (RhScoreRule){.all = TRUE} : rule_of(run, selection);
    if (rh_scores_allow(scores, &rule))
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                _("The run “%s” was validated on no images that this rule could go by; choose another."),
                run->title);
    return FALSE;
}

/* As training selects, from the losses by another rule. 0 with an error. */
static guint lowest_epoch(const RhRun *run, RhScores *scores, RhSelection selection, GError **error)
{
    g_autoptr(GArray) metrics = g_array_copy(run->metrics);
    for (guint i = 0; i < metrics->len; i++) {
        RhEpochMetrics *row = &g_array_index(metrics, RhEpochMetrics, i);
        if (row->epoch < run->settings.first_best_epoch)
            continue;
        g_autofree double *logits = read_logits(run, row->epoch, "scores.validation", scores->count, error);
        if (logits == NULL)
            return 0;
        put_logits(scores, logits);
        row->valid_loss = loss_of(scores, run, selection);
    }
    const guint epoch = rh_run_select_epoch(&run->settings, metrics);
    return epoch > 0 ? epoch : metrics->len;
}

/* The validation images as validation.csv names them, without scores. NULL with an error. */
static GArray *read_validation(const RhRun *run, GError **error)
{
    g_autofree char *path = rh_run_path(run, "validation.csv");
    g_autoptr(GArray) rows = rh_test_read(path, NULL, error);
    if (rows == NULL || rows->len > 0)
        return g_steal_pointer(&rows);
    g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                _("The run “%s” has not stored which its validation images are (validation.csv); train it "
                  "again to choose among its epochs."),
                run->title);
    return NULL;
}

static guint find_epoch(const RhRun *run, RhSelection selection, GError **error)
{
    if (selection == RH_SELECT_LAST)
        return run->metrics->len;
    g_autoptr(GArray) validation = read_validation(run, error);
    if (validation == NULL)
        return 0;
    g_autofree RhTestRow *rows = g_new0(RhTestRow, validation->len);
    RhScores scores = {.rows = rows, .count = validation->len};
    for (guint i = 0; i < validation->len; i++) {
        const RhScored *image = &g_array_index(validation, RhScored, i);
        rows[i].label = image->label;
        rows[i].conflicting = image->conflicting;
    }
    return check_rule(&scores, run, selection, error) ? lowest_epoch(run, &scores, selection, error) : 0;
}

/* The run's test images with the scores of an epoch. */
static gboolean take_test_scores(RhRun *run, guint epoch, GError **error)
{
    g_autofree double *logits = read_logits(run, epoch, "scores.test", run->test->len, error);
    for (guint i = 0; logits != NULL && i < run->test->len; i++)
        for (guint k = 0; k < 2; k++)
            g_array_index(run->test, RhScored, i).logits[k] = (float)logits[2 * i + k];
    return logits != NULL;
}

gboolean rh_run_select(RhRun *run, RhSelection selection, GError **error)
{
    if (selection == RH_SELECT_AS_TRAINED || run->state != RH_RUN_FINISHED)
        return TRUE;
    const guint epoch = find_epoch(run, selection, error);
    if (epoch == run->best_epoch && epoch > 0)
        return TRUE;
    if (epoch == 0 || !take_test_scores(run, epoch, error)) {
        g_array_set_size(run->test, 0);
        return FALSE;
    }
    run->best_epoch = run->selected_epoch = epoch;
    return TRUE;
}
