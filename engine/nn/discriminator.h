/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/network.h"

/* The discriminator of the adversarial method: three linear layers with spectral norm (Miyato et al., ICLR
 * 2018) and ReLU, then a linear layer to one logit. Its parameters bear the names of
 * torch.nn.utils.spectral_norm. */

/* A set of parameters for `features` inputs, all zero. Its kind is in no table, its width is `hidden`, the
 * units of a layer; 0: twice the features, which is the paper's 1024 for its 512. */
RhNetwork *rh_discriminator_new(guint features, guint hidden, RhPrecision precision);
/* Layers uniform ±1/√fan-in, singular vectors random of length one. */
void rh_discriminator_initialise(RhNetwork *discriminator, guint64 seed);
/* N×features → N×1 logits, in training mode: one power iteration, which moves the singular vectors at the end
 * of the phase; a second pass in the phase goes on from the first. */
RhNode *rh_discriminator_forward(const RhNetwork *discriminator, RhNode *features);
