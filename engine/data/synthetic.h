/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The paper's synthetic set (SPEC: data sets; Viviano et al. 2021, appendix): crosses and a corner tag, from
 * a plain Mersenne Twister, bit for bit the authors'. */
typedef struct {
    const char *id;          /* "hard", "easy" */
    guint arm_low, arm_high; /* arm length is drawn from [arm_low, arm_high) */
    guint border;            /* distance of the tag from the edges */
} RhSyntheticVariant;

const RhSyntheticVariant *rh_synthetic_variants(guint *count);
const RhSyntheticVariant *rh_synthetic_variant_find(const char *id, GError **error);

/* images, masks: count×size×size bytes, 0 or 255; labels: count. The first half is class 0. size 28 is the
 * paper's; any size of at least 4·arm_high + 2 works. */
void rh_synthetic_generate(const RhSyntheticVariant *variant, guint32 seed, guint count, guint size,
                           guint8 *images, guint8 *masks, guint8 *labels);
