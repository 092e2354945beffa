/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "image/orientation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef RH_HAVE_JPEG
#include <jpeglib.h>
#endif

#include "base/files.h"
#include "image/reading.h"
#include "made-png.h"
#include "support.h"

/* What 1 2 3 / 4 5 6 becomes, by EXIF's words on where the first row and the first column are seen. */
static const char *const upright[] = {
    [1] = "123456", /* row at the top, column at the left */
    [2] = "321654", /* top, right */
    [3] = "654321", /* bottom, right */
    [4] = "456123", /* bottom, left */
    [5] = "142536", /* left, top */
    [6] = "415263", /* right, top */
    [7] = "635241", /* right, bottom */
    [8] = "362514", /* left, bottom */
};

static void test_turning(void)
{
    for (guint orientation = 1; orientation <= 8; orientation++) {
        guint8 narrow[6];
        guint16 wide[6], out[6];
        rh_orientation_apply(orientation, (const guint8 *)"123456", 3, 2, 1, narrow);
        g_assert_cmpmem(narrow, 6, upright[orientation], 6);
        for (guint i = 0; i < 6; i++)
            wide[i] = (guint16)(0x4100u + "123456"[i]);
        rh_orientation_apply(orientation, (const guint8 *)wide, 3, 2, 2, (guint8 *)out);
        for (guint i = 0; i < 6; i++)
            g_assert_cmpuint(out[i], ==, 0x4100u + (guint8)upright[orientation][i]);
    }
}

/* An EXIF block of one other entry and the orientation, in either order of bytes. */
static GByteArray *exif(guint orientation, gboolean big)
{
    static const guint8 little_head[] = {'I', 'I', 42, 0,    8, 0, 0, 0, 2, 0, 0x0f, 1, 2, 0, 4, 0, 0, 0, 'a',
                                         'b', 'c', 0,  0x12, 1, 3, 0, 1, 0, 0, 0,    0, 0, 0, 0, 0, 0, 0, 0};
    static const guint8 big_head[] = {'M', 'M', 0, 42, 0,    0, 0, 8, 0, 2, 1, 0x0f, 0, 2, 0, 0, 0, 4, 'a',
                                      'b', 'c', 0, 1,  0x12, 0, 3, 0, 0, 0, 1, 0,    0, 0, 0, 0, 0, 0, 0};
    GByteArray *block = g_byte_array_new();
    g_byte_array_append(block, big ? big_head : little_head, sizeof little_head);
    block->data[big ? 31 : 30] = (guint8)orientation;
    return block;
}

static void test_exif(void)
{
    for (guint value = 0; value < 12; value++)
        for (guint big = 0; big < 2; big++) {
            g_autoptr(GByteArray) block = exif(value, big);
            g_assert_cmpuint(rh_orientation_of_exif(block->data, block->len), ==,
                             value >= 1 && value <= 8 ? value : 1);
        }
}

/* Cut off anywhere, or with any byte changed: an orientation or none, and nothing read beyond the end. */
static void test_hostile(void)
{
    g_autoptr(GByteArray) block = exif(6, FALSE);
    for (guint length = 0; length < block->len; length++) {
        g_autofree guint8 *cut = g_memdup2(block->data, length); /* so that a sanitizer sees a step too far */
        const guint found = rh_orientation_of_exif(cut, length);
        g_assert_true(length >= 34 ? found == 6 || found == 1 : found == 1);
    }
    for (guint at = 0; at < block->len; at++)
        for (guint value = 0; value < 256; value += 5) {
            g_autofree guint8 *changed = g_memdup2(block->data, block->len);
            changed[at] = (guint8)value;
            const guint found = rh_orientation_of_exif(changed, block->len);
            g_assert_true(found >= 1 && found <= 8);
        }
    g_assert_cmpuint(rh_orientation_of_exif((const guint8 *)"II*\0\xff\xff\xff\xff\xff\xff", 10), ==, 1);
    g_assert_cmpuint(rh_orientation_of_file(NULL, 0), ==, 1);
    /* A JPEG whose segment is longer than the file, and a PNG whose chunk is. */
    g_assert_cmpuint(rh_orientation_of_file((const guint8 *)"\xff\xd8\xff\xe1\xff\xff"
                                                            "Exif\0\0",
                                            12),
                     ==, 1);
    g_assert_cmpuint(rh_orientation_of_file((const guint8 *)"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"
                                                            "eXIf1234",
                                            20),
                     ==, 1);
}

static void assert_reads(const char *path, guint orientation, guint width, guint height)
{
    g_autoptr(GError) error = NULL;
    const RhImageReading as_stored = {0}, turned = {.upright = TRUE};
    const gboolean exchanged = orientation >= 5;
    guint w, h;
    g_assert_cmpuint(rh_image_orientation(path), ==, orientation);
    g_autoptr(RhImage) stored = rh_image_load_as(path, &as_stored, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(stored->width, ==, width);
    g_assert_cmpuint(stored->height, ==, height);
    g_autoptr(RhImage) image = rh_image_load_as(path, &turned, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(image->width, ==, exchanged ? height : width);
    g_assert_cmpuint(image->height, ==, exchanged ? width : height);
    g_assert_true(rh_image_size_as(path, &turned, &w, &h, &error));
    g_assert_cmpuint(w, ==, image->width);
    g_assert_cmpuint(h, ==, image->height);
    g_assert_true(rh_image_size_as(path, &as_stored, &w, &h, &error));
    g_assert_cmpuint(w, ==, width);
    g_autofree guint8 *expected = g_malloc((gsize)width * height);
    rh_orientation_apply(orientation, stored->pixels, width, height, 1, expected);
    g_assert_cmpmem(image->pixels, (gsize)width * height, expected, (gsize)width * height);
}

static void test_png(void)
{
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "turned.png", NULL);
    for (guint orientation = 1; orientation <= 8; orientation++) {
        g_autoptr(GByteArray) png = begin_png(3, 2, 8, 0), block = exif(orientation, orientation % 2);
        put_chunk(png, "eXIf", block->data, block->len);
        g_autoptr(GBytes) bytes = finish_png(png, (const guint8[]){0, '1', '2', '3', 0, '4', '5', '6'}, 8);
        g_assert_true(
            g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
        assert_reads(path, orientation, 3, 2);
        g_autoptr(RhImage) image = rh_image_load_as(path, &(RhImageReading){.upright = TRUE}, NULL);
        g_assert_cmpmem(image->pixels, 6, upright[orientation], 6);
    }
    g_assert_true(rh_folder_remove(folder, NULL));
}

#ifdef RH_HAVE_JPEG
/* A grey ramp of 16×8 with that EXIF behind a comment. */
static void put_jpeg(const char *path, const GByteArray *block)
{
    struct jpeg_compress_struct jpeg = {0};
    struct jpeg_error_mgr errors;
    guint8 pixels[16];
    unsigned char *bytes = NULL;
    unsigned long length = 0;
    g_autoptr(GByteArray) marker = g_byte_array_new();
    g_byte_array_append(marker, (const guint8 *)"Exif\0\0", 6);
    g_byte_array_append(marker, block->data, block->len);
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &length);
    jpeg.image_width = 16;
    jpeg.image_height = 8;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    jpeg_write_marker(&jpeg, JPEG_COM, (const JOCTET *)"a comment", 9);
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, marker->data, marker->len);
    while (jpeg.next_scanline < jpeg.image_height) {
        for (guint x = 0; x < 16; x++)
            pixels[x] = (guint8)(10 * x + 5 * jpeg.next_scanline);
        jpeg_write_scanlines(&jpeg, (JSAMPROW[]){pixels}, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    g_assert_true(g_file_set_contents(path, (const char *)bytes, (gssize)length, NULL));
    free(bytes);
}

static void test_jpeg(void)
{
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "turned.jpg", NULL);
    for (guint orientation = 1; orientation <= 8; orientation++) {
        g_autoptr(GByteArray) block = exif(orientation, orientation % 2);
        put_jpeg(path, block);
        assert_reads(path, orientation, 16, 8);
    }
    g_assert_true(rh_folder_remove(folder, NULL));
}

/* A sample whose pixels another program turned: 3 is half a turn. */
static void test_sample(void)
{
    g_autofree char *path = rh_test_shared("data/formats2/exif3_restart.jpg");
    if (path == NULL)
        return;
    guint width, height;
    g_assert_true(rh_image_size(path, &width, &height, NULL));
    assert_reads(path, 3, width, height);
}
#endif

/* 12 bits in 16: white is where the study says. */
static void test_bits(void)
{
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "deep.png", NULL);
    g_autoptr(RhImage) image = rh_image_new(2, 1, RH_PIXEL_U16);
    ((guint16 *)image->pixels)[0] = 4095;
    ((guint16 *)image->pixels)[1] = 819;
    g_assert_true(rh_image_save_png(image, path, NULL));
    g_autoptr(RhImage) twelve = rh_image_load_as(path, &(RhImageReading){.bits = 12}, NULL);
    g_assert_cmpfloat(rh_image_value(twelve, 0, 0), ==, 1);
    g_assert_cmpfloat(rh_image_value(twelve, 1, 0), ==, 0.2f);
    g_autoptr(RhImage) all = rh_image_load_as(path, &(RhImageReading){0}, NULL);
    g_assert_cmpfloat(rh_image_value(all, 0, 0), ==, (float)(4095.0 / 65535));
    g_assert_true(rh_folder_remove(folder, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/orientation/turning", test_turning);
    g_test_add_func("/orientation/exif", test_exif);
    g_test_add_func("/orientation/hostile", test_hostile);
    g_test_add_func("/orientation/png", test_png);
#ifdef RH_HAVE_JPEG
    g_test_add_func("/orientation/jpeg", test_jpeg);
    g_test_add_func("/orientation/sample", test_sample);
#endif
    g_test_add_func("/reading/bits", test_bits);
    return g_test_run();
}
