/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/parameters.h"

/* The graph: what is to be computed. Intended use:
 *
 *     g_autoptr(RhGraph) graph = rh_graph_new();
 *     RhNode *x = rh_input(graph, "x", RH_SHAPE(16, 28, 28, 1));
 *     RhNode *w = rh_parameter(graph, tensor);
 *     RhNode *loss = rh_sum_all(rh_square(rh_convolution(x, w, 1, 1)));
 *     RhNode *dw;
 *     rh_gradient(loss, &w, 1, &dw);              // a node like any other: use it, differentiate it again
 *     rh_graph_keep(graph, dw);
 *     g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_SINGLE, NULL, pool);
 *     memcpy(rh_plan_input(plan, x), …);
 *     rh_plan_run(plan, 0);
 *     const float *result = rh_plan_value(plan, dw);
 *
 * Building, planning (plan.h) and running are apart: running allocates nothing. The graph owns its nodes.
 * Shapes are checked when a node is built (g_assert: a wrong shape is a mistake in the program).
 *
 * Phases. Nodes built after rh_graph_next_phase() belong to the next phase; each phase is run by itself,
 * in order, and sees the values of the earlier ones. Between two phases the caller may change parameters (an
 * optimiser step), and nodes built in the later phase that read them see the new values.
 *
 * Identical operations on identical inputs within one phase are one node. */
typedef struct _RhGraph RhGraph;
typedef struct _RhNode RhNode;

RhGraph *rh_graph_new(void);
void rh_graph_free(RhGraph *graph);
void rh_graph_next_phase(RhGraph *graph);
guint rh_graph_phases(const RhGraph *graph);
/* The value of `node` stays readable after its phase has run (rh_plan_value). */
void rh_graph_keep(RhGraph *graph, RhNode *node);
/* At the end of this phase the parameter takes the value of `value`, which is computed (not a parameter or a
 * view of one); readers within the phase see the old one. */
void rh_graph_update(RhGraph *graph, RhNode *parameter, RhNode *value);
/* The value `parameter` will have at the end of the phase: its latest update, or itself. */
RhNode *rh_graph_updated(RhGraph *graph, RhNode *parameter);
/* `value` is handed to the plan's taker (plan.h) while the present phase runs: as soon as it is there and
 * nothing of the phase reads `parameter` any more, so that an optimiser can move the parameter while the
 * value is in the cache. */
void rh_graph_hand_over(RhGraph *graph, RhNode *value, RhNode *parameter);
RhShape rh_node_shape(const RhNode *node);
RhGraph *rh_node_graph(const RhNode *node);

/* --- leaves --- */
RhNode *rh_input(RhGraph *graph, const char *name, RhShape shape);
RhNode *rh_parameter(RhGraph *graph, RhTensor *tensor); /* the same tensor and phase give the same node */
RhNode *rh_constant(RhGraph *graph, RhShape shape, double value);

/* --- element by element; the operands have one shape, or one broadcasts to the other as in NumPy --- */
RhNode *rh_add(RhNode *a, RhNode *b);
RhNode *rh_subtract(RhNode *a, RhNode *b);
RhNode *rh_multiply(RhNode *a, RhNode *b);
RhNode *rh_divide(RhNode *a, RhNode *b);
RhNode *rh_scale(RhNode *x, double factor);
RhNode *rh_offset(RhNode *x, double term);
RhNode *rh_negate(RhNode *x);
RhNode *rh_square(RhNode *x);
RhNode *rh_square_root(RhNode *x);
RhNode *rh_reciprocal(RhNode *x);
RhNode *rh_absolute(RhNode *x); /* derivative sign(x), 0 at 0, as PyTorch */
RhNode *rh_sign(RhNode *x);     /* derivative 0 */
RhNode *rh_relu(RhNode *x);     /* derivative 0 at 0 */
RhNode *rh_step(RhNode *x);     /* 1 where x > 0, else 0; derivative 0 */
RhNode *rh_exponential(RhNode *x);
RhNode *rh_logarithm(RhNode *x);
RhNode *rh_sigmoid(RhNode *x);
RhNode *rh_softplus(RhNode *x); /* log(1 + eˣ), stable for any x */

/* --- shape and sums --- */
RhNode *rh_reshape(RhNode *x, RhShape shape);
RhNode *rh_broadcast(RhNode *x, RhShape shape); /* NumPy's rule */
RhNode *rh_sum_to(RhNode *x, RhShape shape);    /* the adjoint of broadcast: sums over what it repeats */
RhNode *rh_sum_all(RhNode *x);                  /* scalar */
RhNode *rh_mean_all(RhNode *x);                 /* scalar */

/* --- rows (last axis) of an N×K matrix --- */
RhNode *rh_softmax(RhNode *x);
RhNode *rh_log_softmax(RhNode *x);
RhNode *rh_column(RhNode *x, guint column); /* N×K → N */

/* --- linear algebra: a or its transpose times b or its transpose --- */
RhNode *rh_matrix_product(RhNode *a, gboolean transpose_a, RhNode *b, gboolean transpose_b);

/* --- convolution: x N×H×W×C, filter K×K×C×O, output N×H'×W'×O with H' = (H + 2·padding − K)/stride + 1.
 * The three are one trilinear form seen from its three arguments, so they differentiate into each other. ---
 */
RhNode *rh_convolution(RhNode *x, RhNode *filter, guint stride, guint padding);
RhNode *rh_convolution_input_gradient(RhNode *dy, RhNode *filter, RhShape x_shape, guint stride,
                                      guint padding);
RhNode *rh_convolution_filter_gradient(RhNode *x, RhNode *dy, RhShape filter_shape, guint stride,
                                       guint padding);

/* --- normalisation over all axes but the last (the channels) --- */
RhNode *rh_batch_mean(RhNode *x);     /* C */
RhNode *rh_batch_variance(RhNode *x); /* C, biased */
/* (x − mean)/√(variance + epsilon)·gamma + beta. With x's own mean and variance the derivative with respect
 * to x flows through them too. */
RhNode *rh_batch_norm(RhNode *x, RhNode *mean, RhNode *variance, RhNode *gamma, RhNode *beta, double epsilon);
/* x·scale + shift with scale and shift of shape C. */
RhNode *rh_channel_affine(RhNode *x, RhNode *scale, RhNode *shift);

/* --- differentiation --- */
RhNode *rh_stop_gradient(RhNode *x); /* x, but a constant for rh_gradient */
/* gradients[i] = ∂y/∂x[i], y a scalar; zeros where y does not depend on x[i]. */
void rh_gradient(RhNode *y, RhNode *const *x, guint count, RhNode **gradients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhGraph, rh_graph_free)
