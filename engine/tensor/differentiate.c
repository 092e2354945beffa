/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/operation-private.h"

/* Reverse sweep over the nodes between x and y. Order of creation is an order of dependence, so a node has
 * received all of its gradient when its turn comes. */

/* Marks the nodes that depend on one of x. */
static gboolean *mark_dependants(const RhGraph *graph, guint size, RhNode *const *x, guint count)
{
    gboolean *depends = g_new0(gboolean, size);
    for (guint i = 0; i < count; i++)
        depends[x[i]->id] = TRUE;
    for (guint id = 0; id < size; id++) {
        const RhNode *node = rh_graph_node(graph, id);
        for (guint i = 0; i < node->n_inputs; i++)
            depends[id] |= depends[node->inputs[i]->id] && node->operation->derivative != NULL;
    }
    return depends;
}

static void pass_back(RhNode *node, RhNode *dy, const gboolean *depends, RhNode **received)
{
    for (guint i = 0; i < node->n_inputs; i++) {
        guint source = node->inputs[i]->id;
        RhNode *part = depends[source] ? node->operation->derivative(node, i, dy) : NULL;
        if (part == NULL)
            continue;
        g_assert(rh_shape_equal(part->shape, node->inputs[i]->shape));
        received[source] = received[source] != NULL ? rh_add(received[source], part) : part;
    }
}

void rh_gradient(RhNode *y, RhNode *const *x, guint count, RhNode **gradients)
{
    g_assert(rh_shape_count(y->shape) == 1);
    RhGraph *graph = y->graph;
    guint size = rh_graph_size(graph); /* what the sweep adds lies behind */
    g_autofree gboolean *depends = mark_dependants(graph, size, x, count);
    g_autofree RhNode **received = g_new0(RhNode *, size);
    received[y->id] = rh_constant(graph, y->shape, 1);
    for (guint id = y->id + 1; id-- > 0;) {
        RhNode *node = rh_graph_node(graph, id);
        if (received[id] != NULL && depends[id] && node->operation->derivative != NULL)
            pass_back(node, received[id], depends, received);
    }
    for (guint i = 0; i < count; i++) {
        RhNode *gradient = received[x[i]->id];
        gradients[i] = gradient != NULL ? gradient : rh_constant(graph, x[i]->shape, 0);
    }
}
