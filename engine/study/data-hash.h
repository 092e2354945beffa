/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/samples.h"

/* SHA-256, in hexadecimal, of what training is given: images at the network's size with labels, relation to
 * the confounder and splits; and the masks. Free with g_free. */
char *rh_hash_images(const RhSamples *samples);
char *rh_hash_masks(const RhSamples *samples);
