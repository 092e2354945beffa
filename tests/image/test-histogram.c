/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/histogram.h"

/* Sixteen bits, of which the values 1000 … 1999 are there, each as often. */
static RhImage *ramp(guint width, guint height)
{
    RhImage *image = rh_image_new(width, height, RH_PIXEL_U16);
    for (guint i = 0; i < width * height; i++)
        ((guint16 *)image->pixels)[i] = (guint16)(1000 + i % 1000);
    return image;
}

static guint sum(const RhHistogram *histogram)
{
    guint total = 0;
    for (guint i = 0; i < RH_HISTOGRAM_BINS; i++)
        total += histogram->counts[i];
    return total;
}

static void test_counts(void)
{
    g_autoptr(RhImage) image = ramp(100, 40);
    g_autofree RhHistogram *histogram = g_new(RhHistogram, 1);
    rh_histogram_of_image(histogram, image);
    g_assert_cmpfloat(histogram->low, ==, 1000);
    g_assert_cmpfloat(histogram->high, ==, 1999);
    g_assert_cmpuint(histogram->total, ==, 4000);
    g_assert_cmpuint(sum(histogram), ==, 4000);
    g_assert_cmpuint(histogram->counts[0], ==, 4);
    g_assert_cmpuint(histogram->counts[RH_HISTOGRAM_BINS - 1], ==, 4);
    g_assert_cmpfloat_with_epsilon(rh_histogram_quantile(histogram, 0.25), 1250, 1);
    g_assert_cmpfloat_with_epsilon(rh_histogram_quantile(histogram, 0.99), 1990, 1);
    g_assert_cmpfloat_with_epsilon(rh_histogram_quantile(histogram, 1), 1999, 1);
}

/* A burnt-in mark a hundred times as bright as the film moves the highest value, hardly a quantile. */
static void test_outlier(void)
{
    g_autoptr(RhImage) image = rh_image_new(100, 100, RH_PIXEL_F32);
    for (guint i = 0; i < 10000; i++)
        ((float *)image->pixels)[i] = i < 50 ? 100 : (float)(i % 100) / 100;
    g_autofree RhHistogram *histogram = g_new(RhHistogram, 1);
    rh_histogram_of_image(histogram, image);
    g_assert_cmpfloat(histogram->high, ==, 100);
    g_assert_cmpfloat_with_epsilon(rh_histogram_quantile(histogram, 0.99), 1, 0.05);
}

static void test_flat(void)
{
    g_autoptr(RhImage) image = rh_image_new(7, 5, RH_PIXEL_U8);
    g_autofree RhHistogram *histogram = g_new(RhHistogram, 1);
    rh_histogram_of_image(histogram, image);
    g_assert_cmpuint(histogram->counts[0], ==, 35);
    g_assert_cmpfloat(rh_histogram_quantile(histogram, 0.5), ==, 0);
}

/* Of a large image only a part is counted, all over it. */
static void test_large(void)
{
    g_autoptr(RhImage) image = rh_image_new(4096, 4096, RH_PIXEL_U8);
    for (gsize i = 0; i < 4096u * 4096u; i++)
        ((guint8 *)image->pixels)[i] = (guint8)(i / 4096 / 16); /* darker above */
    g_autofree RhHistogram *histogram = g_new(RhHistogram, 1);
    rh_histogram_of_image(histogram, image);
    g_assert_cmpuint(histogram->total, <=, RH_HISTOGRAM_SAMPLES);
    g_assert_cmpuint(histogram->total, >, RH_HISTOGRAM_SAMPLES / 2);
    g_assert_cmpfloat_with_epsilon(rh_histogram_quantile(histogram, 0.5), 127.5, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/histogram/counts", test_counts);
    g_test_add_func("/histogram/outlier", test_outlier);
    g_test_add_func("/histogram/flat", test_flat);
    g_test_add_func("/histogram/large", test_large);
    return g_test_run();
}
