/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* A heatmap for people: the image beside the image with the map over it, the mask outlined in both, enlarged
 * so that single pixels of a small image can be seen. */
typedef struct {
    const RhImage *image;
    const RhMask *mask; /* of the image's size; NULL: none */
    gboolean mirrored;  /* image and mask are shown left–right mirrored; the map is so already */
    const double *heat; /* height×width, 0 or more */
    guint height, width;
    double opacity; /* of the map where it is strongest, 0 … 1 */
} RhPicture;

gboolean rh_picture_write(const RhPicture *picture, const char *path, GError **error);
