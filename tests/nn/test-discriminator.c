/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/discriminator.h"

#include <math.h>
#include <string.h>

#include "support.h"
#include "tensor/plan.h"

#define FEATURES 5
#define HIDDEN   4
#define BATCH    3

static double *tensor(const RhNetwork *network, const char *layer, const char *part)
{
    g_autofree char *name = g_strconcat(layer, ".", part, NULL);
    return rh_parameters_find(network->parameters, name)->data;
}

static void normalise(double *x, guint count)
{
    double squares = 0;
    for (guint i = 0; i < count; i++)
        squares += x[i] * x[i];
    for (guint i = 0; i < count; i++)
        x[i] /= fmax(sqrt(squares), 1e-12);
}

/* One layer by plain loops: moves u and v, then out = max(0, x·(W/σ)ᵀ + bias). */
static void layer_by_hand(const RhNetwork *network, const char *layer, guint in, const double *x, double *out)
{
    const double *weight = tensor(network, layer, "weight_orig"), *bias = tensor(network, layer, "bias");
    double *u = tensor(network, layer, "weight_u"), *v = tensor(network, layer, "weight_v"), sigma = 0;
    memset(v, 0, in * sizeof *v);
    for (guint o = 0; o < HIDDEN; o++)
        for (guint i = 0; i < in; i++)
            v[i] += weight[o * in + i] * u[o];
    normalise(v, in);
    memset(u, 0, HIDDEN * sizeof *u);
    for (guint o = 0; o < HIDDEN; o++)
        for (guint i = 0; i < in; i++)
            u[o] += weight[o * in + i] * v[i];
    normalise(u, HIDDEN);
    for (guint o = 0; o < HIDDEN; o++)
        for (guint i = 0; i < in; i++)
            sigma += u[o] * weight[o * in + i] * v[i];
    for (guint b = 0; b < BATCH; b++)
        for (guint o = 0; o < HIDDEN; o++) {
            double sum = bias[o];
            for (guint i = 0; i < in; i++)
                sum += x[b * in + i] * weight[o * in + i] / sigma;
            out[b * HIDDEN + o] = fmax(0, sum);
        }
}

static void forward_by_hand(const RhNetwork *network, const double *x, double logits[BATCH])
{
    double first[BATCH * HIDDEN], second[BATCH * HIDDEN], third[BATCH * HIDDEN];
    layer_by_hand(network, "layers.0", FEATURES, x, first);
    layer_by_hand(network, "layers.1", HIDDEN, first, second);
    layer_by_hand(network, "layers.2", HIDDEN, second, third);
    for (guint b = 0; b < BATCH; b++) {
        logits[b] = tensor(network, "fc", "bias")[0];
        for (guint i = 0; i < HIDDEN; i++)
            logits[b] += third[b * HIDDEN + i] * tensor(network, "fc", "weight")[i];
    }
}

static RhNetwork *make(void)
{
    RhNetwork *network = rh_discriminator_new(FEATURES, HIDDEN, RH_DOUBLE);
    rh_discriminator_initialise(network, 5);
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        RhTensor *each = rh_parameters_get(network->parameters, i);
        if (g_str_has_suffix(each->name, "bias"))
            for (gsize k = 0; k < rh_shape_count(each->shape); k++)
                ((double *)each->data)[k] += 0.3; /* keep some units above zero */
    }
    return network;
}

/* Three passes, two of them in one phase: each goes on from the singular vectors of the one before. */
static void test_forward(void)
{
    g_autoptr(RhNetwork) network = make(), by_hand = make();
    g_autoptr(RhGraph) graph = rh_graph_new();
    RhNode *x = rh_input(graph, "x", RH_SHAPE(BATCH, FEATURES)), *logits[3];
    logits[0] = rh_discriminator_forward(network, x);
    logits[1] = rh_discriminator_forward(network, rh_scale(x, -2));
    rh_graph_next_phase(graph);
    logits[2] = rh_discriminator_forward(network, x);
    for (guint i = 0; i < 3; i++)
        rh_graph_keep(graph, logits[i]);
    g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_DOUBLE, NULL, NULL);
    double *input = rh_plan_input(plan, x), other[BATCH * FEATURES];
    for (guint i = 0; i < BATCH * FEATURES; i++) {
        input[i] = cos(1.3 * i);
        other[i] = -2 * input[i];
    }
    rh_plan_run(plan, 0);
    double expected[3][BATCH];
    forward_by_hand(by_hand, input, expected[0]);
    forward_by_hand(by_hand, other, expected[1]);
    for (guint k = 0; k < 2; k++)
        for (guint b = 0; b < BATCH; b++)
            g_assert_cmpfloat_with_epsilon(((const double *)rh_plan_value(plan, logits[k]))[b],
                                           expected[k][b], 1e-12);
    rh_plan_run(plan, 1);
    forward_by_hand(by_hand, input, expected[2]);
    for (guint b = 0; b < BATCH; b++)
        g_assert_cmpfloat_with_epsilon(((const double *)rh_plan_value(plan, logits[2]))[b], expected[2][b],
                                       1e-12);
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        const RhTensor *a = rh_parameters_get(network->parameters, i);
        const RhTensor *b = rh_parameters_get(by_hand->parameters, i);
        for (gsize k = 0; k < rh_shape_count(a->shape); k++)
            g_assert_cmpfloat_with_epsilon(((double *)a->data)[k], ((double *)b->data)[k], 1e-12);
    }
}

/* The singular vectors are constants: with them held, the derivative with respect to a weight is that of W/σ
 * with σ = uᵀWv. */
static double loss_with_fixed_vectors(const RhNetwork *network, const double *x, double change, guint index)
{
    g_autoptr(RhNetwork) copy = make();
    double logits[BATCH], kept_u[HIDDEN], kept_v[FEATURES], out[BATCH * HIDDEN], sum = 0;
    rh_parameters_assign(copy->parameters, network->parameters);
    layer_by_hand(copy, "layers.0", FEATURES, x, out);
    memcpy(kept_u, tensor(copy, "layers.0", "weight_u"), sizeof kept_u);
    memcpy(kept_v, tensor(copy, "layers.0", "weight_v"), sizeof kept_v);
    double *weight = tensor(copy, "layers.0", "weight_orig"), sigma = 0;
    weight[index] += change;
    for (guint o = 0; o < HIDDEN; o++)
        for (guint i = 0; i < FEATURES; i++)
            sigma += kept_u[o] * weight[o * FEATURES + i] * kept_v[i];
    for (guint b = 0; b < BATCH; b++)
        for (guint o = 0; o < HIDDEN; o++) {
            out[b * HIDDEN + o] = tensor(copy, "layers.0", "bias")[o];
            for (guint i = 0; i < FEATURES; i++)
                out[b * HIDDEN + o] += x[b * FEATURES + i] * weight[o * FEATURES + i] / sigma;
            out[b * HIDDEN + o] = fmax(0, out[b * HIDDEN + o]);
        }
    double second[BATCH * HIDDEN], third[BATCH * HIDDEN];
    layer_by_hand(copy, "layers.1", HIDDEN, out, second);
    layer_by_hand(copy, "layers.2", HIDDEN, second, third);
    for (guint b = 0; b < BATCH; b++) {
        logits[b] = tensor(copy, "fc", "bias")[0];
        for (guint i = 0; i < HIDDEN; i++)
            logits[b] += third[b * HIDDEN + i] * tensor(copy, "fc", "weight")[i];
        sum += logits[b] * logits[b];
    }
    return sum;
}

static void test_gradient(void)
{
    g_autoptr(RhNetwork) network = make();
    g_autoptr(RhGraph) graph = rh_graph_new();
    RhNode *x = rh_input(graph, "x", RH_SHAPE(BATCH, FEATURES)), *gradient;
    RhNode *weight = rh_parameter(graph, rh_parameters_find(network->parameters, "layers.0.weight_orig"));
    rh_gradient(rh_sum_all(rh_square(rh_discriminator_forward(network, x))), &weight, 1, &gradient);
    rh_graph_keep(graph, gradient);
    g_autoptr(RhPlan) plan = rh_plan_new(graph, RH_DOUBLE, NULL, NULL);
    double *input = rh_plan_input(plan, x), largest = 0;
    for (guint i = 0; i < BATCH * FEATURES; i++)
        input[i] = cos(1.3 * i);
    double expected[HIDDEN * FEATURES];
    for (guint i = 0; i < HIDDEN * FEATURES; i++)
        expected[i] = (loss_with_fixed_vectors(network, input, 1e-6, i) -
                       loss_with_fixed_vectors(network, input, -1e-6, i)) /
                      2e-6;
    rh_plan_run(plan, 0);
    const double *found = rh_plan_value(plan, gradient);
    for (guint i = 0; i < HIDDEN * FEATURES; i++) {
        g_assert_cmpfloat_with_epsilon(found[i], expected[i], 1e-7);
        largest = fmax(largest, fabs(found[i]));
    }
    g_assert_cmpfloat(largest, >, 1e-3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/discriminator/forward", test_forward);
    g_test_add_func("/discriminator/gradient", test_gradient);
    return g_test_run();
}
