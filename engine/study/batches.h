/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "method/step.h"
#include "study/run.h"

/* Makes the batches of a run's training images: a new order every epoch, the last partial batch kept, masks
 * as the settings say, pixels outside them permuted where the method asks for it. Everything follows from the
 * run's seed, the epoch and the image's place in the data set. */
typedef struct _RhBatches RhBatches;

/* The samples, the settings and the pool outlive it. */
RhBatches *rh_batches_new(const RhSamples *samples, const RhRunSettings *settings, RhPool *pool);
void rh_batches_free(RhBatches *batches);
guint rh_batches_count(const RhBatches *batches); /* images */
guint rh_batches_steps(const RhBatches *batches); /* batches an epoch */
void rh_batches_begin(RhBatches *batches, guint epoch);
/* Valid until the next call. */
void rh_batches_get(RhBatches *batches, guint step, RhBatch *batch);
/* Place in the samples of image i of the batch last made. */
guint rh_batches_place(const RhBatches *batches, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhBatches, rh_batches_free)
