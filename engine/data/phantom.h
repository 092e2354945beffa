/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A chest-film phantom: frontal films of made-up patients, of whom those of class 1 have a nodule in a lung.
 * What misleads is a letter in a corner, which a mask of the nodule leaves out, or the scanner, which is in
 * every pixel. Only + − × ÷ and square roots are used, so that a film is the same bit for bit on any machine.
 */
typedef struct {
    const char *id;        /* "marker", "letter", "scanner" */
    const char *name;      /* "marker": what the confounder is called */
    const char *values[2]; /* goes with class 0, with class 1: "none", "PORTABLE" */
    const char *summary;   /* one plain sentence */
} RhPhantomConfounder;

const RhPhantomConfounder *rh_phantom_confounders(guint *count);
const RhPhantomConfounder *rh_phantom_confounder_find(const char *id, GError **error);

/* What the masks of a study show. */
typedef enum {
    RH_PHANTOM_MASK_NODULE, /* the nodule; a film without one has no mask */
    RH_PHANTOM_MASK_LUNGS,  /* both lungs, where a nodule can be; of every film */
} RhPhantomMask;

const char *rh_phantom_mask_name(RhPhantomMask mask); /* "nodule", "lungs" */
gboolean rh_phantom_mask_parse(const char *name, RhPhantomMask *mask);
/* Whether films of this label have a mask. */
gboolean rh_phantom_mask_has(RhPhantomMask mask, guint label);

#define RH_PHANTOM_SIDE_MIN 48u
#define RH_PHANTOM_SIDE_MAX 1024u

typedef struct {
    const RhPhantomConfounder *confounder;
    guint64 seed;
    guint size; /* height and width in pixels */
    RhPhantomMask mask;
    double contrast;    /* of the nodule; 1 is a nodule that is seen at a glance by who knows where */
    double imprecision; /* of the mask: 0 to the pixel, 1 as a reader draws in a hurry */
} RhPhantomSettings;

/* One film. The patient is the same at any size, with or without nodule, with either value of the confounder.
 * image, mask: size×size bytes; the mask 0 or 255, all 0 where there is none. From any thread. */
void rh_phantom_film(const RhPhantomSettings *settings, guint32 patient, guint label, guint confounder,
                     guint8 *image, guint8 *mask);
