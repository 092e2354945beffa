/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/quick.h"

#include "study/trainer-private.h"

void rh_quick_run_free(RhQuickRun *quick)
{
    if (quick == NULL)
        return;
    g_clear_pointer(&quick->run, rh_run_free);
    g_clear_pointer(&quick->weights, rh_parameters_unref);
    g_free(quick);
}

static gboolean run_steps(RhSession *session, guint epoch, RhEpochSums *sums, GCancellable *cancellable,
                          GError **error)
{
    rh_batches_begin(session->batches, epoch);
    for (guint step = 0; step < rh_batches_steps(session->batches); step++) {
        RhLosses losses;
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        rh_session_step(session, step, sums, &losses);
    }
    return TRUE;
}

/* What is kept of an epoch that is the best so far. */
static void keep(const RhSession *session, RhQuickRun *quick)
{
    const RhScores *test = session->test;
    g_clear_pointer(&quick->weights, rh_parameters_unref);
    quick->weights = rh_parameters_copy(session->network->parameters);
    g_array_set_size(session->run->test, 0);
    for (guint i = 0; i < test->count; i++) {
        const RhTestRow *row = &test->rows[i];
        const RhScored scored = {
            {row->logits[0], row->logits[1]}, row->label, row->conflicting, row->cluster};
        g_array_append_val(session->run->test, scored);
    }
}

static gboolean is_over(const RhRun *run, double seconds)
{
    const guint done = run->metrics->len;
    if (seconds <= 0 || done < run->settings.first_best_epoch)
        return FALSE;
    const double spent = g_array_index(run->metrics, RhEpochMetrics, done - 1).seconds;
    return spent + spent / done > seconds;
}

static gboolean train(RhSession *session, RhQuickRun *quick, double seconds, RhQuickProgress progress,
                      gpointer progress_data, GCancellable *cancellable, GError **error)
{
    RhRun *run = session->run;
    const gint64 started = g_get_monotonic_time();
    while (!rh_run_is_complete(&run->settings, run->metrics)) {
        const guint epoch = run->metrics->len + 1;
        RhEpochSums sums = {0};
        if (!run_steps(session, epoch, &sums, cancellable, error))
            return FALSE;
        RhEpochMetrics row = rh_session_measure(session, epoch, &sums);
        row.seconds = (double)(g_get_monotonic_time() - started) / G_USEC_PER_SEC;
        g_array_append_val(run->metrics, row);
        if (is_over(run, seconds))
            run->settings.epochs = epoch;
        run->best_epoch = rh_run_select_epoch(&run->settings, run->metrics);
        if (run->best_epoch == epoch)
            keep(session, quick);
        if (progress != NULL)
            progress(&row, run->settings.epochs, progress_data);
    }
    run->state = RH_RUN_FINISHED;
    return TRUE;
}

RhQuickRun *rh_quick_train(const RhStudy *study, const RhRunSettings *settings, const char *name,
                           RhSamples *samples, guint threads, double seconds, RhQuickProgress progress,
                           gpointer progress_data, GCancellable *cancellable, GError **error)
{
    if (!rh_run_check_settings(settings, error))
        return NULL;
    g_autofree char *nowhere = g_build_filename(study->folder, "runs", ".in-memory", NULL);
    RhRun *run = rh_run_new(study, settings, nowhere);
    g_free(run->name);
    g_free(run->title);
    run->name = g_strdup(name);
    run->title = g_strdup(name);
    g_autoptr(RhSession) session = rh_session_new_in_memory(run, samples, threads, error);
    g_autoptr(RhQuickRun) quick = g_new0(RhQuickRun, 1);
    if (session == NULL || !train(session, quick, seconds, progress, progress_data, cancellable, error))
        return NULL;
    quick->run = g_steal_pointer(&session->run);
    return g_steal_pointer(&quick);
}
