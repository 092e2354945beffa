/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "image/image.h"

/* A picture as a map of labels: pixels that have the same value bear the same label, and how bright that
 * value looks says nothing. */
typedef enum {
    RH_LABELS_GREY,    /* pixels are grey values as stored, of 1 to 16 bits */
    RH_LABELS_PALETTE, /* places in the file's palette */
    RH_LABELS_COLOUR,  /* places in a list of the colours that occur */
} RhLabelCoding;

#define RH_LABEL_COLOURS_MAX 256u
#define RH_LABEL_OPAQUE      0xff000000u

typedef struct {
    RhImage *image; /* 8 bits, or 16 of a grey picture that has them */
    RhLabelCoding coding;
    guint white;    /* the greatest grey value the file can hold: 1, 3, 15, 255 or 65535 */
    gboolean exact; /* FALSE: the values are near to what was meant (JPEG), or more colours than can be named,
                       brought to grey */
    guint n_colours;
    guint32 colours[RH_LABEL_COLOURS_MAX]; /* by pixel value, unless grey: 0xRRGGBB, with RH_LABEL_OPAQUE
                                              unless less than half opaque */
} RhLabelImage;

/* As rh_image_load reads a picture. */
RhLabelImage *rh_label_image_load(const char *path, GError **error);
RhLabelImage *rh_label_image_load_bytes(GBytes *bytes, const char *name, GError **error);
void rh_label_image_free(RhLabelImage *labels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhLabelImage, rh_label_image_free)
