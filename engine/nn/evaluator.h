/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "nn/network.h"

/* A network in evaluation mode with plans of its own: scores images and differentiates the score with respect
 * to the image, in chunks of up to `batch` images. Not shared between threads. */
typedef struct _RhEvaluator RhEvaluator;

RhEvaluator *rh_evaluator_new(const RhNetworkKind *kind, guint width, guint height, guint image_width,
                              guint batch, RhPool *pool);
void rh_evaluator_free(RhEvaluator *evaluator);
/* Copies the weights in; `parameters` are those of a network of the same kind and width, single precision. */
void rh_evaluator_set_parameters(RhEvaluator *evaluator, const RhParameters *parameters);
guint rh_evaluator_height(const RhEvaluator *evaluator);
guint rh_evaluator_width(const RhEvaluator *evaluator);
guint rh_evaluator_batch(const RhEvaluator *evaluator);
/* images: count×H×W; logits: count×2. */
void rh_evaluator_logits(RhEvaluator *evaluator, const float *images, guint count, float *logits);
/* gradients[i] = ∂(logit of class 1)/∂image i, count×H×W. logits may be NULL. */
void rh_evaluator_gradients(RhEvaluator *evaluator, const float *images, guint count, float *logits,
                            float *gradients);
/* Floating-point operations of all passes so far, as rh_plan_operations counts them. */
double rh_evaluator_operations(const RhEvaluator *evaluator);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhEvaluator, rh_evaluator_free)
