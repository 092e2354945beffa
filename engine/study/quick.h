/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Training in memory, to see at once what a change does: nothing is read from the study's runs or written to
 * them. The steps are those of a trainer with the same settings, masks and seed, and so is the result, to the
 * last bit. */
typedef struct {
    RhRun *run;            /* finished, with metrics and test scores; its folder does not exist */
    RhParameters *weights; /* of its best epoch */
} RhQuickRun;

void rh_quick_run_free(RhQuickRun *quick);

/* After every epoch, on the calling thread; the metrics are those of the epoch. */
typedef void (*RhQuickProgress)(const RhEpochMetrics *metrics, guint epochs, gpointer data);

/* seconds: no epoch is begun that is not expected to be over by then, and the run is then one of as many
 * epochs as there were (at least first_best_epoch, so that an epoch can be chosen); 0: all epochs of the
 * settings. NULL with G_IO_ERROR_CANCELLED within a step of being cancelled. `name` is what the run is
 * called. */
RhQuickRun *rh_quick_train(const RhStudy *study, const RhRunSettings *settings, const char *name,
                           RhSamples *samples, guint threads, double seconds, RhQuickProgress progress,
                           gpointer progress_data, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhQuickRun, rh_quick_run_free)
