/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/image.h"

#include <math.h>

#include "base/random.h"
#include "image/axis.h"

static RhImage *image_of(guint width, guint height, const guint8 *values)
{
    RhImage *image = rh_image_new(width, height, RH_PIXEL_U8);
    for (guint i = 0; i < width * height; i++)
        ((guint8 *)image->pixels)[i] = values[i];
    return image;
}

static RhImage *random_image(RhRandom *random, guint width, guint height, RhPixelType type)
{
    RhImage *image = rh_image_new(width, height, type);
    for (guint i = 0; i < width * height; i++)
        if (type == RH_PIXEL_U8)
            ((guint8 *)image->pixels)[i] = (guint8)rh_random_next(random);
        else
            ((guint16 *)image->pixels)[i] = (guint16)rh_random_next(random);
    return image;
}

static void test_area_by_hand(void)
{
    g_autoptr(RhImage) image = image_of(3, 2, (const guint8[]){30, 60, 90, 120, 150, 180});
    float halves[1], pairs[2], same[6];
    rh_image_resize(image, 1, 1, halves);
    g_assert_cmpfloat(halves[0] * 255, ==, 105);
    /* Two from three: the left takes the first and half of the second. */
    rh_image_resize(image, 2, 1, pairs);
    g_assert_cmpfloat_with_epsilon(pairs[0] * 255, ((30 + 60 / 2.0) + (120 + 150 / 2.0)) / 3, 1e-4);
    g_assert_cmpfloat_with_epsilon(pairs[1] * 255, ((60 / 2.0 + 90) + (150 / 2.0 + 180)) / 3, 1e-4);
    rh_image_resize(image, 3, 2, same);
    for (guint i = 0; i < 6; i++)
        g_assert_cmpfloat(same[i], ==, rh_image_value(image, i % 3, i / 3));
}

static void test_bilinear_by_hand(void)
{
    g_autoptr(RhImage) image = image_of(2, 1, (const guint8[]){0, 200});
    float four[4], five[5];
    /* Centres at ¼, ¾, 5/4, 7/4 of a source pixel; the source's own lie at ½ and 3/2. */
    rh_image_resize(image, 4, 1, four);
    const double expected[] = {0, 50, 150, 200};
    for (guint i = 0; i < 4; i++)
        g_assert_cmpfloat_with_epsilon(four[i] * 255, expected[i], 1e-4);
    rh_image_resize(image, 5, 1, five);
    g_assert_cmpfloat_with_epsilon(five[2] * 255, 100, 1e-4);
    g_assert_cmpfloat_with_epsilon(five[1] * 255, 20, 1e-4);
}

/* Weights of each pixel sum to the total, lie inside, and by area every source pixel is used in full. */
static void test_axis(void)
{
    for (guint from = 1; from < 40; from++)
        for (guint to = 1; to < 40; to++)
            for (RhEnlarge enlarge = RH_ENLARGE_BILINEAR; enlarge <= RH_ENLARGE_NEAREST; enlarge++) {
                g_autoptr(RhAxis) axis = rh_axis_new(from, to, enlarge);
                guint used[40] = {0};
                for (guint i = 0; i < to; i++) {
                    const RhAxisPixel *pixel = &axis->pixels[i];
                    guint sum = 0;
                    g_assert_cmpuint(pixel->first + pixel->count, <=, from);
                    for (guint k = 0; k < pixel->count; k++) {
                        g_assert_cmpuint(pixel->weights[k], >, 0);
                        sum += pixel->weights[k];
                        used[pixel->first + k] += pixel->weights[k];
                    }
                    g_assert_cmpuint(sum, ==, axis->total);
                }
                for (guint x = 0; to <= from && x < from; x++)
                    g_assert_cmpuint(used[x], ==, to);
            }
}

/* The area of a source pixel under one of the result, by real numbers. */
static double shared(guint from, guint to, guint x, guint i)
{
    double scale = (double)from / to;
    return fmax(0, fmin(x + 1, (i + 1) * scale) - fmax(x, i * scale));
}

static double reference(const RhImage *image, guint width, guint height, guint i, guint j)
{
    double sum = 0, area = 0;
    for (guint y = 0; y < image->height; y++)
        for (guint x = 0; x < image->width; x++) {
            double weight = shared(image->width, width, x, i) * shared(image->height, height, y, j);
            sum += weight * rh_image_value(image, x, y);
            area += weight;
        }
    return sum / area;
}

static void test_against_reference(void)
{
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 40; trial++) {
        guint from[2], to[2];
        for (guint side = 0; side < 2; side++) {
            from[side] = 1 + rh_random_below(&random, 30);
            to[side] = 1 + rh_random_below(&random, from[side]);
        }
        g_autoptr(RhImage) image =
            random_image(&random, from[0], from[1], trial % 2 == 0 ? RH_PIXEL_U8 : RH_PIXEL_U16);
        g_autofree float *out = g_new(float, to[0] * to[1]);
        rh_image_resize(image, to[0], to[1], out);
        for (guint j = 0; j < to[1]; j++)
            for (guint i = 0; i < to[0]; i++)
                g_assert_cmpfloat_with_epsilon(out[j * to[0] + i], reference(image, to[0], to[1], i, j),
                                               1e-6);
    }
}

/* Area average keeps the mean; enlarging keeps the range. */
static void test_mean_and_range(void)
{
    RhRandom random;
    rh_random_init(&random, 2, RH_PURPOSE_TEST, 0, 0);
    g_autoptr(RhImage) image = random_image(&random, 61, 47, RH_PIXEL_U16);
    g_autofree float *small = g_new(float, 8 * 7), *large = g_new(float, 200 * 20);
    double mean = 0, small_mean = 0;
    for (guint y = 0; y < 47; y++)
        for (guint x = 0; x < 61; x++)
            mean += rh_image_value(image, x, y) / (61.0 * 47);
    rh_image_resize(image, 8, 7, small);
    for (guint i = 0; i < 56; i++)
        small_mean += small[i] / 56.0;
    g_assert_cmpfloat_with_epsilon(mean, small_mean, 1e-7);
    rh_image_resize(image, 200, 20, large); /* one side longer, one shorter */
    for (guint i = 0; i < 4000; i++)
        g_assert_true(large[i] >= 0 && large[i] <= 1);
}

static void test_thumbnail(void)
{
    const struct {
        guint width, height, side, expected_width, expected_height;
    } cases[] = {
        {100, 50, 20, 20, 10}, {50, 100, 20, 10, 20}, {8, 8, 96, 8, 8},
        {3000, 1, 96, 96, 1},  {97, 96, 96, 96, 95},  {1, 1, 1, 1, 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(RhImage) image = rh_image_new(cases[i].width, cases[i].height, RH_PIXEL_U16);
        for (guint k = 0; k < cases[i].width * cases[i].height; k++)
            ((guint16 *)image->pixels)[k] = 128 * 257;
        g_autoptr(RhImage) thumbnail = rh_image_thumbnail(image, cases[i].side);
        g_assert_cmpuint(thumbnail->width, ==, cases[i].expected_width);
        g_assert_cmpuint(thumbnail->height, ==, cases[i].expected_height);
        g_assert_cmpint(thumbnail->type, ==, RH_PIXEL_U8);
        for (guint k = 0; k < thumbnail->width * thumbnail->height; k++)
            g_assert_cmpuint(((guint8 *)thumbnail->pixels)[k], ==, 128);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resize/area-by-hand", test_area_by_hand);
    g_test_add_func("/resize/bilinear-by-hand", test_bilinear_by_hand);
    g_test_add_func("/resize/axis", test_axis);
    g_test_add_func("/resize/against-reference", test_against_reference);
    g_test_add_func("/resize/mean-and-range", test_mean_and_range);
    g_test_add_func("/resize/thumbnail", test_thumbnail);
    return g_test_run();
}
