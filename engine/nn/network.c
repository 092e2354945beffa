/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nn/network-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"

static const RhNetworkKind *const kinds[] = {&rh_network_small, &rh_network_resnet18, &rh_network_resnet34,
                                             NULL};

const RhNetworkKind *const *rh_network_kinds(void)
{
    return kinds;
}

const RhNetworkKind *rh_network_kind_find(const char *id, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (const RhNetworkKind *const *kind = kinds; *kind != NULL; kind++) {
        if (strcmp((*kind)->id, id) == 0)
            return *kind;
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", (*kind)->id);
    }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, _("There is no network called “%s”; choose one of: %s."), id,
                known->str);
    return NULL;
}

RhNetwork *rh_network_new(const RhNetworkKind *kind, guint width, RhPrecision precision)
{
    RhNetwork *network = g_new0(RhNetwork, 1);
    network->kind = kind;
    network->width = width > 0 ? width : kind->default_width;
    network->parameters = rh_parameters_new(precision);
    kind->declare(network);
    return network;
}

void rh_network_free(RhNetwork *network)
{
    if (network == NULL)
        return;
    rh_parameters_unref(network->parameters);
    g_free(network);
}

void rh_network_forward(const RhNetwork *network, RhNode *x, RhMode mode, RhForward *forward)
{
    *forward = (RhForward){0};
    network->kind->forward(network, x, mode, forward);
}
