/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>

static void build_loss(RhMethodBuild *build)
{
    rh_network_forward(build->network, build->shuffled, RH_TRAINING, &build->forward);
    build->classification = rh_cross_entropy(build->forward.logits, build->target);
}

const RhMethod rh_method_shuffled = {
    .id = "shuffled",
    .title = N_("Shuffled"),
    .summary = N_("Sees images whose pixels outside the mask are shuffled, so that only the inside keeps its "
                  "structure."),
    .needs = RH_METHOD_SHUFFLED,
    .defaults = {.learning_rate = 3e-3},
    .default_epochs = 40,
    .build = build_loss,
};
