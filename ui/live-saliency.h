/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"
#include "run-item.h"
#include "saliency/map.h"
#include "saliency/postprocess.h"
#include "training-task.h"

/* Computes the saliency map of the image in view on a thread of its own: from a finished run's weights once
 * and in full, from a network in training again and again, as finely as there is time for. What is handed
 * over is a private copy, and it is dropped if by then another image, map or network is asked for.
 *
 * Signals, on the main loop: "result" (const RhSaliencyResult*), "failed" (const char *message). */
#define RH_TYPE_LIVE_SALIENCY (rh_live_saliency_get_type())
G_DECLARE_FINAL_TYPE(RhLiveSaliency, rh_live_saliency, RH, LIVE_SALIENCY, GObject)

typedef struct {
    guint height, width;
    float *values;             /* height×width, post-processed, brought to 0 … 1 */
    double probability;        /* of class 1 */
    gboolean has_localisation; /* the image has a mask */
    RhLocalisation localisation;
    double effort;   /* share of the full map that was computed, 0 … 1 */
    gboolean live;   /* of a network in training */
    guint epoch;     /* live: finished epochs */
    double seconds;  /* it took */
    double renewals; /* live: a second, lately; NaN at first */
} RhSaliencyResult;

RhLiveSaliency *rh_live_saliency_new(void);
/* image: height×width values of 0 … 1 at the network's size, copied; NULL: nothing to do. */
void rh_live_saliency_set_image(RhLiveSaliency *live, const float *image, guint height, guint width);
/* At any size, copied; NULL or empty: no localisation. */
void rh_live_saliency_set_mask(RhLiveSaliency *live, const RhMask *mask);
void rh_live_saliency_set_map(RhLiveSaliency *live, const RhMapKind *map);
/* Where the network comes from: a training in progress, */
void rh_live_saliency_follow(RhLiveSaliency *live, RhTrainingTask *training, const RhRun *run);
/* or weights in memory, with the run's network, */
void rh_live_saliency_show_weights(RhLiveSaliency *live, const RhRun *run, RhParameters *weights);
/* or a run's best weights as they lie on disk; NULL: nowhere. */
void rh_live_saliency_show(RhLiveSaliency *live, const RhRun *run);
