/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/plan.h"

#include <stdlib.h>
#include <string.h>

#include "tensor/arena-private.h"
#include "tensor/kernels-private.h"
#include "tensor/operation-private.h"

#define FOREVER G_MAXUINT

/* One node's turn. */
typedef struct {
    RhCall call;
    const RhImplementation *how;
    RhKernel kernel[RH_STAGES_MAX];
    guint pieces[RH_STAGES_MAX];
    gsize scratch; /* place in the arena */
    guint64 runs;  /* while profiled */
    gint64 microseconds;
} Step;

/* Where a node's value lies. Views and operations in place share the home of another node. */
typedef struct {
    guint home;     /* id of the node whose memory it is */
    guint last_use; /* step, of all that live in this home; FOREVER: to the end */
    gsize offset;
    gboolean placed; /* in the arena; else a parameter's own memory */
    gboolean needed;
} Place;

struct _RhPlan {
    RhGraph *graph;
    RhPrecision precision;
    RhPool *pool;
    const RhFastKernels *fast; /* NULL: none */
    Step *steps;
    guint n_steps;
    guint *phase_end; /* first step behind each phase */
    Place *places;    /* by node id */
    guint8 *arena;
    gboolean profiled;
    gsize arena_bytes, working_offset, working_bytes; /* working_bytes: of one worker */
};

static gboolean is_step(const RhNode *node)
{
    return node->operation->exact.stages[0].pieces != NULL && node->operation != &rh_operation_constant;
}

/* --- which nodes are needed, in which order, and until when --- */

static void mark_needed(RhPlan *plan)
{
    const GArray *updates = rh_graph_updates(plan->graph);
    for (guint i = 0; i < updates->len; i++)
        plan->places[g_array_index(updates, RhUpdate, i).value->id].needed = TRUE;
    for (guint id = rh_graph_size(plan->graph); id-- > 0;) {
        const RhNode *node = rh_graph_node(plan->graph, id);
        plan->places[id].needed |= node->kept || node->operation == &rh_operation_input;
        for (guint i = 0; plan->places[id].needed && i < node->n_inputs; i++)
            plan->places[node->inputs[i]->id].needed = TRUE;
    }
}

/* The fast way where there is one that suits the node. */
static const RhImplementation *choose(const RhPlan *plan, const RhNode *node)
{
    const RhOperation *operation = node->operation;
    const RhImplementation *fast = NULL;
    if (plan->fast != NULL && plan->precision == RH_SINGLE && operation->fast != NULL)
        fast = operation->fast(plan->fast, node);
    return fast != NULL ? fast : &operation->exact;
}

static void add_step(RhPlan *plan, const RhNode *node)
{
    Step *step = &plan->steps[plan->n_steps++];
    step->call.node = node;
    step->how = choose(plan, node);
}

static void order_steps(RhPlan *plan)
{
    guint size = rh_graph_size(plan->graph);
    plan->steps = g_new0(Step, size + 1);
    plan->phase_end = g_new0(guint, rh_graph_phases(plan->graph));
    for (guint phase = 0; phase < rh_graph_phases(plan->graph); phase++) {
        for (guint id = 0; id < size; id++) {
            const RhNode *node = rh_graph_node(plan->graph, id);
            if (node->phase == phase && plan->places[id].needed && is_step(node))
                add_step(plan, node);
        }
        plan->phase_end[phase] = plan->n_steps;
    }
}

static void use_until(RhPlan *plan, const RhNode *node, guint step)
{
    Place *home = &plan->places[plan->places[node->id].home];
    home->last_use = MAX(home->last_use, step);
}

static void find_lifetimes(RhPlan *plan)
{
    guint size = rh_graph_size(plan->graph);
    for (guint id = 0; id < size; id++) {
        const RhNode *node = rh_graph_node(plan->graph, id);
        plan->places[id].home = node->operation->view ? plan->places[node->inputs[0]->id].home : id;
    }
    for (guint step = 0; step < plan->n_steps; step++) {
        const RhNode *node = plan->steps[step].call.node;
        use_until(plan, node, step);
        for (guint i = 0; i < node->n_inputs; i++)
            use_until(plan, node->inputs[i], step);
    }
    for (guint id = 0; id < size; id++) {
        const RhNode *node = rh_graph_node(plan->graph, id);
        if (plan->places[id].needed && (node->kept || node->operation == &rh_operation_input ||
                                        node->operation == &rh_operation_constant))
            use_until(plan, node, FOREVER);
    }
    const GArray *updates = rh_graph_updates(plan->graph);
    for (guint i = 0; i < updates->len; i++) {
        const RhUpdate *update = &g_array_index(updates, RhUpdate, i);
        guint home = plan->places[update->value->id].home;
        g_assert(rh_graph_node(plan->graph, home)->tensor == NULL);
        use_until(plan, update->value, plan->phase_end[update->phase]);
    }
}

/* --- where everything lies --- */

static gsize node_bytes(const RhPlan *plan, const RhNode *node)
{
    return rh_shape_count(node->shape) * rh_precision_size(plan->precision);
}

/* The home that an element-wise operation can take over because it dies here; NULL if there is none. */
static Place *dying_input(RhPlan *plan, const RhNode *node, guint step)
{
    for (guint i = 0; node->operation->elementwise && i < node->n_inputs; i++) {
        Place *home = &plan->places[plan->places[node->inputs[i]->id].home];
        if (home->placed && home->last_use == step && rh_shape_equal(node->inputs[i]->shape, node->shape))
            return home;
    }
    return NULL;
}

/* Moves all that would live in `node`'s home into `home`. */
static void take_over(RhPlan *plan, const RhNode *node, Place *home)
{
    guint target = (guint)(home - plan->places);
    home->last_use = plan->places[node->id].last_use;
    for (guint id = node->id; id < rh_graph_size(plan->graph); id++)
        if (plan->places[id].home == node->id)
            plan->places[id].home = target;
}

static void place_step(RhPlan *plan, RhArena *arena, guint step)
{
    const RhNode *node = plan->steps[step].call.node;
    Place *place = &plan->places[node->id], *dying = dying_input(plan, node, step);
    if (dying != NULL && place->last_use != FOREVER) {
        take_over(plan, node, dying);
    } else if (!place->placed) {
        place->offset = rh_arena_take(arena, node_bytes(plan, node));
        place->placed = TRUE;
    }
    const RhImplementation *how = plan->steps[step].how;
    gsize scratch = how->scratch != NULL ? how->scratch(node) * sizeof(double) : 0;
    plan->steps[step].scratch = rh_arena_take(arena, scratch);
    rh_arena_give_back(arena, plan->steps[step].scratch, scratch);
}

static void release_dead(RhPlan *plan, RhArena *arena, guint step)
{
    const RhNode *node = plan->steps[step].call.node;
    for (guint i = 0; i <= node->n_inputs; i++) {
        const RhNode *used = i < node->n_inputs ? node->inputs[i] : node;
        Place *home = &plan->places[plan->places[used->id].home];
        if (!home->placed || home->last_use != step)
            continue;
        rh_arena_give_back(arena, home->offset,
                           node_bytes(plan, rh_graph_node(plan->graph, plan->places[used->id].home)));
        home->placed = FALSE; /* its offset stays, its time is over */
    }
}

/* What lives to the end comes first: inputs, constants, kept values. */
static void place_lasting(RhPlan *plan, RhArena *arena)
{
    for (guint id = 0; id < rh_graph_size(plan->graph); id++) {
        Place *place = &plan->places[id];
        if (place->home != id || place->last_use != FOREVER || rh_graph_node(plan->graph, id)->tensor != NULL)
            continue;
        place->offset = rh_arena_take(arena, node_bytes(plan, rh_graph_node(plan->graph, id)));
        place->placed = TRUE;
    }
}

static void place_values(RhPlan *plan)
{
    RhArena *arena = rh_arena_new();
    place_lasting(plan, arena);
    for (guint step = 0; step < plan->n_steps; step++) {
        place_step(plan, arena, step);
        release_dead(plan, arena, step);
    }
    for (guint step = 0; step < plan->n_steps; step++) {
        const RhNode *node = plan->steps[step].call.node;
        const RhImplementation *how = plan->steps[step].how;
        gsize working = how->working != NULL ? how->working(node) : 0;
        plan->working_bytes = MAX(plan->working_bytes, working * rh_precision_size(plan->precision));
    }
    plan->working_bytes =
        (plan->working_bytes + RH_ARENA_ALIGNMENT) / RH_ARENA_ALIGNMENT * RH_ARENA_ALIGNMENT;
    plan->working_offset = rh_arena_bytes(arena);
    plan->arena_bytes = plan->working_offset + plan->working_bytes * rh_pool_threads(plan->pool);
    rh_arena_free(arena);
}

/* --- making it ready to run --- */

static gpointer address_of(const RhPlan *plan, const RhNode *node)
{
    guint home = plan->places[node->id].home;
    const RhNode *owner = rh_graph_node(plan->graph, home);
    return owner->tensor != NULL ? owner->tensor->data : plan->arena + plan->places[home].offset;
}

static void prepare_step(RhPlan *plan, Step *step)
{
    RhCall *call = &step->call;
    call->output = address_of(plan, call->node);
    call->scratch = plan->arena + step->scratch;
    for (guint i = 0; i < call->node->n_inputs; i++)
        call->inputs[i] = address_of(plan, call->node->inputs[i]);
    for (guint stage = 0; stage < RH_STAGES_MAX; stage++) {
        const RhStage *part = &step->how->stages[stage];
        step->pieces[stage] = part->pieces != NULL ? part->pieces(call->node) : 0;
        step->kernel[stage] = part->kernel[plan->precision];
    }
}

static void fill_constants(RhPlan *plan)
{
    for (guint id = 0; id < rh_graph_size(plan->graph); id++) {
        const RhNode *node = rh_graph_node(plan->graph, id);
        if (node->operation != &rh_operation_constant || !plan->places[id].needed)
            continue;
        RhCall call = {.node = node, .output = address_of(plan, node), .pieces = 1};
        node->operation->exact.stages[0].kernel[plan->precision](&call);
    }
}

RhPlan *rh_plan_new(RhGraph *graph, RhPrecision precision, RhPool *pool)
{
    RhPlan *plan = g_new0(RhPlan, 1);
    plan->graph = graph;
    plan->precision = precision;
    plan->pool = pool;
    plan->fast = rh_kernels_in_use()->fast;
    plan->places = g_new0(Place, rh_graph_size(graph) + 1);
    mark_needed(plan);
    order_steps(plan);
    find_lifetimes(plan);
    place_values(plan);
    gsize bytes = MAX(plan->arena_bytes, RH_ARENA_ALIGNMENT);
    plan->arena = aligned_alloc(RH_ARENA_ALIGNMENT, bytes);
    if (plan->arena == NULL)
        g_error("no memory for the %" G_GSIZE_FORMAT " bytes of a plan", bytes);
    memset(plan->arena, 0, bytes); /* takes the pages now and not in the first step */
    for (guint step = 0; step < plan->n_steps; step++)
        prepare_step(plan, &plan->steps[step]);
    fill_constants(plan);
    return plan;
}

void rh_plan_free(RhPlan *plan)
{
    if (plan == NULL)
        return;
    g_free(plan->steps);
    g_free(plan->phase_end);
    g_free(plan->places);
    free(plan->arena);
    g_free(plan);
}

/* --- running --- */

typedef struct {
    const RhPlan *plan;
    const Step *step;
    guint stage;
} Turn;

static void run_piece(guint piece, gpointer data)
{
    const Turn *turn = data;
    RhCall call = turn->step->call;
    call.piece = piece;
    call.pieces = turn->step->pieces[turn->stage];
    call.working =
        turn->plan->arena + turn->plan->working_offset + rh_pool_worker() * turn->plan->working_bytes;
    turn->step->kernel[turn->stage](&call);
}

static void apply_updates(RhPlan *plan, guint phase)
{
    const GArray *updates = rh_graph_updates(plan->graph);
    for (guint i = 0; i < updates->len; i++) {
        const RhUpdate *update = &g_array_index(updates, RhUpdate, i);
        if (update->phase == phase)
            memcpy(update->parameter->tensor->data, address_of(plan, update->value),
                   node_bytes(plan, update->value));
    }
}

static void run_step(RhPlan *plan, Step *step)
{
    gint64 begun = plan->profiled ? g_get_monotonic_time() : 0;
    for (guint stage = 0; stage < RH_STAGES_MAX; stage++) {
        Turn turn = {plan, step, stage};
        rh_pool_run(plan->pool, step->pieces[stage], run_piece, &turn);
    }
    if (plan->profiled) {
        step->microseconds += g_get_monotonic_time() - begun;
        step->runs++;
    }
}

void rh_plan_run(RhPlan *plan, guint phase)
{
    g_assert(phase < rh_graph_phases(plan->graph));
    for (guint i = phase > 0 ? plan->phase_end[phase - 1] : 0; i < plan->phase_end[phase]; i++)
        run_step(plan, &plan->steps[i]);
    apply_updates(plan, phase);
}

/* --- where the time goes --- */

void rh_plan_profile_begin(RhPlan *plan)
{
    plan->profiled = TRUE;
    for (guint i = 0; i < plan->n_steps; i++) {
        plan->steps[i].runs = 0;
        plan->steps[i].microseconds = 0;
    }
}

static RhProfileLine *line_for(GArray *lines, const RhNode *node)
{
    RhShape operand = node->n_inputs > 1 ? node->inputs[1]->shape : RH_SCALAR;
    for (guint i = 0; i < lines->len; i++) {
        RhProfileLine *line = &g_array_index(lines, RhProfileLine, i);
        if (g_str_equal(line->operation, node->operation->name) &&
            rh_shape_equal(line->shape, node->shape) && rh_shape_equal(line->operand, operand))
            return line;
    }
    RhProfileLine line = {.operation = node->operation->name, .shape = node->shape, .operand = operand};
    g_array_append_val(lines, line);
    return &g_array_index(lines, RhProfileLine, lines->len - 1);
}

void rh_plan_profile_add(const RhPlan *plan, GArray *lines)
{
    for (guint i = 0; i < plan->n_steps; i++) {
        const Step *step = &plan->steps[i];
        const RhNode *node = step->call.node;
        if (step->runs == 0)
            continue;
        RhProfileLine *line = line_for(lines, node);
        double runs = (double)step->runs, bytes = (double)node_bytes(plan, node);
        for (guint k = 0; k < node->n_inputs; k++)
            bytes += (double)node_bytes(plan, node->inputs[k]);
        line->runs += step->runs;
        line->seconds += (double)step->microseconds / G_USEC_PER_SEC;
        line->bytes += runs * bytes;
        if (node->operation->operations != NULL)
            line->operations += runs * node->operation->operations(node);
    }
}

gpointer rh_plan_input(RhPlan *plan, const RhNode *input)
{
    g_assert(input->operation == &rh_operation_input);
    return address_of(plan, input);
}

gconstpointer rh_plan_value(const RhPlan *plan, const RhNode *node)
{
    g_assert(node->kept);
    return address_of(plan, node);
}

double rh_plan_scalar(const RhPlan *plan, const RhNode *node)
{
    g_assert(rh_shape_count(node->shape) == 1);
    gconstpointer value = rh_plan_value(plan, node);
    return plan->precision == RH_SINGLE ? (double)*(const float *)value : *(const double *)value;
}

gsize rh_plan_bytes(const RhPlan *plan)
{
    return plan->arena_bytes;
}

double rh_plan_operations(const RhPlan *plan, guint phase)
{
    double operations = 0;
    for (guint i = phase > 0 ? plan->phase_end[phase - 1] : 0; i < plan->phase_end[phase]; i++) {
        const RhNode *node = plan->steps[i].call.node;
        operations += node->operation->operations != NULL ? node->operation->operations(node) : 0;
    }
    return operations;
}
