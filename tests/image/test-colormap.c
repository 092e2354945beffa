/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/colormap.h"

#include <math.h>

static double to_linear(guint8 channel)
{
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double lab_curve(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIE 1976 L*a*b* under D65: another space than the one the map is made in. */
static void to_cielab(const guint8 *colour, double lab[3])
{
    double r = to_linear(colour[0]), g = to_linear(colour[1]), b = to_linear(colour[2]);
    double x = lab_curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    double y = lab_curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
    double z = lab_curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
}

/* Lightness alone tells the order, so the map can be read without seeing hue, and printed in grey. */
static void test_lightness_grows(void)
{
    for (const RhColormap *const *map = rh_colormaps(); *map != NULL; map++) {
        double last = -1, first = 0, lab[3];
        for (guint i = 0; i < 256; i++) {
            to_cielab((*map)->colours[i], lab);
            /* Rounding to 8 bits may take back a little of one step, never of four. */
            g_assert_cmpfloat(lab[0], >, last - 0.35);
            if (i >= 4) {
                double before[3];
                to_cielab((*map)->colours[i - 4], before);
                g_assert_cmpfloat(lab[0], >, before[0]);
            }
            first = i == 0 ? lab[0] : first;
            last = lab[0];
        }
        g_assert_cmpfloat(first, <, 12);
        g_assert_cmpfloat(last, >, 90);
    }
}

/* Equal steps in value look about equally large everywhere. */
static void test_even(void)
{
    const RhColormap *map = rh_colormaps()[0];
    double least = INFINITY, most = 0;
    for (guint i = 0; i + 16 < 256; i += 16) {
        double p[3], q[3];
        to_cielab(map->colours[i], p);
        to_cielab(map->colours[i + 16], q);
        double step = q[0] - p[0];
        least = fmin(least, step);
        most = fmax(most, step);
    }
    g_test_message("lightness a sixteenth of the way: %.2f to %.2f", least, most);
    g_assert_cmpfloat(most / least, <, 2.5);
}

static void test_lookup(void)
{
    const RhColormap *map = rh_colormaps()[0], *grey = rh_colormaps()[1];
    g_assert_true(rh_colormap_at(map, -3) == map->colours[0]);
    g_assert_true(rh_colormap_at(map, NAN) == map->colours[0]);
    g_assert_true(rh_colormap_at(map, INFINITY) == map->colours[255]);
    g_assert_true(rh_colormap_at(map, 1) == map->colours[255]);
    g_assert_cmpuint(rh_colormap_at(grey, 0.5)[1], ==, 128);
    g_assert_cmpstr(grey->id, ==, "grey");
    g_assert_true(rh_colormaps() == rh_colormaps());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/colormap/lightness-grows", test_lightness_grows);
    g_test_add_func("/colormap/even", test_even);
    g_test_add_func("/colormap/lookup", test_lookup);
    return g_test_run();
}
