/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/step.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "nn/adam.h"
#include "nn/discriminator.h"

#define STEPS_KEY "steps" /* in the metadata of a saved state */

/* The graph and plan for one batch size. Phase 0 has the forward passes and, with a discriminator, its loss
 * and gradients; then follow the penalty that the trained discriminator gives, and the encoder's gradients,
 * which are run only when the encoder is updated. Without a discriminator all is in phase 0. */
typedef struct {
    guint count; /* images */
    RhMethodBuild build;
    RhPlan *plan;
    RhNode **gradients;                           /* of the encoder's trainable tensors */
    gconstpointer *values, *discriminator_values; /* where the gradients lie */
    guint gradient_phase;
    gboolean gradients_current; /* of the last step */
} StepPlan;

struct _RhStepper {
    RhNetwork *network, *discriminator;
    const RhMethod *method;
    RhMethodSettings settings;
    guint height, width;
    const RhKernels *kernels;
    RhPool *pool;
    RhAdam *adam, *discriminator_adam;
    GPtrArray *trainable; /* RhTensor *, of the network */
    guint64 steps;
    GPtrArray *plans; /* StepPlan */
    gboolean keeps_gradients, profiled;
    RhProfileLine optimiser;
    StepPlan *last;
};

static void step_plan_free(gpointer data)
{
    StepPlan *step = data;
    rh_plan_free(step->plan);
    rh_graph_free(step->build.graph);
    g_free(step->build.discriminator_gradients);
    g_free(step->discriminator_values);
    g_free(step->gradients);
    g_free(step->values);
    g_free(step);
}

static gboolean needs(const RhStepper *stepper, RhMethodNeeds what)
{
    return (stepper->method->needs & what) != 0;
}

/* The encoder moves on every period-th batch. */
static guint period(const RhStepper *stepper)
{
    return needs(stepper, RH_METHOD_DISCRIMINATOR) ? MAX(stepper->settings.discriminator_period, 1) : 1;
}

RhStepper *rh_stepper_new(RhNetwork *network, const RhMethod *method, const RhMethodSettings *settings,
                          guint height, guint width, guint64 seed, guint hidden, const RhKernels *kernels,
                          RhPool *pool)
{
    g_assert(height > 0 && width > 0);
    RhStepper *stepper = g_new0(RhStepper, 1);
    stepper->network = network;
    stepper->method = method;
    stepper->settings = *settings;
    stepper->height = height;
    stepper->width = width;
    stepper->kernels = kernels;
    stepper->pool = pool;
    stepper->plans = g_ptr_array_new_with_free_func(step_plan_free);
    stepper->trainable = g_ptr_array_new();
    for (guint i = 0; i < rh_parameters_count(network->parameters); i++) {
        RhTensor *tensor = rh_parameters_get(network->parameters, i);
        if (tensor->trainable)
            g_ptr_array_add(stepper->trainable, tensor);
    }
    stepper->adam = rh_adam_new(network->parameters, settings->learning_rate);
    if (needs(stepper, RH_METHOD_DISCRIMINATOR)) {
        RhPrecision precision = rh_parameters_precision(network->parameters);
        stepper->discriminator =
            rh_discriminator_new(network->kind->features(network->width), hidden, precision);
        rh_discriminator_initialise(stepper->discriminator, seed);
        stepper->discriminator_adam =
            rh_adam_new(stepper->discriminator->parameters, settings->discriminator_learning_rate);
    }
    return stepper;
}

void rh_stepper_free(RhStepper *stepper)
{
    if (stepper == NULL)
        return;
    g_ptr_array_unref(stepper->plans);
    g_ptr_array_unref(stepper->trainable);
    rh_adam_free(stepper->discriminator_adam);
    rh_network_free(stepper->discriminator);
    rh_adam_free(stepper->adam);
    g_free(stepper);
}

static guint trained_by_discriminator(const RhStepper *stepper)
{
    return rh_parameters_count(rh_adam_first_moments(stepper->discriminator_adam));
}

static void build_gradients(const RhStepper *stepper, StepPlan *step, RhNode *const *parameters)
{
    RhMethodBuild *build = &step->build;
    guint count = stepper->trainable->len;
    RhNode *loss =
        build->penalty != NULL ? rh_add(build->classification, build->penalty) : build->classification;
    if (build->discriminator_loss != NULL)
        rh_graph_next_phase(build->graph);
    step->gradient_phase = rh_graph_phases(build->graph) - 1;
    step->gradients = g_new(RhNode *, count);
    step->values = g_new(gconstpointer, count);
    rh_gradient(loss, parameters, count, step->gradients);
    for (guint i = 0; i < count; i++)
        if (stepper->keeps_gradients)
            rh_graph_keep(build->graph, step->gradients[i]);
        else
            rh_graph_hand_over(build->graph, step->gradients[i], parameters[i]);
}

static StepPlan *step_plan_new(const RhStepper *stepper, guint count)
{
    StepPlan *step = g_new0(StepPlan, 1);
    RhMethodBuild *build = &step->build;
    RhShape shape = RH_SHAPE(count, stepper->height, stepper->width, 1);
    step->count = count;
    build->graph = rh_graph_new();
    build->network = stepper->network;
    build->discriminator = stepper->discriminator;
    build->settings = &stepper->settings;
    build->x = rh_input(build->graph, "x", shape);
    build->mask = needs(stepper, RH_METHOD_MASK) ? rh_input(build->graph, "mask", shape) : NULL;
    build->shuffled = needs(stepper, RH_METHOD_SHUFFLED) ? rh_input(build->graph, "shuffled", shape) : NULL;
    build->target = rh_input(build->graph, "target", RH_SHAPE(count, 2));
    /* The forward pass reads the parameters in the first phase: these are the nodes to differentiate by. */
    g_autofree RhNode **parameters = g_new(RhNode *, stepper->trainable->len);
    for (guint i = 0; i < stepper->trainable->len; i++)
        parameters[i] = rh_parameter(build->graph, g_ptr_array_index(stepper->trainable, i));

    stepper->method->build(build);
    rh_graph_keep(build->graph, build->classification);
    rh_graph_keep(build->graph, build->forward.logits);
    if (build->penalty != NULL)
        rh_graph_keep(build->graph, build->penalty);
    if (build->discriminator_loss != NULL)
        step->discriminator_values = g_new(gconstpointer, trained_by_discriminator(stepper));
    build_gradients(stepper, step, parameters);
    step->plan = rh_plan_new(build->graph, rh_parameters_precision(stepper->network->parameters),
                             stepper->kernels, stepper->pool);
    return step;
}

static void write_value(gpointer target, RhPrecision precision, gsize index, double value)
{
    if (precision == RH_SINGLE)
        ((float *)target)[index] = (float)value;
    else
        ((double *)target)[index] = value;
}

static double read_value(gconstpointer source, RhPrecision precision, gsize index)
{
    return precision == RH_SINGLE ? (double)((const float *)source)[index] : ((const double *)source)[index];
}

static void write_images(const RhStepper *stepper, const StepPlan *step, const RhNode *input,
                         const float *images)
{
    RhPrecision precision = rh_parameters_precision(stepper->network->parameters);
    gsize count = (gsize)step->count * stepper->height * stepper->width;
    gpointer target = rh_plan_input(step->plan, input);
    if (precision == RH_SINGLE)
        memcpy(target, images, count * sizeof *images);
    else
        for (gsize i = 0; i < count; i++)
            write_value(target, precision, i, (double)images[i]);
}

/* A value other than exactly 1 counts as outside. */
static void write_mask(const RhStepper *stepper, const StepPlan *step, const float *mask)
{
    RhPrecision precision = rh_parameters_precision(stepper->network->parameters);
    gsize count = (gsize)step->count * stepper->height * stepper->width;
    gpointer target = rh_plan_input(step->plan, step->build.mask);
    for (gsize i = 0; i < count; i++)
        write_value(target, precision, i, mask[i] == 1.0f);
}

static void write_batch(const RhStepper *stepper, const StepPlan *step, const RhBatch *batch)
{
    RhPrecision precision = rh_parameters_precision(stepper->network->parameters);
    const RhMethodBuild *build = &step->build;
    write_images(stepper, step, build->x, batch->x);
    if (build->mask != NULL)
        write_mask(stepper, step, batch->mask);
    if (build->shuffled != NULL)
        write_images(stepper, step, build->shuffled, batch->shuffled);
    gpointer target = rh_plan_input(step->plan, build->target);
    for (guint i = 0; i < step->count; i++)
        for (guint class = 0; class < 2; class ++)
            write_value(target, precision, 2 * i + class, batch->labels[i] == class);
}

static gsize parameter_bytes(const RhParameters *parameters)
{
    gsize values = 0;
    for (guint i = 0; i < rh_parameters_count(parameters); i++)
        values += rh_shape_count(rh_parameters_get(parameters, i)->shape);
    return values * rh_precision_size(rh_parameters_precision(parameters));
}

/* Adam reads and writes a value and two moments, and reads a gradient. */
#define ADAM_PASSES 7

static gint64 begin_timing(const RhStepper *stepper)
{
    return stepper->profiled ? g_get_monotonic_time() : 0;
}

/* `bytes`: of what was moved. */
static void end_timing(RhStepper *stepper, gint64 begun, gsize bytes)
{
    if (!stepper->profiled)
        return;
    stepper->optimiser.runs++;
    stepper->optimiser.seconds += (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
    stepper->optimiser.bytes += ADAM_PASSES * (double)bytes;
}

static void move_parameters(RhStepper *stepper, RhAdam *adam, gconstpointer const *gradients)
{
    gint64 begun = begin_timing(stepper);
    rh_adam_step(adam, gradients, stepper->pool);
    end_timing(stepper, begun, parameter_bytes(rh_adam_first_moments(adam)));
}

static void train_discriminator(RhStepper *stepper, const StepPlan *step)
{
    guint count = trained_by_discriminator(stepper);
    for (guint i = 0; i < count; i++)
        step->discriminator_values[i] = rh_plan_value(step->plan, step->build.discriminator_gradients[i]);
    move_parameters(stepper, stepper->discriminator_adam, step->discriminator_values);
}

/* The encoder's tensors are moved while their gradients come. */
static void take_gradient(guint index, gconstpointer gradient, gpointer data)
{
    RhStepper *stepper = data;
    const RhTensor *tensor = g_ptr_array_index(stepper->trainable, index);
    gint64 begun = begin_timing(stepper);
    rh_adam_move(stepper->adam, index, gradient, stepper->pool);
    end_timing(stepper, begun,
               rh_shape_count(tensor->shape) *
                   rh_precision_size(rh_parameters_precision(stepper->network->parameters)));
}

static StepPlan *find_plan(RhStepper *stepper, guint count)
{
    for (guint i = 0; i < stepper->plans->len; i++) {
        StepPlan *step = g_ptr_array_index(stepper->plans, i);
        if (step->count == count)
            return step;
    }
    StepPlan *step = step_plan_new(stepper, count);
    rh_plan_set_taker(step->plan, take_gradient, stepper);
    if (stepper->profiled)
        rh_plan_profile_begin(step->plan);
    g_ptr_array_add(stepper->plans, step);
    return step;
}

gboolean rh_stepper_reserve(RhStepper *stepper, guint count, GError **error)
{
    const RhPlan *plan = find_plan(stepper, count)->plan;
    if (rh_plan_has_memory(plan))
        return TRUE;
    g_autofree char *needed = rh_memory_text(rh_plan_bytes(plan));
    g_autofree char *there = rh_memory_text(rh_memory_available());
    g_set_error(
        error, RH_ERROR, RH_ERROR_LIMIT,
        _("A step of %u images needs %s of memory, and %s are free; choose a smaller batch, a smaller "
          "network, or smaller images."),
        count, needed, there);
    g_ptr_array_set_size(stepper->plans, (int)stepper->plans->len - 1); /* the one just made */
    return FALSE;
}

/* All at once, where the gradients are kept. */
static void train_encoder(RhStepper *stepper, const StepPlan *step)
{
    for (guint i = 0; i < stepper->trainable->len; i++)
        step->values[i] = rh_plan_value(step->plan, step->gradients[i]);
    move_parameters(stepper, stepper->adam, step->values);
}

/* Runs the phase that has the gradients, in which the encoder moves. */
static void run_training_phase(RhStepper *stepper, StepPlan *step)
{
    if (!stepper->keeps_gradients)
        rh_adam_begin(stepper->adam);
    rh_plan_run(step->plan, step->gradient_phase);
    if (stepper->keeps_gradients)
        train_encoder(stepper, step);
    step->gradients_current = TRUE;
}

static double scalar(const StepPlan *step, const RhNode *node)
{
    return node != NULL ? rh_plan_scalar(step->plan, node) : 0;
}

void rh_stepper_run(RhStepper *stepper, const RhBatch *batch, RhLosses *losses)
{
    StepPlan *step = find_plan(stepper, batch->count);
    g_assert(rh_plan_has_memory(step->plan));
    write_batch(stepper, step, batch);
    if (step->gradient_phase > 0)
        rh_plan_run(step->plan, 0);
    if (step->build.discriminator_loss != NULL) {
        train_discriminator(stepper, step);
        rh_plan_run(step->plan, 1);
    }
    step->gradients_current = FALSE;
    if (++stepper->steps % period(stepper) == 0)
        run_training_phase(stepper, step);
    stepper->last = step;
    losses->classification = scalar(step, step->build.classification);
    losses->penalty = scalar(step, step->build.penalty);
    losses->discriminator = scalar(step, step->build.discriminator_loss);
}

void rh_stepper_logits(const RhStepper *stepper, double *logits)
{
    g_assert(stepper->last != NULL);
    RhPrecision precision = rh_parameters_precision(stepper->network->parameters);
    gconstpointer values = rh_plan_value(stepper->last->plan, stepper->last->build.forward.logits);
    for (gsize i = 0; i < 2 * (gsize)stepper->last->count; i++)
        logits[i] = read_value(values, precision, i);
}

double *rh_stepper_gradient(RhStepper *stepper, const char *name)
{
    g_assert(stepper->last != NULL && stepper->keeps_gradients);
    if (!stepper->last->gradients_current)
        rh_plan_run(stepper->last->plan, stepper->last->gradient_phase);
    stepper->last->gradients_current = TRUE;
    for (guint i = 0; i < stepper->trainable->len; i++) {
        const RhTensor *tensor = g_ptr_array_index(stepper->trainable, i);
        if (strcmp(tensor->name, name) != 0)
            continue;
        gsize count = rh_shape_count(tensor->shape);
        gconstpointer values = rh_plan_value(stepper->last->plan, stepper->last->gradients[i]);
        double *gradient = g_new(double, count);
        for (gsize k = 0; k < count; k++)
            gradient[k] = read_value(values, rh_parameters_precision(stepper->network->parameters), k);
        return gradient;
    }
    return NULL;
}

void rh_stepper_keep_gradients(RhStepper *stepper)
{
    g_assert(stepper->plans->len == 0);
    stepper->keeps_gradients = TRUE;
}

void rh_stepper_profile_begin(RhStepper *stepper)
{
    stepper->profiled = TRUE;
    stepper->optimiser = (RhProfileLine){.operation = "Adam"};
    for (guint i = 0; i < stepper->plans->len; i++)
        rh_plan_profile_begin(((const StepPlan *)g_ptr_array_index(stepper->plans, i))->plan);
}

GArray *rh_stepper_profile(const RhStepper *stepper)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(RhProfileLine));
    for (guint i = 0; i < stepper->plans->len; i++)
        rh_plan_profile_add(((const StepPlan *)g_ptr_array_index(stepper->plans, i))->plan, lines);
    g_array_append_val(lines, stepper->optimiser);
    return lines;
}

const RhNetwork *rh_stepper_discriminator(const RhStepper *stepper)
{
    return stepper->discriminator;
}

RhNetwork *rh_stepper_discriminator_mutable(RhStepper *stepper)
{
    return stepper->discriminator;
}

guint64 rh_stepper_steps(const RhStepper *stepper)
{
    return stepper->steps;
}

double rh_stepper_operations(const RhStepper *stepper)
{
    const StepPlan *step = stepper->last;
    if (step == NULL)
        return 0;
    double operations = rh_plan_operations(step->plan, 0);
    if (step->build.discriminator_loss != NULL)
        operations += rh_plan_operations(step->plan, 1);
    if (step->gradient_phase > 0 && step->gradients_current)
        operations += rh_plan_operations(step->plan, step->gradient_phase);
    return operations;
}

/* The sets of parameters that make up the state, with their prefixes in a file. */
static guint state_groups(const RhStepper *stepper, RhTensorGroup groups[RH_STEPPER_GROUPS])
{
    guint count = 0;
    groups[count++] = (RhTensorGroup){"network/", stepper->network->parameters};
    groups[count++] = (RhTensorGroup){"first-moment/", rh_adam_first_moments(stepper->adam)};
    groups[count++] = (RhTensorGroup){"second-moment/", rh_adam_second_moments(stepper->adam)};
    if (stepper->discriminator == NULL)
        return count;
    const RhAdam *adam = stepper->discriminator_adam;
    groups[count++] = (RhTensorGroup){"discriminator/", stepper->discriminator->parameters};
    groups[count++] = (RhTensorGroup){"discriminator-first-moment/", rh_adam_first_moments(adam)};
    groups[count++] = (RhTensorGroup){"discriminator-second-moment/", rh_adam_second_moments(adam)};
    return count;
}

gsize rh_stepper_bytes(const RhStepper *stepper)
{
    RhTensorGroup groups[RH_STEPPER_GROUPS];
    gsize bytes = 0;
    for (guint count = state_groups(stepper, groups), i = 0; i < count; i++)
        bytes += parameter_bytes(groups[i].parameters);
    for (guint i = 0; i < stepper->plans->len; i++)
        bytes += rh_plan_bytes(((const StepPlan *)g_ptr_array_index(stepper->plans, i))->plan);
    return bytes;
}

guint rh_stepper_state(const RhStepper *stepper, RhTensorGroup groups[RH_STEPPER_GROUPS], char ***metadata)
{
    *metadata = g_new0(char *, 3);
    (*metadata)[0] = g_strdup(STEPS_KEY);
    (*metadata)[1] = g_strdup_printf("%" G_GUINT64_FORMAT, stepper->steps);
    return state_groups(stepper, groups);
}

gboolean rh_stepper_save(const RhStepper *stepper, const char *path, const char *const *metadata,
                         GError **error)
{
    RhTensorGroup groups[RH_STEPPER_GROUPS];
    g_auto(GStrv) own = NULL;
    guint count = rh_stepper_state(stepper, groups, &own);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (; metadata != NULL && *metadata != NULL; metadata++)
        g_ptr_array_add(all, (gpointer)*metadata);
    for (char **text = own; *text != NULL; text++)
        g_ptr_array_add(all, *text);
    g_ptr_array_add(all, NULL);
    return rh_weights_write(path, groups, count, -1, (const char *const *)all->pdata, error);
}

gboolean rh_stepper_load(RhStepper *stepper, const RhTensorFile *file, GError **error)
{
    RhTensorGroup groups[RH_STEPPER_GROUPS];
    const char *text = rh_tensor_file_metadata(file, STEPS_KEY);
    guint64 steps;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &steps, NULL)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("The saved state of the training does not say how many steps were taken; train anew."));
        return FALSE;
    }
    for (guint count = state_groups(stepper, groups), i = 0; i < count; i++)
        if (!rh_tensor_file_read_parameters(file, groups[i].prefix, (RhParameters *)groups[i].parameters,
                                            error))
            return FALSE;
    stepper->steps = steps;
    rh_adam_set_steps(stepper->adam, steps / period(stepper));
    if (stepper->discriminator_adam != NULL)
        rh_adam_set_steps(stepper->discriminator_adam, steps);
    return TRUE;
}
