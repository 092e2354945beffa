/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/parameters.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

struct _RhParameters {
    gatomicrefcount references;
    RhPrecision precision;
    GPtrArray *tensors; /* RhTensor, owned; addresses are stable */
};

static gsize tensor_bytes(const RhTensor *tensor, RhPrecision precision)
{
    return rh_shape_count(tensor->shape) * rh_precision_size(precision);
}

static void tensor_free(gpointer data)
{
    RhTensor *tensor = data;
    g_free(tensor->name);
    free(tensor->data);
    g_free(tensor);
}

RhParameters *rh_parameters_new(RhPrecision precision)
{
    RhParameters *parameters = g_new0(RhParameters, 1);
    g_atomic_ref_count_init(&parameters->references);
    parameters->precision = precision;
    parameters->tensors = g_ptr_array_new_with_free_func(tensor_free);
    return parameters;
}

RhParameters *rh_parameters_ref(RhParameters *parameters)
{
    g_atomic_ref_count_inc(&parameters->references);
    return parameters;
}

void rh_parameters_unref(RhParameters *parameters)
{
    if (!g_atomic_ref_count_dec(&parameters->references))
        return;
    g_ptr_array_unref(parameters->tensors);
    g_free(parameters);
}

RhParameters *rh_parameters_copy(const RhParameters *parameters)
{
    RhParameters *copy = rh_parameters_new(parameters->precision);
    for (guint i = 0; i < parameters->tensors->len; i++) {
        const RhTensor *tensor = parameters->tensors->pdata[i];
        RhTensor *twin = rh_parameters_add(copy, tensor->name, tensor->shape, tensor->trainable);
        memcpy(twin->data, tensor->data, tensor_bytes(tensor, parameters->precision));
    }
    return copy;
}

void rh_parameters_assign(RhParameters *target, const RhParameters *source)
{
    g_assert(target->precision == source->precision && target->tensors->len == source->tensors->len);
    for (guint i = 0; i < target->tensors->len; i++) {
        RhTensor *to = target->tensors->pdata[i];
        const RhTensor *from = source->tensors->pdata[i];
        g_assert(strcmp(to->name, from->name) == 0 && rh_shape_equal(to->shape, from->shape));
        memcpy(to->data, from->data, tensor_bytes(to, target->precision));
    }
}

RhTensor *rh_parameters_add(RhParameters *parameters, const char *name, RhShape shape, gboolean trainable)
{
    g_assert(rh_parameters_find(parameters, name) == NULL);
    RhTensor *tensor = g_new0(RhTensor, 1);
    tensor->name = g_strdup(name);
    tensor->shape = shape;
    tensor->trainable = trainable;
    gsize bytes = MAX(tensor_bytes(tensor, parameters->precision), 1);
    tensor->data = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (tensor->data == NULL)
        g_error("no memory for the %" G_GSIZE_FORMAT " bytes of tensor %s", bytes, name);
    memset(tensor->data, 0, bytes);
    g_ptr_array_add(parameters->tensors, tensor);
    return tensor;
}

RhTensor *rh_parameters_find(const RhParameters *parameters, const char *name)
{
    for (guint i = 0; i < parameters->tensors->len; i++) {
        RhTensor *tensor = parameters->tensors->pdata[i];
        if (strcmp(tensor->name, name) == 0)
            return tensor;
    }
    return NULL;
}

guint rh_parameters_count(const RhParameters *parameters)
{
    return parameters->tensors->len;
}

RhTensor *rh_parameters_get(const RhParameters *parameters, guint index)
{
    g_assert(index < parameters->tensors->len);
    return parameters->tensors->pdata[index];
}

RhPrecision rh_parameters_precision(const RhParameters *parameters)
{
    return parameters->precision;
}

gsize rh_parameters_trainable_size(const RhParameters *parameters)
{
    gsize size = 0;
    for (guint i = 0; i < parameters->tensors->len; i++) {
        const RhTensor *tensor = parameters->tensors->pdata[i];
        size += tensor->trainable ? rh_shape_count(tensor->shape) : 0;
    }
    return size;
}

double rh_tensor_value(const RhTensor *tensor, RhPrecision precision, gsize index)
{
    return precision == RH_SINGLE ? ((const float *)tensor->data)[index]
                                  : ((const double *)tensor->data)[index];
}

void rh_tensor_set_value(RhTensor *tensor, RhPrecision precision, gsize index, double value)
{
    if (precision == RH_SINGLE)
        ((float *)tensor->data)[index] = (float)value;
    else
        ((double *)tensor->data)[index] = value;
}
