/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/map-private.h"

#include <glib/gi18n.h>

static gboolean compute(const RhMapRequest *request, float *map, GError **error)
{
    if (!rh_evaluator_reserve(request->evaluator, 1, TRUE, error) || !rh_map_go_on(request, 0, error))
        return FALSE;
    rh_evaluator_gradients(request->evaluator, request->image, 1, NULL, map);
    return rh_map_go_on(request, 1, error);
}

const RhMapKind rh_map_gradient = {
    .id = "gradient",
    .title = N_("Input gradient"),
    .description = N_("How the score of class 1 changes with the brightness of each pixel"),
    .smoothed = TRUE,
    .compute = compute,
};
