/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/reading.h"

#include "image/orientation.h"
#include "image/reader-private.h"

guint rh_image_orientation(const char *path)
{
    g_autoptr(GBytes) head = rh_image_read_head(path, NULL);
    gsize length = 0;
    const guint8 *bytes = head != NULL ? g_bytes_get_data(head, &length) : NULL;
    return rh_orientation_of_file(bytes, length);
}

gboolean rh_image_size_as(const char *path, const RhImageReading *reading, guint *width, guint *height,
                          GError **error)
{
    if (!rh_image_size(path, width, height, error))
        return FALSE;
    if (reading->upright && rh_orientation_exchanges_sides(rh_image_orientation(path))) {
        const guint stored = *width;
        *width = *height;
        *height = stored;
    }
    return TRUE;
}

/* The picture turned; takes the one that is not. */
static RhImage *turned(RhImage *image, guint orientation, const char *name, GError **error)
{
    if (image == NULL || orientation == RH_ORIENTATION_STORED)
        return image;
    g_autoptr(RhImage) stored = image;
    const gboolean exchanged = rh_orientation_exchanges_sides(orientation);
    RhImage *upright = rh_image_try_new(name, exchanged ? stored->height : stored->width,
                                        exchanged ? stored->width : stored->height, stored->type, error);
    if (upright != NULL)
        rh_orientation_apply(orientation, stored->pixels, stored->width, stored->height,
                             stored->type == RH_PIXEL_U8 ? 1 : 2, upright->pixels);
    return upright;
}

RhImage *rh_image_load_as(const char *path, const RhImageReading *reading, GError **error)
{
    g_autofree char *name = g_filename_display_name(path);
    g_autoptr(GBytes) bytes = rh_image_read_file(path, error);
    if (bytes == NULL)
        return NULL;
    gsize length;
    const guint8 *file = g_bytes_get_data(bytes, &length);
    RhImage *image = rh_image_load_bytes(bytes, name, error);
    if (reading->upright)
        image = turned(image, rh_orientation_of_file(file, MIN(length, RH_IMAGE_HEAD_BYTES)), name, error);
    if (image != NULL && image->type == RH_PIXEL_U16 && reading->bits != 0)
        image->white = (1u << reading->bits) - 1;
    return image;
}
