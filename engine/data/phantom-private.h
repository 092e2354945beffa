/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>

#include "base/random.h"
#include "data/phantom.h"

/* A film is made in three steps: how much each point of the patient weakens the rays (anatomy), how the
 * scanner turns that into grey (scanner), and what is stamped on the film (marker). Places are shares of the
 * film's side, from its upper left corner. */

/* What a stream of random numbers is for. */
typedef enum {
    RH_PHANTOM_BODY,
    RH_PHANTOM_VESSELS,
    RH_PHANTOM_NODULE,
    RH_PHANTOM_READER,
    RH_PHANTOM_STAMP,
    RH_PHANTOM_GRAIN,
} RhPhantomStream;

/* How the patient stands before the film. Anatomy is drawn in (u, v): u from the spine to the film's right,
 * which is the patient's left, v downward, both in lengths of about 40 cm. */
typedef struct {
    double centre, raised, tilt, scale;
} RhPhantomFrame;

typedef struct {
    guint size;
    double *weakening; /* size×size, 0 air … about 1 */
    double *air;       /* size×size: share of the ray that runs through lung */
} RhPhantomField;

static inline double rh_clamp01(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* 0 below 0, 1 above 1, smooth between. */
static inline double rh_smooth(double value)
{
    value = rh_clamp01(value);
    return value * value * (3 - 2 * value);
}

/* √ of what is above 0: half the way of a ray through a round thing. */
static inline double rh_round(double value)
{
    return value > 0 ? sqrt(value) : 0;
}

/* Uniform in low … high. */
static inline double rh_draw(RhRandom *random, double low, double high)
{
    return low + (high - low) * rh_random_uniform(random);
}

void rh_phantom_random(RhRandom *random, const RhPhantomSettings *settings, RhPhantomStream stream,
                       guint32 patient);

/* phantom-anatomy.c: body, lungs, heart, bones; gives the frame. */
void rh_phantom_anatomy(RhRandom *random, RhPhantomField *field, RhPhantomFrame *frame);
/* phantom-vessels.c: windpipe, bronchi and the tree of vessels in each lung. */
void rh_phantom_vessels(RhRandom *random, const RhPhantomFrame *frame, RhPhantomField *field);
/* phantom-nodule.c: adds the nodule; mask: 255 where it is, or where a reader draws it. */
void rh_phantom_nodule(const RhPhantomSettings *settings, guint32 patient, RhPhantomField *field,
                       guint8 *mask);
/* phantom-lungs.c: mask: 255 where lung is, or where a reader draws it. */
void rh_phantom_lungs(const RhPhantomSettings *settings, guint32 patient, const RhPhantomFrame *frame,
                      const RhPhantomField *field, guint8 *mask);
/* phantom-scanner.c: grey 0 … 1 in place of the weakening. */
void rh_phantom_expose(RhRandom *random, gboolean other, RhPhantomField *field);
/* phantom-marker.c: letters burnt into `grey`, 1 inside them. */
void rh_phantom_stamp(RhRandom *random, const char *text, gboolean right, double dot, guint size,
                      double *grey);
