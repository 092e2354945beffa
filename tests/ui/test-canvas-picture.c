/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-picture.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

#define SIDE RH_CANVAS_TILE

static RhImage *noise(guint width, guint height)
{
    RhImage *image = rh_image_new(width, height, RH_PIXEL_U8);
    RhRandom random;
    image->black = 0;
    image->white = 255;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (gsize i = 0; i < (gsize)width * height; i++)
        ((guint8 *)image->pixels)[i] = (guint8)rh_random_next(&random);
    return image;
}

static RhCanvasPicture picture_of(RhImage *image)
{
    RhCanvasPicture picture = {.display = rh_canvas_display_default(), .line = 1};
    picture.display.mask_opacity = 0.5;
    picture.display.heat_opacity = 1;
    rh_canvas_picture_set_image(&picture, image);
    return picture;
}

/* Enlarged, each pixel of the screen is the image pixel under its middle, whatever the tile it lies in. */
static void test_nearest(void)
{
    static const double zooms[] = {1, G_SQRT2, 3, 2.5 * G_PI, 64}; /* no border under a middle */
    g_autoptr(RhImage) image = noise(61, 47);
    RhCanvasPicture picture = picture_of(image);
    g_autofree guint32 *out = g_new(guint32, SIDE * SIDE);
    for (guint i = 0; i < G_N_ELEMENTS(zooms); i++) {
        int left = (int)(20 * zooms[i]), top = (int)(17 * zooms[i]),
            width = MIN(SIDE, (int)(61 * zooms[i]) - left);
        int height = MIN(SIDE, (int)(47 * zooms[i]) - top);
        rh_canvas_picture_paint(&picture, zooms[i], left, top, width, height, out);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int column = (int)floor((left + x + 0.5) / zooms[i]),
                    row = (int)floor((top + y + 0.5) / zooms[i]);
                guint32 grey = ((guint8 *)image->pixels)[row * 61 + column];
                g_assert_cmphex(out[y * width + x], ==, 0xff000000u | grey * 0x010101u);
            }
    }
    rh_canvas_picture_clear(&picture);
}

/* A flat image stays flat at every zoom and in every depth, with and without its smaller levels. */
static void test_flat(void)
{
    for (guint type = RH_PIXEL_U8; type <= RH_PIXEL_F32; type++) {
        g_autoptr(RhImage) image = rh_image_new(301, 203, type);
        image->black = 10;
        image->white = 110;
        for (gsize i = 0; i < 301 * 203; i++) {
            if (type == RH_PIXEL_U8)
                ((guint8 *)image->pixels)[i] = 60;
            else if (type == RH_PIXEL_U16)
                ((guint16 *)image->pixels)[i] = 60;
            else
                ((float *)image->pixels)[i] = 60;
        }
        RhCanvasPicture picture = picture_of(image);
        g_autofree guint32 *out = g_new(guint32, SIDE * SIDE);
        for (guint levels = 0; levels < 2; levels++) {
            for (double zoom = 0.2; zoom < 3; zoom *= 1.37) {
                rh_canvas_picture_paint(&picture, zoom, 3, 5, 50, 30, out);
                for (guint i = 0; i < 50 * 30; i++)
                    g_assert_cmphex(out[i], ==, 0xff808080u);
            }
            rh_canvas_picture_take_halved(&picture, rh_pyramid_of_image(image, 16));
        }
        rh_canvas_picture_clear(&picture);
    }
}

static gboolean is_coloured(guint32 pixel)
{
    return (pixel & 0xff) != (pixel >> 16 & 0xff);
}

/* A pixel of the screen is coloured exactly where the mask pixel under its middle is inside (black shade
 * aside). */
static void test_mask_covers_its_pixels(void)
{
    g_autoptr(RhImage) image = rh_image_new(32, 32, RH_PIXEL_U8);
    g_autoptr(RhMask) mask = rh_mask_new(32, 32);
    RhRandom random;
    image->black = 0;
    image->white = 255;
    memset(image->pixels, 200, 32 * 32);
    rh_random_init(&random, 2, RH_PURPOSE_TEST, 0, 0);
    for (guint i = 0; i < 32 * 32; i++)
        mask->pixels[i] = rh_random_below(&random, 3) == 0 ? 255 : 0;
    RhCanvasPicture picture = picture_of(image);
    rh_canvas_picture_set_mask(&picture, mask);
    g_autofree guint32 *out = g_new(guint32, SIDE * SIDE);
    for (double zoom = 1; zoom < 9; zoom += 0.25 * G_PI) {
        int side = MIN(SIDE, (int)(32 * zoom));
        rh_canvas_picture_paint(&picture, zoom, 0, 0, side, side, out);
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++) {
                guint8 inside = mask->pixels[(int)((y + 0.5) / zoom) * 32 + (int)((x + 0.5) / zoom)];
                guint32 pixel = out[y * side + x], red = pixel >> 16 & 0xff, blue = pixel & 0xff;
                g_assert_true(inside ? blue > 200 : blue <= 200 && red <= 200);
            }
    }
    rh_canvas_picture_clear(&picture);
}

/* A bright line just inside the edge, as wide as asked for, a dark one outside, fill within, and the film
 * beyond. */
static void test_outline(void)
{
    g_autoptr(RhImage) image = rh_image_new(16, 16, RH_PIXEL_U8);
    g_autoptr(RhMask) mask = rh_mask_new(16, 16);
    image->black = 0;
    image->white = 255;
    memset(image->pixels, 100, 16 * 16);
    for (guint y = 4; y < 12; y++)
        memset(mask->pixels + y * 16 + 4, 255, 8);
    RhCanvasPicture picture = picture_of(image);
    picture.line = 2;
    rh_canvas_picture_set_mask(&picture, mask);
    guint32 out[128 * 8];
    rh_canvas_picture_paint(&picture, 8, 0, 60, 128, 8, out); /* the mask begins at 32 */
    g_assert_cmphex(out[29], ==, 0xff646464u);
    g_assert_cmphex(out[30], ==, out[31]);
    g_assert_cmphex(out[31], !=, 0xff646464u);
    g_assert_cmpuint(out[31] & 0xff, <, 0x64);
    g_assert_cmphex(out[32], ==, out[33]);
    g_assert_cmpuint(out[32] & 0xff, ==, 0xff);
    g_assert_cmpuint(out[34] & 0xff, ==, (0x64 + 0xff + 1) / 2);
    picture.display.mask_opacity = 0; /* hidden */
    rh_canvas_picture_paint(&picture, 8, 0, 60, 128, 8, out);
    for (guint i = 0; i < 128 * 8; i++)
        g_assert_cmphex(out[i], ==, 0xff646464u);
    rh_canvas_picture_clear(&picture);
}

/* A line of one pixel is seen however far one zooms out, wherever it lies. */
static void test_thin_line_is_never_lost(void)
{
    g_autoptr(RhImage) image = rh_image_new(1500, 1500, RH_PIXEL_U8);
    image->black = 0;
    image->white = 255;
    g_autofree guint32 *out = g_new(guint32, SIDE * SIDE);
    for (guint column = 700; column < 717; column++) {
        g_autoptr(RhMask) mask = rh_mask_new(1500, 1500);
        for (guint row = 0; row < 1500; row++)
            mask->pixels[row * 1500 + column] = 255;
        RhCanvasPicture picture = picture_of(image);
        rh_canvas_picture_set_mask(&picture, mask);
        for (double zoom = 0.06; zoom < 1; zoom *= 1.21) {
            int left = MAX((int)(column * zoom) - 40, 0);
            rh_canvas_picture_paint(&picture, zoom, left, 20, 80, 30, out);
            for (guint row = 0; row < 30; row++) {
                guint coloured = 0;
                for (guint x = 0; x < 80; x++)
                    coloured += (out[row * 80 + x] & 0xff) > 0x80;
                g_assert_cmpuint(coloured, >=, 1);
                g_assert_cmpuint(coloured, <=, 4);
            }
        }
        rh_canvas_picture_clear(&picture);
    }
}

/* The smaller levels after many small changes are those made from the mask at once. */
static void test_levels_follow_changes(void)
{
    g_autoptr(RhImage) image = rh_image_new(777, 533, RH_PIXEL_U8);
    g_autoptr(RhMask) mask = rh_mask_new(777, 533);
    RhCanvasPicture picture = picture_of(image), fresh = picture_of(image);
    RhRandom random;
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 0, 0);
    rh_canvas_picture_set_mask(&picture, mask);
    for (guint i = 0; i < 300; i++) {
        int x = (int)rh_random_below(&random, 777), y = (int)rh_random_below(&random, 533);
        RhRectangle area = {x, y, 1 + (int)rh_random_below(&random, MIN(40, 777 - (guint32)x)),
                            1 + (int)rh_random_below(&random, MIN(40, 533 - (guint32)y))};
        for (int row = area.y; row < area.y + area.height; row++)
            memset(mask->pixels + row * 777 + area.x, i % 3 == 0 ? 255 : 0, (gsize)area.width);
        rh_canvas_picture_mask_changed(&picture, area);
    }
    rh_canvas_picture_set_mask(&fresh, mask);
    g_assert_nonnull(fresh.halved_masks[2]);
    for (guint level = 1; level < RH_PYRAMID_LEVELS && fresh.halved_masks[level] != NULL; level++) {
        const RhMask *one = picture.halved_masks[level], *other = fresh.halved_masks[level];
        g_assert_cmpmem(one->pixels, one->width * one->height, other->pixels, other->width * other->height);
    }
    rh_canvas_picture_clear(&picture);
    rh_canvas_picture_clear(&fresh);
}

/* Where the map says nothing the film is as it was; where it says most it has the map's last colour. */
static void test_heat(void)
{
    static const float values[4] = {0, 1, 0, 1};
    g_autoptr(RhImage) image = noise(64, 64);
    RhCanvasPicture plain = picture_of(image), picture = picture_of(image);
    const RhColormap *map = rh_colormaps()[0];
    const guint8 *last = map->colours[255];
    g_autofree guint32 *out = g_new(guint32, SIDE * SIDE), *film = g_new(guint32, SIDE * SIDE);
    rh_canvas_picture_set_heat(&picture, values, 2, 2, map);
    rh_canvas_picture_paint(&picture, 2, 0, 0, 128, 128, out);
    rh_canvas_picture_paint(&plain, 2, 0, 0, 128, 128, film);
    g_assert_cmphex(out[64 * 128], ==, film[64 * 128]);
    g_assert_cmphex(out[64 * 128 + 127], ==,
                    0xff000000u | (guint)last[0] << 16 | (guint)last[1] << 8 | last[2]);
    g_assert_true(is_coloured(out[64 * 128 + 64]));
    rh_canvas_picture_set_heat(&picture, NULL, 0, 0, NULL);
    rh_canvas_picture_paint(&picture, 2, 0, 0, 128, 128, out);
    g_assert_cmpmem(out, sizeof *out * SIDE * SIDE, film, sizeof *film * SIDE * SIDE);
    rh_canvas_picture_clear(&picture);
    rh_canvas_picture_clear(&plain);
}

/* A window of values is stretched from black to white; what lies beyond is black or white; inverted it is the
 * negative. */
static void test_window_and_invert(void)
{
    g_autoptr(RhImage) image = rh_image_new(256, 1, RH_PIXEL_U16);
    for (guint i = 0; i < 256; i++)
        ((guint16 *)image->pixels)[i] = (guint16)(257 * i);
    image->black = 0;
    image->white = 65535;
    RhCanvasPicture picture = picture_of(image);
    guint32 out[128], negative[128];
    picture.display.black = 0.25;
    picture.display.white = 0.5;
    for (guint half = 0; half < 2; half++) {
        picture.display.inverted = FALSE;
        rh_canvas_picture_paint(&picture, 1, half * 128, 0, 128, 1, out);
        picture.display.inverted = TRUE;
        rh_canvas_picture_paint(&picture, 1, half * 128, 0, 128, 1, negative);
        for (guint i = 0; i < 128; i++) {
            double value = (half * 128 + i) / 255.0, grey = CLAMP((value - 0.25) / 0.25, 0, 1) * 255;
            g_assert_cmpfloat_with_epsilon(out[i] & 0xff, grey, 0.51);
            g_assert_cmpfloat_with_epsilon(negative[i] & 0xff, 255 - grey, 0.51);
        }
    }
    rh_canvas_picture_clear(&picture);
}

/* A line at the beginning of every pixel but the first, once pixels are large. */
static void test_grid(void)
{
    g_autoptr(RhImage) image = rh_image_new(16, 16, RH_PIXEL_U8);
    image->black = 0;
    image->white = 255;
    RhCanvasPicture picture = picture_of(image);
    g_autofree guint32 *out = g_new(guint32, SIDE * SIDE);
    picture.grid = 56;
    rh_canvas_picture_paint(&picture, 8, 0, 0, SIDE, SIDE, out);
    for (guint y = 0; y < 128; y++)
        for (guint x = 0; x < 128; x++) {
            gboolean line = (x > 0 && x % 8 == 0) || (y > 0 && y % 8 == 0);
            g_assert_true((out[y * SIDE + x] != 0xff000000u) == line);
        }
    rh_canvas_picture_paint(&picture, 7, 0, 0, 112, 112, out);
    for (guint i = 0; i < 112 * 112; i++)
        g_assert_cmphex(out[i], ==, 0xff000000u);
    rh_canvas_picture_clear(&picture);
}

/* Fill, edge and shade of each style, in the colour asked for. */
static void test_mask_styles(void)
{
    static const struct {
        RhMaskStyle style;
        gboolean fill, edge, shade;
    } expected[] = {
        {RH_MASK_FILLED, TRUE, TRUE, TRUE},
        {RH_MASK_FILL_ONLY, TRUE, FALSE, FALSE},
        {RH_MASK_OUTLINED, FALSE, TRUE, TRUE},
    };
    g_autoptr(RhImage) image = rh_image_new(16, 16, RH_PIXEL_U8);
    g_autoptr(RhMask) mask = rh_mask_new(16, 16);
    image->black = 0;
    image->white = 255;
    memset(image->pixels, 100, 16 * 16);
    for (guint y = 4; y < 12; y++)
        memset(mask->pixels + y * 16 + 4, 255, 8);
    RhCanvasPicture picture = picture_of(image);
    rh_canvas_picture_set_mask(&picture, mask);
    guint32 out[128 * 8];
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        for (guint colour = 0; colour < RH_N_MASK_COLOURS; colour++) {
            picture.display.mask_style = expected[i].style;
            picture.display.mask_colour = colour;
            rh_canvas_picture_paint(&picture, 8, 0, 60, 128, 8, out); /* the mask begins at 32 */
            g_assert_true((out[31] != 0xff646464u) == expected[i].shade);
            g_assert_true((out[32] == (0xff000000u | rh_mask_colour_rgb(colour))) == expected[i].edge);
            g_assert_true((out[40] != 0xff646464u) == expected[i].fill);
        }
    rh_canvas_picture_clear(&picture);
}

/* However the view is cut into tiles, the pixels are the same: no seam in image, map, fill or outline. */
static void test_tiles_have_no_seams(void)
{
    g_autoptr(RhImage) image = noise(300, 300);
    g_autoptr(RhMask) mask = rh_mask_new(300, 300);
    float heat[49];
    for (guint i = 0; i < 49; i++)
        heat[i] = (float)(i * 29 % 49) / 49;
    for (int y = 0; y < 300; y++)
        for (int x = 0; x < 300; x++)
            mask->pixels[y * 300 + x] = hypot(x - 150, y - 140) < 90 && (x + y) % 31 != 0 ? 255 : 0;
    RhCanvasPicture picture = picture_of(image);
    picture.line = 2;
    rh_canvas_picture_take_halved(&picture, rh_pyramid_of_image(image, 32));
    rh_canvas_picture_set_mask(&picture, mask);
    rh_canvas_picture_set_heat(&picture, heat, 7, 7, rh_colormaps()[0]);
    guint32 whole[64 * 64], part[32 * 32];
    for (double zoom = 0.23; zoom < 5; zoom *= 1.7) {
        int left = (int)(70 * zoom), top = (int)(80 * zoom);
        rh_canvas_picture_paint(&picture, zoom, left, top, 64, 64, whole);
        for (int tile = 0; tile < 4; tile++) {
            int x = tile % 2 * 32, y = tile / 2 * 32;
            rh_canvas_picture_paint(&picture, zoom, left + x, top + y, 32, 32, part);
            for (int row = 0; row < 32; row++)
                g_assert_cmpmem(part + row * 32, 128, whole + (y + row) * 64 + x, 128);
        }
    }
    rh_canvas_picture_clear(&picture);
}

/* In one piece it is as tile by tile, and nothing beside it is touched. */
static void test_whole(void)
{
    enum { WIDTH = 200, HEIGHT = 150, STRIDE = 220 };
    g_autoptr(RhImage) image = noise(100, 75);
    RhCanvasPicture picture = picture_of(image);
    g_autofree guint32 *whole = g_new0(guint32, STRIDE * HEIGHT), *tile = g_new(guint32, SIDE * SIDE);
    rh_canvas_picture_paint_whole(&picture, 2, WIDTH, HEIGHT, whole, STRIDE);
    rh_canvas_picture_paint(&picture, 2, 100, 60, 100, 90, tile);
    for (int row = 0; row < HEIGHT; row++) {
        g_assert_cmphex(whole[row * STRIDE + WIDTH - 1], >=, 0xff000000u);
        g_assert_cmphex(whole[row * STRIDE + WIDTH], ==, 0);
        if (row >= 60)
            g_assert_cmpmem(whole + row * STRIDE + 100, 400, tile + (row - 60) * 100, 400);
    }
    rh_canvas_picture_clear(&picture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/canvas-picture/nearest", test_nearest);
    g_test_add_func("/canvas-picture/flat", test_flat);
    g_test_add_func("/canvas-picture/mask-covers-its-pixels", test_mask_covers_its_pixels);
    g_test_add_func("/canvas-picture/window-and-invert", test_window_and_invert);
    g_test_add_func("/canvas-picture/grid", test_grid);
    g_test_add_func("/canvas-picture/mask-styles", test_mask_styles);
    g_test_add_func("/canvas-picture/outline", test_outline);
    g_test_add_func("/canvas-picture/thin-line-is-never-lost", test_thin_line_is_never_lost);
    g_test_add_func("/canvas-picture/levels-follow-changes", test_levels_follow_changes);
    g_test_add_func("/canvas-picture/heat", test_heat);
    g_test_add_func("/canvas-picture/tiles-have-no-seams", test_tiles_have_no_seams);
    g_test_add_func("/canvas-picture/whole", test_whole);
    return g_test_run();
}
