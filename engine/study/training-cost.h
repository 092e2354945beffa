/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* What a training costs on this machine, beside whatever else it does. */
typedef struct {
    double step;  /* seconds of a training step, its batch included */
    double score; /* seconds of an image that is scored */
} RhTrainingCost;

/* Takes the time of a few steps with such settings and of a batch that is scored, on made-up images of the
 * study's size: some tenths of a second, or two steps if those take longer. FALSE if it is cancelled. Both
 * are NaN where there is not the memory for such a step. */
gboolean rh_training_cost_measure(RhTrainingCost *cost, const RhStudy *study, const RhRunSettings *settings,
                                  guint threads, GCancellable *cancellable);
/* Seconds of all epochs of the settings: steps through the training images, and after each epoch the
 * validation and test images scored. */
double rh_training_cost_total(const RhTrainingCost *cost, const RhStudy *study,
                              const RhRunSettings *settings);
