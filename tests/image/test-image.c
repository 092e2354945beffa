/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "image/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef RH_HAVE_JPEG
#include <jpeglib.h>
#endif

#include "base/error.h"
#include "made-png.h"
#include "support.h"

static RhImage *load_shared(const char *relative)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = rh_test_shared(relative);
    if (path == NULL)
        return NULL;
    RhImage *image = rh_image_load(path, &error);
    g_assert_no_error(error);
    return image;
}

static const guint8 *bytes_of(const RhImage *image)
{
    g_assert_cmpint(image->type, ==, RH_PIXEL_U8);
    return image->pixels;
}

/* Every PNG and JPEG of the samples: size and depth, without and with decoding. */
static void test_samples(void)
{
    const struct {
        const char *name;
        guint width, height;
        RhPixelType type;
        gboolean jpeg;
    } samples[] = {
        {"bw1.png", 128, 128, RH_PIXEL_U8},
        {"grey8.png", 128, 128, RH_PIXEL_U8},
        {"grey8_interlaced.png", 128, 128, RH_PIXEL_U8},
        {"grey16.png", 128, 128, RH_PIXEL_U16},
        {"grey_alpha8.png", 128, 128, RH_PIXEL_U8},
        {"rgb8.png", 128, 128, RH_PIXEL_U8},
        {"rgba8.png", 128, 128, RH_PIXEL_U8},
        {"odd_91x37.png", 91, 37, RH_PIXEL_U8},
        {"tiny_1x1.png", 1, 1, RH_PIXEL_U8},
        {"grey8.jpg", 128, 128, RH_PIXEL_U8, TRUE},
        {"rgb_progressive.jpg", 128, 128, RH_PIXEL_U8, TRUE},
    };
    g_autofree char *folder = rh_test_shared("data/formats/images");
    for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *path = g_build_filename(folder, samples[i].name, NULL);
        g_autoptr(GError) error = NULL;
        guint width, height;
        g_autoptr(RhImage) image = rh_image_load(path, &error);
#ifndef RH_HAVE_JPEG
        if (samples[i].jpeg) {
            g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
            continue;
        }
#endif
        g_assert_no_error(error);
        g_assert_cmpuint(image->width, ==, samples[i].width);
        g_assert_cmpuint(image->height, ==, samples[i].height);
        g_assert_cmpint(image->type, ==, samples[i].type);
        g_assert_true(rh_image_size(path, &width, &height, &error));
        g_assert_cmpuint(width, ==, samples[i].width);
        g_assert_cmpuint(height, ==, samples[i].height);
    }
}

/* The same picture in several encodings. */
static void test_same_picture(void)
{
    g_autoptr(RhImage) plain = load_shared("data/formats/images/grey8.png");
    if (plain == NULL)
        return;
    const gsize pixels = (gsize)plain->width * plain->height;
    const char *const equal[] = {"data/formats/images/grey8_interlaced.png",
                                 "data/formats/images/grey_alpha8.png"};
    for (gsize i = 0; i < G_N_ELEMENTS(equal); i++) {
        g_autoptr(RhImage) other = load_shared(equal[i]);
        g_assert_cmpmem(bytes_of(plain), pixels, bytes_of(other), pixels);
    }
    g_autoptr(RhImage) deep = load_shared("data/formats/images/grey16.png");
    for (gsize i = 0; i < pixels; i++)
        g_assert_cmpuint(((const guint16 *)deep->pixels)[i], ==, bytes_of(plain)[i] * 257);
#ifdef RH_HAVE_JPEG
    g_autoptr(RhImage) lossy = load_shared("data/formats/images/grey8.jpg");
    double sum = 0;
    for (gsize i = 0; i < pixels; i++)
        sum += ABS((int)bytes_of(plain)[i] - (int)bytes_of(lossy)[i]);
    g_assert_cmpfloat(sum / (double)pixels, <, 3);
#endif
}

/* The 16-bit sample's own values, from the plain file beside it. */
static void test_depth_kept(void)
{
    g_autoptr(RhImage) image = load_shared("data/formats/images/grey16.png");
    g_autofree char *path = rh_test_shared("data/formats/images/grey16.pgm"), *content = NULL;
    gsize length;
    if (image == NULL || path == NULL)
        return;
    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    const gsize pixels = (gsize)image->width * image->height;
    const guint8 *raster =
        (const guint8 *)content + length - 2 * pixels; /* big-endian, after the text header */
    for (gsize i = 0; i < pixels; i++)
        g_assert_cmpuint(((const guint16 *)image->pixels)[i], ==, raster[2 * i] << 8 | raster[2 * i + 1]);
}

static void expect_refusal(const char *path, int code, const char *phrase)
{
    g_autoptr(GError) error = NULL, size_error = NULL;
    guint width, height;
    g_assert_null(rh_image_load(path, &error));
    g_assert_error(error, RH_ERROR, code);
    g_autofree char *base = g_path_get_basename(path);
    g_assert_nonnull(strstr(error->message, base));
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, phrase));
    g_assert_true(g_str_has_suffix(error->message, "."));
    if (!rh_image_size(path, &width, &height, &size_error))
        g_assert_cmpint(size_error->domain, ==, RH_ERROR);
}

static void test_bad_samples(void)
{
    g_autofree char *none = rh_test_shared("data/formats/images/BAD_not_an_image.png");
    g_autofree char *cut = rh_test_shared("data/formats/images/BAD_truncated.png");
    if (none == NULL || cut == NULL)
        return;
    expect_refusal(none, RH_ERROR_FORMAT, "none of PNG, JPEG");
    expect_refusal(cut, RH_ERROR_FORMAT, "row 55 of 128: the file ends too early");
}

static char *write_file(const char *folder, const char *name, const void *bytes, gsize length)
{
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    return path;
}

static RhImage *decode_png(GByteArray *out, const guint8 *rows, guint16 length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = finish_png(out, rows, length);
    RhImage *image = rh_image_load_bytes(bytes, "made", &error);
    g_assert_no_error(error);
    return image;
}

/* Promises of many pixels in a short file are refused before memory is taken. */
static void test_promises(void)
{
    const struct {
        guint width, height;
        int code;
        const char *phrase;
    } promises[] = {
        {65536, 1, RH_ERROR_LIMIT, "65536×1"},
        {65535, 65535, RH_ERROR_LIMIT, "200000000"},
        {0x7fffffff, 0x7fffffff, RH_ERROR_LIMIT, "scale it down"},
        {10000, 10000, RH_ERROR_FORMAT, "cannot hold"},
        {0, 5, RH_ERROR_FORMAT, "header"},
        {4, 4, RH_ERROR_FORMAT, "header"},
    };
    g_autofree char *folder = rh_test_folder();
    for (gsize i = 0; i < G_N_ELEMENTS(promises); i++) {
        g_autoptr(GByteArray) out = begin_png(promises[i].width, promises[i].height, 8, 6);
        if (promises[i].width != 4) /* that one ends before its pixels begin */
            put_chunk(out, "IDAT", "\x78\x9c", 2);
        g_autofree char *path = write_file(folder, "promise.png", out->data, out->len);
        expect_refusal(path, promises[i].code, promises[i].phrase);
        g_unlink(path);
    }
    g_rmdir(folder);
}

static void test_by_hand(void)
{
    g_autoptr(GByteArray) grey2 = begin_png(5, 1, 2, 0);
    g_autoptr(RhImage) two_bits = decode_png(grey2, (const guint8[]){0, 0x1b, 0x40}, 3);
    g_assert_cmpmem(bytes_of(two_bits), 5, "\x00\x55\xaa\xff\x55", 5);

    g_autoptr(GByteArray) colour = begin_png(3, 1, 8, 2);
    g_autoptr(RhImage) luminance = decode_png(colour, (const guint8[]){0, 255, 0, 0, 7, 7, 7, 0, 0, 255}, 10);
    g_assert_cmpmem(bytes_of(luminance), 3, "\x4c\x07\x1d", 3); /* 0.299, 1 and 0.114 of the value */

    g_autoptr(GByteArray) palette = begin_png(2, 1, 1, 3);
    put_chunk(palette, "PLTE", "\xff\xff\xff\x00\xff\x00", 6);
    g_autoptr(RhImage) indexed = decode_png(palette, (const guint8[]){0, 0x40}, 2);
    g_assert_cmpmem(bytes_of(indexed), 2, "\xff\x96", 2);

    g_autoptr(GByteArray) deep = begin_png(2, 1, 16, 0);
    g_autoptr(RhImage) words = decode_png(deep, (const guint8[]){0, 0x12, 0x34, 0xff, 0xfe}, 5);
    g_assert_cmpint(words->type, ==, RH_PIXEL_U16);
    g_assert_cmpuint(((const guint16 *)words->pixels)[0], ==, 0x1234);
    g_assert_cmpuint(((const guint16 *)words->pixels)[1], ==, 0xfffe);
    g_assert_cmpfloat(rh_image_value(words, 1, 0), ==, (float)(65534.0 / 65535));
}

/* Transparency is left aside where there is something to see in grey, and read where it is all there is. */
static void test_alpha(void)
{
    g_autoptr(GByteArray) both = begin_png(2, 2, 8, 4);
    g_autoptr(RhImage) grey = decode_png(both, (const guint8[]){0, 10, 0, 20, 255, 0, 30, 9, 40, 0}, 10);
    g_assert_cmpmem(bytes_of(grey), 4, "\x0a\x14\x1e\x28", 4);

    g_autoptr(GByteArray) cut_out = begin_png(2, 2, 8, 6);
    g_autoptr(RhImage) shape =
        decode_png(cut_out, (const guint8[]){0, 9, 0, 0, 0, 9, 0, 0, 255, 0, 9, 0, 0, 128, 9, 0, 0, 1}, 18);
    g_assert_cmpmem(bytes_of(shape), 4, "\x00\xff\x80\x01", 4);

    g_autoptr(GByteArray) opaque = begin_png(2, 1, 8, 4);
    g_autoptr(RhImage) even = decode_png(opaque, (const guint8[]){0, 10, 255, 10, 255}, 5);
    g_assert_cmpmem(bytes_of(even), 2, "\x0a\x0a", 2);
}

static void test_round_trip(void)
{
    static const RhPixelType types[] = {RH_PIXEL_U8, RH_PIXEL_U16, RH_PIXEL_F32};
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "out.png", NULL);
    for (gsize t = 0; t < G_N_ELEMENTS(types); t++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RhImage) image = rh_image_new(37, 5, types[t]);
        for (guint i = 0; i < 37 * 5; i++)
            if (types[t] == RH_PIXEL_U8)
                ((guint8 *)image->pixels)[i] = (guint8)(i * 7);
            else if (types[t] == RH_PIXEL_U16)
                ((guint16 *)image->pixels)[i] = (guint16)(i * 353);
            else
                ((float *)image->pixels)[i] = (float)i / 184;
        g_assert_true(rh_image_save_png(image, path, &error));
        g_assert_no_error(error);
        g_autoptr(RhImage) again = rh_image_load(path, &error);
        g_assert_no_error(error);
        g_assert_cmpint(again->type, ==, types[t] == RH_PIXEL_U8 ? RH_PIXEL_U8 : RH_PIXEL_U16);
        for (guint y = 0; y < 5; y++)
            for (guint x = 0; x < 37; x++)
                g_assert_cmpfloat_with_epsilon(rh_image_value(again, x, y), rh_image_value(image, x, y),
                                               types[t] == RH_PIXEL_F32 ? 0.51 / 65535 : 1e-12);
    }
    g_unlink(path);
    g_rmdir(folder);
}

static void test_no_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder();
    g_autofree char *absent = g_build_filename(folder, "absent.png", NULL);
    guint width, height;
    g_assert_null(rh_image_load(absent, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_clear_error(&error);
    g_assert_false(rh_image_size(absent, &width, &height, &error));
    g_assert_nonnull(error);
    g_autofree char *empty = write_file(folder, "empty.png", "", 0);
    expect_refusal(empty, RH_ERROR_FORMAT, "is empty");
    g_unlink(empty);
    g_rmdir(folder);
}

#ifdef RH_HAVE_JPEG
/* A JPEG of 16×8 equal pixels. */
static void write_jpeg(const char *path, J_COLOR_SPACE colours, int channels)
{
    struct jpeg_compress_struct jpeg = {0};
    struct jpeg_error_mgr errors;
    guint8 pixels[16 * 4];
    unsigned char *bytes = NULL;
    unsigned long length = 0;
    memset(pixels, 77, sizeof pixels);
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &length);
    jpeg.image_width = 16;
    jpeg.image_height = 8;
    jpeg.input_components = channels;
    jpeg.in_color_space = colours;
    jpeg_set_defaults(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height)
        jpeg_write_scanlines(&jpeg, (JSAMPROW[]){pixels}, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    g_assert_true(g_file_set_contents(path, (const char *)bytes, (gssize)length, NULL));
    free(bytes);
}

static void test_made_jpegs(void)
{
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "made.jpg", NULL),
                    *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize length, frame = 0;
    write_jpeg(path, JCS_RGB, 3);
    g_autoptr(RhImage) grey = rh_image_load(path, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < 16 * 8; i++)
        g_assert_cmpuint(bytes_of(grey)[i], ==, 77);

    write_jpeg(path, JCS_CMYK, 4);
    expect_refusal(path, RH_ERROR_FORMAT, "CMYK");

    /* The frame header made to promise 14000×14000 pixels, then 65500×65500. */
    write_jpeg(path, JCS_GRAYSCALE, 1);
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    while (memcmp(bytes + frame, "\xff\xc0", 2) != 0)
        frame++;
    memcpy(bytes + frame + 5, "\x36\xb0\x36\xb0", 4);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    expect_refusal(path, RH_ERROR_FORMAT, "cannot hold the 14000×14000");
    memcpy(bytes + frame + 5, "\xff\xdc\xff\xdc", 4);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    expect_refusal(path, RH_ERROR_LIMIT, "65500×65500");
    g_unlink(path);
    g_rmdir(folder);
}

/* A JPEG cut off in its pixels is refused: libjpeg alone would make up the rest. */
static void test_cut_jpeg(void)
{
    static const char *const names[] = {"data/formats/images/grey8.jpg",
                                        "data/formats/images/rgb_progressive.jpg"};
    g_autofree char *folder = rh_test_folder();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = rh_test_shared(names[i]), *content = NULL;
        gsize length;
        if (path == NULL)
            return;
        g_assert_true(g_file_get_contents(path, &content, &length, NULL));
        g_autofree char *cut = write_file(folder, "cut.jpg", content, length * 2 / 3);
        expect_refusal(cut, RH_ERROR_FORMAT, "of 128");
        g_unlink(cut);
    }
    g_rmdir(folder);
}

/* The size stands behind 150 kB of comments here. */
static void test_size_behind_comments(void)
{
    g_autofree char *path = rh_test_shared("data/formats/images/grey8.jpg"), *content = NULL;
    gsize length;
    if (path == NULL)
        return;
    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)content, 2);
    for (guint i = 0; i < 3; i++) {
        g_byte_array_append(out, (const guint8[]){0xff, 0xfe, 0xc3, 0x50}, 4);
        guint begin = out->len;
        g_byte_array_set_size(out, begin + 49998);
        memset(out->data + begin, 'x', 49998);
    }
    g_byte_array_append(out, (const guint8 *)content + 2, (guint)length - 2);
    g_autofree char *folder = rh_test_folder(), *longer = write_file(folder, "long.jpg", out->data, out->len);
    g_autoptr(GError) error = NULL;
    guint width, height;
    g_assert_true(rh_image_size(longer, &width, &height, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(width, ==, 128);
    g_assert_cmpuint(height, ==, 128);
    g_unlink(longer);
    g_rmdir(folder);
}
#endif

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/image/samples", test_samples);
    g_test_add_func("/image/same-picture", test_same_picture);
    g_test_add_func("/image/depth-kept", test_depth_kept);
    g_test_add_func("/image/bad-samples", test_bad_samples);
    g_test_add_func("/image/promises", test_promises);
    g_test_add_func("/image/by-hand", test_by_hand);
    g_test_add_func("/image/alpha", test_alpha);
    g_test_add_func("/image/round-trip", test_round_trip);
    g_test_add_func("/image/no-file", test_no_file);
#ifdef RH_HAVE_JPEG
    g_test_add_func("/image/made-jpegs", test_made_jpegs);
    g_test_add_func("/image/cut-jpeg", test_cut_jpeg);
    g_test_add_func("/image/size-behind-comments", test_size_behind_comments);
#endif
    return g_test_run();
}
