/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/error.h"
#include "fuzz/targets.h"
#include "image/image.h"
#include "image/orientation.h"

/* Reads the image and uses every pixel of it, or has it refused in words. */
static inline void fuzz_image(const guint8 *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhImage) image = rh_image_load_bytes(bytes, "input", &error);
    const guint orientation = rh_orientation_of_file(data, size);
    g_assert(orientation >= 1 && orientation <= 8);
    g_assert((image == NULL) == (error != NULL));
    if (image == NULL) {
        g_assert(error->domain == RH_ERROR && g_utf8_validate(error->message, -1, NULL));
        return;
    }
    g_autoptr(RhImage) thumbnail = rh_image_thumbnail(image, 16);
    g_assert(thumbnail->width <= 16 && thumbnail->height <= 16);
}
