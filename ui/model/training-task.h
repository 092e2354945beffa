/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "study/trainer.h"

/* One training as the window sees it: images are loaded, the trainer is made, runs and is put away on threads
 * of their own, and everything that happens is told on the main loop.
 *
 *     training = rh_training_task_new(study, &settings);   // or _new_resumed(study, folder)
 *     g_signal_connect(training, "changed", …);       // state, progress
 *     rh_training_task_begin(training);
 *
 * Signals, on the main loop: "changed"; "run-created" before the first step; "epoch" (const RhEpochMetrics*,
 * gboolean best); "ended" (gboolean completed, const GError* or NULL), last of all.
 * All functions are for the main loop but rh_training_task_snapshot. */
#define RH_TYPE_TRAINING_TASK (rh_training_task_get_type())
G_DECLARE_FINAL_TYPE(RhTrainingTask, rh_training_task, RH, TRAINING_TASK, GObject)

typedef enum {
    RH_TRAINING_LOADING,
    RH_TRAINING_RUNNING,
    RH_TRAINING_PAUSED,
    RH_TRAINING_STOPPING,
    RH_TRAINING_ENDED,
} RhTrainingState;

/* On the thread that is about to train or to make many maps, before it makes others: the window gets the
 * processor when it wants it. */
void rh_training_give_way(void);
guint rh_training_threads(void); /* how many train */

/* The study is copied. */
RhTrainingTask *rh_training_task_new(const RhStudy *study, const RhRunSettings *settings);
/* any_kernels: it goes on even where the kernels it was begun with are lacking. */
RhTrainingTask *rh_training_task_new_resumed(const RhStudy *study, const char *run_folder,
                                             gboolean any_kernels);
void rh_training_task_begin(RhTrainingTask *training);
void rh_training_task_pause(RhTrainingTask *training);
void rh_training_task_resume(RhTrainingTask *training);
void rh_training_task_stop(RhTrainingTask *training); /* "ended" follows; the run stays resumable */

RhTrainingState rh_training_task_get_state(RhTrainingTask *training);
const RhTrainingProgress *rh_training_task_get_progress(RhTrainingTask *training);
/* While loading: images read, of how many. */
void rh_training_task_get_loaded(RhTrainingTask *training, guint *done, guint *total);
/* What is going on, in words: "Epoch 12 of 40 · 0:03 left"; free with g_free. */
char *rh_training_task_describe(RhTrainingTask *training);
/* Images that were left out, a sentence each. */
GPtrArray *rh_training_task_get_notes(RhTrainingTask *training);
/* The run as it stands on disk, given away once, in "run-created". */
RhRun *rh_training_task_take_run(RhTrainingTask *training);
/* The network's newest state, NULL if there is none; unref it. From any thread. */
RhSnapshot *rh_training_task_snapshot(RhTrainingTask *training);
