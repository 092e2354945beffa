/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "derivative-check.h"

#include <math.h>

#include "projection.h"
#include "tensor/plan.h"

#define STEP      1e-5
#define TOLERANCE 2e-6

typedef struct {
    RhParameters *values;
    RhNode *inputs[4];
    RhNode *first, *second; /* scalars: projection of the value, of the first derivatives */
    RhNode *gradient[2][4]; /* of the two scalars */
    RhPlan *plan;
    RhGraph *graph;
} Setup;

/* The sum of x with random factors. */
static RhNode *project(Setup *setup, RhNode *x, const char *name, RhRandom *random)
{
    return rh_project(x, rh_random_tensor(setup->values, name, rh_node_shape(x), random, -1, 1));
}

static void set_up(Setup *setup, const RhDerivativeCase *check, RhRandom *random)
{
    setup->values = rh_parameters_new(RH_DOUBLE);
    setup->graph = rh_graph_new();
    for (guint i = 0; i < check->n_inputs; i++) {
        g_autofree char *name = g_strdup_printf("input%u", i);
        RhTensor *tensor =
            rh_random_tensor(setup->values, name, check->shapes[i], random, check->low, check->high);
        setup->inputs[i] = rh_parameter(setup->graph, tensor);
    }
    setup->first = project(setup, check->build(setup->inputs), "projection", random);
    rh_gradient(setup->first, setup->inputs, check->n_inputs, setup->gradient[0]);
    setup->second = rh_constant(setup->graph, RH_SCALAR, 0);
    for (guint i = 0; i < check->n_inputs; i++) {
        g_autofree char *name = g_strdup_printf("projection%u", i);
        setup->second = rh_add(setup->second, project(setup, setup->gradient[0][i], name, random));
    }
    rh_gradient(setup->second, setup->inputs, check->n_inputs, setup->gradient[1]);
    rh_graph_keep(setup->graph, setup->first);
    rh_graph_keep(setup->graph, setup->second);
    for (guint i = 0; i < 2 * check->n_inputs; i++)
        rh_graph_keep(setup->graph, setup->gradient[i / check->n_inputs][i % check->n_inputs]);
    setup->plan = rh_plan_new(setup->graph, RH_DOUBLE, NULL, NULL);
}

static void tear_down(Setup *setup)
{
    rh_plan_free(setup->plan);
    rh_graph_free(setup->graph);
    rh_parameters_unref(setup->values);
}

static double value_at(Setup *setup, guint order)
{
    rh_plan_run(setup->plan, 0);
    return rh_plan_scalar(setup->plan, order == 0 ? setup->first : setup->second);
}

static void check_input(Setup *setup, const RhDerivativeCase *check, guint order, guint input)
{
    RhTensor *tensor = rh_parameters_get(setup->values, input);
    gsize count = rh_shape_count(tensor->shape), stride = MAX(count / 40, 1);
    rh_plan_run(setup->plan, 0);
    const double *node = rh_plan_value(setup->plan, setup->gradient[order][input]);
    g_autofree double *gradient = g_memdup2(node, count * sizeof *node);
    double largest = 1;
    for (gsize i = 0; i < count; i++)
        largest = MAX(largest, fabs(gradient[i]));
    for (gsize i = 0; i < count; i += stride) {
        double *x = (double *)tensor->data + i, kept = *x;
        *x = kept + STEP;
        double above = value_at(setup, order);
        *x = kept - STEP;
        double below = value_at(setup, order);
        *x = kept;
        double expected = (above - below) / (2 * STEP);
        if (fabs(expected - gradient[i]) > TOLERANCE * largest)
            g_error("%s: derivative %u by input %u at %" G_GSIZE_FORMAT " is %.9g, by differences %.9g",
                    check->name, order + 1, input, i, gradient[i], expected);
    }
}

void rh_check_derivatives(const RhDerivativeCase *check)
{
    RhRandom random;
    Setup setup = {0};
    rh_random_init(&random, g_str_hash(check->name), RH_PURPOSE_TEST, 0, 0);
    set_up(&setup, check, &random);
    for (guint order = 0; order < 2; order++)
        for (guint input = 0; input < check->n_inputs; input++)
            check_input(&setup, check, order, input);
    tear_down(&setup);
}
