/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/graph.h"

/* Networks: one table of kinds, one file each. Everything that lists networks reads the table. */
typedef enum { RH_EVALUATION, RH_TRAINING } RhMode;

typedef struct {
    RhNode *logits;    /* N×2 */
    RhNode *features;  /* N×F, after global average pooling */
    RhNode *stages[5]; /* stem and the stages' outputs, N×H×W×C; n_stages of them */
    guint n_stages;
} RhForward;

typedef struct _RhNetwork RhNetwork;

typedef struct {
    const char *id;    /* "small", "resnet18", "resnet34" */
    const char *title; /* for people */
    const char *description;
    guint default_width;
    guint (*features)(guint width);
    void (*declare)(RhNetwork *network); /* adds the parameters, in torchvision's order and names */
    void (*forward)(const RhNetwork *network, RhNode *x, RhMode mode, RhForward *forward);
} RhNetworkKind;

struct _RhNetwork {
    const RhNetworkKind *kind;
    guint width; /* channels of the first stage */
    RhParameters *parameters;
};

const RhNetworkKind *const *rh_network_kinds(void); /* NULL-terminated */
const RhNetworkKind *rh_network_kind_find(const char *id, GError **error);

/* Parameters are allocated (γ = 1, β = 0, running variance 1, the rest 0) but not drawn. width 0: the
 * default. */
RhNetwork *rh_network_new(const RhNetworkKind *kind, guint width, RhPrecision precision);
void rh_network_free(RhNetwork *network);
/* Kaiming-normal (fan-out, ReLU) convolutions, linear layer uniform ±1/√fan-in (SPEC: networks). */
void rh_network_initialise(RhNetwork *network, guint64 seed);
/* Adds the network to the graph of x (N×H×W×1). In training mode batch norm uses the batch's statistics and
 * the running ones are updated at the end of the phase; two passes in one phase move them twice, in order. */
void rh_network_forward(const RhNetwork *network, RhNode *x, RhMode mode, RhForward *forward);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhNetwork, rh_network_free)
