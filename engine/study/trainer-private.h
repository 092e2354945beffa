/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/batches.h"
#include "study/checkpoint-private.h"
#include "study/scoring-private.h"
#include "study/trainer.h"

/* What the training thread works with; made on it, for it takes a while. */
typedef struct {
    RhRun *run; /* settings and metrics so far, up to the last finished epoch */
    RhSamples *samples;
    RhPool *pool;
    RhNetwork *network;
    RhStepper *stepper;
    RhBatches *batches;
    RhEvaluator *evaluator;
    RhScores *validation, *test;
    RhScoreRule rule; /* of validation */
    RhWriter *writer;
    char *best_test; /* test.csv of the best epoch; NULL if there is none yet */
    double *logits;  /* of a batch */
} RhSession;

/* Makes everything anew or from the last finished epoch, computed with these kernels, and marks the run as
 * unfinished. */
RhSession *rh_session_new(const char *folder, RhSamples *samples, const RhKernels *kernels, guint threads,
                          GError **error);
/* The same for a run that is nowhere on disk and leaves nothing there; takes the run. It has no writer:
 * neither rh_session_close_epoch nor rh_session_finish are for it. */
RhSession *rh_session_new_in_memory(RhRun *run, RhSamples *samples, guint threads, GError **error);
void rh_session_free(RhSession *session);

/* What an epoch's steps add up to. */
typedef struct {
    double classification, penalty, discriminator;
    guint right, count;
} RhEpochSums;
/* One step of the epoch that rh_batches_begin began; returns its images. */
guint rh_session_step(RhSession *session, guint step, RhEpochSums *sums, RhLosses *losses);
/* Scores validation and test with the network as it is, and says all there is to say of the epoch but how
 * long it took. */
RhEpochMetrics rh_session_measure(RhSession *session, guint epoch, const RhEpochSums *sums);
/* Scores validation and test with the network as it is. */
void rh_session_score(RhSession *session, const RhParameters *parameters);
/* Closes an epoch: adds its metrics, selects, hands all that is to be kept to the writer. */
gboolean rh_session_close_epoch(RhSession *session, const RhEpochMetrics *metrics, gboolean *best,
                                GError **error);
/* All on disk, test.csv and run.ini final. */
gboolean rh_session_finish(RhSession *session, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhSession, rh_session_free)
