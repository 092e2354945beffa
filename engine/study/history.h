/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/split.h"
#include "nn/weights.h"

/* What a run keeps of its epochs, for going back in time: the scores of all, the weights of as many as fit
 * into this. They are one file an epoch, see rh_run_history_path. */
#define RH_HISTORY_BYTES (256u << 20)

/* Weights are kept of the epochs 1, 1 + interval, 1 + 2·interval, …; 0: of none. bytes: of one network. */
guint rh_history_interval(guint epochs, gsize bytes);
gboolean rh_history_keeps_weights(guint epochs, gsize bytes, guint epoch);
/* The file of an epoch has weights, and not scores alone. */
gboolean rh_history_has_weights(const RhTensorFile *file);
/* The logits of an image as it was scored after the epoch: the image's place among the `images` of its split.
 * FALSE if the split is not scored or has another number of images by now. */
gboolean rh_history_logits(const RhTensorFile *file, RhSplit split, guint place, guint images,
                           float logits[2]);
