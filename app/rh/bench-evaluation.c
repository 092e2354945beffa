/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tasks “eval” and “map”: a network that is no longer trained. */
#include "base/random.h"
#include "bench-measure.h"
#include "study/explain.h"

#define SEED      1
#define OCCLUSION 2u /* side of the hidden square, at every size of the image */

typedef struct {
    RhEvaluator *evaluator;
    RhMapRequest map;
    const RhMapKind *kind;
    guint count;
    float *images, *results; /* logits, or the map */
    double before;           /* operations before the last unit */
} Evaluation;

/* No pixel is black: hiding a black window changes nothing, so that occlusion leaves it out. */
static float *random_images(gsize values)
{
    float *images = g_new(float, values);
    RhRandom random;
    rh_random_init(&random, SEED, RH_PURPOSE_TEST, 0, 0);
    for (gsize i = 0; i < values; i++)
        images[i] = (float)(1 - rh_random_uniform(&random));
    return images;
}

static Evaluation *evaluation_new(const RhBenchRequest *request, guint count, guint chunk)
{
    const RhBenchSettings *settings = request->settings;
    gsize pixels = (gsize)settings->size * settings->size;
    g_autoptr(RhNetwork) network = rh_network_new(settings->network, settings->width, RH_SINGLE);
    Evaluation *evaluation = g_new0(Evaluation, 1);
    rh_network_initialise(network, SEED);
    evaluation->evaluator = rh_evaluator_new(settings->network, settings->width, settings->size,
                                             settings->size, chunk, settings->kernels, request->pool);
    rh_evaluator_set_parameters(evaluation->evaluator, network->parameters);
    evaluation->count = count;
    evaluation->images = random_images(count * pixels);
    evaluation->results = g_new(float, MAX(2 * (gsize)count, pixels));
    return evaluation;
}

static void evaluation_free(Evaluation *evaluation)
{
    rh_evaluator_free(evaluation->evaluator);
    g_free(evaluation->images);
    g_free(evaluation->results);
    g_free(evaluation);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evaluation, evaluation_free)

static double last_operations(gconstpointer data)
{
    const Evaluation *evaluation = data;
    return rh_evaluator_operations(evaluation->evaluator) - evaluation->before;
}

static gboolean run_forward(gpointer data, GError **error)
{
    Evaluation *evaluation = data;
    evaluation->before = rh_evaluator_operations(evaluation->evaluator);
    rh_evaluator_logits(evaluation->evaluator, evaluation->images, evaluation->count, evaluation->results);
    return TRUE;
}

static gboolean measure_forward(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    guint count = request->settings->batch;
    g_autoptr(Evaluation) evaluation = evaluation_new(request, count, count);
    const RhBenchUnit unit = {
        .data = evaluation, .run = run_forward, .operations = last_operations, .images = count};
    return rh_bench_time(request, &unit, result, error);
}

static gboolean run_map(gpointer data, GError **error)
{
    Evaluation *evaluation = data;
    evaluation->before = rh_evaluator_operations(evaluation->evaluator);
    return evaluation->kind->compute(&evaluation->map, evaluation->results, error);
}

static gboolean measure_map(const RhBenchRequest *request, RhBenchResult *result, GError **error)
{
    guint size = request->settings->size;
    g_autoptr(Evaluation) evaluation = evaluation_new(request, 1, rh_scoring_chunk(size, size));
    evaluation->kind = rh_map_kind_find(request->name, NULL);
    evaluation->map = (RhMapRequest){.evaluator = evaluation->evaluator,
                                     .image = evaluation->images,
                                     .settings = rh_map_settings_default(),
                                     .cancellable = request->cancellable};
    evaluation->map.settings.window = evaluation->map.settings.stride = OCCLUSION;
    const RhBenchUnit unit = {.data = evaluation, .run = run_map, .operations = last_operations, .images = 1};
    result->batch = 1;
    return rh_bench_time(request, &unit, result, error);
}

static void list_maps(GPtrArray *ids)
{
    for (const RhMapKind *const *kind = rh_map_kinds(); *kind != NULL; kind++)
        g_ptr_array_add(ids, (gpointer)(*kind)->id);
}

const RhBenchTask rh_bench_eval = {
    .name = "eval",
    .summary = "The forward pass of one batch",
    .uses = RH_BENCH_THREADS | RH_BENCH_BATCH | RH_BENCH_SIZE | RH_BENCH_NETWORK,
    .measure = measure_forward,
};

const RhBenchTask rh_bench_map = {
    .name = "map",
    .summary = "Each saliency map of one image",
    .option = "map",
    .list = list_maps,
    .uses = RH_BENCH_THREADS | RH_BENCH_SIZE | RH_BENCH_NETWORK,
    .measure = measure_map,
};
