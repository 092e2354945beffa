/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>

static void build_loss(RhMethodBuild *build)
{
    rh_network_forward(build->network, rh_multiply(build->x, build->mask), RH_TRAINING, &build->forward);
    build->classification = rh_cross_entropy(build->forward.logits, build->target);
}

const RhMethod rh_method_masked = {
    .id = "masked",
    .title = N_("Masked"),
    .summary = N_("Sees only what lies inside the masks; all the rest of the image is black."),
    .needs = RH_METHOD_MASK,
    .defaults = {.learning_rate = 3e-3},
    .default_epochs = 40,
    .build = build_loss,
};
