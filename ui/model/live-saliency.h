/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/run-item.h"
#include "model/training-task.h"
#include "saliency/result.h"

/* Computes the saliency map of the image in view on a thread of its own: from a finished run's weights once
 * and in full, from a network in training again and again, as finely as there is time for. What is handed
 * over is a private copy, and it is dropped if by then another image, map or network is asked for.
 *
 * Signals, on the main loop: "result" (const RhSaliencyResult*), "failed" (const char *message). */
#define RH_TYPE_LIVE_SALIENCY (rh_live_saliency_get_type())
G_DECLARE_FINAL_TYPE(RhLiveSaliency, rh_live_saliency, RH, LIVE_SALIENCY, GObject)

RhLiveSaliency *rh_live_saliency_new(void);
/* image: height×width values of 0 … 1 at the network's size, copied; NULL: nothing to do. */
void rh_live_saliency_set_image(RhLiveSaliency *live, const float *image, guint height, guint width);
/* At any size, shared: nobody writes to it any more. NULL or empty: no localisation. */
void rh_live_saliency_set_mask(RhLiveSaliency *live, RhMask *mask);
void rh_live_saliency_set_map(RhLiveSaliency *live, const RhMapKind *map);
/* Where the network comes from: a training in progress, */
void rh_live_saliency_follow(RhLiveSaliency *live, RhTrainingTask *training, const RhRun *run);
/* or weights in memory, with the run's network, */
void rh_live_saliency_show_weights(RhLiveSaliency *live, const RhRun *run, RhParameters *weights);
/* or a run's best weights as they lie on disk; NULL: nowhere. */
void rh_live_saliency_show(RhLiveSaliency *live, const RhRun *run);
