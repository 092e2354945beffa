/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The task “step”: a batch made as in training, and one training step on it. */
#include "base/random.h"
#include "bench-measure.h"
#include "study/batches.h"

#define SEED          1
#define INK           0.1 /* share of an image's pixels that are 1, the others 0 */
#define INSIDE        0.3 /* share of a mask's */
#define LEARNING_RATE 1e-3
#define HIDDEN_UNITS  1024 /* of the discriminator's layers */

/* Weights of the penalty. They cost no time, but a network that they drive out of all bounds could. */
static const struct {
    const char *method;
    double lambda;
} weights[] = {{"actdiff", 0.1}, {"adversarial", 1}, {"gradmask", 0.01}, {"rrr", 0.01}};

typedef struct {
    RhSamples *samples; /* as many as a batch has */
    RhRunSettings settings;
    RhBatches *batches;
    RhNetwork *network;
    RhStepper *stepper;
    guint epoch;
} Training;

static RhSamples *random_samples(guint count, guint size)
{
    RhSamples *samples = rh_samples_new(count, size, size);
    RhRandom random;
    rh_random_init(&random, SEED, RH_PURPOSE_TEST, 0, 0);
    for (gsize i = 0; i < (gsize)count * size * size; i++) {
        samples->images[i] = rh_random_uniform(&random) < INK;
        samples->masks[i] = rh_random_uniform(&random) < INSIDE;
    }
    for (guint i = 0; i < count; i++) {
        samples->labels[i] = i % 2;
        samples->has_mask[i] = 1;
        samples->splits[i] = RH_SPLIT_TRAINING;
    }
    return samples;
}

/* The encoder moves in every step. */
static RhRunSettings settings_for(const RhMethod *method, const RhBenchSettings *settings)
{
    RhRunSettings run = {.method = method,
                         .network = settings->network,
                         .width = settings->width,
                         .seed = SEED,
                         .batch = settings->batch,
                         .mask_fraction = 1,
                         .method_settings = {.learning_rate = LEARNING_RATE,
                                             .discriminator_learning_rate = LEARNING_RATE,
                                             .discriminator_period = 1}};
    for (guint i = 0; i < G_N_ELEMENTS(weights); i++)
        if (g_str_equal(weights[i].method, method->id))
            run.method_settings.lambda = weights[i].lambda;
    return run;
}

static Training *training_new(const RhBenchRequest *request)
{
    const RhBenchSettings *settings = request->settings;
    Training *training = g_new0(Training, 1);
    training->samples = random_samples(settings->batch, settings->size);
    training->settings = settings_for(rh_method_find(request->name, NULL), settings);
    training->batches = rh_batches_new(training->samples, &training->settings, request->pool);
    training->network = rh_network_new(settings->network, settings->width, RH_SINGLE);
    rh_network_initialise(training->network, SEED);
    training->stepper =
        rh_stepper_new(training->network, training->settings.method, &training->settings.method_settings,
                       settings->size, settings->size, SEED, HIDDEN_UNITS, settings->kernels, request->pool);
    return training;
}

static void training_free(Training *training)
{
    rh_stepper_free(training->stepper);
    rh_network_free(training->network);
    rh_batches_free(training->batches);
    rh_samples_unref(training->samples);
    g_free(training);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Training, training_free)

/* An epoch of one batch, shuffled anew. */
static gboolean run_step(gpointer data, GError **error)
{
    Training *training = data;
    RhBatch batch;
    RhLosses losses;
    rh_batches_begin(training->batches, ++training->epoch);
    rh_batches_get(training->batches, 0, &batch);
    rh_stepper_run(training->stepper, &batch, &losses);
    return TRUE;
}

static double step_operations(gconstpointer data)
{
    return rh_stepper_operations(((const Training *)data)->stepper);
}

static gboolean measure(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    g_autoptr(Training) training = training_new(request);
    const RhBenchUnit unit = {
        .data = training, .run = run_step, .operations = step_operations, .images = request->settings->batch};
    return rh_bench_time(request, &unit, result, error);
}

static void list(GPtrArray *ids)
{
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++)
        g_ptr_array_add(ids, (gpointer)(*method)->id);
}

const RhBenchTask rh_bench_step = {
    .name = "step",
    .summary = "One training step of each method: batch, forward, loss, backward, Adam",
    .option = "method",
    .list = list,
    .uses = RH_BENCH_THREADS | RH_BENCH_BATCH | RH_BENCH_SIZE | RH_BENCH_NETWORK,
    .measure = measure,
};
