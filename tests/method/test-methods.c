/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each method's whole loss on a tiny network in double precision: its gradient against finite differences,
 * the second derivatives of gradmask and rrr included, and its terms against formulas written out. */
#include <string.h>

#include "nn/evaluator.h"
#include "samples.h"
#include "support.h"
#include "tensor/plan.h"

#define IMAGES 3
#define SIDE   7
#define HIDDEN 6

/* Nothing moves: every step is taken at rate zero. */
static RhStepper *make_stepper(RhNetwork *network, const char *id, double lambda, gboolean published)
{
    RhMethodSettings settings = {.lambda = lambda, .discriminator_period = 1, .published = published};
    const RhMethod *method = rh_method_find(id, NULL);
    RhStepper *stepper = rh_stepper_new(network, method, &settings, SIDE, SIDE, 3, HIDDEN, NULL, NULL);
    rh_stepper_keep_gradients(stepper);
    return stepper;
}

static RhNetwork *make_network(void)
{
    RhNetwork *network = rh_network_new(rh_network_kind_find("small", NULL), 2, RH_DOUBLE);
    rh_network_initialise(network, 21);
    return network;
}

/* The loss, with the discriminator as it was (its singular vectors move in every pass). */
static RhLosses losses_of(RhStepper *stepper, const Samples *samples, const RhParameters *discriminator)
{
    RhLosses losses;
    RhBatch batch = samples_batch(samples);
    if (discriminator != NULL)
        rh_parameters_assign(rh_stepper_discriminator_mutable(stepper)->parameters, discriminator);
    rh_stepper_run(stepper, &batch, &losses);
    return losses;
}

static double whole(RhLosses losses)
{
    return losses.classification + losses.penalty;
}

/* Central differences for a few values of each tensor. */
static void check_gradients(RhStepper *stepper, const RhNetwork *network, const Samples *samples)
{
    const RhNetwork *now = rh_stepper_discriminator(stepper);
    g_autoptr(RhParameters) discriminator = now != NULL ? rh_parameters_copy(now->parameters) : NULL;
    const double step = 1e-6;
    double size = 0;
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        RhTensor *tensor = rh_parameters_get(network->parameters, i);
        if (!tensor->trainable)
            continue;
        losses_of(stepper, samples, discriminator);
        g_autofree double *gradient = rh_stepper_gradient(stepper, tensor->name);
        double *values = tensor->data;
        gsize count = rh_shape_count(tensor->shape);
        for (gsize k = 0; k < count; k += MAX(count / 5, 1)) {
            double kept = values[k];
            values[k] = kept + step;
            double above = whole(losses_of(stepper, samples, discriminator));
            values[k] = kept - step;
            double below = whole(losses_of(stepper, samples, discriminator));
            values[k] = kept;
            double slope = (above - below) / (2 * step);
            if (!(fabs(slope - gradient[k]) < 1e-6 * (1 + fabs(slope))))
                g_test_fail_printf("%s[%" G_GSIZE_FORMAT "]: %.9g, finite difference %.9g", tensor->name, k,
                                   gradient[k], slope);
            size = fmax(size, fabs(slope));
        }
    }
    g_assert_cmpfloat(size, >, 1e-2);
}

static void test_gradients(gconstpointer id)
{
    g_autoptr(RhNetwork) network = make_network();
    g_autoptr(RhStepper) stepper = make_stepper(network, id, 0.7, FALSE);
    Samples samples = samples_make(IMAGES, SIDE, 1);
    check_gradients(stepper, network, &samples);
    samples_clear(&samples);
}

/* Logits and features of a batch in training mode, by a graph of their own, and the derivative of `scalar` of
 * the logits with respect to the batch by finite differences of single pixels. */
typedef struct {
    RhGraph *graph;
    RhPlan *plan;
    RhNode *x, *logits, *features;
} Forward;

static Forward forward_make(const RhNetwork *network)
{
    Forward forward = {.graph = rh_graph_new()};
    RhForward nodes;
    forward.x = rh_input(forward.graph, "x", RH_SHAPE(IMAGES, SIDE, SIDE, 1));
    rh_network_forward(network, forward.x, RH_TRAINING, &nodes);
    forward.logits = nodes.logits;
    forward.features = nodes.features;
    rh_graph_keep(forward.graph, nodes.logits);
    rh_graph_keep(forward.graph, nodes.features);
    forward.plan = rh_plan_new(forward.graph, RH_DOUBLE, NULL, NULL);
    return forward;
}

static void forward_clear(Forward *forward)
{
    rh_plan_free(forward->plan);
    rh_graph_free(forward->graph);
}

static const double *forward_run(const Forward *forward, const double *x, const RhNode *result)
{
    memcpy(rh_plan_input(forward->plan, forward->x), x, IMAGES * SIDE * SIDE * sizeof *x);
    rh_plan_run(forward->plan, 0);
    return rh_plan_value(forward->plan, result);
}

static double contrast(const double *logits)
{
    double sum = 0;
    for (guint i = 0; i < IMAGES; i++)
        sum += fabs(logits[2 * i] - logits[2 * i + 1]);
    return sum;
}

static double log_probabilities(const double *logits)
{
    double sum = 0;
    for (guint i = 0; i < IMAGES; i++)
        for (guint c = 0; c < 2; c++) {
            double probability = exp(logits[2 * i + c]) / (exp(logits[2 * i]) + exp(logits[2 * i + 1]));
            sum += log(probability + 1e-11);
        }
    return sum;
}

static void check_gradient_penalty(const char *id, double (*scalar)(const double *logits), double power)
{
    g_autoptr(RhNetwork) network = make_network();
    g_autoptr(RhStepper) stepper = make_stepper(network, id, 0.3, FALSE);
    Samples samples = samples_make(IMAGES, SIDE, 2);
    samples.mask[3] = 0.5f; /* counts as outside */
    Forward forward = forward_make(network);
    double x[IMAGES * SIDE * SIDE], penalty = 0;
    for (guint i = 0; i < G_N_ELEMENTS(x); i++)
        x[i] = (double)samples.x[i];
    for (guint i = 0; i < G_N_ELEMENTS(x); i++) {
        double kept = x[i];
        x[i] = kept + 1e-6;
        double above = scalar(forward_run(&forward, x, forward.logits));
        x[i] = kept - 1e-6;
        double below = scalar(forward_run(&forward, x, forward.logits));
        x[i] = kept;
        if (samples.mask[i] != 1.0f)
            penalty += pow(fabs(above - below) / 2e-6, power);
    }
    RhLosses losses = losses_of(stepper, &samples, NULL);
    g_assert_cmpfloat(penalty, >, 1e-3);
    g_assert_cmpfloat_with_epsilon(losses.penalty, 0.3 * penalty, 1e-6 * (1 + penalty));
    forward_clear(&forward);
    samples_clear(&samples);
}

static void test_gradmask(void)
{
    check_gradient_penalty("gradmask", contrast, 1);
}

static void test_rrr(void)
{
    check_gradient_penalty("rrr", log_probabilities, 2);
}

/* What each method classifies: x, x·m or x̃. */
static void test_classification(void)
{
    g_autoptr(RhNetwork) network = make_network();
    Samples samples = samples_make(IMAGES, SIDE, 4);
    Forward forward = forward_make(network);
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++) {
        g_autoptr(RhStepper) stepper = make_stepper(network, (*method)->id, 1, FALSE);
        double x[IMAGES * SIDE * SIDE], found[2 * IMAGES], expected = 0;
        for (guint i = 0; i < G_N_ELEMENTS(x); i++)
            x[i] = (double)(g_str_equal((*method)->id, "shuffled") ? samples.shuffled[i]
                            : g_str_equal((*method)->id, "masked") ? samples.x[i] * samples.mask[i]
                                                                   : samples.x[i]);
        const double *logits = forward_run(&forward, x, forward.logits);
        for (guint i = 0; i < IMAGES; i++)
            expected -= logits[2 * i + samples.labels[i]] - log(exp(logits[2 * i]) + exp(logits[2 * i + 1]));
        RhLosses losses = losses_of(stepper, &samples, NULL);
        g_assert_cmpfloat_with_epsilon(losses.classification, expected / IMAGES, 1e-12);
        rh_stepper_logits(stepper, found);
        for (guint i = 0; i < 2 * IMAGES; i++)
            g_assert_cmpfloat_with_epsilon(found[i], logits[i], 1e-12);
        g_assert_true((losses.penalty > 0) == (((*method)->needs & RH_METHOD_WEIGHTED) != 0));
        g_assert_true((losses.discriminator > 0) == (((*method)->needs & RH_METHOD_DISCRIMINATOR) != 0));
    }
    forward_clear(&forward);
    samples_clear(&samples);
}

static void test_actdiff(void)
{
    g_autoptr(RhNetwork) network = make_network();
    guint features = network->kind->features(network->width);
    Samples samples = samples_make(IMAGES, SIDE, 5);
    Forward forward = forward_make(network);
    double x[IMAGES * SIDE * SIDE], shuffled[IMAGES * SIDE * SIDE], expected = 0;
    for (guint i = 0; i < G_N_ELEMENTS(x); i++) {
        x[i] = (double)samples.x[i];
        shuffled[i] = (double)samples.shuffled[i];
    }
    g_autofree double *kept =
        g_memdup2(forward_run(&forward, shuffled, forward.features), IMAGES * features * sizeof *kept);
    const double *plain = forward_run(&forward, x, forward.features);
    for (guint i = 0; i < IMAGES; i++) {
        double squares = 0;
        for (guint k = 0; k < features; k++)
            squares += pow(kept[i * features + k] - plain[i * features + k] + 1e-6, 2);
        expected += sqrt(squares) / IMAGES;
    }
    g_assert_cmpfloat(expected, >, 1e-3);
    g_autoptr(RhStepper) weighted = make_stepper(network, "actdiff", 0.5, FALSE);
    g_autoptr(RhStepper) published = make_stepper(network, "actdiff", 0.5, TRUE);
    g_autoptr(RhStepper) nothing = make_stepper(network, "actdiff", 0, TRUE);
    g_assert_cmpfloat_with_epsilon(losses_of(weighted, &samples, NULL).penalty, 0.5 * expected, 1e-12);
    g_assert_cmpfloat_with_epsilon(losses_of(published, &samples, NULL).penalty, expected, 1e-12);
    g_assert_cmpfloat(losses_of(nothing, &samples, NULL).penalty, ==, 0);
    forward_clear(&forward);
    samples_clear(&samples);
}

static void test_table(void)
{
    static const char *const ids[] = {"baseline",    "masked",   "shuffled", "actdiff",
                                      "adversarial", "gradmask", "rrr"};
    g_autoptr(GError) error = NULL;
    guint count = 0;
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++, count++) {
        g_assert_cmpstr((*method)->id, ==, ids[count]);
        g_assert_true(rh_method_find(ids[count], NULL) == *method);
        g_assert_true(g_str_has_suffix((*method)->summary, "."));
    }
    g_assert_cmpuint(count, ==, G_N_ELEMENTS(ids));
    g_assert_null(rh_method_find("magic", &error));
    g_assert_nonnull(strstr(error->message, "magic"));
    g_assert_nonnull(strstr(error->message, "gradmask"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/methods/table", test_table);
    g_test_add_func("/methods/classification", test_classification);
    g_test_add_func("/methods/actdiff", test_actdiff);
    g_test_add_func("/methods/gradmask", test_gradmask);
    g_test_add_func("/methods/rrr", test_rrr);
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++) {
        g_autofree char *name = g_strdup_printf("/methods/gradients/%s", (*method)->id);
        g_test_add_data_func(name, (*method)->id, test_gradients);
    }
    return g_test_run();
}
