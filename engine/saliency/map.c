/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/map-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"

static const RhMapKind *const kinds[] = {&rh_map_gradient, &rh_map_integrated, &rh_map_occlusion, NULL};

const RhMapKind *const *rh_map_kinds(void)
{
    return kinds;
}

const RhMapKind *rh_map_kind_find(const char *id, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (const RhMapKind *const *kind = kinds; *kind != NULL; kind++) {
        if (strcmp((*kind)->id, id) == 0)
            return *kind;
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", (*kind)->id);
    }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("There is no map called “%s”; choose one of: %s."), id,
                known->str);
    return NULL;
}

RhMapSettings rh_map_settings_default(void)
{
    return (RhMapSettings){.nodes = 200};
}

RhMapSettings rh_map_settings_coarse(const RhMapKind *kind, guint height, guint width, double effort)
{
    RhMapSettings settings = rh_map_settings_default();
    g_assert(effort > 0);
    if (kind->coarsen != NULL && effort < 1)
        kind->coarsen(&settings, height, width, effort);
    return settings;
}

gboolean rh_map_go_on(const RhMapRequest *request, double fraction, GError **error)
{
    if (g_cancellable_set_error_if_cancelled(request->cancellable, error))
        return FALSE;
    if (request->progress != NULL)
        request->progress(fraction, request->progress_data);
    return TRUE;
}

gsize rh_map_pixels(const RhMapRequest *request)
{
    return (gsize)rh_evaluator_height(request->evaluator) * rh_evaluator_width(request->evaluator);
}
