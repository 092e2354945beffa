/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>

#define FLOOR 1e-11 /* of a probability within the logarithm */

/* Ross, Hughes, Doshi-Velez, IJCAI 2017: λ · Σ (m̄ · ∂(Σ_b Σ_c log(softmax(o)_c + 1e-11))/∂x)² */
static void build_loss(RhMethodBuild *build)
{
    rh_network_forward(build->network, build->x, RH_TRAINING, &build->forward);
    RhNode *logits = build->forward.logits;
    RhNode *total = rh_sum_all(rh_logarithm(rh_offset(rh_softmax(logits), FLOOR)));
    RhNode *outside = rh_method_gradient_outside(build, total);
    build->classification = rh_cross_entropy(logits, build->target);
    build->penalty = rh_scale(rh_sum_all(rh_square(outside)), build->settings->lambda);
}

const RhMethod rh_method_rrr = {
    .id = "rrr",
    .title = N_("Right for the right reasons"),
    .summary =
        N_("Is penalised where brightness outside the mask would change its probabilities, strong spots "
           "most of all."),
    .needs = RH_METHOD_MASK | RH_METHOD_WEIGHTED,
    .defaults = {.learning_rate = 1e-2, .lambda = 3000},
    .default_epochs = 40,
    .build = build_loss,
};
