/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/animation.h"

#include <glib/gstdio.h>
#include <string.h>

#include "image/image.h"
#include "support.h"

/* The structure by the specification, read here by hand; the pixels of all pictures are decoded by another
 * program in tests/window/test-history.py. */

#define WIDTH  37
#define HEIGHT 11

static void fill(guint32 *pixels, guint picture)
{
    for (guint i = 0; i < WIDTH * HEIGHT; i++)
        pixels[i] = (i * 2654435761u + picture * 40503u) & 0xffffff;
}

static guint32 word(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* Bit by bit, as the PNG specification has it. */
static guint32 crc_of(const guint8 *bytes, gsize length)
{
    guint32 crc = 0xffffffffu;
    for (gsize i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1));
    }
    return ~crc;
}

static GBytes *animate(guint pictures)
{
    guint32 pixels[WIDTH * HEIGHT];
    g_autoptr(RhAnimation) animation = rh_animation_new(WIDTH, HEIGHT, pictures);
    for (guint i = 0; i < pictures; i++) {
        fill(pixels, i);
        rh_animation_add(animation, pixels, (guint16)(100 + i));
    }
    return rh_animation_finish(animation);
}

static void test_chunks(void)
{
    g_autoptr(GBytes) content = animate(3);
    gsize length;
    const guint8 *bytes = g_bytes_get_data(content, &length);
    g_assert_cmpmem(bytes, 8, "\x89PNG\r\n\x1a\n", 8);
    g_autoptr(GString) order = g_string_new(NULL);
    guint32 sequence = 0, shown = 0;
    for (gsize offset = 8; offset < length;) {
        const guint32 count = word(bytes + offset);
        const guint8 *type = bytes + offset + 4;
        g_assert_cmpuint(word(type + 4 + count), ==, crc_of(type, 4 + count));
        g_string_append_len(order, (const char *)type, 4);
        g_string_append_c(order, ' ');
        if (memcmp(type, "acTL", 4) == 0)
            g_assert_cmpuint(word(type + 4), ==, 3);
        if (memcmp(type, "fcTL", 4) == 0 || memcmp(type, "fdAT", 4) == 0)
            g_assert_cmpuint(word(type + 4), ==, sequence++);
        if (memcmp(type, "fcTL", 4) == 0) {
            g_assert_cmpuint(word(type + 8), ==, WIDTH);
            g_assert_cmpuint(word(type + 12), ==, HEIGHT);
            g_assert_cmpuint(type[24] << 8 | type[25], ==, 100 + shown++);
            g_assert_cmpuint(type[26] << 8 | type[27], ==, 1000);
        }
        offset += 12 + count;
    }
    g_assert_cmpstr(order->str, ==, "IHDR acTL fcTL IDAT fcTL fdAT fcTL fdAT IEND ");
}

/* A program that knows nothing of animations reads the first picture. */
static void test_first_picture(void)
{
    g_autoptr(GBytes) content = animate(2);
    guint32 pixels[WIDTH * HEIGHT];
    fill(pixels, 0);
    g_autoptr(GBytes) alone = rh_png_encode(pixels, WIDTH, HEIGHT);
    g_autofree char *folder = rh_test_folder();
    GBytes *const files[] = {content, alone};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, "picture.png", NULL);
        gsize length;
        const char *bytes = g_bytes_get_data(files[i], &length);
        g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
        g_autoptr(GError) error = NULL;
        g_autoptr(RhImage) image = rh_image_load(path, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(image->width, ==, WIDTH);
        g_assert_cmpuint(image->height, ==, HEIGHT);
        for (guint k = 0; k < WIDTH * HEIGHT; k++) {
            const double luminance =
                0.299 * (pixels[k] >> 16) + 0.587 * (pixels[k] >> 8 & 0xff) + 0.114 * (pixels[k] & 0xff);
            g_assert_cmpfloat_with_epsilon(((guint8 *)image->pixels)[k], luminance, 1.01);
        }
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/animation/chunks", test_chunks);
    g_test_add_func("/animation/first-picture", test_first_picture);
    return g_test_run();
}
