/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Planning and running: what the headers promise of memory, phases and parameters. */
#include "allocations.h"

#include "projection.h"
#include "sample-step.h"
#include "tensor/operation-private.h"
#include "tensor/plan.h"

static RhNode *random_parameter(RhGraph *graph, RhParameters *values, const char *name, RhShape shape)
{
    RhRandom random;
    rh_random_init(&random, g_str_hash(name), RH_PURPOSE_TEST, 0, 0);
    return rh_parameter(graph, rh_random_tensor(values, name, shape, &random, -1, 1));
}

static void run_phases(RhPlan *plan)
{
    rh_plan_run(plan, 0);
    rh_plan_run(plan, 1);
}

/* --- a training step --- */

static const RhSampleSize sample_size = {7, 13, 11, 2, 5, 3, 2};

static void check_no_allocation(const RhKernels *kernels, guint threads)
{
    RhSampleStep step;
    rh_sample_step_open(&step, &sample_size, RH_SINGLE);
    g_autoptr(RhPool) pool = rh_pool_new(threads);
    allocations_begin_threads(pool);
    g_autoptr(RhPlan) plan = rh_sample_step_plan(&step, kernels, pool);
    gint before = g_atomic_int_get(&allocation_count);
    for (guint i = 0; i < 5; i++)
        run_phases(plan);
    g_assert_cmpint(g_atomic_int_get(&allocation_count), ==, before);
    g_assert_cmpint(before, >, 0);
    rh_sample_step_close(&step);
}

static void test_no_allocation(void)
{
    if (!RH_COUNTS_ALLOCATIONS) {
        g_test_skip("allocations cannot be counted in this build");
        return;
    }
    for (guint threads = 1; threads <= 3; threads++)
        for (const RhKernels *const *kernels = rh_kernels(); *kernels != NULL; kernels++)
            if (rh_kernels_available(*kernels))
                check_no_allocation(*kernels, threads);
}

/* The input stays where it is: the same bits again, until it is changed. */
static void test_same_input(void)
{
    for (RhPrecision precision = RH_SINGLE; precision <= RH_DOUBLE; precision++) {
        RhSampleStep step;
        rh_sample_step_open(&step, &sample_size, precision);
        g_autoptr(RhPlan) plan = rh_sample_step_plan(&step, NULL, NULL);
        g_autoptr(GBytes) first = rh_sample_step_run(&step, plan);
        for (guint i = 0; i < 3; i++) {
            g_autoptr(GBytes) again = rh_sample_step_run(&step, plan);
            g_assert_true(g_bytes_equal(first, again));
        }
        memset(rh_plan_input(plan, step.x), 0, rh_precision_size(precision));
        g_autoptr(GBytes) other = rh_sample_step_run(&step, plan);
        g_assert_false(g_bytes_equal(first, other));
        rh_sample_step_close(&step);
    }
}

/* --- buffers shared by lifetime --- */

/* Keeps every node, so that no two share a buffer. */
static void keep_all(RhGraph *graph)
{
    for (guint id = 0; id < rh_graph_size(graph); id++)
        rh_graph_keep(graph, rh_graph_node(graph, id));
}

static void test_shared_step(void)
{
    RhSampleStep step;
    rh_sample_step_open(&step, &sample_size, RH_SINGLE);
    g_autoptr(RhPlan) sharing = rh_sample_step_plan(&step, NULL, NULL);
    keep_all(step.graph);
    g_autoptr(RhPlan) apart = rh_sample_step_plan(&step, NULL, NULL);
    g_assert_cmpuint(rh_plan_bytes(sharing), <, rh_plan_bytes(apart));
    g_autoptr(GBytes) a = rh_sample_step_run(&step, sharing), b = rh_sample_step_run(&step, apart);
    g_assert_true(g_bytes_equal(a, b));
    rh_sample_step_close(&step);
}

#define ROWS    6
#define COLUMNS 5
#define NODES   60
#define RESULTS 8

/* A random graph of 6×5 matrices in two phases: some views, some sums, some kept, one parameter updated. */
typedef struct {
    RhParameters *values;
    RhGraph *graph;
    RhNode *pool[NODES], *results[RESULTS];
    guint count;
} Tangle;

static RhNode *any_of(const Tangle *tangle, RhRandom *random)
{
    return tangle->pool[rh_random_below(random, tangle->count)];
}

static RhNode *view_of(RhNode *x)
{
    return rh_reshape(rh_softplus(rh_reshape(x, RH_SHAPE(ROWS * COLUMNS))), RH_SHAPE(ROWS, COLUMNS));
}

/* An operation on one or two matrices, its values kept within a moderate range. */
static RhNode *any_operation(RhRandom *random, RhNode *a, RhNode *b)
{
    switch (rh_random_below(random, 10)) {
    case 0:
        return rh_scale(rh_add(a, b), 0.5);
    case 1:
        return rh_subtract(a, rh_sigmoid(b));
    case 2:
        return rh_sigmoid(rh_multiply(a, b));
    case 3:
        return rh_relu(a);
    case 4:
        return view_of(rh_sigmoid(a));
    case 5:
        return rh_softmax(a);
    case 6:
        return rh_sigmoid(rh_matrix_product(rh_matrix_product(a, FALSE, b, TRUE), FALSE, a, FALSE));
    case 7:
        return rh_sigmoid(rh_add(a, rh_sum_to(b, RH_SHAPE(COLUMNS))));
    case 8:
        return rh_stop_gradient(rh_offset(rh_sigmoid(a), -0.5));
    default:
        return rh_sigmoid(
            rh_channel_affine(a, rh_sum_to(b, RH_SHAPE(COLUMNS)), rh_sum_to(a, RH_SHAPE(COLUMNS))));
    }
}

static void grow(Tangle *tangle, RhRandom *random, guint until)
{
    while (tangle->count < until)
        tangle->pool[tangle->count++] = any_operation(random, any_of(tangle, random), any_of(tangle, random));
}

static void tangle_open(Tangle *tangle, guint seed)
{
    RhRandom random;
    RhShape shape = RH_SHAPE(ROWS, COLUMNS);
    rh_random_init(&random, seed, RH_PURPOSE_TEST, 0, 0);
    *tangle = (Tangle){.values = rh_parameters_new(RH_SINGLE), .graph = rh_graph_new(), .count = 3};
    tangle->pool[0] = random_parameter(tangle->graph, tangle->values, "a", shape);
    tangle->pool[1] = random_parameter(tangle->graph, tangle->values, "b", shape);
    tangle->pool[2] = rh_constant(tangle->graph, shape, 0.5);
    grow(tangle, &random, NODES / 2);
    tangle->results[0] = rh_sigmoid(any_of(tangle, &random));
    rh_graph_update(tangle->graph, tangle->pool[0], tangle->results[0]);
    for (guint i = 1; i < RESULTS / 2; i++)
        tangle->results[i] = any_of(tangle, &random);
    rh_graph_next_phase(tangle->graph);
    tangle->pool[tangle->count++] = rh_relu(tangle->results[0]); /* could be done in place, but it is kept */
    grow(tangle, &random, NODES);
    rh_gradient(rh_sum_all(tangle->pool[NODES - 1]), &tangle->pool[1], 1, &tangle->results[RESULTS - 1]);
    for (guint i = RESULTS / 2; i < RESULTS - 1; i++)
        tangle->results[i] = any_of(tangle, &random);
    for (guint i = 0; i < RESULTS; i++)
        rh_graph_keep(tangle->graph, tangle->results[i]);
}

/* From the same values of the parameters on. */
static void run_from(RhPlan *plan, Tangle *tangle, const RhParameters *start)
{
    rh_parameters_assign(tangle->values, start);
    run_phases(plan);
}

static void test_shared_tangles(void)
{
    for (guint seed = 0; seed < 200; seed++) {
        Tangle tangle;
        tangle_open(&tangle, seed);
        g_autoptr(RhParameters) start = rh_parameters_copy(tangle.values);
        g_autoptr(RhPlan) sharing = rh_plan_new(tangle.graph, RH_SINGLE, NULL, NULL);
        keep_all(tangle.graph);
        g_autoptr(RhPlan) apart = rh_plan_new(tangle.graph, RH_SINGLE, NULL, NULL);
        g_assert_cmpuint(rh_plan_bytes(sharing), <, rh_plan_bytes(apart));
        run_from(sharing, &tangle, start);
        run_from(apart, &tangle, start);
        for (guint i = 0; i < RESULTS; i++) {
            gsize bytes = rh_shape_count(rh_node_shape(tangle.results[i])) * sizeof(float);
            g_assert_cmpmem(rh_plan_value(sharing, tangle.results[i]), bytes,
                            rh_plan_value(apart, tangle.results[i]), bytes);
        }
        rh_graph_free(tangle.graph);
        rh_parameters_unref(tangle.values);
    }
}

/* --- phases --- */

typedef struct {
    RhParameters *values;
    RhGraph *graph;
    RhTensor *a, *b; /* scalars in double precision */
} Scalars;

static void scalars_open(Scalars *scalars, double a, double b)
{
    scalars->values = rh_parameters_new(RH_DOUBLE);
    scalars->graph = rh_graph_new();
    scalars->a = rh_parameters_add(scalars->values, "a", RH_SCALAR, TRUE);
    scalars->b = rh_parameters_add(scalars->values, "b", RH_SCALAR, TRUE);
    rh_tensor_set_value(scalars->a, RH_DOUBLE, 0, a);
    rh_tensor_set_value(scalars->b, RH_DOUBLE, 0, b);
}

static void scalars_close(Scalars *scalars)
{
    rh_graph_free(scalars->graph);
    rh_parameters_unref(scalars->values);
}

static double value_of(const RhTensor *tensor)
{
    return rh_tensor_value(tensor, RH_DOUBLE, 0);
}

static RhNode *kept(RhNode *node)
{
    rh_graph_keep(rh_node_graph(node), node);
    return node;
}

/* The caller moves a parameter between two phases: the earlier value stays, later reads see the new one. */
static void test_phases(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 0);
    g_assert_cmpuint(rh_graph_phases(scalars.graph), ==, 1);
    RhNode *before = kept(rh_scale(rh_parameter(scalars.graph, scalars.a), 10));
    rh_graph_next_phase(scalars.graph);
    g_assert_cmpuint(rh_graph_phases(scalars.graph), ==, 2);
    RhNode *after = kept(rh_scale(rh_parameter(scalars.graph, scalars.a), 10));
    RhNode *sum = kept(rh_add(before, after));
    g_assert_true(before != after);
    g_autoptr(RhPlan) plan = rh_plan_new(scalars.graph, RH_DOUBLE, NULL, NULL);
    rh_plan_run(plan, 0);
    g_assert_cmpfloat(rh_plan_scalar(plan, before), ==, 30);
    rh_tensor_set_value(scalars.a, RH_DOUBLE, 0, 4);
    rh_plan_run(plan, 1);
    g_assert_cmpfloat(rh_plan_scalar(plan, before), ==, 30);
    g_assert_cmpfloat(rh_plan_scalar(plan, after), ==, 40);
    g_assert_cmpfloat(rh_plan_scalar(plan, sum), ==, 70);
    scalars_close(&scalars);
}

/* A kept value is valid until its own phase is run again, whatever becomes of what it was made from. */
static void test_kept_over_phases(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 0);
    RhNode *early = rh_scale(rh_parameter(scalars.graph, scalars.a), 10);
    rh_graph_next_phase(scalars.graph);
    RhNode *late = kept(rh_offset(early, 1));
    g_autoptr(RhPlan) plan = rh_plan_new(scalars.graph, RH_DOUBLE, NULL, NULL);
    run_phases(plan);
    rh_tensor_set_value(scalars.a, RH_DOUBLE, 0, 4);
    rh_plan_run(plan, 0);
    g_assert_cmpfloat(rh_plan_scalar(plan, late), ==, 31);
    rh_plan_run(plan, 1);
    g_assert_cmpfloat(rh_plan_scalar(plan, late), ==, 41);
    scalars_close(&scalars);
}

/* An update takes place at the end of its phase: readers within it see the old value. */
static void test_update(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 0);
    RhNode *a = rh_parameter(scalars.graph, scalars.a);
    g_assert_true(rh_graph_updated(scalars.graph, a) == a);
    RhNode *next = rh_offset(a, 1);
    rh_graph_update(scalars.graph, a, next);
    g_assert_true(rh_graph_updated(scalars.graph, a) == next);
    RhNode *within = kept(rh_scale(a, 10));
    rh_graph_next_phase(scalars.graph);
    RhNode *later = rh_parameter(scalars.graph, scalars.a);
    g_assert_true(rh_graph_updated(scalars.graph, later) == later);
    RhNode *afterwards = kept(rh_scale(later, 10));
    g_autoptr(RhPlan) plan = rh_plan_new(scalars.graph, RH_DOUBLE, NULL, NULL);
    for (guint run = 0; run < 3; run++) {
        run_phases(plan);
        g_assert_cmpfloat(rh_plan_scalar(plan, within), ==, 30 + 10 * run);
        g_assert_cmpfloat(rh_plan_scalar(plan, afterwards), ==, 40 + 10 * run);
        g_assert_cmpfloat(value_of(scalars.a), ==, 4 + run);
    }
    scalars_close(&scalars);
}

/* The latest update of a phase counts; each phase has its own. */
static void test_updates(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 0);
    RhNode *a = rh_parameter(scalars.graph, scalars.a);
    rh_graph_update(scalars.graph, a, rh_offset(a, 100));
    rh_graph_update(scalars.graph, a, rh_scale(a, 2));
    g_assert_true(rh_graph_updated(scalars.graph, a) == rh_scale(a, 2));
    rh_graph_next_phase(scalars.graph);
    a = rh_parameter(scalars.graph, scalars.a);
    rh_graph_update(scalars.graph, a, rh_offset(a, 1));
    g_autoptr(RhPlan) plan = rh_plan_new(scalars.graph, RH_DOUBLE, NULL, NULL);
    rh_plan_run(plan, 0);
    g_assert_cmpfloat(value_of(scalars.a), ==, 6);
    rh_plan_run(plan, 1);
    g_assert_cmpfloat(value_of(scalars.a), ==, 7);
    scalars_close(&scalars);
}

/* Two parameters take values made from each other's old ones. */
static void test_exchange(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 5);
    RhNode *a = rh_parameter(scalars.graph, scalars.a), *b = rh_parameter(scalars.graph, scalars.b);
    rh_graph_update(scalars.graph, a, rh_offset(b, 10));
    rh_graph_update(scalars.graph, b, rh_offset(a, 20));
    g_autoptr(RhPlan) plan = rh_plan_new(scalars.graph, RH_DOUBLE, NULL, NULL);
    rh_plan_run(plan, 0);
    g_assert_cmpfloat(value_of(scalars.a), ==, 15);
    g_assert_cmpfloat(value_of(scalars.b), ==, 23);
    scalars_close(&scalars);
}

/* --- nodes --- */

static void test_identical_nodes(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 5);
    RhNode *a = rh_parameter(scalars.graph, scalars.a), *b = rh_parameter(scalars.graph, scalars.b);
    g_assert_true(rh_parameter(scalars.graph, scalars.a) == a);
    g_assert_true(rh_divide(a, b) == rh_divide(a, b));
    g_assert_true(rh_divide(a, b) != rh_divide(b, a));
    g_assert_true(rh_scale(a, 2) == rh_scale(a, 2));
    g_assert_true(rh_scale(a, 2) != rh_scale(a, 3));
    g_assert_true(rh_constant(scalars.graph, RH_SCALAR, 1) == rh_constant(scalars.graph, RH_SCALAR, 1));
    g_assert_true(rh_constant(scalars.graph, RH_SCALAR, 1) != rh_constant(scalars.graph, RH_SHAPE(1), 1));
    g_assert_true(rh_input(scalars.graph, "x", RH_SCALAR) != rh_input(scalars.graph, "x", RH_SCALAR));
    RhNode *early = rh_divide(a, b);
    rh_graph_next_phase(scalars.graph);
    g_assert_true(rh_parameter(scalars.graph, scalars.a) != a);
    g_assert_true(rh_divide(a, b) != early);
    scalars_close(&scalars);
}

/* Leaves and views of leaves can be read like any other node. */
static void test_kept_leaves(void)
{
    Scalars scalars;
    scalars_open(&scalars, 3, 0);
    RhNode *x = kept(rh_input(scalars.graph, "x", RH_SHAPE(2, 1)));
    RhNode *view = kept(rh_reshape(x, RH_SHAPE(1, 2)));
    RhNode *a = kept(rh_parameter(scalars.graph, scalars.a));
    RhNode *stopped = kept(rh_stop_gradient(a));
    RhNode *constant = kept(rh_constant(scalars.graph, RH_SHAPE(3), 7));
    g_autoptr(RhPlan) plan = rh_plan_new(scalars.graph, RH_DOUBLE, NULL, NULL);
    double *input = rh_plan_input(plan, x);
    input[0] = 1;
    input[1] = 2;
    rh_plan_run(plan, 0);
    g_assert_cmpfloat(((const double *)rh_plan_value(plan, view))[1], ==, 2);
    g_assert_cmpfloat(rh_plan_scalar(plan, a), ==, 3);
    g_assert_cmpfloat(rh_plan_scalar(plan, stopped), ==, 3);
    g_assert_cmpfloat(((const double *)rh_plan_value(plan, constant))[2], ==, 7);
    scalars_close(&scalars);
}

/* Operations of a phase's products and convolutions, by the sizes; what nothing kept needs is not run. */
static void test_operations(void)
{
    g_autoptr(RhGraph) graph = rh_graph_new();
    RhNode *x = rh_input(graph, "x", RH_SHAPE(2, 5, 7, 3)), *f = rh_input(graph, "f", RH_SHAPE(3, 3, 3, 4));
    RhNode *a = rh_input(graph, "a", RH_SHAPE(6, 5)), *b = rh_input(graph, "b", RH_SHAPE(6, 9));
    kept(rh_relu(rh_convolution(x, f, 2, 1)));
    rh_matrix_product(b, TRUE, b, FALSE);
    rh_graph_next_phase(graph);
    kept(rh_matrix_product(a, TRUE, b, FALSE));
    g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_SINGLE, NULL, NULL);
    g_assert_cmpfloat(rh_plan_operations(plan, 0), ==, 2.0 * (2 * 3 * 4) * (3 * 3 * 3) * 4);
    g_assert_cmpfloat(rh_plan_operations(plan, 1), ==, 2.0 * 5 * 6 * 9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/no-allocation", test_no_allocation);
    g_test_add_func("/plan/same-input", test_same_input);
    g_test_add_func("/plan/shared-buffers/step", test_shared_step);
    g_test_add_func("/plan/shared-buffers/tangles", test_shared_tangles);
    g_test_add_func("/plan/phases", test_phases);
    g_test_add_func("/plan/kept-over-phases", test_kept_over_phases);
    g_test_add_func("/plan/update", test_update);
    g_test_add_func("/plan/updates", test_updates);
    g_test_add_func("/plan/exchange", test_exchange);
    g_test_add_func("/plan/identical-nodes", test_identical_nodes);
    g_test_add_func("/plan/kept-leaves", test_kept_leaves);
    g_test_add_func("/plan/operations", test_operations);
    return g_test_run();
}
