/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "image/image.h"

#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/random.h"
#include "support.h"

/* Files cut off and with bits turned, from a fixed seed: each is read or refused by name, and a cut one is
 * never taken for whole. The fuzz targets look deeper; this runs everywhere. */
#define TRIALS 1500

static void try_damaged(const guint8 *bytes, gsize length, RhRandom *random, gboolean cut)
{
    g_autofree guint8 *damaged = g_memdup2(bytes, length);
    g_autoptr(GError) error = NULL;
    gsize kept = cut ? rh_random_below(random, (guint32)length - 12) : length; /* 12: a PNG's last chunk */
    for (guint flips = cut ? 0 : 1 + rh_random_below(random, 8); flips > 0; flips--)
        damaged[rh_random_below(random, (guint32)length)] ^= (guint8)(1u << rh_random_below(random, 8));
    g_autoptr(GBytes) input = g_bytes_new(damaged, kept);
    g_autoptr(RhImage) image = rh_image_load_bytes(input, "damaged file", &error);
    if (image == NULL) {
        g_assert_cmpint(error->domain, ==, RH_ERROR);
        g_assert_nonnull(strstr(error->message, "“damaged file”"));
        return;
    }
    g_assert_false(cut);
    g_assert_cmpuint((guint64)image->width * image->height, <=, RH_IMAGE_PIXELS_MAX);
    float last = rh_image_value(image, image->width - 1, image->height - 1);
    g_assert_true(last >= 0 && last <= 1);
}

static void damage(const char *path, guint64 seed)
{
    g_autofree char *content = NULL;
    gsize length;
    RhRandom random;
    rh_random_init(&random, seed, RH_PURPOSE_TEST, 0, 0);
    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    for (guint trial = 0; trial < TRIALS; trial++)
        try_damaged((const guint8 *)content, length, &random, trial % 3 == 0);
}

/* A file of our own, so that the test does not depend on samples. */
static void test_own(void)
{
    RhRandom random;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "own.png", NULL);
    g_autoptr(RhImage) image = rh_image_new(60, 40, RH_PIXEL_U16);
    rh_random_init(&random, 9, RH_PURPOSE_TEST, 0, 0);
    for (guint i = 0; i < 60 * 40; i++)
        ((guint16 *)image->pixels)[i] = (guint16)(i * 20 + rh_random_below(&random, 50));
    g_assert_true(rh_image_save_png(image, path, NULL));
    damage(path, 1);
    g_unlink(path);
    g_rmdir(folder);
}

static void test_samples(void)
{
    static const char *const names[] = {
        "bw1.png",   "grey8_interlaced.png", "grey16.png", "rgba8.png",
#ifdef RH_HAVE_JPEG
        "grey8.jpg", "rgb_progressive.jpg",
#endif
    };
    g_autofree char *folder = rh_test_shared("data/formats/images");
    for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        damage(path, i + 2);
    }
}

/* A PNG of 44 bytes whose second chunk says it has 2 GB. */
static GBytes *png_with_long_chunk(const char *type)
{
    static const guint8 head[] = {0x89, 'P', 'N', 'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,   13, 'I',
                                  'H',  'D', 'R', 0,    0,    0,    8,    0,    0,    0,    8,   8,  0,
                                  0,    0,   0,   0xe1, 0x64, 0xe1, 0x57, 0x7f, 0xff, 0xff, 0xff};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, (const guint8 *)type, 4);
    g_byte_array_append(bytes, (const guint8 *)"abc", 3);
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static void refuse_bounded(GBytes *input)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_image_load_bytes(input, "bomb", &error));
    g_assert_cmpint(error->domain, ==, RH_ERROR);
}

static glong peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* In a process of its own: memory once taken counts for good. */
static void test_a_small_file_takes_little_memory(void)
{
    static const char *const types[] = {"tEXt", "zTXt", "iTXt", "sPLT", "pCAL", "sCAL", "iCCP", "eXIf",
                                        "hIST", "PLTE", "IDAT", "tRNS", "bKGD", "abCd", "ABCD"};
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
        g_test_trap_assert_passed();
        return;
    }
    const glong before = peak_kilobytes();
    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(GBytes) input = png_with_long_chunk(types[i]);
        refuse_bounded(input);
        g_test_message("%s: %ld KB more", types[i], peak_kilobytes() - before);
        g_assert_cmpint(peak_kilobytes() - before, <, 50 * 1024);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/damaged/own", test_own);
    g_test_add_func("/damaged/samples", test_samples);
    g_test_add_func("/damaged/a-small-file-takes-little-memory", test_a_small_file_takes_little_memory);
    return g_test_run();
}
