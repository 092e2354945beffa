/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/shape.h"

/* Named tensors that outlive a run of the graph: weights, batch-norm statistics, optimiser state.
 * The set owns the data (aligned to 64 bytes, zero at first); addresses are stable. */
typedef struct {
    char *name;
    RhShape shape;
    gboolean trainable; /* FALSE: a buffer, moved by the forward pass instead of the optimiser */
    gpointer data;
} RhTensor;

typedef struct _RhParameters RhParameters;

RhParameters *rh_parameters_new(RhPrecision precision);
RhParameters *rh_parameters_ref(RhParameters *parameters);
void rh_parameters_unref(RhParameters *parameters);
/* A copy that shares nothing. */
RhParameters *rh_parameters_copy(const RhParameters *parameters);
/* Copies the values of `source` into `target`; both have the same names, shapes and precision, in order. */
void rh_parameters_assign(RhParameters *target, const RhParameters *source);

RhTensor *rh_parameters_add(RhParameters *parameters, const char *name, RhShape shape, gboolean trainable);
RhTensor *rh_parameters_find(const RhParameters *parameters, const char *name); /* NULL if not there */
guint rh_parameters_count(const RhParameters *parameters);
RhTensor *rh_parameters_get(const RhParameters *parameters, guint index);
RhPrecision rh_parameters_precision(const RhParameters *parameters);
/* Elements over the trainable tensors. */
gsize rh_parameters_trainable_size(const RhParameters *parameters);
/* One value as double, whatever the precision. */
double rh_tensor_value(const RhTensor *tensor, RhPrecision precision, gsize index);
void rh_tensor_set_value(RhTensor *tensor, RhPrecision precision, gsize index, double value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhParameters, rh_parameters_unref)
