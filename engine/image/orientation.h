/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* How a picture has to be turned to stand upright, as EXIF counts it: 1 as stored, 2 mirrored, 3 by half a
 * turn, 4 upside down, 5 to 8 with its sides exchanged. */
#define RH_ORIENTATION_STORED 1u

static inline gboolean rh_orientation_exchanges_sides(guint orientation)
{
    return orientation >= 5;
}

/* The orientation in the TIFF structure that an EXIF block is; RH_ORIENTATION_STORED if it has none, is cut
 * off or makes no sense. */
guint rh_orientation_of_exif(const guint8 *exif, gsize length);
/* That of a whole PNG or JPEG, or of its beginning; what stands behind the first pixels does not count. */
guint rh_orientation_of_file(const guint8 *bytes, gsize length);
/* Turns width×height stored pixels of so many bytes into `out`, rows without gaps. */
void rh_orientation_apply(guint orientation, const guint8 *pixels, guint width, guint height, guint bytes,
                          guint8 *out);
