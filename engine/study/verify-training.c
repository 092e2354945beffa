/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Training steps against a reference of kind "training". */
#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "method/step.h"
#include "nn/discriminator.h"
#include "study/verify-private.h"

#define STEPS_MAX  1000
#define HIDDEN_MAX 4096

static const RhLimit limit_logits = {1e-4, 1e-3};
static const RhLimit limit_gradient_worst = {2e-3, 2e-2};
static const RhLimit limit_gradient_median = {2e-5, 2e-3};
static const RhLimit limit_loss_first = {1e-4, 1e-3};
static const RhLimit limit_loss_later = {1e-2, 3e-2};
/* Adam divides a gradient by its size, so where it nearly vanishes its rounding decides the direction of a
 * step: parameters are held to the limit of the losses they lead to. */
static const RhLimit limit_parameters = {1e-2, 3e-2};

static const char *const loss_names[] = {"classification", "penalty", "discriminator"};
/* A method has the terms all of whose needs are among its own. */
static const RhMethodNeeds loss_needs[] = {RH_METHOD_PLAIN, RH_METHOD_WEIGHTED, RH_METHOD_DISCRIMINATOR};

typedef struct {
    guint steps;
    double *logits;                            /* of step 0 */
    RhParameters *gradients;                   /* of step 0 */
    double *losses[G_N_ELEMENTS(loss_names)];  /* by step; NULL if the method has no such term */
    RhParameters *after, *discriminator_after; /* the latter NULL if there is none */
} Outcome;

/* What the metadata say. */
typedef struct {
    const RhMethod *method;
    RhMethodSettings settings;
    guint steps;
    guint hidden; /* units of the discriminator; 0 if there is none */
} Setup;

static void outcome_free(gpointer data)
{
    Outcome *outcome = data;
    g_free(outcome->logits);
    for (guint i = 0; i < G_N_ELEMENTS(loss_names); i++)
        g_free(outcome->losses[i]);
    g_clear_pointer(&outcome->gradients, rh_parameters_unref);
    g_clear_pointer(&outcome->after, rh_parameters_unref);
    g_clear_pointer(&outcome->discriminator_after, rh_parameters_unref);
    g_free(outcome);
}

static gboolean read_hidden(const RhReference *reference, guint *hidden, GError **error)
{
    RhShape shape;
    if (!rh_tensor_file_shape(reference->file, "disc/fc.weight", &shape, error))
        return FALSE;
    if (shape.rank != 2 || shape.size[1] < 1 || shape.size[1] > HIDDEN_MAX) {
        g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                    _("“%s”: the tensor “disc/fc.weight” should be 1×units with at most %u units."),
                    reference->path, HIDDEN_MAX);
        return FALSE;
    }
    *hidden = (guint)shape.size[1];
    return TRUE;
}

static gboolean read_setup(const RhReference *reference, Setup *setup, GError **error)
{
    double steps, period;
    const char *id = rh_tensor_file_metadata(reference->file, "method");
    *setup = (Setup){.method = rh_method_find(id != NULL ? id : "", error)};
    if (setup->method == NULL || !rh_reference_number(reference, "steps", 1, STEPS_MAX, &steps, error) ||
        !rh_reference_number(reference, "lr", 0, 1e3, &setup->settings.learning_rate, error))
        return FALSE;
    setup->steps = (guint)steps;
    if (setup->method->needs & RH_METHOD_WEIGHTED &&
        !rh_reference_number(reference, "lambda", 0, 1e9, &setup->settings.lambda, error))
        return FALSE;
    if (!(setup->method->needs & RH_METHOD_DISCRIMINATOR))
        return TRUE;
    if (!rh_reference_number(reference, "disc_lr", 0, 1e3, &setup->settings.discriminator_learning_rate,
                             error) ||
        !rh_reference_number(reference, "disc_iter", 1, 1e6, &period, error))
        return FALSE;
    setup->settings.discriminator_period = (guint)period;
    return read_hidden(reference, &setup->hidden, error);
}

/* Tensors of double precision for the gradients of a network's parameters. */
static RhParameters *make_gradients(const RhParameters *parameters)
{
    RhParameters *gradients = rh_parameters_new(RH_DOUBLE);
    for (guint i = 0; i < rh_parameters_count(parameters); i++) {
        const RhTensor *tensor = rh_parameters_get(parameters, i);
        if (tensor->trainable)
            rh_parameters_add(gradients, tensor->name, tensor->shape, FALSE);
    }
    return gradients;
}

static gboolean has_loss(const Setup *setup, guint term)
{
    return (setup->method->needs & loss_needs[term]) == loss_needs[term];
}

static gboolean read_losses(const RhReference *reference, const Setup *setup, Outcome *outcome,
                            GError **error)
{
    for (guint term = 0; term < G_N_ELEMENTS(loss_names); term++) {
        if (!has_loss(setup, term))
            continue;
        g_autofree char *name = g_strconcat("expect/loss/", loss_names[term], NULL);
        outcome->losses[term] = rh_reference_read(reference, name, outcome->steps, error);
        if (outcome->losses[term] == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean read_discriminator(const RhReference *reference, const Setup *setup, Outcome *outcome,
                                   GError **error)
{
    if (setup->hidden == 0)
        return TRUE;
    guint features = reference->network->features(reference->channels);
    g_autoptr(RhNetwork) discriminator = rh_discriminator_new(features, setup->hidden, RH_SINGLE);
    outcome->discriminator_after = rh_parameters_ref(discriminator->parameters);
    return rh_tensor_file_read_parameters(reference->file, "expect/disc_after/", outcome->discriminator_after,
                                          error);
}

static gpointer read_expected(const RhReference *reference, GError **error)
{
    Setup setup;
    if (!read_setup(reference, &setup, error))
        return NULL;
    g_autoptr(RhNetwork) network = rh_network_new(reference->network, reference->channels, RH_SINGLE);
    Outcome *outcome = g_new0(Outcome, 1);
    outcome->steps = setup.steps;
    outcome->after = rh_parameters_ref(network->parameters);
    outcome->gradients = make_gradients(network->parameters);
    outcome->logits = rh_reference_read(reference, "expect/logits", 2 * (gsize)reference->images, error);
    if (outcome->logits != NULL && read_losses(reference, &setup, outcome, error) &&
        rh_tensor_file_read_parameters(reference->file, "expect/grad/", outcome->gradients, error) &&
        rh_tensor_file_read_parameters(reference->file, "expect/after/", outcome->after, error) &&
        read_discriminator(reference, &setup, outcome, error))
        return outcome;
    outcome_free(outcome);
    return NULL;
}

static float *read_batch_images(const RhReference *reference, guint step, const char *what, GError **error)
{
    g_autofree char *name = g_strdup_printf("step%u/%s", step, what);
    return rh_reference_read_single(reference, name,
                                    (gsize)reference->images * reference->height * reference->width, error);
}

static gboolean run_step(const RhReference *reference, RhStepper *stepper, guint step, Outcome *outcome,
                         GError **error)
{
    g_autofree char *y_name = g_strdup_printf("step%u/y", step);
    g_autofree float *x = read_batch_images(reference, step, "x", error);
    g_autofree float *mask = x != NULL ? read_batch_images(reference, step, "mask", error) : NULL;
    g_autofree float *shuffled = mask != NULL ? read_batch_images(reference, step, "shuffled", error) : NULL;
    g_autofree double *y =
        shuffled != NULL ? rh_reference_read(reference, y_name, reference->images, error) : NULL;
    if (y == NULL)
        return FALSE;
    g_autofree guint8 *labels = g_new(guint8, reference->images);
    for (guint i = 0; i < reference->images; i++)
        labels[i] = y[i] > 0;
    RhBatch batch = {
        .count = reference->images, .x = x, .mask = mask, .shuffled = shuffled, .labels = labels};
    RhLosses losses;
    rh_stepper_run(stepper, &batch, &losses);
    const double terms[] = {losses.classification, losses.penalty, losses.discriminator};
    for (guint i = 0; i < G_N_ELEMENTS(terms); i++)
        if (outcome->losses[i] != NULL)
            outcome->losses[i][step] = terms[i];
    return TRUE;
}

static void note_first_step(const RhReference *reference, RhStepper *stepper, Outcome *outcome)
{
    outcome->logits = g_new(double, 2 * (gsize)reference->images);
    rh_stepper_logits(stepper, outcome->logits);
    for (guint i = 0; i < rh_parameters_count(outcome->gradients); i++) {
        RhTensor *tensor = rh_parameters_get(outcome->gradients, i);
        gsize count = rh_shape_count(tensor->shape);
        g_autofree double *gradient = rh_stepper_gradient(stepper, tensor->name);
        for (gsize k = 0; k < count; k++)
            rh_tensor_set_value(tensor, RH_DOUBLE, k, gradient[k]);
    }
}

static gboolean run_steps(const RhReference *reference, RhStepper *stepper, Outcome *outcome, GError **error)
{
    RhNetwork *discriminator = rh_stepper_discriminator_mutable(stepper);
    if (discriminator != NULL) {
        if (!rh_tensor_file_read_parameters(reference->file, "disc/", discriminator->parameters, error))
            return FALSE;
        outcome->discriminator_after = rh_parameters_ref(discriminator->parameters);
    }
    for (guint step = 0; step < outcome->steps; step++) {
        if (!run_step(reference, stepper, step, outcome, error))
            return FALSE;
        if (step == 0)
            note_first_step(reference, stepper, outcome);
    }
    return TRUE;
}

static gpointer run(const RhReference *reference, RhNetwork *network, GError **error)
{
    Setup setup;
    if (!read_setup(reference, &setup, error))
        return NULL;
    g_autoptr(RhStepper) stepper =
        rh_stepper_new(network, setup.method, &setup.settings, reference->height, reference->width, 0,
                       setup.hidden, reference->kernels, reference->pool);
    rh_stepper_keep_gradients(stepper);
    Outcome *outcome = g_new0(Outcome, 1);
    outcome->steps = setup.steps;
    outcome->after = rh_parameters_ref(network->parameters);
    outcome->gradients = make_gradients(network->parameters);
    for (guint i = 0; i < G_N_ELEMENTS(loss_names); i++)
        if (has_loss(&setup, i))
            outcome->losses[i] = g_new0(double, setup.steps);
    if (run_steps(reference, stepper, outcome, error))
        return outcome;
    outcome_free(outcome);
    return NULL;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void compare_gradients(const RhReference *reference, GArray *lines, const RhParameters *found,
                              const RhParameters *expected)
{
    guint count = rh_parameters_count(expected), worst = 0;
    g_autofree double *errors = g_new(double, count);
    for (guint i = 0; i < count; i++) {
        const RhTensor *is = rh_parameters_get(found, i), *should = rh_parameters_get(expected, i);
        errors[i] = rh_relative_error(is->data, should->data, rh_shape_count(should->shape));
        if (!(errors[i] <= errors[worst]))
            worst = i;
    }
    rh_reference_add(reference, lines,
                     g_strdup_printf("gradient, worst (%s)", rh_parameters_get(expected, worst)->name),
                     errors[worst], &limit_gradient_worst);
    qsort(errors, count, sizeof *errors, compare_doubles);
    rh_reference_add(reference, lines, g_strdup_printf("gradient, median of %u parameters", count),
                     errors[count / 2], &limit_gradient_median);
}

static void compare_losses(const RhReference *reference, GArray *lines, const char *name, const double *found,
                           const double *expected, guint steps)
{
    double later = 0;
    for (guint step = 1; step < steps; step++) {
        double deviation = rh_relative_error(&found[step], &expected[step], 1);
        if (!(deviation <= later))
            later = deviation;
    }
    rh_reference_add(reference, lines, g_strdup_printf("%s loss, step 0", name),
                     rh_relative_error(found, expected, 1), &limit_loss_first);
    if (steps > 1)
        rh_reference_add(reference, lines, g_strdup_printf("%s loss, worst of later steps", name), later,
                         &limit_loss_later);
}

/* Over all values of both sets, single precision, together. */
static void compare_parameters(const RhReference *reference, GArray *lines, const char *what,
                               const RhParameters *found, const RhParameters *expected)
{
    double distance = 0, size = 0;
    for (guint i = 0; i < rh_parameters_count(expected); i++) {
        const RhTensor *is = rh_parameters_get(found, i), *should = rh_parameters_get(expected, i);
        gsize count = rh_shape_count(should->shape);
        for (gsize k = 0; k < count; k++) {
            double value = rh_tensor_value(should, RH_SINGLE, k);
            distance += pow(rh_tensor_value(is, RH_SINGLE, k) - value, 2);
            size += value * value;
        }
    }
    rh_reference_add(reference, lines, g_strdup_printf("%s after the last step", what), sqrt(distance / size),
                     &limit_parameters);
}

static GArray *compare(const RhReference *reference, gconstpointer found_outcome,
                       gconstpointer expected_outcome)
{
    const Outcome *found = found_outcome, *expected = expected_outcome;
    GArray *lines = rh_reference_lines_new();
    rh_reference_add(reference, lines, g_strdup("logits"),
                     rh_relative_error(found->logits, expected->logits, 2 * (gsize)reference->images),
                     &limit_logits);
    compare_gradients(reference, lines, found->gradients, expected->gradients);
    for (guint i = 0; i < G_N_ELEMENTS(loss_names); i++)
        if (expected->losses[i] != NULL)
            compare_losses(reference, lines, loss_names[i], found->losses[i], expected->losses[i],
                           expected->steps);
    compare_parameters(reference, lines, "parameters", found->after, expected->after);
    if (expected->discriminator_after != NULL)
        compare_parameters(reference, lines, "discriminator", found->discriminator_after,
                           expected->discriminator_after);
    return lines;
}

const RhReferenceKind rh_reference_training = {
    .id = "training",
    .images = "step0/x",
    .read = read_expected,
    .run = run,
    .compare = compare,
    .free = outcome_free,
};
