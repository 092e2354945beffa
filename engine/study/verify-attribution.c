/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Saliency maps and scores against a reference of kind "attribution". */
#include <math.h>

#include "nn/evaluator.h"
#include "saliency/map.h"
#include "saliency/postprocess.h"
#include "study/verify-private.h"

static const RhLimit limit_logits = {1e-4, 1e-3};
static const RhLimit limit_map = {2e-3, 1e-2};
static const RhLimit limit_score = {0.02, 0.05}; /* absolute */

#define BATCH      16
#define MAP_PREFIX "expect/map/"
#define SCORES     3

/* One map of the file, for all images. */
typedef struct {
    char *id;
    double *values; /* NULL: the engine has no such map */
    double *scores; /* IoU, IoP, IoT of each image */
} Map;

typedef struct {
    double *logits;
    GArray *maps; /* Map, in the file's order */
} Outcome;

static gsize pixels(const RhReference *reference)
{
    return (gsize)reference->height * reference->width;
}

static void map_clear(gpointer data)
{
    Map *map = data;
    g_free(map->id);
    g_free(map->values);
    g_free(map->scores);
}

/* An outcome that has the maps the file has, without values. */
static Outcome *outcome_new(const RhReference *reference)
{
    Outcome *outcome = g_new0(Outcome, 1);
    outcome->maps = g_array_new(FALSE, TRUE, sizeof(Map));
    g_array_set_clear_func(outcome->maps, map_clear);
    for (const char *const *name = rh_tensor_file_names(reference->file); *name != NULL; name++) {
        if (!g_str_has_prefix(*name, MAP_PREFIX))
            continue;
        Map map = {.id = g_strdup(*name + sizeof MAP_PREFIX - 1)};
        g_array_append_val(outcome->maps, map);
    }
    return outcome;
}

static void outcome_free(gpointer data)
{
    Outcome *outcome = data;
    g_array_unref(outcome->maps);
    g_free(outcome->logits);
    g_free(outcome);
}

static gboolean read_map(const RhReference *reference, Map *map, GError **error)
{
    g_autofree char *values = g_strconcat(MAP_PREFIX, map->id, NULL);
    g_autofree char *scores = g_strconcat("expect/score/", map->id, NULL);
    map->values = rh_reference_read(reference, values, reference->images * pixels(reference), error);
    if (map->values == NULL)
        return FALSE;
    map->scores = rh_reference_read(reference, scores, SCORES * (gsize)reference->images, error);
    return map->scores != NULL;
}

static gpointer read_expected(const RhReference *reference, GError **error)
{
    Outcome *outcome = outcome_new(reference);
    outcome->logits = rh_reference_read(reference, "expect/logits", 2 * (gsize)reference->images, error);
    gboolean ok = outcome->logits != NULL;
    for (guint i = 0; ok && i < outcome->maps->len; i++)
        ok = read_map(reference, &g_array_index(outcome->maps, Map, i), error);
    if (ok)
        return outcome;
    outcome_free(outcome);
    return NULL;
}

/* What the maps are made from. */
typedef struct {
    RhEvaluator *evaluator;
    float *x;
    guint8 *mask;
    RhMapSettings settings;
} Inputs;

static void inputs_clear(Inputs *inputs)
{
    rh_evaluator_free(inputs->evaluator);
    g_free(inputs->x);
    g_free(inputs->mask);
}

static gboolean read_inputs(const RhReference *reference, Inputs *inputs, GError **error)
{
    gsize count = reference->images * pixels(reference);
    double nodes, window, stride, target, side = MIN(reference->height, reference->width);
    inputs->x = rh_reference_read_single(reference, "x", count, error);
    g_autofree double *mask = inputs->x != NULL ? rh_reference_read(reference, "mask", count, error) : NULL;
    if (mask == NULL || !rh_reference_number(reference, "target", 1, 1, &target, error) ||
        !rh_reference_number(reference, "integrated_steps", 1, 10000, &nodes, error) ||
        !rh_reference_number(reference, "occlusion_window", 1, side, &window, error) ||
        !rh_reference_number(reference, "occlusion_stride", 1, side, &stride, error))
        return FALSE;
    inputs->mask = g_new(guint8, count);
    for (gsize i = 0; i < count; i++)
        inputs->mask[i] = mask[i] > 0;
    inputs->settings = rh_map_settings_default();
    inputs->settings.nodes = (guint)nodes;
    inputs->settings.window = (guint)window;
    inputs->settings.stride = (guint)stride;
    return TRUE;
}

static gboolean compute_map(const RhReference *reference, const Inputs *inputs, const RhMapKind *kind,
                            Map *map, GError **error)
{
    gsize count = pixels(reference);
    g_autofree float *values = g_new(float, count);
    map->values = g_new(double, reference->images *count);
    map->scores = g_new(double, SCORES *(gsize)reference->images);
    for (guint i = 0; i < reference->images; i++) {
        RhMapRequest request = {
            .evaluator = inputs->evaluator, .image = inputs->x + i * count, .settings = inputs->settings};
        RhLocalisation scores;
        if (!kind->compute(&request, values, error))
            return FALSE;
        rh_localisation(values, kind->smoothed, inputs->mask + i * count, reference->height, reference->width,
                        &scores);
        for (gsize k = 0; k < count; k++)
            map->values[i * count + k] = (double)values[k];
        map->scores[i * SCORES] = scores.iou;
        map->scores[i * SCORES + 1] = scores.iop;
        map->scores[i * SCORES + 2] = scores.iot;
    }
    return TRUE;
}

static gboolean compute(const RhReference *reference, const Inputs *inputs, Outcome *outcome, GError **error)
{
    gsize count = 2 * (gsize)reference->images;
    g_autofree float *logits = g_new(float, count);
    rh_evaluator_logits(inputs->evaluator, inputs->x, reference->images, logits);
    outcome->logits = g_new(double, count);
    for (gsize i = 0; i < count; i++)
        outcome->logits[i] = (double)logits[i];
    for (guint i = 0; i < outcome->maps->len; i++) {
        Map *map = &g_array_index(outcome->maps, Map, i);
        const RhMapKind *kind = rh_map_kind_find(map->id, NULL);
        if (kind != NULL && !compute_map(reference, inputs, kind, map, error))
            return FALSE;
    }
    return TRUE;
}

static gpointer run(const RhReference *reference, RhNetwork *network, GError **error)
{
    Inputs inputs = {0};
    Outcome *outcome = outcome_new(reference);
    gboolean ok = read_inputs(reference, &inputs, error);
    if (ok) {
        inputs.evaluator = rh_evaluator_new(network->kind, network->width, reference->height,
                                            reference->width, BATCH, reference->kernels, reference->pool);
        rh_evaluator_set_parameters(inputs.evaluator, network->parameters);
        ok = compute(reference, &inputs, outcome, error);
    }
    inputs_clear(&inputs);
    if (ok)
        return outcome;
    outcome_free(outcome);
    return NULL;
}

static double worst_deviation(const double *found, const double *expected, gsize count)
{
    double worst = 0;
    for (gsize i = 0; i < count; i++)
        if (!(fabs(found[i] - expected[i]) <= worst))
            worst = fabs(found[i] - expected[i]);
    return worst;
}

/* A map the engine has not got is listed with neither error nor limit, and is no failure. */
static void add_unchecked(GArray *lines, const char *id)
{
    RhVerification line = {g_strdup_printf("map, %s", id), NAN, NAN, TRUE};
    g_array_append_val(lines, line);
}

static GArray *compare(const RhReference *reference, gconstpointer found_outcome,
                       gconstpointer expected_outcome)
{
    const Outcome *found = found_outcome, *expected = expected_outcome;
    GArray *lines = rh_reference_lines_new();
    rh_reference_add(reference, lines, g_strdup("logits"),
                     rh_relative_error(found->logits, expected->logits, 2 * (gsize)reference->images),
                     &limit_logits);
    for (guint i = 0; i < expected->maps->len; i++) {
        const Map *is = &g_array_index(found->maps, Map, i), *should = &g_array_index(expected->maps, Map, i);
        if (is->values == NULL) {
            add_unchecked(lines, is->id);
            continue;
        }
        rh_reference_add(reference, lines, g_strdup_printf("map, %s", is->id),
                         rh_relative_error(is->values, should->values, reference->images * pixels(reference)),
                         &limit_map);
        rh_reference_add(reference, lines, g_strdup_printf("scores, %s (absolute)", is->id),
                         worst_deviation(is->scores, should->scores, SCORES * (gsize)reference->images),
                         &limit_score);
    }
    return lines;
}

const RhReferenceKind rh_reference_attribution = {
    .id = "attribution",
    .images = "x",
    .read = read_expected,
    .run = run,
    .compare = compare,
    .free = outcome_free,
};
