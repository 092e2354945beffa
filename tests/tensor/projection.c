/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "projection.h"

RhTensor *rh_random_tensor(RhParameters *values, const char *name, RhShape shape, RhRandom *random,
                           double low, double high)
{
    RhTensor *tensor = rh_parameters_add(values, name, shape, TRUE);
    for (gsize i = 0; i < rh_shape_count(shape); i++)
        rh_tensor_set_value(tensor, rh_parameters_precision(values), i,
                            low + (high - low) * rh_random_uniform(random));
    return tensor;
}

RhNode *rh_project(RhNode *x, RhTensor *factors)
{
    return rh_sum_all(rh_multiply(x, rh_parameter(rh_node_graph(x), factors)));
}
