/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Images in the graph are N×H×W×C (channels fastest), convolution filters H×W×in×out, linear layers out×in,
 * per-channel values C, a scalar has rank 0. All row-major. Files use PyTorch's orders; nn/weights.h
 * converts. */
#define RH_RANK_MAX 4

typedef enum { RH_SINGLE, RH_DOUBLE } RhPrecision;

typedef struct {
    guint rank;
    gsize size[RH_RANK_MAX];
} RhShape;

#define RH_SCALAR     ((RhShape){.rank = 0})
#define RH_SHAPE(...) rh_shape_new(G_N_ELEMENTS(((gsize[]){__VA_ARGS__})), (const gsize[]){__VA_ARGS__})

RhShape rh_shape_new(guint rank, const gsize *size);
gsize rh_shape_count(RhShape shape); /* elements; 1 for a scalar */
gboolean rh_shape_equal(RhShape a, RhShape b);
char *rh_shape_to_string(RhShape shape); /* "16×28×28×1" */
gsize rh_precision_size(RhPrecision precision);
