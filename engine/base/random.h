/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Counter-based random numbers (Philox 4x32-10; Salmon et al., SC 2011). A stream is fixed by what it is for,
 * never by what was drawn before it or by which thread draws, so that a run can be resumed at any epoch. */
typedef enum {
    RH_PURPOSE_WEIGHTS = 1, /* epoch: tensor number */
    RH_PURPOSE_ORDER,       /* epoch: epoch */
    RH_PURPOSE_SHUFFLE,     /* epoch: epoch, sample: place of the image in the data set */
    RH_PURPOSE_SPLIT,
    RH_PURPOSE_MASK_FRACTION,
    RH_PURPOSE_BOOTSTRAP,
    RH_PURPOSE_TEST,
    RH_PURPOSE_PHANTOM, /* epoch: part of the film, sample: patient */
} RhPurpose;

typedef struct {
    guint32 key[2];
    guint32 counter[4];
    guint32 block[4];
    guint used; /* words of `block` already given out */
} RhRandom;

void rh_random_init(RhRandom *random, guint64 seed, RhPurpose purpose, guint32 epoch, guint32 sample);
guint32 rh_random_next(RhRandom *random);
/* Uniform on 0 … bound−1 without bias; bound > 0. */
guint32 rh_random_below(RhRandom *random, guint32 bound);
/* Uniform on [0, 1), 53 bits. */
double rh_random_uniform(RhRandom *random);
/* Standard normal. */
double rh_random_normal(RhRandom *random);
/* Fisher–Yates, in place. */
void rh_random_permute(RhRandom *random, guint32 *values, guint count);
