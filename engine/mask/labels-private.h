/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "image/label-image.h"
#include "mask/labels.h"

/* "3", "red", "#00ff80"; free with g_free. */
char *rh_label_name(RhLabelKind kind, guint32 value);
void rh_region_add(RhRegion *region, RhLabelKind kind, guint32 first, guint32 last);

/* RH_ERROR_MISMATCH unless the picture has the size a mask must have; 0 is any. */
gboolean rh_mask_size_fits(const char *path, const RhImage *image, guint width, guint height, GError **error);

/* What the pixel values of one file mean. */
typedef struct {
    const RhImage *image;
    guint codes;     /* pixel values are below it */
    guint64 *counts; /* of pixels, by pixel value; so are the rest */
    guint32 *values; /* of the label */
    guint8 *outside;
    guint *shades;    /* how bright it is */
    RhLabelKind kind; /* of all labels */
    gboolean shaded;  /* labels mean nothing, shades do */
    guint border;     /* the lowest shade inside */
    gboolean faint;   /* that is less than half of white */
} RhLabelCodes;

RhLabelCodes *rh_label_codes_new(const RhLabelImage *picture);
void rh_label_codes_free(RhLabelCodes *codes);
/* The labels a file with these codes has. */
RhLabels *rh_labels_of_codes(const RhLabelCodes *codes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhLabelCodes, rh_label_codes_free)
