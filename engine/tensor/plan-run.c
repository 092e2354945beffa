/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Running a plan, and what is read from it. */
#include <string.h>

#include "tensor/plan-private.h"

typedef struct {
    const RhPlan *plan;
    const RhStep *steps;
    guint count, stage;
} Turn;

static void run_piece(guint piece, gpointer data)
{
    const Turn *turn = data;
    gpointer working =
        turn->plan->arena + turn->plan->working_offset + rh_pool_worker() * turn->plan->working_bytes;
    for (guint i = 0; i < turn->count; i++) {
        const RhStep *step = &turn->steps[i];
        RhCall call = step->call;
        call.piece = piece;
        call.pieces = step->pieces[turn->stage];
        call.working = working;
        step->kernel[turn->stage](&call);
    }
}

static void apply_updates(RhPlan *plan, guint phase)
{
    const GArray *updates = rh_graph_updates(plan->graph);
    for (guint i = 0; i < updates->len; i++) {
        const RhUpdate *update = &g_array_index(updates, RhUpdate, i);
        if (update->phase == phase)
            memcpy(update->parameter->tensor->data, rh_plan_address(plan, update->value),
                   rh_plan_node_bytes(plan, update->value));
    }
}

/* The first stages of a group together, what follows on them step by step. */
static void run_group(RhPlan *plan, RhStep *first)
{
    gint64 begun = plan->profiled ? g_get_monotonic_time() : 0;
    Turn turn = {plan, first, first->members, 0};
    rh_pool_run(plan->pool, first->pieces[0], run_piece, &turn);
    for (guint i = 0; i < first->members; i++)
        for (guint stage = 1; stage < RH_STAGES_MAX; stage++) {
            Turn next = {plan, &first[i], 1, stage};
            rh_pool_run(plan->pool, first[i].pieces[stage], run_piece, &next);
        }
    if (plan->profiled) {
        first->microseconds += g_get_monotonic_time() - begun;
        first->runs++;
    }
}

/* What is due before step `end`; returns what is due next. */
static guint hand_over(RhPlan *plan, guint moment, guint end)
{
    for (; moment < plan->moments->len; moment++) {
        const RhMoment *now = &g_array_index(plan->moments, RhMoment, moment);
        if (now->step >= end)
            break;
        if (plan->taker != NULL)
            plan->taker(now->index, rh_plan_address(plan, now->value), plan->taker_data);
    }
    return moment;
}

void rh_plan_run(RhPlan *plan, guint phase)
{
    g_assert(phase < rh_graph_phases(plan->graph));
    guint step = phase > 0 ? plan->phase_end[phase - 1] : 0, moment = 0;
    while (moment < plan->moments->len && g_array_index(plan->moments, RhMoment, moment).step < step)
        moment++;
    while (step < plan->phase_end[phase]) {
        run_group(plan, &plan->steps[step]);
        step += plan->steps[step].members;
        moment = hand_over(plan, moment, step);
    }
    apply_updates(plan, phase);
}

void rh_plan_set_taker(RhPlan *plan, RhTaker taker, gpointer data)
{
    plan->taker = taker;
    plan->taker_data = data;
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

static RhProfileLine *line_for(GArray *lines, const char *operation, const RhNode *node)
{
    RhShape operand = node->n_inputs > 1 ? node->inputs[1]->shape : RH_SCALAR;
    for (guint i = 0; i < lines->len; i++) {
        RhProfileLine *line = &g_array_index(lines, RhProfileLine, i);
        if (line->operation == operation && rh_shape_equal(line->shape, node->shape) &&
            rh_shape_equal(line->operand, operand))
            return line;
    }
    RhProfileLine line = {.operation = operation, .shape = node->shape, .operand = operand};
    g_array_append_val(lines, line);
    return &g_array_index(lines, RhProfileLine, lines->len - 1);
}

/* "gate + sum of products + sum" */
static const char *group_name(const RhStep *first)
{
    g_autoptr(GString) name = g_string_new(first->call.node->operation->name);
    for (guint i = 1; i < first->members; i++)
        g_string_append_printf(name, " + %s", first[i].call.node->operation->name);
    return g_intern_string(name->str);
}

static double step_bytes(const RhPlan *plan, const RhNode *node)
{
    double bytes = (double)rh_plan_node_bytes(plan, node);
    for (guint k = 0; k < node->n_inputs; k++)
        bytes += (double)rh_plan_node_bytes(plan, node->inputs[k]);
    return bytes;
}

void rh_plan_profile_add(const RhPlan *plan, GArray *lines)
{
    for (guint i = 0; i < plan->n_steps; i += plan->steps[i].members) {
        const RhStep *first = &plan->steps[i];
        if (first->runs == 0)
            continue;
        RhProfileLine *line = line_for(lines, group_name(first), first->call.node);
        line->runs += first->runs;
        line->seconds += (double)first->microseconds / G_USEC_PER_SEC;
        for (guint k = 0; k < first->members; k++) {
            const RhNode *node = first[k].call.node;
            line->bytes += (double)first->runs * step_bytes(plan, node);
            if (node->operation->operations != NULL)
                line->operations += (double)first->runs * node->operation->operations(node);
        }
    }
}

/* --- what goes in and comes out --- */

gpointer rh_plan_input(RhPlan *plan, const RhNode *input)
{
    g_assert(input->operation == &rh_operation_input);
    return rh_plan_address(plan, input);
}

gconstpointer rh_plan_value(const RhPlan *plan, const RhNode *node)
{
    g_assert(node->kept);
    return rh_plan_address(plan, node);
}

double rh_plan_scalar(const RhPlan *plan, const RhNode *node)
{
    g_assert(rh_shape_count(node->shape) == 1);
    gconstpointer value = rh_plan_value(plan, node);
    return plan->precision == RH_SINGLE ? (double)*(const float *)value : *(const double *)value;
}

gboolean rh_plan_has_memory(const RhPlan *plan)
{
    return plan->arena != NULL;
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
