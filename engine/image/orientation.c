/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/orientation.h"

#include <string.h>

#define TAG_ORIENTATION 0x0112u
#define TYPE_SHORT      3u
#define ENTRY_BYTES     12u

/* ── The TIFF structure ── */

typedef struct {
    const guint8 *bytes;
    gsize length;
    gboolean big; /* the most significant byte comes first */
} Tiff;

static gboolean is_there(const Tiff *tiff, guint64 offset, gsize count)
{
    return offset <= tiff->length && count <= tiff->length - offset;
}

static guint get_u16(const Tiff *tiff, gsize offset)
{
    const guint8 *b = tiff->bytes + offset;
    return tiff->big ? (guint)b[0] << 8 | b[1] : (guint)b[1] << 8 | b[0];
}

static guint32 get_u32(const Tiff *tiff, gsize offset)
{
    const guint32 first = get_u16(tiff, offset), second = get_u16(tiff, offset + 2);
    return tiff->big ? first << 16 | second : second << 16 | first;
}

guint rh_orientation_of_exif(const guint8 *exif, gsize length)
{
    const Tiff tiff = {exif, length, length > 0 && exif[0] == 'M'};
    if (length < 8 || (memcmp(exif, "II*\0", 4) != 0 && memcmp(exif, "MM\0*", 4) != 0))
        return RH_ORIENTATION_STORED;
    const guint32 directory = get_u32(&tiff, 4);
    if (!is_there(&tiff, directory, 2))
        return RH_ORIENTATION_STORED;
    const guint entries = get_u16(&tiff, directory);
    for (guint i = 0; i < entries; i++) {
        const guint64 entry = (guint64)directory + 2 + (guint64)i * ENTRY_BYTES;
        if (!is_there(&tiff, entry, ENTRY_BYTES))
            break;
        if (get_u16(&tiff, entry) != TAG_ORIENTATION)
            continue;
        const guint value = get_u16(&tiff, entry + 8);
        const gboolean fit = get_u16(&tiff, entry + 2) == TYPE_SHORT && get_u32(&tiff, entry + 4) == 1;
        return fit && value >= 1 && value <= 8 ? value : RH_ORIENTATION_STORED;
    }
    return RH_ORIENTATION_STORED;
}

/* ── Where it is in a file ── */

static guint of_jpeg(const guint8 *bytes, gsize length)
{
    for (gsize at = 2; at + 4 <= length;) {
        const guint8 marker = bytes[at + 1];
        if (bytes[at] != 0xff)
            break;
        if (marker == 0xff) { /* padding */
            at++;
            continue;
        }
        const gsize size = (gsize)bytes[at + 2] << 8 | bytes[at + 3];
        const gboolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4; /* or arithmetic coding */
        if (frame || marker == 0xda || size < 2 || size > length - at - 2)
            break;
        if (marker == 0xe1 && size >= 8 && memcmp(bytes + at + 4, "Exif\0\0", 6) == 0)
            return rh_orientation_of_exif(bytes + at + 10, size - 8);
        at += 2 + size;
    }
    return RH_ORIENTATION_STORED;
}

static guint of_png(const guint8 *bytes, gsize length)
{
    const Tiff words = {bytes, length, TRUE};
    for (gsize at = 8; at + 12 <= length;) {
        const gsize size = get_u32(&words, at);
        if (memcmp(bytes + at + 4, "IDAT", 4) == 0 || size > length - at - 12)
            break;
        if (memcmp(bytes + at + 4, "eXIf", 4) == 0)
            return rh_orientation_of_exif(bytes + at + 8, size);
        at += 12 + size;
    }
    return RH_ORIENTATION_STORED;
}

guint rh_orientation_of_file(const guint8 *bytes, gsize length)
{
    if (length >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return of_png(bytes, length);
    return length >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0 ? of_jpeg(bytes, length)
                                                                : RH_ORIENTATION_STORED;
}

/* ── Turning ── */

void rh_orientation_apply(guint orientation, const guint8 *pixels, guint width, guint height, guint bytes,
                          guint8 *out)
{
    /* Upright column and row run along the stored ones or, where the sides are exchanged, along the others;
     * of the stored ones from the end where they are reversed. */
    static const struct {
        gboolean columns_reversed, rows_reversed;
    } turns[] = {{0, 0}, {0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}, {0, 1}, {1, 1}, {1, 0}};
    g_assert(orientation >= 1 && orientation <= 8);
    const gboolean exchanged = rh_orientation_exchanges_sides(orientation);
    const guint across = exchanged ? height : width, down = exchanged ? width : height;
    for (guint y = 0; y < down; y++)
        for (guint x = 0; x < across; x++, out += bytes) {
            const guint along = exchanged ? y : x, below = exchanged ? x : y;
            const gsize column = turns[orientation].columns_reversed ? width - 1 - along : along;
            const gsize row = turns[orientation].rows_reversed ? height - 1 - below : below;
            memcpy(out, pixels + (row * width + column) * bytes, bytes);
        }
}
