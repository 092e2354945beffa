/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "method/method-private.h"

#include "nn/discriminator.h"
#include <glib/gi18n.h>

/* Mean over the batch of the binary cross-entropy of sigmoid(logit) and 1, or 0. */
static RhNode *cross_entropy_of_one(RhNode *logit)
{
    return rh_mean_all(rh_softplus(rh_negate(logit)));
}

static RhNode *cross_entropy_of_zero(RhNode *logit)
{
    return rh_mean_all(rh_softplus(logit));
}

/* The discriminator learns to call features of x 1 and those of x̃ 0; the penalty is what it takes to make it
 * say the opposite. */
static void build_loss(RhMethodBuild *build)
{
    const RhNetwork *discriminator = build->discriminator;
    double lambda = build->settings->lambda;
    RhNode *shuffled = rh_method_forward_both(build), *plain = build->forward.features;
    build->classification = rh_cross_entropy(build->forward.logits, build->target);

    RhNode *one = cross_entropy_of_one(rh_discriminator_forward(discriminator, rh_stop_gradient(plain)));
    RhNode *zero = cross_entropy_of_zero(rh_discriminator_forward(discriminator, rh_stop_gradient(shuffled)));
    rh_method_train_discriminator(build, rh_scale(rh_add(one, zero), lambda));

    zero = cross_entropy_of_zero(rh_discriminator_forward(discriminator, plain));
    one = cross_entropy_of_one(rh_discriminator_forward(discriminator, shuffled));
    build->penalty = rh_scale(rh_add(zero, one), lambda);
}

const RhMethod rh_method_adversarial = {
    .id = "adversarial",
    .title = N_("Adversarial"),
    .summary =
        N_("A second network tries to tell whether the pixels outside the mask were shuffled; the first "
           "learns to leave it no clue."),
    .needs = RH_METHOD_SHUFFLED | RH_METHOD_DISCRIMINATOR | RH_METHOD_WEIGHTED,
    .defaults = {.learning_rate = 3e-3,
                 .lambda = 10,
                 .discriminator_learning_rate = 1e-2,
                 .discriminator_period = 5},
    .default_epochs = 40,
    .build = build_loss,
};
