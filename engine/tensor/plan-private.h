/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/kernels-private.h"
#include "tensor/operation-private.h"
#include "tensor/plan.h"

/* A plan as plan.c makes it and plan-run.c runs it. */

#define RH_FOREVER G_MAXUINT

/* One node's turn. */
typedef struct {
    RhCall call;
    const RhImplementation *how;
    RhKernel kernel[RH_STAGES_MAX];
    guint pieces[RH_STAGES_MAX];
    gsize scratch; /* place in the arena */
    guint members; /* of the group that begins here, this step included; 0: it belongs to a group before */
    guint64 runs;  /* while profiled */
    gint64 microseconds;
} RhStep;

/* Where a node's value lies. Views and operations in place share the home of another node. */
typedef struct {
    guint home;     /* id of the node whose memory it is */
    guint last_use; /* step, of all that live in this home; RH_FOREVER: to the end */
    gsize offset;
    gboolean placed; /* in the arena; else a parameter's own memory */
    gboolean needed;
} RhPlace;

/* When a value is handed over: behind this step's group. */
typedef struct {
    guint step, index;
    const RhNode *value;
} RhMoment;

struct _RhPlan {
    RhGraph *graph;
    RhPrecision precision;
    RhPool *pool;
    const RhFastKernels *fast; /* NULL: none */
    RhStep *steps;
    guint n_steps;
    guint *phase_end; /* first step behind each phase */
    RhPlace *places;  /* by node id */
    GArray *moments;  /* RhMoment, by step */
    RhTaker taker;
    gpointer taker_data;
    guint8 *arena;
    gboolean profiled;
    gsize arena_bytes, working_offset, working_bytes; /* working_bytes: of one worker */
};

/* Where a node's value is. */
gpointer rh_plan_address(const RhPlan *plan, const RhNode *node);
gsize rh_plan_node_bytes(const RhPlan *plan, const RhNode *node);
