/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/map-maker.h"

#include <glib/gi18n.h>

#include "base/error.h"
#include "study/history.h"

#define EVALUATOR_BATCH 8

void rh_map_subject_clear(RhMapSubject *subject)
{
    g_clear_pointer(&subject->image, g_free);
    g_clear_pointer(&subject->mask, rh_mask_free);
}

void rh_map_subject_copy(RhMapSubject *to, const RhMapSubject *from)
{
    rh_map_subject_clear(to);
    *to = *from;
    to->image = g_memdup2(from->image, sizeof(float) * from->height * from->width);
    to->mask = from->mask != NULL ? rh_mask_ref(from->mask) : NULL;
}

void rh_map_wish_free(RhMapWish *wish)
{
    g_free(wish->key);
    g_clear_pointer(&wish->parameters, rh_parameters_unref);
    g_free(wish->path);
    g_free(wish->otherwise);
    g_free(wish);
}

void rh_made_map_free(RhMadeMap *made)
{
    g_free(made->result.values);
    g_free(made->map);
    g_free(made);
}

struct _RhMapMaker {
    RhPool *pool;
    RhEvaluator *evaluator;
    const RhNetworkKind *network; /* the evaluator's */
    guint network_width, height, width;
};

RhMapMaker *rh_map_maker_new(RhPool *pool)
{
    RhMapMaker *maker = g_new0(RhMapMaker, 1);
    maker->pool = pool;
    return maker;
}

void rh_map_maker_free(RhMapMaker *maker)
{
    g_clear_pointer(&maker->evaluator, rh_evaluator_free);
    g_free(maker);
}

static void prepare_evaluator(RhMapMaker *maker, const RhMapSubject *subject, const RhMapWish *wish)
{
    if (maker->evaluator != NULL && maker->network == wish->network &&
        maker->network_width == wish->network_width && maker->height == subject->height &&
        maker->width == subject->width)
        return;
    g_clear_pointer(&maker->evaluator, rh_evaluator_free);
    maker->evaluator = rh_evaluator_new(wish->network, wish->network_width, subject->height, subject->width,
                                        EVALUATOR_BATCH, NULL, maker->pool);
    maker->network = wish->network;
    maker->network_width = wish->network_width;
    maker->height = subject->height;
    maker->width = subject->width;
}

static RhTensorFile *open_weights(const RhMapWish *wish, GError **error)
{
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(wish->path, error);
    if (file == NULL || wish->otherwise == NULL || rh_history_has_weights(file))
        return g_steal_pointer(&file);
    return rh_tensor_file_open(wish->otherwise, error);
}

gboolean rh_map_wish_has_weights(const RhMapWish *wish)
{
    if (wish->parameters != NULL)
        return TRUE;
    g_autoptr(RhTensorFile) file = open_weights(wish, NULL);
    return file != NULL && rh_history_has_weights(file);
}

static gboolean load_weights(RhMapMaker *maker, const RhMapWish *wish, const RhTensorFile *file,
                             GError **error)
{
    if (wish->parameters != NULL) {
        rh_evaluator_set_parameters(maker->evaluator, wish->parameters);
        return TRUE;
    }
    g_autoptr(RhNetwork) network = rh_network_new(wish->network, wish->network_width, RH_SINGLE);
    if (!rh_tensor_file_read_parameters(file, "", network->parameters, error))
        return FALSE;
    rh_evaluator_set_parameters(maker->evaluator, network->parameters);
    return TRUE;
}

static RhMadeMap *from_scores(const RhTensorFile *file, const RhMapSubject *subject, const RhMapWish *wish,
                              GError **error)
{
    float logits[2];
    if (!rh_history_logits(file, wish->split, wish->place, wish->images, logits)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "%s",
                    _("Of this epoch the run has kept no weights, and no score of this image."));
        return NULL;
    }
    if (!rh_logits_check(logits, error))
        return NULL;
    RhMadeMap *made = g_new0(RhMadeMap, 1);
    made->result.height = subject->height;
    made->result.width = subject->width;
    made->result.effort = 1;
    made->result.probability = rh_saliency_probability(logits);
    return made;
}

static RhMadeMap *from_network(RhMapMaker *maker, const RhMapSubject *subject, GCancellable *cancellable,
                               GError **error)
{
    const RhMapRequest request = {
        .evaluator = maker->evaluator,
        .image = subject->image,
        .settings = rh_map_settings_default(),
        .cancellable = cancellable,
    };
    const gint64 begun = g_get_monotonic_time();
    float logits[2];
    if (!rh_evaluator_score(maker->evaluator, subject->image, logits, error))
        return NULL;
    g_autoptr(RhMadeMap) made = g_new0(RhMadeMap, 1);
    made->map = g_new0(float, (gsize)subject->height * subject->width);
    if (!subject->map->compute(&request, made->map, error))
        return NULL;
    made->result.effort = 1;
    made->result.probability = rh_saliency_probability(logits);
    rh_saliency_result_take_map(&made->result, subject->map, made->map, subject->height, subject->width);
    rh_saliency_result_localise(&made->result, subject->map, made->map, subject->mask);
    made->result.seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
    return g_steal_pointer(&made);
}

RhMadeMap *rh_map_maker_make(RhMapMaker *maker, const RhMapSubject *subject, const RhMapWish *wish,
                             GCancellable *cancellable, GError **error)
{
    g_autoptr(RhTensorFile) file = wish->parameters == NULL ? open_weights(wish, error) : NULL;
    if (file == NULL && wish->parameters == NULL)
        return NULL;
    if (file != NULL && !rh_history_has_weights(file))
        return from_scores(file, subject, wish, error);
    prepare_evaluator(maker, subject, wish);
    return load_weights(maker, wish, file, error) ? from_network(maker, subject, cancellable, error) : NULL;
}
