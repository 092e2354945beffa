/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/layers-private.h"

#include "nn/network-private.h"
#include <glib/gi18n.h>

/* He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition, CVPR 2016: basic blocks, with a 3×3
 * stride-1 stem and no max-pooling, for small images. Names as in torchvision. */
#define STAGES 4

static const guint blocks18[STAGES] = {2, 2, 2, 2}, blocks34[STAGES] = {3, 4, 6, 3};

/* One basic block: two 3×3 convolutions beside a skip path, which is a 1×1 convolution where shapes differ.
 */
typedef struct {
    char conv1[32], bn1[32], conv2[32], bn2[32], skip_conv[32], skip_bn[32];
    guint in, out, stride;
} Block;

static Block block_describe(guint width, guint stage, guint block)
{
    Block names = {.out = width << stage, .stride = stage > 0 && block == 0 ? 2 : 1};
    names.in = names.stride == 2 ? names.out / 2 : names.out;
    g_snprintf(names.conv1, sizeof names.conv1, "layer%u.%u.conv1", stage + 1, block);
    g_snprintf(names.bn1, sizeof names.bn1, "layer%u.%u.bn1", stage + 1, block);
    g_snprintf(names.conv2, sizeof names.conv2, "layer%u.%u.conv2", stage + 1, block);
    g_snprintf(names.bn2, sizeof names.bn2, "layer%u.%u.bn2", stage + 1, block);
    g_snprintf(names.skip_conv, sizeof names.skip_conv, "layer%u.%u.downsample.0", stage + 1, block);
    g_snprintf(names.skip_bn, sizeof names.skip_bn, "layer%u.%u.downsample.1", stage + 1, block);
    return names;
}

static gboolean block_projects(const Block *block)
{
    return block->stride != 1 || block->in != block->out;
}

static void block_declare(RhNetwork *network, const Block *block)
{
    rh_declare_convolution(network, block->conv1, 3, block->in, block->out);
    rh_declare_batch_norm(network, block->bn1, block->out);
    rh_declare_convolution(network, block->conv2, 3, block->out, block->out);
    rh_declare_batch_norm(network, block->bn2, block->out);
    if (!block_projects(block))
        return;
    rh_declare_convolution(network, block->skip_conv, 1, block->in, block->out);
    rh_declare_batch_norm(network, block->skip_bn, block->out);
}

static RhNode *block_forward(const RhLayers *layers, const Block *block, RhNode *x)
{
    RhNode *inner = rh_convolution_layer(layers, x, block->conv1, block->stride);
    inner = rh_relu(rh_batch_norm_layer(layers, inner, block->bn1));
    inner = rh_convolution_layer(layers, inner, block->conv2, 1);
    inner = rh_batch_norm_layer(layers, inner, block->bn2);
    if (block_projects(block)) {
        x = rh_convolution_layer(layers, x, block->skip_conv, block->stride);
        x = rh_batch_norm_layer(layers, x, block->skip_bn);
    }
    return rh_relu(rh_add(inner, x));
}

static guint features(guint width)
{
    return width << (STAGES - 1);
}

static void declare(RhNetwork *network, const guint blocks[STAGES])
{
    rh_declare_convolution(network, "conv1", 3, 1, network->width);
    rh_declare_batch_norm(network, "bn1", network->width);
    for (guint stage = 0; stage < STAGES; stage++)
        for (guint i = 0; i < blocks[stage]; i++) {
            Block block = block_describe(network->width, stage, i);
            block_declare(network, &block);
        }
    rh_declare_linear(network, "fc", features(network->width), 2);
}

static void forward_pass(const RhNetwork *network, const guint blocks[STAGES], RhNode *x, RhMode mode,
                         RhForward *forward)
{
    RhLayers layers = {rh_node_graph(x), network->parameters, mode};
    x = rh_relu(rh_batch_norm_layer(&layers, rh_convolution_layer(&layers, x, "conv1", 1), "bn1"));
    forward->stages[forward->n_stages++] = x;
    for (guint stage = 0; stage < STAGES; stage++) {
        for (guint i = 0; i < blocks[stage]; i++) {
            Block block = block_describe(network->width, stage, i);
            x = block_forward(&layers, &block, x);
        }
        forward->stages[forward->n_stages++] = x;
    }
    forward->features = rh_global_average(x);
    forward->logits = rh_linear_layer(&layers, forward->features, "fc");
}

static void declare18(RhNetwork *network)
{
    declare(network, blocks18);
}

static void forward18(const RhNetwork *network, RhNode *x, RhMode mode, RhForward *forward)
{
    forward_pass(network, blocks18, x, mode, forward);
}

static void declare34(RhNetwork *network)
{
    declare(network, blocks34);
}

static void forward34(const RhNetwork *network, RhNode *x, RhMode mode, RhForward *forward)
{
    forward_pass(network, blocks34, x, mode, forward);
}

const RhNetworkKind rh_network_resnet18 = {
    .id = "resnet18",
    .title = N_("ResNet-18"),
    .description = N_("The network of the paper: 18 layers, 11 million parameters, for small images"),
    .default_width = 64,
    .features = features,
    .declare = declare18,
    .forward = forward18,
};

const RhNetworkKind rh_network_resnet34 = {
    .id = "resnet34",
    .title = N_("ResNet-34"),
    .description = N_("The deeper sister of ResNet-18: 34 layers, 21 million parameters"),
    .default_width = 64,
    .features = features,
    .declare = declare34,
    .forward = forward34,
};
