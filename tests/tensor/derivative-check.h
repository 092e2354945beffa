/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/graph.h"

/* A function of up to four tensors under test: builds its node from the inputs. */
typedef RhNode *(*RhBuild)(RhNode *const *inputs);

typedef struct {
    const char *name;
    RhBuild build;
    guint n_inputs;
    RhShape shapes[4];
    double low, high; /* inputs are drawn from [low, high) */
} RhDerivativeCase;

/* Compares, in double precision, the first derivatives of a random projection of the function with central
 * differences, then the second: the derivatives of a random projection of the first ones. */
void rh_check_derivatives(const RhDerivativeCase *check);
