/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/plan-private.h"

#include <stdlib.h>

#include "base/memory.h"
#include "tensor/arena-private.h"

#define MEMBERS_MAX 8

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
    const GArray *hand_overs = rh_graph_hand_overs(plan->graph);
    for (guint i = 0; i < hand_overs->len; i++)
        plan->places[g_array_index(hand_overs, RhHandOver, i).value->id].needed = TRUE;
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
    RhStep *step = &plan->steps[plan->n_steps++];
    step->call.node = node;
    step->how = choose(plan, node);
}

static void order_steps(RhPlan *plan)
{
    guint size = rh_graph_size(plan->graph);
    plan->steps = g_new0(RhStep, size + 1);
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

/* --- groups: steps that treat the rows of images of one shape each by itself are run piece by piece, one
 * after the other, so that what one has written is still in the cache when the next reads it --- */

/* The images whose rows a step treats so; NULL: it does not. */
static const RhShape *row_shape(const RhStep *step)
{
    const RhNode *node = step->call.node;
    if (step->how != &node->operation->exact)
        return NULL;
    if (node->operation->elementwise && node->shape.rank > 1)
        return &node->shape;
    gboolean sums = node->operation->sums_rows != NULL && node->operation->sums_rows(node);
    return sums ? &node->inputs[0]->shape : NULL;
}

static guint first_pieces(const RhStep *step)
{
    return step->how->stages[0].pieces(step->call.node);
}

/* Whether a step may read `node`, which step `member` of its group makes: only if it is ready row by row. */
static gboolean ready_by_rows(const RhPlan *plan, guint member, const RhNode *node)
{
    const RhNode *made = plan->steps[member].call.node;
    if (plan->places[node->id].home != made->id)
        return TRUE; /* from elsewhere */
    return node == made && made->operation->elementwise;
}

static gboolean joins(const RhPlan *plan, guint first, guint step)
{
    const RhShape *group = row_shape(&plan->steps[first]), *own = row_shape(&plan->steps[step]);
    const RhNode *node = plan->steps[step].call.node;
    if (group == NULL || own == NULL || !rh_shape_equal(*group, *own) || step - first >= MEMBERS_MAX ||
        first_pieces(&plan->steps[first]) != first_pieces(&plan->steps[step]))
        return FALSE;
    for (guint i = 0; i < node->n_inputs; i++)
        for (guint member = first; member < step; member++)
            if (!ready_by_rows(plan, member, node->inputs[i]))
                return FALSE;
    return TRUE;
}

static void form_groups(RhPlan *plan)
{
    for (guint phase = 0, first = 0; phase < rh_graph_phases(plan->graph); phase++)
        for (; first < plan->phase_end[phase]; first += plan->steps[first].members) {
            guint end = first + 1;
            while (end < plan->phase_end[phase] && joins(plan, first, end))
                end++;
            plan->steps[first].members = end - first;
        }
}

static void use_until(RhPlan *plan, const RhNode *node, guint step)
{
    RhPlace *home = &plan->places[plan->places[node->id].home];
    home->last_use = MAX(home->last_use, step);
}

/* The last step of a phase that makes `value` or reads the parameter. */
static guint last_step_with(const RhPlan *plan, const RhHandOver *hand_over)
{
    guint last = hand_over->phase > 0 ? plan->phase_end[hand_over->phase - 1] : 0;
    for (guint step = last; step < plan->phase_end[hand_over->phase]; step++) {
        const RhNode *node = plan->steps[step].call.node;
        gboolean with = node == hand_over->value;
        for (guint i = 0; i < node->n_inputs; i++)
            with |= rh_graph_node(plan->graph, plan->places[node->inputs[i]->id].home)->tensor ==
                    hand_over->parameter->tensor;
        if (with)
            last = step;
    }
    return last;
}

static int compare_moments(gconstpointer a, gconstpointer b)
{
    const RhMoment *x = a, *y = b;
    return x->step != y->step ? (x->step > y->step) - (x->step < y->step)
                              : (x->index > y->index) - (x->index < y->index);
}

static void find_moments(RhPlan *plan)
{
    const GArray *hand_overs = rh_graph_hand_overs(plan->graph);
    plan->moments = g_array_new(FALSE, FALSE, sizeof(RhMoment));
    for (guint i = 0; i < hand_overs->len; i++) {
        const RhHandOver *hand_over = &g_array_index(hand_overs, RhHandOver, i);
        RhMoment moment = {last_step_with(plan, hand_over), i, hand_over->value};
        g_array_append_val(plan->moments, moment);
        use_until(plan, hand_over->value, moment.step);
    }
    g_array_sort(plan->moments, compare_moments);
}

static void find_lifetimes(RhPlan *plan)
{
    guint size = rh_graph_size(plan->graph);
    for (guint id = 0; id < size; id++) {
        const RhNode *node = rh_graph_node(plan->graph, id);
        plan->places[id].home = node->operation->view ? plan->places[node->inputs[0]->id].home : id;
    }
    form_groups(plan);
    for (guint step = 0; step < plan->n_steps; step++) {
        const RhNode *node = plan->steps[step].call.node;
        use_until(plan, node, step);
        for (guint i = 0; i < node->n_inputs; i++)
            use_until(plan, node->inputs[i], step);
    }
    find_moments(plan);
    for (guint id = 0; id < size; id++) {
        const RhNode *node = rh_graph_node(plan->graph, id);
        if (plan->places[id].needed && (node->kept || node->operation == &rh_operation_input ||
                                        node->operation == &rh_operation_constant))
            use_until(plan, node, RH_FOREVER);
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

gsize rh_plan_node_bytes(const RhPlan *plan, const RhNode *node)
{
    return rh_shape_count(node->shape) * rh_precision_size(plan->precision);
}

/* The home that an element-wise operation can take over because it dies here; NULL if there is none. */
static RhPlace *dying_input(RhPlan *plan, const RhNode *node, guint step)
{
    for (guint i = 0; node->operation->elementwise && i < node->n_inputs; i++) {
        RhPlace *home = &plan->places[plan->places[node->inputs[i]->id].home];
        if (home->placed && home->last_use == step && rh_shape_equal(node->inputs[i]->shape, node->shape))
            return home;
    }
    return NULL;
}

/* Moves all that would live in `node`'s home into `home`. */
static void take_over(RhPlan *plan, const RhNode *node, RhPlace *home)
{
    guint target = (guint)(home - plan->places);
    home->last_use = plan->places[node->id].last_use;
    for (guint id = node->id; id < rh_graph_size(plan->graph); id++)
        if (plan->places[id].home == node->id)
            plan->places[id].home = target;
}

static gsize scratch_bytes(const RhStep *step)
{
    return step->how->scratch != NULL ? step->how->scratch(step->call.node) * sizeof(double) : 0;
}

static void place_step(RhPlan *plan, RhArena *arena, guint step)
{
    const RhNode *node = plan->steps[step].call.node;
    RhPlace *place = &plan->places[node->id], *dying = dying_input(plan, node, step);
    if (dying != NULL && place->last_use != RH_FOREVER) {
        take_over(plan, node, dying);
    } else if (!place->placed) {
        place->offset = rh_arena_take(arena, rh_plan_node_bytes(plan, node));
        place->placed = TRUE;
    }
    plan->steps[step].scratch = rh_arena_take(arena, scratch_bytes(&plan->steps[step]));
}

/* Gives back the home of `node`, which a group that ends before `end` used, if nobody uses it behind it. */
static void release_if_dead(RhPlan *plan, RhArena *arena, const RhNode *node, guint end)
{
    RhPlace *home = &plan->places[plan->places[node->id].home];
    if (!home->placed || home->last_use >= end)
        return;
    rh_arena_give_back(arena, home->offset,
                       rh_plan_node_bytes(plan, rh_graph_node(plan->graph, plan->places[node->id].home)));
    home->placed = FALSE; /* its offset stays, its time is over */
}

static void release_dead(RhPlan *plan, RhArena *arena, guint step, guint end)
{
    const RhNode *node = plan->steps[step].call.node;
    rh_arena_give_back(arena, plan->steps[step].scratch, scratch_bytes(&plan->steps[step]));
    for (guint i = 0; i < node->n_inputs; i++)
        release_if_dead(plan, arena, node->inputs[i], end);
    release_if_dead(plan, arena, node, end);
}

static guint release_handed_over(RhPlan *plan, RhArena *arena, guint moment, guint end)
{
    for (; moment < plan->moments->len; moment++) {
        const RhMoment *now = &g_array_index(plan->moments, RhMoment, moment);
        if (now->step >= end)
            break;
        release_if_dead(plan, arena, now->value, end);
    }
    return moment;
}

/* What lives to the end comes first: inputs, constants, kept values. */
static void place_lasting(RhPlan *plan, RhArena *arena)
{
    for (guint id = 0; id < rh_graph_size(plan->graph); id++) {
        RhPlace *place = &plan->places[id];
        if (place->home != id || place->last_use != RH_FOREVER ||
            rh_graph_node(plan->graph, id)->tensor != NULL)
            continue;
        place->offset = rh_arena_take(arena, rh_plan_node_bytes(plan, rh_graph_node(plan->graph, id)));
        place->placed = TRUE;
    }
}

static void place_values(RhPlan *plan)
{
    RhArena *arena = rh_arena_new();
    guint moment = 0;
    place_lasting(plan, arena);
    for (guint first = 0; first < plan->n_steps; first += plan->steps[first].members) {
        guint end = first + plan->steps[first].members;
        for (guint step = first; step < end; step++)
            place_step(plan, arena, step);
        for (guint step = first; step < end; step++)
            release_dead(plan, arena, step, end);
        moment = release_handed_over(plan, arena, moment, end);
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

gpointer rh_plan_address(const RhPlan *plan, const RhNode *node)
{
    guint home = plan->places[node->id].home;
    const RhNode *owner = rh_graph_node(plan->graph, home);
    return owner->tensor != NULL ? owner->tensor->data : plan->arena + plan->places[home].offset;
}

static void prepare_step(RhPlan *plan, RhStep *step)
{
    RhCall *call = &step->call;
    call->output = rh_plan_address(plan, call->node);
    call->scratch = plan->arena + step->scratch;
    for (guint i = 0; i < call->node->n_inputs; i++)
        call->inputs[i] = rh_plan_address(plan, call->node->inputs[i]);
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
        RhCall call = {.node = node, .output = rh_plan_address(plan, node), .pieces = 1};
        node->operation->exact.stages[0].kernel[plan->precision](&call);
    }
}

RhPlan *rh_plan_new(RhGraph *graph, RhPrecision precision, const RhKernels *kernels, RhPool *pool)
{
    RhPlan *plan = g_new0(RhPlan, 1);
    plan->graph = graph;
    plan->precision = precision;
    plan->pool = pool;
    plan->fast = (kernels != NULL ? kernels : rh_kernels_fastest())->fast;
    plan->places = g_new0(RhPlace, rh_graph_size(graph) + 1);
    mark_needed(plan);
    order_steps(plan);
    find_lifetimes(plan);
    place_values(plan);
    plan->arena_bytes = MAX(plan->arena_bytes, RH_ARENA_ALIGNMENT);
    plan->arena = rh_memory_take(RH_ARENA_ALIGNMENT, plan->arena_bytes);
    if (plan->arena == NULL)
        return plan;
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
    g_array_unref(plan->moments);
    free(plan->arena);
    g_free(plan);
}
