/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/graph.h"

/* Two ways of computing the same from parameters in `values` (double precision): compares their values, the
 * derivatives of a random projection by `inputs` and the derivatives of a random projection of those. The
 * factors of the projections are added to `values`. */
void rh_check_composition(const char *name, RhParameters *values, RhNode *fused, RhNode *plain,
                          RhNode *const *inputs, guint count);
