/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-direct.h"
#include "tensor/fast-product.h"
#include "tensor/fast-winograd.h"

/* What this kind of processor offers. */
static const RhImplementation *winograd(const RhNode *node, RhShape filter)
{
    const guint *integer = node->attributes.integer; /* stride, padding */
    if (filter.size[0] != 3 || integer[0] != 1 || integer[1] != 1)
        return NULL;
    return node->operation == &rh_operation_filter_gradient ? RH_FAST(rh_winograd_filter)(node)
                                                            : RH_FAST(rh_winograd)(node);
}

static const RhImplementation *convolution(const RhNode *node)
{
    gboolean of_filter = node->operation == &rh_operation_filter_gradient;
    const RhImplementation *fast = winograd(node, of_filter ? node->shape : node->inputs[1]->shape);
    if (fast != NULL)
        return fast;
    if (of_filter)
        return RH_FAST(rh_direct_filter)(node);
    return node->operation == &rh_operation_input_gradient ? RH_FAST(rh_direct_input)(node)
                                                           : RH_FAST(rh_direct)(node);
}

const RhFastKernels RH_FAST(rh_fast) = {.convolution = convolution,
                                        .product = RH_FAST(rh_product),
                                        .multiply_exactly = RH_FAST(rh_multiply_exactly)};
