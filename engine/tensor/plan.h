/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "tensor/graph.h"
#include "tensor/kernels.h"

/* A plan: how a graph is run. It orders the nodes that kept values and updates need, gives every buffer a
 * place in one arena by its lifetime, and cuts the work into pieces for the pool. The graph and pool outlive
 * the plan. */
typedef struct _RhPlan RhPlan;

/* kernels: what it computes with in single precision; NULL: the fastest. */
RhPlan *rh_plan_new(RhGraph *graph, RhPrecision precision, const RhKernels *kernels, RhPool *pool);
/* FALSE: there was not so much memory left as the plan needs (rh_plan_bytes). It cannot be run then. */
gboolean rh_plan_has_memory(const RhPlan *plan);
void rh_plan_free(RhPlan *plan);
/* Where to write an input's value (float or double as the plan's precision) before running. Stays valid and
 * keeps what was written until it is overwritten. */
gpointer rh_plan_input(RhPlan *plan, const RhNode *input);
/* Runs one phase. Allocates nothing. */
void rh_plan_run(RhPlan *plan, guint phase);
/* Who is given what is handed over (rh_graph_hand_over): on the thread that runs the phase, between two
 * steps. The value is valid during the call. */
typedef void (*RhTaker)(guint index, gconstpointer value, gpointer data);
void rh_plan_set_taker(RhPlan *plan, RhTaker taker, gpointer data);
/* The value of a kept node, valid until its phase is run again. */
gconstpointer rh_plan_value(const RhPlan *plan, const RhNode *node);
double rh_plan_scalar(const RhPlan *plan, const RhNode *node);
/* Bytes of the arena, kernels' working memory included. */
gsize rh_plan_bytes(const RhPlan *plan);
/* Floating-point operations of one run of a phase, products and sums of the linear algebra counted directly.
 */
double rh_plan_operations(const RhPlan *plan, guint phase);

/* Where the time of a plan goes, a line for each kind of operation and shapes. */
typedef struct {
    const char *operation;
    RhShape shape, operand; /* of the result and of the second operand */
    guint64 runs;
    double seconds;    /* in all runs, as are the rest */
    double operations; /* floating-point, of linear algebra */
    double bytes;      /* of operands and results */
} RhProfileLine;

/* From now on each step is timed; what was gathered so far is forgotten. */
void rh_plan_profile_begin(RhPlan *plan);
/* Adds to an array of RhProfileLine; lines of the same kind are joined. */
void rh_plan_profile_add(const RhPlan *plan, GArray *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhPlan, rh_plan_free)
