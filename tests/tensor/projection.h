/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "tensor/graph.h"

/* Random tensors and projections, for the tests of derivatives. */

/* A tensor of that name in `values`, drawn from [low, high). */
RhTensor *rh_random_tensor(RhParameters *values, const char *name, RhShape shape, RhRandom *random,
                           double low, double high);
/* The scalar Σ x·factors. */
RhNode *rh_project(RhNode *x, RhTensor *factors);
