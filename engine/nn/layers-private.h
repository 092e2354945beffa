/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/network.h"

/* The building blocks of the networks: first what declares a layer's parameters, then what adds it to a
 * graph. `layer` is the layer's name, before the dot: "layer1.0.conv1". */
void rh_declare_convolution(RhNetwork *network, const char *layer, guint size, guint in, guint out);
void rh_declare_batch_norm(RhNetwork *network, const char *layer, guint channels);
void rh_declare_linear(RhNetwork *network, const char *layer, guint in, guint out);

/* What the layers of one forward pass have in common. */
typedef struct {
    RhGraph *graph;
    const RhParameters *parameters;
    RhMode mode;
} RhLayers;

/* The tensor layer.part, which is there. */
RhTensor *rh_layer_tensor(const RhParameters *parameters, const char *layer, const char *part);
RhNode *rh_layer_parameter(const RhLayers *layers, const char *layer, const char *part);
/* Without bias; padded so that stride 1 keeps the size. */
RhNode *rh_convolution_layer(const RhLayers *layers, RhNode *x, const char *layer, guint stride);
/* In training mode with the batch's statistics, which move the running ones at the end of the phase. */
RhNode *rh_batch_norm_layer(const RhLayers *layers, RhNode *x, const char *layer);
/* N×in → N×out. */
RhNode *rh_linear_layer(const RhLayers *layers, RhNode *x, const char *layer);
/* N×H×W×C → N×C. */
RhNode *rh_global_average(RhNode *x);
