/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/initialise-private.h"

#include <math.h>

#include "nn/network.h"

void rh_initialise_uniform(RhTensor *tensor, RhPrecision precision, double bound, RhRandom *random)
{
    gsize count = rh_shape_count(tensor->shape);
    for (gsize i = 0; i < count; i++)
        rh_tensor_set_value(tensor, precision, i, bound * (2 * rh_random_uniform(random) - 1));
}

void rh_initialise_normal(RhTensor *tensor, RhPrecision precision, double deviation, RhRandom *random)
{
    gsize count = rh_shape_count(tensor->shape);
    for (gsize i = 0; i < count; i++)
        rh_tensor_set_value(tensor, precision, i, deviation * rh_random_normal(random));
}

static void fill(RhTensor *tensor, RhPrecision precision, double value)
{
    gsize count = rh_shape_count(tensor->shape);
    for (gsize i = 0; i < count; i++)
        rh_tensor_set_value(tensor, precision, i, value);
}

/* The linear layer a bias belongs to, or NULL for the shift of a batch norm. */
static const RhTensor *weight_of_bias(const RhParameters *parameters, const RhTensor *bias)
{
    if (!g_str_has_suffix(bias->name, ".bias"))
        return NULL;
    g_autoptr(GString) name = g_string_new(bias->name);
    g_string_truncate(name, name->len - (sizeof "bias" - 1));
    g_string_append(name, "weight");
    const RhTensor *weight = rh_parameters_find(parameters, name->str);
    return weight != NULL && weight->shape.rank == 2 ? weight : NULL;
}

static void initialise(const RhParameters *parameters, RhTensor *tensor, RhRandom *random)
{
    RhPrecision precision = rh_parameters_precision(parameters);
    const gsize *size = tensor->shape.size;
    const RhTensor *linear = tensor->shape.rank == 2 ? tensor : weight_of_bias(parameters, tensor);
    if (tensor->shape.rank == 4) /* He et al. 2015, by the fan-out: out × height × width */
        rh_initialise_normal(tensor, precision, sqrt(2.0 / (double)(size[0] * size[1] * size[3])), random);
    else if (linear != NULL)
        rh_initialise_uniform(tensor, precision, 1 / sqrt((double)linear->shape.size[1]), random);
    else
        fill(tensor, precision,
             g_str_has_suffix(tensor->name, ".weight") || g_str_has_suffix(tensor->name, ".running_var"));
}

void rh_network_initialise(RhNetwork *network, guint64 seed)
{
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        RhRandom random;
        rh_random_init(&random, seed, RH_PURPOSE_WEIGHTS, i, RH_WEIGHTS_OF_NETWORK);
        initialise(network->parameters, rh_parameters_get(network->parameters, i), &random);
    }
}
