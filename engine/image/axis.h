/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* How the pixels along one side of an image are weighed into another number of pixels, in whole numbers: by
 * the length they share where the side becomes shorter or stays, else by one of two rules. */
typedef enum { RH_ENLARGE_BILINEAR, RH_ENLARGE_NEAREST } RhEnlarge;

typedef struct {
    guint first, count;     /* source pixels first … first+count−1 */
    const guint32 *weights; /* count of them */
} RhAxisPixel;

typedef struct {
    guint from, to;
    guint32 total;       /* sum of the weights of each pixel */
    RhAxisPixel *pixels; /* to */
    guint32 *weights;
} RhAxis;

RhAxis *rh_axis_new(guint from, guint to, RhEnlarge enlarge);
void rh_axis_free(RhAxis *axis);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhAxis, rh_axis_free)
