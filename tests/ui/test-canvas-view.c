/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-view.h"

#include <math.h>

static RhCanvasView view_of(double image_width, double image_height, double width, double height)
{
    RhCanvasView view = {0};
    rh_canvas_view_set_size(&view, width, height);
    rh_canvas_view_set_image(&view, image_width, image_height);
    return view;
}

static void test_fit(void)
{
    RhCanvasView view = view_of(3000, 3000, 816, 1016);
    double x, y;
    g_assert_cmpfloat_with_epsilon(view.zoom, 800.0 / 3000, 1e-12);
    rh_canvas_view_origin(&view, &x, &y);
    g_assert_cmpfloat(x, ==, 8);
    g_assert_cmpfloat(y, ==, 108);
    rh_canvas_view_set_size(&view, 416, 1016); /* it stays fitted */
    g_assert_cmpfloat_with_epsilon(view.zoom, 400.0 / 3000, 1e-12);
    view = view_of(28, 28, 816, 816);
    g_assert_cmpfloat_with_epsilon(view.zoom, 800.0 / 28, 1e-12);
    view = view_of(2, 2, 4000, 4000);
    g_assert_cmpfloat(view.zoom, ==, RH_CANVAS_ZOOM_MAX);
}

/* The point under the pointer stays under it. */
static void test_zoom_to_pointer(void)
{
    RhCanvasView view = view_of(3000, 2000, 1000, 700);
    double image_x, image_y, x, y;
    rh_canvas_view_to_image(&view, 777, 123, &image_x, &image_y);
    for (guint i = 0; i < 30; i++) {
        rh_canvas_view_zoom(&view, 1.25, 777, 123);
        rh_canvas_view_from_image(&view, image_x, image_y, &x, &y);
        g_assert_cmpfloat_with_epsilon(x, 777, 0.01 * pow(1.25, i + 1) + 0.02);
        g_assert_cmpfloat_with_epsilon(y, 123, 0.01 * pow(1.25, i + 1) + 0.02);
    }
    g_assert_cmpfloat(view.zoom, ==, RH_CANVAS_ZOOM_MAX);
    g_assert_false(view.fit);
    for (guint i = 0; i < 40; i++)
        rh_canvas_view_zoom(&view, 0.8, 500, 350);
    g_assert_true(view.fit);
}

static void test_small_image_zooms_out_to_its_own_size(void)
{
    RhCanvasView view = view_of(28, 28, 816, 816);
    for (guint i = 0; i < 40; i++)
        rh_canvas_view_zoom(&view, 0.8, 400, 400);
    g_assert_cmpfloat(view.zoom, ==, 1);
}

static void test_round_trip(void)
{
    RhCanvasView view = view_of(640, 524, 811, 613);
    rh_canvas_view_zoom(&view, 7.3, 400, 300);
    for (int i = -3; i < 5; i++) {
        double image_x, image_y, x, y;
        rh_canvas_view_to_image(&view, i * 131.25, i * 77.5, &image_x, &image_y);
        rh_canvas_view_from_image(&view, image_x, image_y, &x, &y);
        g_assert_cmpfloat_with_epsilon(x, i * 131.25, 1e-9);
        g_assert_cmpfloat_with_epsilon(y, i * 77.5, 1e-9);
    }
}

/* Moved by whole pixels of the screen, the image's corner keeps its fraction of a pixel. */
static void test_phase(void)
{
    RhCanvasView view = view_of(640, 524, 811, 613);
    double x, y, moved_x, moved_y;
    rh_canvas_view_zoom(&view, 7.3, 400, 300);
    rh_canvas_view_origin(&view, &x, &y);
    double from_x = view.x, from_y = view.y;
    for (int i = -200; i < 200; i++) {
        rh_canvas_view_centre(&view, from_x - i / view.zoom, from_y - 3 * i / view.zoom);
        rh_canvas_view_origin(&view, &moved_x, &moved_y);
        g_assert_cmpfloat(moved_x, ==, x + i);
        g_assert_cmpfloat(moved_y, ==, y + 3 * i);
    }
}

/* What is in the middle stays there when the window changes, and an image can never be lost from view. */
static void test_centre(void)
{
    RhCanvasView view = view_of(1000, 1000, 500, 500);
    rh_canvas_view_zoom(&view, 8, 250, 250);
    rh_canvas_view_centre(&view, 300, 400);
    rh_canvas_view_set_size(&view, 900, 320);
    double x, y;
    rh_canvas_view_from_image(&view, 300, 400, &x, &y);
    g_assert_cmpfloat_with_epsilon(x, 450, 0.51);
    g_assert_cmpfloat_with_epsilon(y, 160, 0.51);
    rh_canvas_view_centre(&view, -5000, 99999);
    g_assert_cmpfloat(view.x, ==, 0);
    g_assert_cmpfloat(view.y, ==, 1000);
    rh_canvas_view_reveal(&view, 999, 1);
    rh_canvas_view_from_image(&view, 999, 1, &x, &y);
    g_assert_true(x > 0 && x < 900 && y > 0 && y < 320);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/canvas-view/fit", test_fit);
    g_test_add_func("/canvas-view/zoom-to-pointer", test_zoom_to_pointer);
    g_test_add_func("/canvas-view/small-image", test_small_image_zooms_out_to_its_own_size);
    g_test_add_func("/canvas-view/round-trip", test_round_trip);
    g_test_add_func("/canvas-view/phase", test_phase);
    g_test_add_func("/canvas-view/centre", test_centre);
    return g_test_run();
}
