/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/mask.h"

#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "support.h"

static RhMask *random_mask(RhRandom *random, guint width, guint height, guint one_in)
{
    RhMask *mask = rh_mask_new(width, height);
    for (guint i = 0; i < width * height; i++)
        mask->pixels[i] = rh_random_below(random, one_in) == 0 ? 255 : 0;
    return mask;
}

static void test_basics(void)
{
    g_autoptr(RhMask) mask = rh_mask_new(5, 3);
    g_assert_true(rh_mask_is_empty(mask));
    mask->pixels[14] = 255;
    g_assert_false(rh_mask_is_empty(mask));
    g_assert_cmpuint(rh_mask_count(mask), ==, 1);
    g_autoptr(RhMask) copy = rh_mask_copy(mask);
    mask->pixels[0] = 255;
    g_assert_cmpuint(rh_mask_count(copy), ==, 1);
}

static void test_round_trip(void)
{
    RhRandom random;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "mask.png", NULL);
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    g_autoptr(RhMask) mask = random_mask(&random, 33, 21, 3);
    g_assert_true(rh_mask_save(mask, path, &error));
    g_assert_no_error(error);
    g_autoptr(RhMask) again = rh_mask_load(path, 33, 21, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(mask->pixels, 33 * 21, again->pixels, 33 * 21);

    g_assert_null(rh_mask_load(path, 34, 21, &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_MISMATCH);
    g_assert_nonnull(strstr(error->message, "mask.png"));
    g_assert_nonnull(strstr(error->message, "33×21"));
    g_assert_nonnull(strstr(error->message, "34×21"));
    g_unlink(path);
    g_rmdir(folder);
}

/* Masks of one label, in 8 and 16 bits. */
static void test_one_label(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = rh_test_folder(), *path = g_build_filename(folder, "mask.png", NULL);
    const struct {
        RhPixelType type;
        guint values[4];
        guint8 expected[4];
    } cases[] = {
        {RH_PIXEL_U8, {0, 1, 1, 0}, {0, 255, 255, 0}},
        {RH_PIXEL_U8, {0, 255, 255, 0}, {0, 255, 255, 0}},
        {RH_PIXEL_U8, {0, 0, 255, 1}, {0, 0, 0, 255}},       /* an undecided border beside a label */
        {RH_PIXEL_U8, {50, 200, 50, 200}, {0, 255, 0, 255}}, /* without black the darker one is outside */
        {RH_PIXEL_U16, {1, 0, 0, 1}, {255, 0, 0, 255}},
        {RH_PIXEL_U8, {0, 0, 0, 0}, {0, 0, 0, 0}},
        {RH_PIXEL_U8, {0, 76, 76, 0}, {0, 255, 255, 0}}, /* a region in red */
        {RH_PIXEL_U16, {0, 2, 2, 2}, {0, 255, 255, 255}},
        {RH_PIXEL_U8, {76, 76, 76, 76}, {0, 0, 0, 0}},
        {RH_PIXEL_U8, {1, 1, 1, 1}, {255, 255, 255, 255}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(RhImage) image = rh_image_new(2, 2, cases[i].type);
        for (guint k = 0; k < 4; k++)
            if (cases[i].type == RH_PIXEL_U8)
                ((guint8 *)image->pixels)[k] = (guint8)cases[i].values[k];
            else
                ((guint16 *)image->pixels)[k] = (guint16)cases[i].values[k];
        g_assert_true(rh_image_save_png(image, path, &error));
        g_autoptr(RhMask) mask = rh_mask_load(path, 0, 0, &error);
        g_assert_no_error(error);
        g_assert_cmpmem(mask->pixels, 4, cases[i].expected, 4);
    }
    g_unlink(path);
    g_rmdir(folder);
}

static void test_samples(void)
{
    static const char *const names[] = {"mask_ref.png", "mask_01_grey.png", "mask_16bit.png",
                                        "mask_lossy.jpg"};
    g_autofree char *folder = rh_test_shared("data/formats/labels/same_mask");
    for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_autoptr(RhMask) mask = rh_mask_load(path, 224, 224, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(rh_mask_count(mask), ==, 20585);
    }
}

static void test_resize_by_hand(void)
{
    g_autoptr(RhMask) mask = rh_mask_new(4, 2);
    const guint8 inside[] = {1, 1, 1, 0, 0, 0, 0, 0};
    guint8 halves[2], thirds[6], twice[16];
    for (guint i = 0; i < 8; i++)
        mask->pixels[i] = inside[i] ? 255 : 0;
    rh_mask_resize(mask, 2, 1, halves); /* two of four: in; one of four: out */
    g_assert_cmpmem(halves, 2, "\1\0", 2);
    rh_mask_resize(mask, 3, 2, thirds); /* 4/3 of a pixel each: all, all, one quarter of the third */
    g_assert_cmpmem(thirds, 6, "\1\1\0\0\0\0", 6);
    rh_mask_resize(mask, 8, 2, twice);
    g_assert_cmpmem(twice, 16, "\1\1\1\1\1\1\0\0\0\0\0\0\0\0\0\0", 16);
    rh_mask_resize(mask, 4, 2, twice);
    g_assert_cmpmem(twice, 8, inside, 8);
}

/* Half of the area against a count of fine cells: each side cut into width·from pieces. */
static void test_resize_against_reference(void)
{
    RhRandom random;
    rh_random_init(&random, 2, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 60; trial++) {
        guint from[2], to[2];
        for (guint side = 0; side < 2; side++) {
            from[side] = 1 + rh_random_below(&random, 12);
            to[side] = 1 + rh_random_below(&random, from[side]);
        }
        g_autoptr(RhMask) mask = random_mask(&random, from[0], from[1], 2);
        guint8 out[144];
        rh_mask_resize(mask, to[0], to[1], out);
        for (guint j = 0; j < to[1]; j++)
            for (guint i = 0; i < to[0]; i++) {
                guint inside = 0;
                for (guint v = j * from[1]; v < (j + 1) * from[1]; v++)
                    for (guint u = i * from[0]; u < (i + 1) * from[0]; u++)
                        inside += mask->pixels[v / to[1] * from[0] + u / to[0]] != 0;
                g_assert_cmpuint(out[j * to[0] + i], ==, 2 * inside >= from[0] * from[1]);
            }
    }
}

static void test_dilate(void)
{
    /* ⌊4σ+½⌋ */
    static const struct {
        double sigma;
        int radius;
    } cases[] = {{0, 0}, {0.1, 0}, {0.125, 1}, {0.64, 3}, {0.818, 3}, {1, 4}, {50, 200}};
    RhRandom random;
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 0, 0);
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        const int width = 23, height = 17, radius = cases[k].radius;
        g_autoptr(RhMask) mask = random_mask(&random, 23, 17, 60);
        guint8 inside[23 * 17];
        for (int i = 0; i < width * height; i++)
            inside[i] = mask->pixels[i] != 0;
        rh_mask_dilate(inside, 23, 17, cases[k].sigma);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                gboolean near = FALSE;
                for (int v = MAX(0, y - radius); v <= MIN(height - 1, y + radius); v++)
                    for (int u = MAX(0, x - radius); u <= MIN(width - 1, x + radius); u++)
                        near |= mask->pixels[v * width + u] != 0;
                g_assert_cmpuint(inside[y * width + x], ==, near);
            }
    }
}

/* As many as were set, in masks of every size, so that some end in the middle of a step. */
static void test_count(void)
{
    for (guint width = 1; width < 40; width++) {
        g_autoptr(RhMask) mask = rh_mask_new(width, 3);
        for (guint i = 0; i < 3 * width; i++) {
            g_assert_cmpuint(rh_mask_count(mask), ==, i);
            mask->pixels[3 * width - 1 - i] = 255;
        }
        g_assert_cmpuint(rh_mask_count(mask), ==, 3 * width);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/count", test_count);
    g_test_add_func("/mask/basics", test_basics);
    g_test_add_func("/mask/round-trip", test_round_trip);
    g_test_add_func("/mask/one-label", test_one_label);
    g_test_add_func("/mask/samples", test_samples);
    g_test_add_func("/mask/resize-by-hand", test_resize_by_hand);
    g_test_add_func("/mask/resize-against-reference", test_resize_against_reference);
    g_test_add_func("/mask/dilate", test_dilate);
    return g_test_run();
}
