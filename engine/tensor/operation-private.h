/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/graph.h"

/* Inside of the graph: what a node is and what an operation states of itself. */
#define RH_INPUTS_MAX 9
#define RH_STAGES_MAX 2

typedef struct _RhOperation RhOperation;

/* What an operation needs to know beside its inputs. Unused members are zero, so that nodes can be compared.
 */
typedef struct {
    double real;
    guint integer[2]; /* stride, padding; transposes; column */
} RhAttributes;

struct _RhNode {
    RhGraph *graph;
    const RhOperation *operation;
    guint id, phase;
    RhShape shape;
    guint n_inputs;
    RhNode *inputs[RH_INPUTS_MAX];
    RhAttributes attributes;
    RhTensor *tensor; /* of a parameter */
    gboolean kept;
};

/* One piece of one stage of one node's work. */
typedef struct {
    const RhNode *node;
    gconstpointer inputs[RH_INPUTS_MAX];
    gpointer output;
    gpointer scratch; /* the node's own, shared by its pieces and stages */
    gpointer working; /* the worker's own, for the time of a piece */
    guint piece, pieces;
} RhCall;

typedef void (*RhKernel)(const RhCall *call);

/* A stage is cut into pieces by the size of the work; a second one follows when all pieces of the first are
 * done, e.g. to add up their partial sums in order. */
typedef struct {
    guint (*pieces)(const RhNode *node);
    RhKernel kernel[2]; /* by RhPrecision */
} RhStage;

/* A way to compute an operation. */
typedef struct {
    RhStage stages[RH_STAGES_MAX];        /* none for leaves and views */
    gsize (*scratch)(const RhNode *node); /* doubles */
    gsize (*working)(const RhNode *node); /* elements of the plan's precision, for one worker */
} RhImplementation;

typedef struct _RhFastKernels RhFastKernels;

struct _RhOperation {
    const char *name;
    RhImplementation exact;
    /* In single precision, with the fast kernels of a processor; NULL result or function: there is none that
     * suits the node. */
    const RhImplementation *(*fast)(const RhFastKernels *kernels, const RhNode *node);
    /* Adds to the graph what `input` receives when the output receives dy; NULL result or function: nothing.
     */
    RhNode *(*derivative)(RhNode *node, guint input, RhNode *dy);
    double (*operations)(const RhNode *node); /* floating-point operations of linear algebra */
    gboolean elementwise; /* element i of the output needs only elements i of inputs of the same shape */
    /* Whether the first stage sums rows of the first input (rh_row_pieces), a later one the pieces; NULL: no.
     */
    gboolean (*sums_rows)(const RhNode *node);
    gboolean view; /* the output is the first input's memory with another shape */
};

extern const RhOperation rh_operation_input, rh_operation_parameter, rh_operation_constant;
/* inputs: x, filter; dy, filter; x, dy. attributes.integer: stride, padding. */
extern const RhOperation rh_operation_convolution, rh_operation_input_gradient, rh_operation_filter_gradient;

/* A node of this phase: an existing one that is the same, or a new one. */
RhNode *rh_node_new(const RhOperation *operation, RhShape shape, RhAttributes attributes, guint n_inputs,
                    RhNode *const *inputs);
/* a + b as one channel combination if one of them is one and the other too, or a vector repeated
 * (normalisation.c), else NULL. */
RhNode *rh_combination_add(RhNode *a, RhNode *b);
/* The vector, or the one number, that `node` repeats at every pixel (reduction.c); NULL if it does no such
 * thing. */
RhNode *rh_repeated_vector(const RhNode *node);
guint rh_graph_size(const RhGraph *graph);
RhNode *rh_graph_node(const RhGraph *graph, guint id);

typedef struct {
    RhNode *parameter, *value;
    guint phase;
} RhUpdate;
const GArray *rh_graph_updates(const RhGraph *graph); /* RhUpdate */

typedef struct {
    RhNode *parameter, *value;
    guint phase;
} RhHandOver;
const GArray *
rh_graph_hand_overs(const RhGraph *graph); /* RhHandOver, in the order in which they were asked for */

/* Pieces for `count` units of work of `cost` element operations each: about 32,768 element operations a
 * piece, 256 pieces at most. */
guint rh_pieces_for(gsize count, gsize cost);
/* Pieces for what treats the rows of images (their pixels) each by itself. Steps on images of one shape are
 * cut alike, so that the plan can run them piece by piece, one after the other, while a piece is in the
 * cache. */
guint rh_row_pieces(RhShape images);
/* First unit of a piece; that of piece + 1 is where it ends. */
static inline gsize rh_piece_start(gsize count, guint piece, guint pieces)
{
    return count * piece / pieces;
}
