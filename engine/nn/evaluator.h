/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "nn/network.h"
#include "tensor/kernels.h"

/* A network in evaluation mode with plans of its own: scores images and differentiates the score with respect
 * to the image, in chunks of up to `batch` images. Not shared between threads. */
typedef struct _RhEvaluator RhEvaluator;

RhEvaluator *rh_evaluator_new(const RhNetworkKind *kind, guint width, guint height, guint image_width,
                              guint batch, const RhKernels *kernels, RhPool *pool);
void rh_evaluator_free(RhEvaluator *evaluator);
/* Copies the weights in; `parameters` are those of a network of the same kind and width, single precision. */
void rh_evaluator_set_parameters(RhEvaluator *evaluator, const RhParameters *parameters);
guint rh_evaluator_height(const RhEvaluator *evaluator);
guint rh_evaluator_width(const RhEvaluator *evaluator);
guint rh_evaluator_batch(const RhEvaluator *evaluator);
/* Takes the memory that scoring so many images needs, and differentiating if `with_gradient`. FALSE with
 * RH_ERROR_LIMIT, how much that would be and how much there is, if it is too much; what was not asked for so
 * ends the program then. */
gboolean rh_evaluator_reserve(RhEvaluator *evaluator, guint count, gboolean with_gradient, GError **error);
/* The logits of one image, with the memory for it taken. Refused (RH_ERROR_FORMAT) if they or the weights are
 * no numbers: the training diverged. */
gboolean rh_evaluator_score(RhEvaluator *evaluator, const float *image, float logits[2], GError **error);
/* The same of logits that were kept. */
gboolean rh_logits_check(const float logits[2], GError **error);
/* images: count×H×W; logits: count×2. */
void rh_evaluator_logits(RhEvaluator *evaluator, const float *images, guint count, float *logits);
/* gradients[i] = ∂(logit of class 1)/∂image i, count×H×W. logits may be NULL. */
void rh_evaluator_gradients(RhEvaluator *evaluator, const float *images, guint count, float *logits,
                            float *gradients);
/* Floating-point operations of all passes so far, as rh_plan_operations counts them. */
double rh_evaluator_operations(const RhEvaluator *evaluator);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhEvaluator, rh_evaluator_free)
