/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "saliency/map.h"
#include "saliency/postprocess.h"
#include "study/run.h"

/* What a trained run looks at. */

/* Images scored or explained at a time: many small ones, few large ones. */
guint rh_scoring_chunk(guint height, guint width);

/* The weights of a run, ready to score images of its size and to make maps of them. epoch 0: the best; else
 * one of history/, for networks kept there. The pool, which may be NULL, outlives it. */
RhEvaluator *rh_run_evaluator(const RhRun *run, guint epoch, const RhKernels *kernels, RhPool *pool,
                              GError **error);

/* Localisation over the test images of class 1 that have a mask (SPEC: saliency). Where the confounder is
 * position the images are mirrored, as the published test set is. */
typedef struct {
    guint images;             /* 0: there are none, and all else is NaN */
    RhLocalisation mean;      /* chance levels included */
    RhLocalisation low, high; /* 95 % t interval of the mean over the images, over the patients where there
                                 are groups; NaN of fewer than two */
} RhLocalisationSummary;

/* `progress` is called on the calling thread with the share done. */
gboolean rh_run_localisation(RhEvaluator *evaluator, const RhSamples *samples, const RhMapKind *map,
                             const RhMapSettings *settings, RhMapProgress progress, gpointer progress_data,
                             GCancellable *cancellable, RhLocalisationSummary *summary, GError **error);
