/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mask/labels.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "made-png.h"
#include "support.h"

#define SIDE 4u

static char *folder, *path; /* of the file a case writes */

/* A PNG of 4×4 pixels of one byte each, grey or places in a palette. */
static void put_bytes(guint8 colour_type, const char *palette, guint n_colours, const char *alpha,
                      const guint8 pixels[SIDE * SIDE])
{
    g_autoptr(GByteArray) png = begin_png(SIDE, SIDE, 8, colour_type);
    guint8 rows[SIDE * (SIDE + 1)] = {0};
    if (palette != NULL)
        put_chunk(png, "PLTE", palette, 3 * n_colours);
    if (alpha != NULL)
        put_chunk(png, "tRNS", alpha, n_colours);
    for (guint y = 0; y < SIDE; y++)
        memcpy(rows + y * (SIDE + 1) + 1, pixels + SIDE * y, SIDE);
    g_autoptr(GBytes) bytes = finish_png(png, rows, sizeof rows);
    g_assert_true(
        g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
}

/* The same of colours, 0xAARRGGBB; of `channels` 2 (grey and opacity), 3 or 4. */
static void put_colours(guint channels, const guint32 pixels[SIDE * SIDE])
{
    static const guint8 types[] = {[2] = 4, [3] = 2, [4] = 6};
    g_autoptr(GByteArray) png = begin_png(SIDE, SIDE, 8, types[channels]);
    g_autoptr(GByteArray) rows = g_byte_array_new();
    for (guint i = 0; i < SIDE * SIDE; i++) {
        const guint32 p = pixels[i];
        const guint8 samples[] = {(guint8)(p >> 16), (guint8)(p >> 8), (guint8)p, (guint8)(p >> 24)};
        const guint8 grey[] = {(guint8)p, (guint8)(p >> 24)};
        if (i % SIDE == 0)
            g_byte_array_append(rows, (const guint8 *)"", 1);
        g_byte_array_append(rows, channels == 2 ? grey : samples, channels);
    }
    g_autoptr(GBytes) bytes = finish_png(png, rows->data, (guint16)rows->len);
    g_assert_true(
        g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
}

static void assert_labels(const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhLabels) labels = rh_labels_of_file(path, &error);
    g_assert_no_error(error);
    g_autofree char *text = rh_labels_describe(labels);
    g_assert_cmpstr(text, ==, expected);
}

/* Which pixels are inside, one character each: "." outside, "#" inside. NULL: it is refused. */
static void assert_mask(const char *region, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhRegion) chosen = region != NULL ? rh_region_parse(region, &error) : NULL;
    g_assert_no_error(error);
    g_autoptr(RhMask) mask = rh_mask_load_region(path, SIDE, SIDE, chosen, &error);
    if (expected == NULL) {
        g_assert_null(mask);
        g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
        g_test_message("%s", error->message);
        return;
    }
    g_assert_no_error(error);
    char drawn[SIDE * SIDE + 1] = "";
    for (guint i = 0; i < SIDE * SIDE; i++)
        drawn[i] = mask->pixels[i] == 255 ? '#' : '.';
    g_assert_cmpstr(drawn, ==, expected);
}

static const guint8 three[] = {0, 0, 0, 0, 0, 1, 1, 0, 0, 2, 2, 2, 3, 0, 0, 0};

static void test_grey(void)
{
    put_bytes(0, NULL, 0, NULL, three);
    assert_labels("1 (2 pixels), 2 (3 pixels), 3 (1 pixel)");
    assert_mask(NULL, NULL);
    assert_mask("1", ".....##.........");
    assert_mask("3,1", ".....##.....#...");
    assert_mask("2-3", ".........####...");
    assert_mask("all", ".....##..####...");
    assert_mask("9", "................");
}

/* Places count, whatever the colours; the first lies outside, unless another is black. */
static void test_palette(void)
{
    put_bytes(3, "\0\0\0\x80\0\0\0\x80\0\x80\x80\0", 4, NULL, three);
    assert_labels("1 (2 pixels), 2 (3 pixels), 3 (1 pixel)");
    assert_mask("2", ".........###....");
    put_bytes(3, "\xff\0\0\0\xff\0\0\0\xff\0\0\0", 4, NULL, three);
    assert_labels("0 (10 pixels), 1 (2 pixels), 2 (3 pixels)");
    put_bytes(3, "\xff\0\0\0\xff\0\0\0\xff\x01\0\0", 4, NULL, three);
    assert_labels("1 (2 pixels), 2 (3 pixels), 3 (1 pixel)");
    /* A palette of greys is a grey picture: white in the first place is inside. */
    put_bytes(3, "\xff\xff\xff\0\0\0", 2, NULL,
              (const guint8[]){0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    assert_mask(NULL, "#...#...........");
    /* What is transparent lies outside, though of the same colour. */
    put_bytes(3, "\xff\xff\xff\xff\xff\xff", 2, "\0\xff",
              (const guint8[]){0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    assert_mask(NULL, ".....##.........");
    /* Places beyond the palette's end, as a hostile file may have them. */
    put_bytes(3, "\0\0\0\xff\0\0", 2, NULL, three);
    assert_mask("1", ".....##.........");
}

static void test_colours(void)
{
    const guint32 red = 0xffff0000, green = 0xff00ff00, odd = 0xff0a141e, out = 0xff000000;
    const guint32 several[] = {out, out,   out,   out,   out, red, red, out,
                               out, green, green, green, odd, out, out, out};
    put_colours(3, several);
    assert_labels("green (3 pixels), #0a141e (1 pixel), red (2 pixels)");
    assert_mask(NULL, NULL);
    assert_mask("red", ".....##.........");
    assert_mask("GREEN,#0a141e", ".........####...");
    const guint32 one[] = {out, out, out, out, out, red, red, out, out, red, red, out, out, out, out, out};
    put_colours(3, one);
    assert_mask(NULL, ".....##..##.....");
    /* White with opacity alone, and red on clear white. */
    const guint32 clear = 0x00ffffff, white = 0xffffffff;
    const guint32 alone[] = {clear, clear, clear, clear, clear, white, white, clear,
                             clear, clear, clear, clear, clear, clear, clear, clear};
    put_colours(4, alone);
    assert_mask(NULL, ".....##.........");
    put_colours(2, alone);
    assert_mask(NULL, ".....##.........");
    guint32 painted[SIDE * SIDE];
    memcpy(painted, alone, sizeof painted);
    painted[5] = painted[6] = red;
    put_colours(4, painted);
    assert_mask(NULL, ".....##.........");
    /* Wholly transparent: then the colours are all there is to see. */
    for (guint i = 0; i < SIDE * SIDE; i++)
        painted[i] = i == 5 ? 0x00ff0000 : 0;
    put_colours(4, painted);
    assert_mask(NULL, ".....#..........");
}

/* Soft edges are shades and no labels, and half is the border: of white or, where nothing is so bright, of
 * the brightest. */
static void test_soft(void)
{
    guint8 pixels[] = {0, 40, 90, 160, 0, 40, 90, 255, 0, 40, 90, 255, 0, 40, 90, 160};
    put_bytes(0, NULL, 0, NULL, pixels);
    assert_labels("");
    assert_mask(NULL, "...#...#...#...#");
    assert_mask("1", "...#...#...#...#");
    for (guint i = 0; i < SIDE * SIDE; i++)
        pixels[i] /= 3;
    put_bytes(0, NULL, 0, NULL, pixels);
    g_autoptr(RhLabels) labels = rh_labels_of_file(path, NULL);
    g_assert_cmpuint(labels->shaded, ==, 1);
    g_assert_cmpuint(labels->faint, ==, 1);
    assert_mask(NULL, "...#...#...#...#");
    /* Areas of even values are labels, however many. */
    put_bytes(0, NULL, 0, NULL,
              (const guint8[]){0, 0, 0, 0, 50, 50, 100, 100, 50, 50, 100, 100, 200, 200, 250, 250});
    assert_labels("50 (4 pixels), 100 (4 pixels), 200 (2 pixels), 250 (2 pixels)");
}

/* 255 beside small labels is a border; more of it than of them is not. */
static void test_border(void)
{
    guint8 pixels[] = {0, 0, 0, 255, 0, 1, 1, 255, 0, 1, 1, 255, 0, 0, 0, 0};
    put_bytes(0, NULL, 0, NULL, pixels);
    assert_mask(NULL, ".....##..##.....");
    assert_mask("255", "...#...#...#....");
    pixels[0] = pixels[1] = 255;
    put_bytes(0, NULL, 0, NULL, pixels);
    assert_mask(NULL, NULL);
    pixels[0] = pixels[1] = 0;
    pixels[5] = 2;
    put_bytes(0, NULL, 0, NULL, pixels);
    assert_mask(NULL, NULL);
    assert_mask("1,2", ".....##..##.....");
}

static void add(RhLabels *all, const guint8 *pixels)
{
    put_bytes(0, NULL, 0, NULL, pixels);
    g_autoptr(RhLabels) labels = rh_labels_of_file(path, NULL);
    g_assert_nonnull(labels);
    rh_labels_add(all, labels);
}

/* Files that have one label each are masks as they are only if it is the same. */
static void test_several_files(void)
{
    const guint8 one[16] = {[3] = 1}, two[16] = {[3] = 2}, white[16] = {[3] = 255}, border[16] = {1, 1, 255};
    const struct {
        const guint8 *a, *b;
        gboolean clear;
        const char *region;
    } cases[] = {
        {one, one, TRUE, NULL},     {one, white, TRUE, NULL},  {two, two, TRUE, NULL},
        {one, two, FALSE, NULL},    {two, white, FALSE, NULL}, {white, border, TRUE, "1"},
        {two, border, FALSE, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(RhLabels) all = rh_labels_new();
        g_autoptr(RhRegion) region = NULL;
        add(all, cases[i].a);
        add(all, cases[i].b);
        g_assert_cmpuint(all->files, ==, 2);
        g_assert_cmpint(rh_labels_find_region(all, &region), ==, cases[i].clear);
        g_autofree char *text = region != NULL ? rh_region_text(region) : NULL;
        g_assert_cmpstr(text, ==, cases[i].region);
    }
}

static void test_region(void)
{
    static const char *const good[] = {"1", "1,3-5", "red,#00ff80", "all", "65535"};
    static const char *const bad[] = {"",      ",",     "1,",     "x",        "-1",     "5-3",
                                      "1-2-3", "70000", "#12345", "#1234567", "#-12345"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(RhRegion) region = rh_region_parse(good[i], NULL);
        g_assert_nonnull(region);
        g_autofree char *text = rh_region_text(region);
        g_assert_cmpstr(text, ==, good[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_region_parse(bad[i], &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    }
}

/* One mask in several files: all give the same labels. */
static void test_samples(void)
{
    static const struct {
        const char *name, *labels, *region;
    } samples[] = {
        {"mask_index_grey.png", "1 (10526 pixels), 2 (10059 pixels)", "1"},
        {"mask_index_palette.png", "1 (10526 pixels), 2 (10059 pixels)", "1"},
        {"mask_rgb_colours.png", "#285adc (10059 pixels), #dc2828 (10526 pixels)", "#dc2828"},
    };
    g_autofree char *shared = rh_test_shared("data/formats/labels/same_mask");
    for (gsize i = 0; shared != NULL && i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *sample = g_build_filename(shared, samples[i].name, NULL);
        g_autoptr(RhLabels) labels = rh_labels_of_file(sample, &error);
        g_assert_no_error(error);
        g_autofree char *text = rh_labels_describe(labels);
        g_assert_cmpstr(text, ==, samples[i].labels);
        g_autoptr(RhRegion) one = rh_region_parse(samples[i].region, &error),
                            all = rh_region_parse("all", &error);
        g_autoptr(RhMask) right = rh_mask_load_region(sample, 224, 224, one, &error);
        g_autoptr(RhMask) both = rh_mask_load_region(sample, 224, 224, all, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(rh_mask_count(right), ==, 10526);
        g_assert_cmpuint(rh_mask_count(both), ==, 20585);
        g_assert_null(rh_mask_load(sample, 224, 224, &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = rh_test_folder();
    path = g_build_filename(folder, "mask.png", NULL);
    g_test_add_func("/labels/grey", test_grey);
    g_test_add_func("/labels/palette", test_palette);
    g_test_add_func("/labels/colours", test_colours);
    g_test_add_func("/labels/soft", test_soft);
    g_test_add_func("/labels/border", test_border);
    g_test_add_func("/labels/several-files", test_several_files);
    g_test_add_func("/labels/region", test_region);
    g_test_add_func("/labels/samples", test_samples);
    const int status = g_test_run();
    g_assert_true(rh_folder_remove(folder, NULL));
    g_free(path);
    g_free(folder);
    return status;
}
