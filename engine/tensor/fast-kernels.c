/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-direct.h"
#include "tensor/fast-product.h"
#include "tensor/fast-winograd.h"

/* What this kind of processor offers. */
static const RhImplementation *convolution(const RhNode *node)
{
    gboolean gradient = node->operation == &rh_operation_filter_gradient;
    RhShape filter = gradient ? node->shape : node->inputs[1]->shape;
    const guint *integer = node->attributes.integer; /* stride, padding */
    const RhImplementation *winograd = NULL;
    if (filter.size[0] == 3 && integer[0] == 1 && integer[1] == 1)
        winograd = gradient ? RH_FAST(rh_winograd_filter)(node) : RH_FAST(rh_winograd)(node);
    return winograd != NULL ? winograd : RH_FAST(rh_direct)(node);
}

const RhFastKernels RH_FAST(rh_fast) = {.convolution = convolution, .product = RH_FAST(rh_product)};
