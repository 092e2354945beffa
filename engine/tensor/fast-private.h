/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/matrix.h"
#include "tensor/operation-private.h"

/* The fast kernels of one kind of processor; fast-….c are compiled once for each. Single precision. */
struct _RhFastKernels {
    /* Of a convolution or one of its gradients; NULL if the exact way is as good. */
    const RhImplementation *(*convolution)(const RhNode *node);
    const RhImplementation *(*product)(const RhNode *node); /* of matrices */
    RhMatrixMultiply *multiply_exactly;                     /* the same bits whatever the processor */
};

extern const RhFastKernels rh_fast_avx512, rh_fast_avx2, rh_fast_plain;
