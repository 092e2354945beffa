/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Saliency maps and scores against a reference of kind "attribution". */
#include <math.h>

#include "nn/evaluator.h"
#include "saliency/map.h"
#include "saliency/postprocess.h"
#include "study/verify-private.h"

#define LIMIT_LOGITS 1e-4
#define LIMIT_MAP    2e-3
#define LIMIT_SCORE  0.02 /* absolute */

#define BATCH      16
#define MAP_PREFIX "expect/map/"
#define SCORES     3

typedef struct {
    RhReference *reference;
    RhEvaluator *evaluator;
    float *x;
    guint8 *mask;
    RhMapSettings settings;
} Attribution;

static gboolean read_inputs(Attribution *attribution, GError **error)
{
    const RhReference *reference = attribution->reference;
    gsize count = (gsize)reference->images * reference->height * reference->width;
    double nodes, window, stride, target;
    attribution->x = rh_reference_read_single(reference, "x", count, error);
    g_autofree double *mask =
        attribution->x != NULL ? rh_reference_read(reference, "mask", count, error) : NULL;
    if (mask == NULL || !rh_reference_number(reference, "target", 1, 1, &target, error) ||
        !rh_reference_number(reference, "integrated_steps", 1, 10000, &nodes, error) ||
        !rh_reference_number(reference, "occlusion_window", 1, reference->width, &window, error) ||
        !rh_reference_number(reference, "occlusion_stride", 1, reference->width, &stride, error))
        return FALSE;
    attribution->mask = g_new(guint8, count);
    for (gsize i = 0; i < count; i++)
        attribution->mask[i] = mask[i] > 0;
    attribution->settings = rh_map_settings_default();
    attribution->settings.nodes = (guint)nodes;
    attribution->settings.window = (guint)window;
    attribution->settings.stride = (guint)stride;
    return TRUE;
}

static gboolean check_logits(const Attribution *attribution, GError **error)
{
    RhReference *reference = attribution->reference;
    gsize count = 2 * (gsize)reference->images;
    g_autofree double *expected = rh_reference_read(reference, "expect/logits", count, error);
    if (expected == NULL)
        return FALSE;
    g_autofree float *single = g_new(float, count);
    g_autofree double *logits = g_new(double, count);
    rh_evaluator_logits(attribution->evaluator, attribution->x, reference->images, single);
    for (gsize i = 0; i < count; i++)
        logits[i] = (double)single[i];
    rh_reference_add(reference, g_strdup("logits"), rh_relative_error(logits, expected, count), LIMIT_LOGITS);
    return TRUE;
}

/* The maps of all images, one behind the other. */
static float *compute_maps(const Attribution *attribution, const RhMapKind *kind, GError **error)
{
    const RhReference *reference = attribution->reference;
    gsize pixels = (gsize)reference->height * reference->width;
    g_autofree float *maps = g_new(float, pixels * reference->images);
    for (guint i = 0; i < reference->images; i++) {
        RhMapRequest request = {.evaluator = attribution->evaluator,
                                .image = attribution->x + i * pixels,
                                .settings = attribution->settings};
        if (!kind->compute(&request, maps + i * pixels, error))
            return NULL;
    }
    return g_steal_pointer(&maps);
}

static gboolean check_scores(const Attribution *attribution, const RhMapKind *kind, const float *maps,
                             GError **error)
{
    RhReference *reference = attribution->reference;
    gsize pixels = (gsize)reference->height * reference->width;
    g_autofree char *name = g_strconcat("expect/score/", kind->id, NULL);
    g_autofree double *expected =
        rh_reference_read(reference, name, SCORES * (gsize)reference->images, error);
    if (expected == NULL)
        return FALSE;
    double worst = 0;
    for (guint i = 0; i < reference->images; i++) {
        RhLocalisation found;
        rh_localisation(maps + i * pixels, kind->smoothed, attribution->mask + i * pixels, reference->height,
                        reference->width, &found);
        const double scores[SCORES] = {found.iou, found.iop, found.iot};
        for (guint k = 0; k < SCORES; k++) {
            double deviation = fabs(scores[k] - expected[i * SCORES + k]);
            worst = deviation <= worst ? worst : deviation;
        }
    }
    rh_reference_add(reference, g_strdup_printf("scores, %s (absolute)", kind->id), worst, LIMIT_SCORE);
    return TRUE;
}

static gboolean check_map(const Attribution *attribution, const char *name, const RhMapKind *kind,
                          GError **error)
{
    RhReference *reference = attribution->reference;
    gsize count = (gsize)reference->images * reference->height * reference->width;
    g_autofree double *expected = rh_reference_read(reference, name, count, error);
    g_autofree float *maps = expected != NULL ? compute_maps(attribution, kind, error) : NULL;
    if (maps == NULL)
        return FALSE;
    g_autofree double *found = g_new(double, count);
    for (gsize i = 0; i < count; i++)
        found[i] = (double)maps[i];
    rh_reference_add(reference, g_strdup_printf("map, %s", kind->id),
                     rh_relative_error(found, expected, count), LIMIT_MAP);
    return check_scores(attribution, kind, maps, error);
}

static gboolean check_all(Attribution *attribution, GError **error)
{
    RhReference *reference = attribution->reference;
    const RhNetwork *network = reference->network;
    if (!read_inputs(attribution, error))
        return FALSE;
    attribution->evaluator = rh_evaluator_new(network->kind, network->width, reference->height,
                                              reference->width, BATCH, reference->pool);
    rh_evaluator_set_parameters(attribution->evaluator, network->parameters);
    if (!check_logits(attribution, error))
        return FALSE;
    for (const char *const *name = rh_tensor_file_names(reference->file); *name != NULL; name++) {
        if (!g_str_has_prefix(*name, MAP_PREFIX))
            continue;
        const char *id = *name + sizeof MAP_PREFIX - 1;
        const RhMapKind *kind = rh_map_kind_find(id, NULL);
        if (kind == NULL)
            rh_reference_add_unchecked(reference,
                                       g_strdup_printf("map, %s: not checked, no such map here", id));
        else if (!check_map(attribution, *name, kind, error))
            return FALSE;
    }
    return TRUE;
}

gboolean rh_verify_attribution(RhReference *reference, GError **error)
{
    Attribution attribution = {.reference = reference};
    gboolean ok = check_all(&attribution, error);
    rh_evaluator_free(attribution.evaluator);
    g_free(attribution.mask);
    g_free(attribution.x);
    return ok;
}
