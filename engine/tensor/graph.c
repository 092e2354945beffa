/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "tensor/operation-private.h"

struct _RhGraph {
    GPtrArray *nodes;     /* RhNode, owned, in order of creation: inputs come before what uses them */
    GHashTable *distinct; /* set of the nodes that may be found again */
    GArray *updates;      /* RhUpdate */
    GArray *hand_overs;   /* RhHandOver */
    guint phase;
};

const RhOperation rh_operation_input = {.name = "input"};
const RhOperation rh_operation_parameter = {.name = "parameter"};

static guint node_hash(gconstpointer data)
{
    const RhNode *node = data;
    guint hash = g_direct_hash(node->operation) * 31 + node->phase;
    for (guint i = 0; i < node->n_inputs; i++)
        hash = hash * 31 + node->inputs[i]->id;
    return hash * 31 + g_double_hash(&node->attributes.real) + (guint)rh_shape_count(node->shape) +
           g_direct_hash(node->tensor);
}

static gboolean node_equal(gconstpointer a, gconstpointer b)
{
    const RhNode *x = a, *y = b;
    return x->operation == y->operation && x->phase == y->phase && x->tensor == y->tensor &&
           x->n_inputs == y->n_inputs && memcmp(x->inputs, y->inputs, x->n_inputs * sizeof *x->inputs) == 0 &&
           memcmp(&x->attributes, &y->attributes, sizeof x->attributes) == 0 &&
           rh_shape_equal(x->shape, y->shape);
}

RhGraph *rh_graph_new(void)
{
    RhGraph *graph = g_new0(RhGraph, 1);
    graph->nodes = g_ptr_array_new_with_free_func(g_free);
    graph->distinct = g_hash_table_new(node_hash, node_equal);
    graph->updates = g_array_new(FALSE, FALSE, sizeof(RhUpdate));
    graph->hand_overs = g_array_new(FALSE, FALSE, sizeof(RhHandOver));
    return graph;
}

void rh_graph_free(RhGraph *graph)
{
    if (graph == NULL)
        return;
    g_hash_table_unref(graph->distinct);
    g_ptr_array_unref(graph->nodes);
    g_array_unref(graph->updates);
    g_array_unref(graph->hand_overs);
    g_free(graph);
}

void rh_graph_next_phase(RhGraph *graph)
{
    graph->phase++;
}

guint rh_graph_phases(const RhGraph *graph)
{
    return graph->phase + 1;
}

void rh_graph_keep(RhGraph *graph, RhNode *node)
{
    g_assert(node->graph == graph);
    node->kept = TRUE;
}

void rh_graph_update(RhGraph *graph, RhNode *parameter, RhNode *value)
{
    g_assert(parameter->tensor != NULL && rh_shape_equal(parameter->shape, value->shape));
    for (guint i = 0; i < graph->updates->len; i++) {
        RhUpdate *update = &g_array_index(graph->updates, RhUpdate, i);
        if (update->parameter->tensor == parameter->tensor && update->phase == graph->phase) {
            update->value = value;
            return;
        }
    }
    RhUpdate update = {.parameter = parameter, .value = value, .phase = graph->phase};
    g_array_append_val(graph->updates, update);
}

RhNode *rh_graph_updated(RhGraph *graph, RhNode *parameter)
{
    for (guint i = 0; i < graph->updates->len; i++) {
        const RhUpdate *update = &g_array_index(graph->updates, RhUpdate, i);
        if (update->parameter->tensor == parameter->tensor && update->phase == graph->phase)
            return update->value;
    }
    return parameter;
}

void rh_graph_hand_over(RhGraph *graph, RhNode *value, RhNode *parameter)
{
    g_assert(parameter->tensor != NULL && value->tensor == NULL);
    RhHandOver hand_over = {.parameter = parameter, .value = value, .phase = graph->phase};
    g_array_append_val(graph->hand_overs, hand_over);
}

RhShape rh_node_shape(const RhNode *node)
{
    return node->shape;
}

RhGraph *rh_node_graph(const RhNode *node)
{
    return node->graph;
}

guint rh_graph_size(const RhGraph *graph)
{
    return graph->nodes->len;
}

RhNode *rh_graph_node(const RhGraph *graph, guint id)
{
    return graph->nodes->pdata[id];
}

const GArray *rh_graph_updates(const RhGraph *graph)
{
    return graph->updates;
}

const GArray *rh_graph_hand_overs(const RhGraph *graph)
{
    return graph->hand_overs;
}

static RhNode *add_node(RhGraph *graph, const RhNode *likeness, gboolean distinct)
{
    RhNode *found = distinct ? g_hash_table_lookup(graph->distinct, likeness) : NULL;
    if (found != NULL)
        return found;
    RhNode *node = g_memdup2(likeness, sizeof *likeness);
    node->id = graph->nodes->len;
    g_ptr_array_add(graph->nodes, node);
    if (distinct)
        g_hash_table_add(graph->distinct, node);
    return node;
}

RhNode *rh_node_new(const RhOperation *operation, RhShape shape, RhAttributes attributes, guint n_inputs,
                    RhNode *const *inputs)
{
    g_assert(n_inputs > 0 && n_inputs <= RH_INPUTS_MAX);
    RhGraph *graph = inputs[0]->graph;
    RhNode likeness = {.graph = graph,
                       .operation = operation,
                       .phase = graph->phase,
                       .shape = shape,
                       .n_inputs = n_inputs,
                       .attributes = attributes};
    for (guint i = 0; i < n_inputs; i++) {
        g_assert(inputs[i]->graph == graph);
        likeness.inputs[i] = inputs[i];
    }
    return add_node(graph, &likeness, TRUE);
}

RhNode *rh_input(RhGraph *graph, const char *name, RhShape shape)
{
    RhNode likeness = {
        .graph = graph, .operation = &rh_operation_input, .phase = graph->phase, .shape = shape};
    return add_node(graph, &likeness, FALSE);
}

RhNode *rh_parameter(RhGraph *graph, RhTensor *tensor)
{
    RhNode likeness = {.graph = graph,
                       .operation = &rh_operation_parameter,
                       .phase = graph->phase,
                       .shape = tensor->shape,
                       .tensor = tensor};
    return add_node(graph, &likeness, TRUE);
}

RhNode *rh_constant(RhGraph *graph, RhShape shape, double value)
{
    RhNode likeness = {.graph = graph,
                       .operation = &rh_operation_constant,
                       .phase = graph->phase,
                       .shape = shape,
                       .attributes = {.real = value}};
    return add_node(graph, &likeness, TRUE);
}
