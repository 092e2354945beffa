/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "image/image.h"

/* How the image files of a study are read. All zero is as they are stored, and as studies are read that say
 * nothing of it. */
typedef struct {
    gboolean upright; /* turned as their EXIF says */
    guint bits;       /* of files of 16 bits so many are used, so that 2^bits − 1 is white; 0: all */
} RhImageReading;

RhImage *rh_image_load_as(const char *path, const RhImageReading *reading, GError **error);
gboolean rh_image_size_as(const char *path, const RhImageReading *reading, guint *width, guint *height,
                          GError **error);
/* How a file's EXIF says that it has to be turned (image/orientation.h); as stored, if nothing is said. */
guint rh_image_orientation(const char *path);
