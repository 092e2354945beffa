/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/data-hash.h"

static void add(GChecksum *sum, gconstpointer data, gsize length)
{
    const gsize most = 1u << 30; /* lengths are signed and may be 32 bits wide there */
    for (gsize done = 0; done < length; done += most)
        g_checksum_update(sum, (const guchar *)data + done, (gssize)MIN(most, length - done));
}

static void add_frame(GChecksum *sum, const RhSamples *samples)
{
    const guint32 sizes[] = {GUINT32_TO_LE(samples->count), GUINT32_TO_LE(samples->height),
                             GUINT32_TO_LE(samples->width), GUINT32_TO_LE(samples->mirrored != FALSE)};
    add(sum, sizes, sizeof sizes);
}

char *rh_hash_images(const RhSamples *samples)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_frame(sum, samples);
    add(sum, samples->images, sizeof(float) * samples->count * samples->height * samples->width);
    add(sum, samples->labels, samples->count);
    add(sum, samples->conflicting, samples->count);
    add(sum, samples->splits, samples->count);
    return g_strdup(g_checksum_get_string(sum));
}

char *rh_hash_masks(const RhSamples *samples)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_frame(sum, samples);
    add(sum, samples->masks, (gsize)samples->count * samples->height * samples->width);
    add(sum, samples->has_mask, samples->count);
    return g_strdup(g_checksum_get_string(sum));
}
