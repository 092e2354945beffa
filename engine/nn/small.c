/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/layers-private.h"

#include "nn/network-private.h"
#include <glib/gi18n.h>

/* Four 3×3 convolutions, each with batch norm and ReLU; channels in units of the network's width. */
static const struct {
    const char *convolution, *norm;
    guint in, out, stride; /* in 0: the image's one channel */
} stages[] = {
    {"conv1", "bn1", 0, 1, 1},
    {"conv2", "bn2", 1, 2, 2},
    {"conv3", "bn3", 2, 4, 2},
    {"conv4", "bn4", 4, 4, 1},
};

static guint features(guint width)
{
    return width * stages[G_N_ELEMENTS(stages) - 1].out;
}

static void declare(RhNetwork *network)
{
    guint width = network->width;
    for (guint i = 0; i < G_N_ELEMENTS(stages); i++) {
        rh_declare_convolution(network, stages[i].convolution, 3, MAX(stages[i].in * width, 1),
                               stages[i].out * width);
        rh_declare_batch_norm(network, stages[i].norm, stages[i].out * width);
    }
    rh_declare_linear(network, "fc", features(width), 2);
}

static void forward_pass(const RhNetwork *network, RhNode *x, RhMode mode, RhForward *forward)
{
    RhLayers layers = {rh_node_graph(x), network->parameters, mode};
    for (guint i = 0; i < G_N_ELEMENTS(stages); i++) {
        x = rh_convolution_layer(&layers, x, stages[i].convolution, stages[i].stride);
        x = rh_relu(rh_batch_norm_layer(&layers, x, stages[i].norm));
        forward->stages[forward->n_stages++] = x;
    }
    forward->features = rh_global_average(x);
    forward->logits = rh_linear_layer(&layers, forward->features, "fc");
}

const RhNetworkKind rh_network_small = {
    .id = "small",
    .title = N_("Small"),
    .description = N_("Four convolutions: learns in seconds, for trying things out"),
    .default_width = 16,
    .features = features,
    .declare = declare,
    .forward = forward_pass,
};
