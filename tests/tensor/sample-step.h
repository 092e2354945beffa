/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/plan.h"

/* A training step that has every kind of operation: convolution, batch norm, relu, a skip path, averages, a
 * linear layer and cross-entropy; in a second phase a penalty on the gradient by the images, and the
 * gradients of both by the weights. */
typedef struct {
    guint images, height, width, channels, outputs, kernel, stride;
} RhSampleSize;

typedef struct {
    RhParameters *values;
    RhGraph *graph;
    RhNode *x, *loss, *slope;       /* of phase 0; slope: ∂loss/∂x */
    RhNode *penalty, *gradients[6]; /* of phase 1; gradients: of the penalty */
} RhSampleStep;

void rh_sample_step_open(RhSampleStep *step, const RhSampleSize *size, RhPrecision precision);
void rh_sample_step_close(RhSampleStep *step);
/* A plan with its input filled; kernels: NULL for the fastest. */
RhPlan *rh_sample_step_plan(const RhSampleStep *step, const RhKernels *kernels, RhPool *pool);
/* Runs both phases; the bits of the loss, the slope, the penalty and the gradients, one behind the other. */
GBytes *rh_sample_step_run(const RhSampleStep *step, RhPlan *plan);
