/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Training steps against a reference of kind "training". */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "method/step.h"
#include "study/verify-private.h"

#define STEPS_MAX  1000
#define HIDDEN_MAX 4096

#define LIMIT_LOGITS          1e-4
#define LIMIT_GRADIENT_WORST  2e-3
#define LIMIT_GRADIENT_MEDIAN 2e-5
#define LIMIT_LOSS_FIRST      1e-4
#define LIMIT_LOSS_LATER      1e-2
/* Adam divides a gradient by its size, so where it nearly vanishes its rounding decides the direction of a
 * step: parameters are held to the limit of the losses they lead to. */
#define LIMIT_PARAMETERS 1e-2

static const char *const loss_names[] = {"classification", "penalty", "discriminator"};

/* What the steps gave. */
typedef struct {
    RhReference *reference;
    RhStepper *stepper;
    guint steps;
    double *losses[G_N_ELEMENTS(loss_names)];
} Training;

static gboolean read_settings(const RhReference *reference, const RhMethod *method,
                              RhMethodSettings *settings, guint *steps, GError **error)
{
    double number, period = 1;
    *settings = method->defaults;
    if (!rh_reference_number(reference, "steps", 1, STEPS_MAX, &number, error) ||
        !rh_reference_number(reference, "lr", 0, 1e3, &settings->learning_rate, error))
        return FALSE;
    *steps = (guint)number;
    if (method->needs & RH_METHOD_WEIGHTED &&
        !rh_reference_number(reference, "lambda", 0, 1e9, &settings->lambda, error))
        return FALSE;
    if (!(method->needs & RH_METHOD_DISCRIMINATOR))
        return TRUE;
    if (!rh_reference_number(reference, "disc_lr", 0, 1e3, &settings->discriminator_learning_rate, error) ||
        !rh_reference_number(reference, "disc_iter", 1, 1e6, &period, error))
        return FALSE;
    settings->discriminator_period = (guint)period;
    return TRUE;
}

static gboolean read_hidden(const RhReference *reference, guint *hidden, GError **error)
{
    RhShape shape;
    if (!rh_tensor_file_shape(reference->file, "disc/fc.weight", &shape, error))
        return FALSE;
    if (shape.rank != 2 || shape.size[1] < 1 || shape.size[1] > HIDDEN_MAX) {
        g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                    "“%s”: the tensor “disc/fc.weight” should be 1×units with at most %u units.",
                    reference->path, HIDDEN_MAX);
        return FALSE;
    }
    *hidden = (guint)shape.size[1];
    return TRUE;
}

static gboolean begin(Training *training, GError **error)
{
    RhReference *reference = training->reference;
    RhMethodSettings settings;
    guint hidden = 0;
    const char *id = rh_tensor_file_metadata(reference->file, "method");
    const RhMethod *method = rh_method_find(id != NULL ? id : "", error);
    if (method == NULL || !read_settings(reference, method, &settings, &training->steps, error))
        return FALSE;
    if (method->needs & RH_METHOD_DISCRIMINATOR && !read_hidden(reference, &hidden, error))
        return FALSE;
    training->stepper = rh_stepper_new(reference->network, method, &settings, reference->height,
                                       reference->width, 0, hidden, reference->pool);
    RhNetwork *discriminator = rh_stepper_discriminator_mutable(training->stepper);
    for (guint i = 0; i < G_N_ELEMENTS(loss_names); i++)
        training->losses[i] = g_new0(double, training->steps);
    return discriminator == NULL ||
           rh_tensor_file_read_parameters(reference->file, "disc/", discriminator->parameters, error);
}

static gboolean run_step(Training *training, guint step, GError **error)
{
    const RhReference *reference = training->reference;
    gsize pixels = (gsize)reference->images * reference->height * reference->width;
    g_autofree char *x_name = g_strdup_printf("step%u/x", step), *y_name = g_strdup_printf("step%u/y", step);
    g_autofree char *mask_name = g_strdup_printf("step%u/mask", step);
    g_autofree char *shuffled_name = g_strdup_printf("step%u/shuffled", step);
    g_autofree float *x = rh_reference_read_single(reference, x_name, pixels, error);
    g_autofree float *mask = x != NULL ? rh_reference_read_single(reference, mask_name, pixels, error) : NULL;
    g_autofree float *shuffled =
        mask != NULL ? rh_reference_read_single(reference, shuffled_name, pixels, error) : NULL;
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
    rh_stepper_run(training->stepper, &batch, &losses);
    training->losses[0][step] = losses.classification;
    training->losses[1][step] = losses.penalty;
    training->losses[2][step] = losses.discriminator;
    return TRUE;
}

static gboolean check_logits(const Training *training, GError **error)
{
    RhReference *reference = training->reference;
    gsize count = 2 * (gsize)reference->images;
    g_autofree double *expected = rh_reference_read(reference, "expect/logits", count, error);
    g_autofree double *logits = g_new(double, count);
    if (expected == NULL)
        return FALSE;
    rh_stepper_logits(training->stepper, logits);
    rh_reference_add(reference, g_strdup("logits"), rh_relative_error(logits, expected, count), LIMIT_LOGITS);
    return TRUE;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void report_gradients(RhReference *reference, const RhParameters *expected, double *errors)
{
    guint count = rh_parameters_count(expected), worst = 0;
    for (guint i = 0; i < count; i++)
        if (!(errors[i] <= errors[worst]))
            worst = i;
    rh_reference_add(reference,
                     g_strdup_printf("gradient, worst (%s)", rh_parameters_get(expected, worst)->name),
                     errors[worst], LIMIT_GRADIENT_WORST);
    qsort(errors, count, sizeof *errors, compare_doubles);
    rh_reference_add(reference, g_strdup_printf("gradient, median of %u parameters", count),
                     errors[count / 2], LIMIT_GRADIENT_MEDIAN);
}

static gboolean check_gradients(const Training *training, GError **error)
{
    RhReference *reference = training->reference;
    const RhParameters *parameters = reference->network->parameters;
    g_autoptr(RhParameters) expected = rh_parameters_new(RH_DOUBLE);
    for (guint i = 0; i < rh_parameters_count(parameters); i++) {
        const RhTensor *tensor = rh_parameters_get(parameters, i);
        if (tensor->trainable)
            rh_parameters_add(expected, tensor->name, tensor->shape, FALSE);
    }
    if (!rh_tensor_file_read_parameters(reference->file, "expect/grad/", expected, error))
        return FALSE;
    g_autofree double *errors = g_new(double, rh_parameters_count(expected));
    for (guint i = 0; i < rh_parameters_count(expected); i++) {
        const RhTensor *tensor = rh_parameters_get(expected, i);
        g_autofree double *gradient = rh_stepper_gradient(training->stepper, tensor->name);
        errors[i] = rh_relative_error(gradient, tensor->data, rh_shape_count(tensor->shape));
    }
    report_gradients(reference, expected, errors);
    return TRUE;
}

static gboolean check_loss(const Training *training, guint term, GError **error)
{
    RhReference *reference = training->reference;
    g_autofree char *name = g_strconcat("expect/loss/", loss_names[term], NULL);
    if (!rh_tensor_file_has(reference->file, name))
        return TRUE; /* the method has no such term */
    g_autofree double *expected = rh_reference_read(reference, name, training->steps, error);
    if (expected == NULL)
        return FALSE;
    double first = 0, later = 0;
    for (guint step = 0; step < training->steps; step++) {
        double deviation = rh_relative_error(&training->losses[term][step], &expected[step], 1);
        if (step == 0)
            first = deviation;
        else if (!(deviation <= later))
            later = deviation;
    }
    rh_reference_add(reference, g_strdup_printf("%s loss, step 0", loss_names[term]), first,
                     LIMIT_LOSS_FIRST);
    if (training->steps > 1)
        rh_reference_add(reference, g_strdup_printf("%s loss, worst of later steps", loss_names[term]), later,
                         LIMIT_LOSS_LATER);
    return TRUE;
}

static gboolean check_after(RhReference *reference, const char *prefix, const char *what,
                            const RhParameters *parameters, GError **error)
{
    g_autoptr(RhParameters) expected = rh_parameters_copy(parameters);
    if (!rh_tensor_file_read_parameters(reference->file, prefix, expected, error))
        return FALSE;
    rh_reference_add(reference, g_strdup_printf("%s after the last step", what),
                     rh_relative_error_of_parameters(parameters, expected), LIMIT_PARAMETERS);
    return TRUE;
}

static gboolean check_all(Training *training, GError **error)
{
    RhReference *reference = training->reference;
    if (!begin(training, error))
        return FALSE;
    for (guint step = 0; step < training->steps; step++) {
        if (!run_step(training, step, error))
            return FALSE;
        if (step == 0 && (!check_logits(training, error) || !check_gradients(training, error)))
            return FALSE;
    }
    for (guint term = 0; term < G_N_ELEMENTS(loss_names); term++)
        if (!check_loss(training, term, error))
            return FALSE;
    const RhNetwork *discriminator = rh_stepper_discriminator(training->stepper);
    return check_after(reference, "expect/after/", "parameters", reference->network->parameters, error) &&
           (discriminator == NULL ||
            check_after(reference, "expect/disc_after/", "discriminator", discriminator->parameters, error));
}

gboolean rh_verify_training(RhReference *reference, GError **error)
{
    Training training = {.reference = reference};
    gboolean ok = check_all(&training, error);
    for (guint i = 0; i < G_N_ELEMENTS(loss_names); i++)
        g_free(training.losses[i]);
    rh_stepper_free(training.stepper);
    return ok;
}
