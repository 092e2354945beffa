/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/animation.h"

#include <png.h>
#include <string.h>

#define SIGNATURE_BYTES 8
#define CRC_POLYNOMIAL  0xedb88320u

struct _RhAnimation {
    guint width, height, pictures, added;
    guint32 sequence;    /* of the next fcTL or fdAT chunk */
    guint32 crc_of[256]; /* of a byte */
    GByteArray *file;
};

/* ── One picture ── */

/* Nothing can go wrong that is not our own mistake: the size is positive and memory takes all there is. */
G_NORETURN static void on_error(png_structp png, png_const_charp message)
{
    g_error("libpng: %s", message);
}

static void on_warning(png_structp png, png_const_charp message)
{
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count)
{
    g_byte_array_append(png_get_io_ptr(png), bytes, (guint)count);
}

static void flush(png_structp png)
{
}

GBytes *rh_png_encode(const guint32 *pixels, guint width, guint height)
{
    g_assert(width > 0 && height > 0);
    GByteArray *file = g_byte_array_new();
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    png_infop info = png_create_info_struct(png);
    g_autofree guint8 *row = g_malloc(3 * (gsize)width);
    png_set_write_fn(png, file, write_bytes, flush);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (guint y = 0; y < height; y++) {
        for (guint x = 0; x < width; x++) {
            const guint32 pixel = pixels[(gsize)y * width + x];
            row[3 * x] = (guint8)(pixel >> 16);
            row[3 * x + 1] = (guint8)(pixel >> 8);
            row[3 * x + 2] = (guint8)pixel;
        }
        png_write_row(png, row);
    }
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return g_byte_array_free_to_bytes(file);
}

/* ── Chunks ── */

static void put_u32(guint8 *out, guint32 value)
{
    value = GUINT32_TO_BE(value);
    memcpy(out, &value, sizeof value);
}

static guint32 get_u32(const guint8 *bytes)
{
    guint32 value;
    memcpy(&value, bytes, sizeof value);
    return GUINT32_FROM_BE(value);
}

static void fill_crc_table(RhAnimation *animation)
{
    for (guint byte = 0; byte < 256; byte++) {
        guint32 crc = byte;
        for (guint bit = 0; bit < 8; bit++)
            crc = crc & 1 ? CRC_POLYNOMIAL ^ (crc >> 1) : crc >> 1;
        animation->crc_of[byte] = crc;
    }
}

/* The content is given in two parts, of which the first may be empty. */
static void add_chunk(RhAnimation *animation, const char *type, const guint8 *head, guint head_length,
                      const guint8 *body, guint body_length)
{
    GByteArray *file = animation->file;
    guint8 word[4];
    put_u32(word, head_length + body_length);
    g_byte_array_append(file, word, sizeof word);
    const guint start = file->len;
    g_byte_array_append(file, (const guint8 *)type, 4);
    g_byte_array_append(file, head, head_length);
    g_byte_array_append(file, body, body_length);
    guint32 crc = G_MAXUINT32;
    for (guint i = start; i < file->len; i++)
        crc = animation->crc_of[(crc ^ file->data[i]) & 0xff] ^ (crc >> 8);
    put_u32(word, ~crc);
    g_byte_array_append(file, word, sizeof word);
}

static void add_control(RhAnimation *animation)
{
    guint8 content[8];
    put_u32(content, animation->pictures);
    put_u32(content + 4, 0); /* for ever */
    add_chunk(animation, "acTL", NULL, 0, content, sizeof content);
}

static void add_frame_control(RhAnimation *animation, guint16 milliseconds)
{
    guint8 content[26] = {0}; /* no offset; the whole picture, put in place of what was there */
    put_u32(content, animation->sequence++);
    put_u32(content + 4, animation->width);
    put_u32(content + 8, animation->height);
    content[20] = (guint8)(milliseconds >> 8);
    content[21] = (guint8)milliseconds;
    content[22] = 1000 >> 8;
    content[23] = 1000 & 0xff;
    add_chunk(animation, "fcTL", NULL, 0, content, sizeof content);
}

static void add_pixels(RhAnimation *animation, const guint8 *body, guint length)
{
    guint8 sequence[4];
    if (animation->added == 0) {
        add_chunk(animation, "IDAT", NULL, 0, body, length);
        return;
    }
    put_u32(sequence, animation->sequence++);
    add_chunk(animation, "fdAT", sequence, sizeof sequence, body, length);
}

/* ── The animation ── */

RhAnimation *rh_animation_new(guint width, guint height, guint pictures)
{
    g_assert(pictures > 0);
    RhAnimation *animation = g_new0(RhAnimation, 1);
    animation->width = width;
    animation->height = height;
    animation->pictures = pictures;
    animation->file = g_byte_array_new();
    fill_crc_table(animation);
    return animation;
}

void rh_animation_free(RhAnimation *animation)
{
    if (animation == NULL)
        return;
    g_byte_array_unref(animation->file);
    g_free(animation);
}

void rh_animation_add(RhAnimation *animation, const guint32 *pixels, guint16 milliseconds)
{
    g_assert(animation->added < animation->pictures);
    g_autoptr(GBytes) png = rh_png_encode(pixels, animation->width, animation->height);
    gsize length;
    const guint8 *bytes = g_bytes_get_data(png, &length);
    if (animation->added == 0)
        g_byte_array_append(animation->file, bytes, SIGNATURE_BYTES);
    else
        add_frame_control(animation, milliseconds);
    for (gsize offset = SIGNATURE_BYTES; offset + 12 <= length;) {
        const guint32 content = get_u32(bytes + offset);
        const guint8 *type = bytes + offset + 4;
        if (memcmp(type, "IDAT", 4) == 0)
            add_pixels(animation, type + 4, content);
        if (memcmp(type, "IHDR", 4) == 0 && animation->added == 0) {
            add_chunk(animation, "IHDR", NULL, 0, type + 4, content);
            add_control(animation);
            add_frame_control(animation, milliseconds);
        }
        offset += 12 + content;
    }
    animation->added++;
}

GBytes *rh_animation_finish(RhAnimation *animation)
{
    g_assert(animation->added == animation->pictures);
    add_chunk(animation, "IEND", NULL, 0, NULL, 0);
    return g_bytes_new(animation->file->data, animation->file->len);
}
