/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "method/step.h"
#include "study/run.h"
#include "tensor/kernels.h"

/* Trains one run. Training goes on in the caller's thread (rh_trainer_run) or in one of its own
 * (rh_trainer_start). After every epoch all that is needed to go on from there is on disk or on its way
 * there. A trainer made on an unfinished run goes on from its last finished epoch, with the same result as if
 * nothing had happened. */
typedef struct _RhTrainer RhTrainer;

typedef struct {
    guint epoch, epochs; /* finished, in all */
    guint step, steps;   /* within the running epoch */
    RhLosses losses;     /* of the last step */
    double seconds_left; /* NaN until it can be told */
    double images_per_second;
} RhTrainingProgress;

/* An immutable picture of the network while it trains. */
typedef struct {
    gatomicrefcount references;
    RhParameters *parameters;
    guint epoch;
    guint64 step;
} RhSnapshot;
RhSnapshot *rh_snapshot_ref(RhSnapshot *snapshot);
void rh_snapshot_unref(RhSnapshot *snapshot);

/* Called on the training thread; any may be NULL. They must be quick and not call back into the trainer. */
typedef struct {
    void (*step)(const RhTrainingProgress *progress, gpointer data); /* at most ten times a second */
    void (*epoch)(const RhEpochMetrics *metrics, gboolean best, gpointer data);
    /* Where the time of the steps went (RhProfileLine, the callee frees it); they are timed only if this is
     * asked for. Before `finished`. */
    void (*profile)(GArray *lines, guint64 steps, gpointer data);
    void (*finished)(gboolean completed, const GError *error,
                     gpointer data); /* last call; stopped: completed FALSE, no error */
} RhTrainerListener;

/* kernels: what it is computed with; NULL: as rh_run_kernels says, other ones refused. threads 0: one for
 * each processor. `samples` are shared. The run's folder is locked against a second trainer. */
RhTrainer *rh_trainer_new(const RhRun *run, RhSamples *samples, const RhKernels *kernels, guint threads,
                          GError **error);
void rh_trainer_free(RhTrainer *trainer); /* stops and joins */
void rh_trainer_set_listener(RhTrainer *trainer, const RhTrainerListener *listener, gpointer data);
/* FALSE only with an error: a stopped training returns TRUE too, and the listener is told which it was. */
gboolean rh_trainer_run(RhTrainer *trainer, GError **error);
void rh_trainer_start(RhTrainer *trainer);
/* From any thread. */
void rh_trainer_pause(RhTrainer *trainer);
void rh_trainer_resume(RhTrainer *trainer);
void rh_trainer_stop(RhTrainer *trainer); /* at the end of the running step; the run stays resumable */
gboolean rh_trainer_is_paused(RhTrainer *trainer);
/* The newest snapshot, NULL before the first; unref it. Asking is what makes the trainer take the next one.
 */
RhSnapshot *rh_trainer_snapshot(RhTrainer *trainer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhTrainer, rh_trainer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhSnapshot, rh_snapshot_unref)
