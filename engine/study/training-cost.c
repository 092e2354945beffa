/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/training-cost.h"

#include <math.h>

#include "base/random.h"
#include "nn/evaluator.h"
#include "study/batches.h"

/* Steps are timed for so long, after one that prepares everything and counts only if it takes as long. */
#define SECONDS_ENOUGH 0.2

/* Larger batches are timed in part: made-up images take no more memory than this. */
#define PIXELS_MOST ((gsize)1 << 24)

/* As many images as a step has, or as are enough to tell. */
static guint images_of(const RhStudy *study, const RhRunSettings *settings)
{
    gsize pixels = (gsize)study->height * study->width;
    return (guint)CLAMP(PIXELS_MOST / pixels, 2, settings->batch);
}

static RhSamples *made_up_samples(guint count, guint height, guint width)
{
    RhSamples *samples = rh_samples_new(count, height, width);
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (gsize i = 0; i < (gsize)count * height * width; i++) {
        samples->images[i] = (float)rh_random_uniform(&random);
        samples->masks[i] = i % 2;
    }
    for (guint i = 0; i < count; i++) {
        samples->labels[i] = i % 2;
        samples->has_mask[i] = 1;
        samples->splits[i] = RH_SPLIT_TRAINING;
    }
    return samples;
}

static double seconds_since(gint64 start)
{
    return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

/* Seconds of a step; 0: cancelled. */
static double time_steps(RhStepper *stepper, RhBatches *batches, GCancellable *cancellable)
{
    double total = 0;
    guint steps = 0;
    for (guint epoch = 1; total < SECONDS_ENOUGH; epoch++) {
        RhBatch batch;
        RhLosses losses;
        if (g_cancellable_is_cancelled(cancellable))
            return 0;
        gint64 start = g_get_monotonic_time();
        rh_batches_begin(batches, epoch);
        rh_batches_get(batches, 0, &batch);
        rh_stepper_run(stepper, &batch, &losses);
        double seconds = seconds_since(start);
        if (epoch == 1 && seconds < SECONDS_ENOUGH)
            continue;
        total += seconds;
        steps++;
    }
    return total / steps;
}

/* Seconds of an image; NaN: there is not the memory for it. */
static double time_scoring(const RhNetwork *network, const RhRunSettings *settings, const RhSamples *samples,
                           RhPool *pool)
{
    g_autoptr(RhEvaluator) evaluator = rh_evaluator_new(settings->network, settings->width, samples->height,
                                                        samples->width, samples->count, NULL, pool);
    g_autofree float *logits = g_new(float, 2 * (gsize)samples->count);
    gint64 start = 0;
    if (!rh_evaluator_reserve(evaluator, samples->count, FALSE, NULL))
        return NAN;
    rh_evaluator_set_parameters(evaluator, network->parameters);
    for (guint times = 0; times < 2; times++) { /* the first prepares */
        start = g_get_monotonic_time();
        rh_evaluator_logits(evaluator, samples->images, samples->count, logits);
    }
    return seconds_since(start) / samples->count;
}

gboolean rh_training_cost_measure(RhTrainingCost *cost, const RhStudy *study, const RhRunSettings *settings,
                                  guint threads, GCancellable *cancellable)
{
    guint count = images_of(study, settings);
    g_autoptr(RhSamples) samples = made_up_samples(count, study->height, study->width);
    g_autoptr(RhPool) pool = rh_pool_new(threads);
    g_autoptr(RhNetwork) network = rh_network_new(settings->network, settings->width, RH_SINGLE);
    rh_network_initialise(network, settings->seed);
    RhRunSettings all = *settings;
    all.batch = count;
    all.mask_fraction = 1;
    g_autoptr(RhStepper) stepper = rh_stepper_new(network, all.method, &all.method_settings, study->height,
                                                  study->width, all.seed, 0, NULL, pool);
    g_autoptr(RhBatches) batches = rh_batches_new(samples, &all, pool);
    cost->step = cost->score = NAN;
    if (!rh_stepper_reserve(stepper, count, NULL))
        return TRUE;
    cost->step = time_steps(stepper, batches, cancellable) * settings->batch / count;
    if (g_cancellable_is_cancelled(cancellable))
        return FALSE;
    cost->score = time_scoring(network, &all, samples, pool);
    return TRUE;
}

double rh_training_cost_total(const RhTrainingCost *cost, const RhStudy *study, const RhRunSettings *settings)
{
    guint counts[RH_N_SPLITS] = {0};
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->label != RH_UNKNOWN)
            counts[item->split]++;
    }
    double steps = (double)counts[RH_SPLIT_TRAINING] / settings->batch;
    guint scored = counts[RH_SPLIT_VALIDATION] + counts[RH_SPLIT_TEST];
    return settings->epochs * (steps * cost->step + scored * cost->score);
}
