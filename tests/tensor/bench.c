/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include <math.h>

#include "projection.h"
#include "tensor/plan.h"

static void open_bench(RhBench *bench, RhPrecision precision)
{
    bench->precision = precision;
    bench->values = rh_parameters_new(precision);
    bench->graph = rh_graph_new();
    rh_random_init(&bench->random, 11, RH_PURPOSE_TEST, 0, 0);
}

static void close_bench(RhBench *bench)
{
    rh_graph_free(bench->graph);
    rh_parameters_unref(bench->values);
}

static void run_once(const RhKernels *kernels, RhPrecision precision,
                     void (*check)(RhBench *bench, gconstpointer data), gconstpointer data)
{
    RhBench bench = {.kernels = kernels};
    open_bench(&bench, precision);
    check(&bench, data);
    close_bench(&bench);
}

void rh_bench_run(void (*check)(RhBench *bench, gconstpointer data), gconstpointer data)
{
    for (const RhKernels *const *kernels = rh_kernels(); *kernels != NULL; kernels++)
        if (rh_kernels_available(*kernels))
            run_once(*kernels, RH_SINGLE, check, data);
    run_once(rh_kernels_find("exact", NULL), RH_DOUBLE, check, data);
}

RhNode *rh_bench_random(RhBench *bench, RhShape shape, double low, double high)
{
    g_autofree char *name = g_strdup_printf("operand%u", rh_parameters_count(bench->values));
    return rh_parameter(bench->graph,
                        rh_random_tensor(bench->values, name, shape, &bench->random, low, high));
}

RhNode *rh_bench_given(RhBench *bench, RhShape shape, const double *given)
{
    RhNode *node = rh_bench_random(bench, shape, 0, 1);
    RhTensor *tensor = rh_parameters_get(bench->values, rh_parameters_count(bench->values) - 1);
    for (gsize i = 0; i < rh_shape_count(shape); i++)
        rh_tensor_set_value(tensor, bench->precision, i, given[i]);
    return node;
}

double rh_bench_operand(const RhBench *bench, guint which, gsize index)
{
    return rh_tensor_value(rh_parameters_get(bench->values, which), bench->precision, index);
}

double *rh_bench_result(RhBench *bench, RhNode *node)
{
    gsize count = rh_shape_count(rh_node_shape(node));
    double *result = g_new(double, count);
    rh_graph_keep(bench->graph, node);
    g_autoptr(RhPlan) plan = rh_plan_new(bench->graph, bench->precision, bench->kernels, NULL);
    rh_plan_run(plan, 0);
    gconstpointer values = rh_plan_value(plan, node);
    for (gsize i = 0; i < count; i++)
        result[i] =
            bench->precision == RH_SINGLE ? (double)((const float *)values)[i] : ((const double *)values)[i];
    return result;
}

double rh_bench_tolerance(const RhBench *bench)
{
    if (bench->precision == RH_DOUBLE)
        return 1e-13;
    return bench->kernels == rh_kernels_find("exact", NULL) ? 2e-6 : 1e-5;
}

void rh_bench_check(RhBench *bench, const char *what, RhNode *node, const double *expected)
{
    gsize count = rh_shape_count(rh_node_shape(node));
    g_autofree double *found = rh_bench_result(bench, node);
    double largest = 0;
    for (gsize i = 0; i < count; i++)
        largest = fmax(largest, fabs(expected[i]));
    for (gsize i = 0; i < count; i++)
        if (!(fabs(found[i] - expected[i]) <= rh_bench_tolerance(bench) * largest))
            g_error("%s, kernels %s, %s precision, at %" G_GSIZE_FORMAT ": %.17g, expected %.17g", what,
                    rh_kernels_id(bench->kernels), bench->precision == RH_SINGLE ? "single" : "double", i,
                    found[i], expected[i]);
}
