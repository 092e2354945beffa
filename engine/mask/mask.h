/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "image/image.h"

/* A region of interest: one byte a pixel, 0 outside and 255 inside, at the image's full size. */
typedef struct {
    guint width, height;
    guint8 *pixels; /* height rows of width */
} RhMask;

typedef struct {
    int x, y, width, height; /* empty if width or height is 0 */
} RhRectangle;

typedef struct {
    double x, y; /* in image coordinates: pixel (i, j) covers [i, i+1)×[j, j+1) */
} RhPoint;

RhMask *rh_mask_new(guint width, guint height);
RhMask *rh_mask_copy(const RhMask *mask);
/* One more reference (transfer full), on any thread. A mask that is shared is not written to any more. */
RhMask *rh_mask_ref(RhMask *mask);
void rh_mask_free(RhMask *mask); /* gives up a reference, and with the last one the mask */
gboolean rh_mask_is_empty(const RhMask *mask);
gsize rh_mask_count(const RhMask *mask);        /* pixels inside */
RhRectangle rh_mask_bounds(const RhMask *mask); /* the smallest around what is inside */
/* The smallest rectangle around both. */
void rh_rectangle_add(RhRectangle *rectangle, int x, int y, int width, int height);

/* Any image as a mask, if it leaves no doubt of what is marked (mask/labels.h): all of one label that is not
 * black, as in files of 0 and 1, of 0 and 255 or of one colour; of shades what is brighter than half of the
 * range. Of several labels none is chosen: RH_ERROR_USAGE names them. width and height are those the mask
 * must have (0: any); another size is RH_ERROR_MISMATCH and says both sizes. */
RhMask *rh_mask_load(const char *path, guint width, guint height, GError **error);
gboolean rh_mask_save(const RhMask *mask, const char *path, GError **error);
/* At another size: inside where at least half of the area (enlarged: the nearest pixel) is inside. out: 0
 * or 1. */
void rh_mask_resize(const RhMask *mask, guint width, guint height, guint8 *out);
/* The authors' mask blur (SPEC §3, mask_blur): dilation by a square of radius ⌊4σ+½⌋. In place, 0/1 values.
 */
void rh_mask_dilate(guint8 *inside, guint width, guint height, double sigma);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMask, rh_mask_free)
