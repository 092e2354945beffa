/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include <glib/gi18n.h>

#define DIFFERENCE 1e-6 /* keeps the root differentiable where both are equal */

/* λ · mean over the batch of ‖z(x̃) − z(x) + 1e-6‖₂ */
static void build_loss(RhMethodBuild *build)
{
    RhNode *shuffled = rh_method_forward_both(build), *plain = build->forward.features;
    gsize images = rh_node_shape(plain).size[0];
    RhNode *squares = rh_square(rh_offset(rh_subtract(shuffled, plain), DIFFERENCE));
    RhNode *distances = rh_square_root(rh_sum_to(squares, RH_SHAPE(images, 1)));
    double lambda = build->settings->lambda, weight = build->settings->published && lambda > 0 ? 1 : lambda;
    build->classification = rh_cross_entropy(build->forward.logits, build->target);
    build->penalty = rh_scale(rh_mean_all(distances), weight);
}

const RhMethod rh_method_actdiff = {
    .id = "actdiff",
    .title = N_("Activation difference"),
    .summary = N_("Is penalised where what it makes of an image changes when the pixels outside the mask are "
                  "shuffled."),
    .needs = RH_METHOD_SHUFFLED | RH_METHOD_WEIGHTED,
    .defaults = {.learning_rate = 3e-3, .lambda = 1},
    .default_epochs = 40,
    .build = build_loss,
};
