/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "study/trainer-private.h"

/* An epoch: its steps and what they add up to. */

static void add_up(RhEpochSums *sums, const RhSession *session, const RhBatch *batch, const RhLosses *losses)
{
    double *logits = session->logits;
    rh_stepper_logits(session->stepper, logits);
    for (guint i = 0; i < batch->count; i++)
        sums->right += (logits[2 * i + 1] > logits[2 * i]) == batch->labels[i];
    sums->count += batch->count;
    sums->classification += losses->classification * batch->count;
    sums->penalty += losses->penalty * batch->count;
    sums->discriminator += losses->discriminator * batch->count;
}

guint rh_session_step(RhSession *session, guint step, RhEpochSums *sums, RhLosses *losses)
{
    RhBatch batch;
    rh_batches_get(session->batches, step, &batch);
    rh_stepper_run(session->stepper, &batch, losses);
    add_up(sums, session, &batch, losses);
    return batch.count;
}

RhEpochMetrics rh_session_measure(RhSession *session, guint epoch, const RhEpochSums *sums)
{
    rh_session_score(session, session->network->parameters);
    const RhScoreSummary validation = rh_scores_summarise(session->validation, &session->rule);
    const gboolean shift = session->run->confounder_kind != RH_CONFOUNDER_NONE;
    const RhScoreRule aligned = {.all = !shift, .weight = {1, 0}}, conflicting = {.weight = {0, 1}};
    return (RhEpochMetrics){
        .epoch = epoch,
        .train_classification = sums->classification / sums->count,
        .train_penalty = sums->penalty / sums->count,
        .train_discriminator = sums->discriminator / sums->count,
        .train_accuracy = (double)sums->right / sums->count,
        .valid_loss = validation.loss,
        .valid_accuracy = validation.accuracy,
        .valid_auc = validation.auc,
        .test_auc_aligned = rh_scores_summarise(session->test, &aligned).auc,
        .test_auc_conflicting = shift ? rh_scores_summarise(session->test, &conflicting).auc : NAN,
    };
}
