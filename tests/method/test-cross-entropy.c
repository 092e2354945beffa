/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "composition-check.h"
#include "method/method.h"
#include "projection.h"
#include "tensor/plan.h"

static RhNode *given(RhGraph *graph, RhParameters *values, const char *name, RhShape shape,
                     const double *data)
{
    RhTensor *tensor = rh_parameters_add(values, name, shape, FALSE);
    for (gsize i = 0; i < rh_shape_count(shape); i++)
        rh_tensor_set_value(tensor, RH_DOUBLE, i, data[i]);
    return rh_parameter(graph, tensor);
}

/* Logits 0 and log 3 give probabilities ¼ and ¾. */
static void test_by_hand(void)
{
    g_autoptr(RhGraph) graph = rh_graph_new();
    g_autoptr(RhParameters) values = rh_parameters_new(RH_DOUBLE);
    const double logits[] = {0, log(3), log(3) + 1000, 1000}, targets[] = {1, 0, 1, 0};
    RhNode *loss = rh_cross_entropy(given(graph, values, "logits", RH_SHAPE(2, 2), logits),
                                    given(graph, values, "targets", RH_SHAPE(2, 2), targets));
    rh_graph_keep(graph, loss);
    g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_DOUBLE, NULL, NULL);
    rh_plan_run(plan, 0);
    g_assert_cmpfloat_with_epsilon(rh_plan_scalar(plan, loss), (log(4) + log(4.0 / 3)) / 2, 1e-12);
}

/* −Σ target·log(eˣ/Σeˣ)/N, value and derivatives. */
static void test_composition(void)
{
    RhRandom random;
    g_autoptr(RhGraph) graph = rh_graph_new();
    g_autoptr(RhParameters) values = rh_parameters_new(RH_DOUBLE);
    const double data[] = {1, 0, 0, 1, 0, 1, 1, 0, 0, 1};
    rh_random_init(&random, 4, RH_PURPOSE_TEST, 0, 0);
    RhNode *logits = rh_parameter(graph, rh_random_tensor(values, "logits", RH_SHAPE(5, 2), &random, -3, 3));
    RhNode *targets = given(graph, values, "targets", RH_SHAPE(5, 2), data);
    RhNode *powers = rh_exponential(logits);
    RhNode *logarithms = rh_logarithm(rh_divide(powers, rh_sum_to(powers, RH_SHAPE(5, 1))));
    RhNode *plain = rh_scale(rh_sum_all(rh_multiply(logarithms, targets)), -1.0 / 5);
    rh_check_composition("cross-entropy", values, rh_cross_entropy(logits, targets), plain, &logits, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cross-entropy/by-hand", test_by_hand);
    g_test_add_func("/cross-entropy/composition", test_composition);
    return g_test_run();
}
