/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* PNG files made byte by byte, of kinds that the program itself never writes. */

static inline void put_word(GByteArray *out, guint32 word)
{
    guint32 big = GUINT32_TO_BE(word);
    g_byte_array_append(out, (const guint8 *)&big, 4);
}

static inline guint32 crc(const guint8 *bytes, gsize length)
{
    guint32 sum = 0xffffffff;
    for (gsize i = 0; i < length; i++) {
        sum ^= bytes[i];
        for (guint bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb88320u : 0);
    }
    return ~sum;
}

static inline void put_chunk(GByteArray *out, const char *type, const void *data, guint length)
{
    put_word(out, length);
    g_byte_array_append(out, (const guint8 *)type, 4);
    if (length > 0)
        g_byte_array_append(out, data, length);
    put_word(out, crc(out->data + out->len - length - 4, length + 4));
}

static inline GByteArray *begin_png(guint width, guint height, guint8 depth, guint8 colour)
{
    GByteArray *out = g_byte_array_new();
    g_autoptr(GByteArray) header = g_byte_array_new();
    put_word(header, width);
    put_word(header, height);
    g_byte_array_append(header, (const guint8[]){depth, colour, 0, 0, 0}, 5);
    g_byte_array_append(out, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    put_chunk(out, "IHDR", header->data, header->len);
    return out;
}

/* Rows as they are stored, each after its filter byte, in a single stored block of deflate. */
static inline GBytes *finish_png(GByteArray *out, const guint8 *rows, guint16 length)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    guint32 a = 1, b = 0;
    for (guint i = 0; i < length; i++) {
        a = (a + rows[i]) % 65521;
        b = (b + a) % 65521;
    }
    const guint8 head[] = {0x78, 1, 1, length & 255, length >> 8, ~length & 255, (guint8)(~length >> 8)};
    g_byte_array_append(stream, head, sizeof head);
    g_byte_array_append(stream, rows, length);
    put_word(stream, b << 16 | a);
    put_chunk(out, "IDAT", stream->data, stream->len);
    put_chunk(out, "IEND", NULL, 0);
    return g_bytes_new(out->data, out->len);
}
