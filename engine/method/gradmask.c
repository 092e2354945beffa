/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>

/* λ · Σ |m̄ · ∂(Σ_b |o₀ − o₁|)/∂x| */
static void build_loss(RhMethodBuild *build)
{
    rh_network_forward(build->network, build->x, RH_TRAINING, &build->forward);
    RhNode *logits = build->forward.logits;
    RhNode *contrast = rh_sum_all(rh_absolute(rh_subtract(rh_column(logits, 0), rh_column(logits, 1))));
    RhNode *outside = rh_method_gradient_outside(build, contrast);
    build->classification = rh_cross_entropy(logits, build->target);
    build->penalty = rh_scale(rh_sum_all(rh_absolute(outside)), build->settings->lambda);
}

const RhMethod rh_method_gradmask = {
    .id = "gradmask",
    .title = N_("GradMask"),
    .summary =
        N_("Is penalised where brightness outside the mask would sway its decision between the two classes."),
    .needs = RH_METHOD_MASK | RH_METHOD_WEIGHTED,
    .defaults = {.learning_rate = 1e-2, .lambda = 0.5},
    .default_epochs = 40,
    .build = build_loss,
};
