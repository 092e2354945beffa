/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/fast-private.h"
#include "tensor/fast-vector.h"

const RhImplementation *RH_FAST(rh_product)(const RhNode *node);

/* op(A)·op(B) in the exact way (tensor/matrix.h). */
RhMatrixMultiply RH_FAST(rh_multiply_exactly);
