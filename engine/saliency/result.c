/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/result.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

void rh_saliency_result_take_map(RhSaliencyResult *result, const RhMapKind *kind, const float *map,
                                 guint height, guint width)
{
    const gsize count = (gsize)height * width;
    g_autofree double *smooth = g_new(double, count);
    rh_map_smooth(map, height, width, kind->smoothed, smooth);
    double most = 0;
    for (gsize i = 0; i < count; i++)
        most = MAX(most, smooth[i]);
    result->height = height;
    result->width = width;
    result->strongest = most;
    g_free(result->values);
    result->values = g_new0(float, count);
    for (gsize i = 0; most > 0 && i < count; i++)
        result->values[i] = (float)(smooth[i] / most);
}

void rh_saliency_result_localise(RhSaliencyResult *result, const RhMapKind *kind, const float *map,
                                 const RhMask *mask)
{
    result->has_localisation = FALSE;
    if (mask == NULL)
        return;
    const gsize count = (gsize)result->height * result->width;
    g_autofree guint8 *inside = g_new(guint8, count);
    rh_mask_resize(mask, result->width, result->height, inside);
    result->has_localisation = memchr(inside, 1, count) != NULL;
    if (result->has_localisation)
        rh_localisation(map, kind->smoothed, inside, result->height, result->width, &result->localisation);
}

double rh_saliency_probability(const float logits[2])
{
    return 1 / (1 + exp((double)logits[0] - logits[1]));
}

char *rh_saliency_result_describe(const RhSaliencyResult *result, char *const class_names[2], guint label)
{
    const guint class = result->probability > 0.5;
    const double probability = class == 1 ? result->probability : 1 - result->probability;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, _("Prediction: %s, probability %.2f"), class_names[class], probability);
    if (label < 2)
        g_string_append(text, label == class ? _(" (right)") : _(" (wrong)"));
    if (result->has_localisation)
        g_string_append_printf(text, _(" · IoU %s, chance %s"),
                               rh_overlap_text(result->localisation.iou).text,
                               rh_overlap_text(result->localisation.iou_chance).text);
    return g_string_free(text, FALSE);
}
