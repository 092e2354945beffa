/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>

static void build_loss(RhMethodBuild *build)
{
    rh_network_forward(build->network, build->x, RH_TRAINING, &build->forward);
    build->classification = rh_cross_entropy(build->forward.logits, build->target);
}

const RhMethod rh_method_baseline = {
    .id = "baseline",
    .title = N_("Baseline"),
    .summary = N_("Learns from the images alone; the masks play no part."),
    .needs = RH_METHOD_PLAIN,
    .defaults = {.learning_rate = 1e-3},
    .default_epochs = 40,
    .build = build_loss,
};
