/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/editor.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "mask/editor-private.h"

static RhMaskEditor *editor_of(guint width, guint height)
{
    return rh_mask_editor_new(rh_mask_new(width, height), RH_MASK_UNDO_BYTES);
}

static const guint8 *pixels_of(const RhMaskEditor *editor)
{
    return rh_mask_editor_mask(editor)->pixels;
}

static gsize size_of(const RhMaskEditor *editor)
{
    return (gsize)rh_mask_editor_mask(editor)->width * rh_mask_editor_mask(editor)->height;
}

static guint8 *snapshot(const RhMaskEditor *editor)
{
    return g_memdup2(pixels_of(editor), size_of(editor));
}

static void assert_same(const RhMaskEditor *editor, const guint8 *expected)
{
    g_assert_cmpmem(pixels_of(editor), size_of(editor), expected, size_of(editor));
}

static void draw(RhMaskEditor *editor, double x0, double y0, double x1, double y1, double diameter)
{
    rh_mask_editor_begin(editor, "Brush");
    rh_mask_editor_line(editor, x0, y0, x1, y1, diameter, TRUE, NULL);
    rh_mask_editor_end(editor);
}

/* The number of 4- or 8-connected pieces. */
static guint count_pieces(const RhMask *mask, gboolean diagonal)
{
    g_autofree guint8 *left = g_memdup2(mask->pixels, (gsize)mask->width * mask->height);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(guint));
    guint pieces = 0;
    for (guint start = 0; start < mask->width * mask->height; start++) {
        if (left[start] == 0)
            continue;
        pieces++;
        left[start] = 0;
        g_array_append_val(stack, start);
        while (stack->len > 0) {
            guint place = g_array_index(stack, guint, stack->len - 1);
            g_array_set_size(stack, stack->len - 1);
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++) {
                    int x = (int)(place % mask->width) + dx, y = (int)(place / mask->width) + dy;
                    if ((dx != 0 && dy != 0 && !diagonal) || x < 0 || y < 0 || x >= (int)mask->width ||
                        y >= (int)mask->height)
                        continue;
                    guint next = (guint)y * mask->width + (guint)x;
                    if (left[next] != 0) {
                        left[next] = 0;
                        g_array_append_val(stack, next);
                    }
                }
        }
    }
    return pieces;
}

/* However far apart the samples and however thin the brush, a stroke is one piece. */
static void test_fast_strokes_have_no_gaps(void)
{
    static const double diameters[] = {0.3, 1, 1.1, 1.4, 1.5, 2, 3, 7.5};
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (gsize d = 0; d < G_N_ELEMENTS(diameters); d++)
        for (guint trial = 0; trial < 60; trial++) {
            g_autoptr(RhMaskEditor) editor = editor_of(150, 110);
            double x = 150 * rh_random_uniform(&random), y = 110 * rh_random_uniform(&random);
            rh_mask_editor_begin(editor, "Brush");
            for (guint sample = 0; sample < 4; sample++) {
                double to_x = 150 * rh_random_uniform(&random), to_y = 110 * rh_random_uniform(&random);
                rh_mask_editor_line(editor, x, y, to_x, to_y, diameters[d], TRUE, NULL);
                x = to_x;
                y = to_y;
            }
            g_assert_true(rh_mask_editor_end(editor));
            g_assert_cmpuint(count_pieces(rh_mask_editor_mask(editor), diameters[d] > 1), ==, 1);
        }
}

/* Diameter 1: exactly the pixels that hold a point of the line, found by walking it in small steps. */
static void test_true_one_pixel_brush(void)
{
    RhRandom random;
    rh_random_init(&random, 2, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 300; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_of(24, 20);
        double ends[4];
        guint8 expected[24 * 20] = {0}, *found = NULL;
        for (guint i = 0; i < 4; i++)
            ends[i] = rh_random_uniform(&random) * (i % 2 == 0 ? 24 : 20);
        draw(editor, ends[0], ends[1], ends[2], ends[3], 1);
        for (guint i = 0; i <= 20000; i++) {
            double t = i / 20000.0;
            guint x = (guint)(ends[0] + t * (ends[2] - ends[0])),
                  y = (guint)(ends[1] + t * (ends[3] - ends[1]));
            expected[y * 24 + x] = 255;
        }
        found = snapshot(editor);
        guint missing = 0, surplus = 0;
        for (guint i = 0; i < sizeof expected; i++) {
            missing += expected[i] > found[i];
            surplus += expected[i] < found[i];
        }
        g_free(found);
        g_assert_cmpuint(missing, ==, 0);
        g_assert_cmpuint(surplus, <=, 1); /* a corner the walk steps over */
    }
}

static void assert_drawing(double x0, double y0, double x1, double y1, double diameter, const char *expected)
{
    g_autoptr(RhMaskEditor) editor = editor_of(5, 4);
    draw(editor, x0, y0, x1, y1, diameter);
    for (guint i = 0; i < 20; i++)
        g_assert_cmpint(pixels_of(editor)[i] == 255 ? '#' : '.', ==, expected[i]);
}

static void test_by_hand(void)
{
    assert_drawing(2.5, 1.5, 2.5, 1.5, 1,
                   "....."
                   "..#.."
                   "....."
                   ".....");
    assert_drawing(2, 1, 2, 1, 1,
                   "....."
                   "..#.."
                   "....."
                   ".....");
    assert_drawing(0.5, 0.5, 3.5, 3.5, 1,
                   "#...."
                   ".#..."
                   "..#.."
                   "...#.");
    assert_drawing(4.5, 0.5, 0.5, 0.5, 1,
                   "#####"
                   "....."
                   "....."
                   ".....");
    assert_drawing(1.5, 3.5, 1.5, 0.5, 1,
                   ".#..."
                   ".#..."
                   ".#..."
                   ".#...");
    assert_drawing(0.5, 0.5, 2.5, 1.5, 1,
                   "##..."
                   ".##.."
                   "....."
                   ".....");
    assert_drawing(2, 2, 2, 2, 2,
                   "....."
                   ".##.."
                   ".##.."
                   ".....");
    assert_drawing(2.5, 1.5, 2.5, 1.5, 3,
                   ".###."
                   ".###."
                   ".###."
                   ".....");
    assert_drawing(2.5, 1.5, 3.5, 1.5, 3,
                   ".####"
                   ".####"
                   ".####"
                   ".....");
    assert_drawing(-9, -9, -2, 30, 3,
                   "....."
                   "....."
                   "....."
                   ".....");
    assert_drawing(-1e300, 0, NAN, 0, 3,
                   "....."
                   "....."
                   "....."
                   ".....");
    assert_drawing(2, 2, 2, 2, -1,
                   "....."
                   "....."
                   "....."
                   ".....");
}

/* A thick brush: exactly the pixels whose centre lies within the radius of the segment, samples outside the
 * image included. */
static void test_swept_disc(void)
{
    RhRandom random;
    rh_random_init(&random, 3, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 300; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_of(70, 66);
        double x0 = 140 * rh_random_uniform(&random) - 35, y0 = 140 * rh_random_uniform(&random) - 35;
        double x1 = 140 * rh_random_uniform(&random) - 35, y1 = 140 * rh_random_uniform(&random) - 35;
        double radius = 1 + 20 * rh_random_uniform(&random);
        if (trial % 5 == 0)
            x1 = x0; /* upright */
        if (trial % 7 == 0)
            y1 = y0; /* level, or a dab */
        draw(editor, x0, y0, x1, y1, 2 * radius);
        for (guint y = 0; y < 66; y++)
            for (guint x = 0; x < 70; x++) {
                double dx = x1 - x0, dy = y1 - y0, px = x + 0.5 - x0, py = y + 0.5 - y0;
                double t = dx * dx + dy * dy > 0 ? (px * dx + py * dy) / (dx * dx + dy * dy) : 0;
                t = CLAMP(t, 0, 1);
                double distance = hypot(px - t * dx, py - t * dy);
                if (fabs(distance - radius) > 1e-9)
                    g_assert_cmpint(pixels_of(editor)[y * 70 + x] == 255, ==, distance < radius);
            }
    }
}

static void test_touched(void)
{
    g_autoptr(RhMaskEditor) editor = editor_of(200, 100);
    RhRectangle touched;
    rh_mask_editor_begin(editor, "Brush");
    rh_mask_editor_line(editor, 50, 40, 60, 40, 4, TRUE, &touched);
    g_assert_true(touched.x == 48 && touched.y == 38 && touched.width == 14 && touched.height == 4);
    rh_mask_editor_line(editor, 50, 40, 60, 40, 4, TRUE, &touched); /* nothing new */
    g_assert_true(touched.width == 0 || touched.height == 0);
    rh_mask_editor_line(editor, 100, 90, 100, 90, 2, TRUE, &touched);
    rh_mask_editor_end(editor);
    guint64 revision = rh_mask_editor_revision(editor);
    g_assert_true(rh_mask_editor_undo(editor, &touched));
    g_assert_true(touched.x == 48 && touched.y == 38 && touched.width == 53 && touched.height == 53);
    g_assert_cmpuint(rh_mask_editor_revision(editor), >, revision);
    g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
}

static void random_stroke(RhMaskEditor *editor, RhRandom *random)
{
    const RhMask *mask = rh_mask_editor_mask(editor);
    double x = rh_random_uniform(random) * mask->width, y = rh_random_uniform(random) * mask->height;
    guint samples = 1 + rh_random_below(random, 5);
    gboolean inside = rh_random_below(random, 3) > 0;
    double diameter = 1 + rh_random_below(random, 30);
    if (rh_random_below(random, 12) == 0)
        rh_mask_editor_fill(editor, inside, NULL);
    for (guint i = 0; i < samples; i++) {
        double to_x = (rh_random_uniform(random) * 1.4 - 0.2) * mask->width;
        double to_y = (rh_random_uniform(random) * 1.4 - 0.2) * mask->height;
        rh_mask_editor_line(editor, x, y, to_x, to_y, diameter, inside, NULL);
        x = to_x;
        y = to_y;
    }
}

/* Any walk through undo and redo after random strokes finds every state again, bit for bit. */
static void test_undo_redo(void)
{
    RhRandom random;
    rh_random_init(&random, 4, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 20; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_of(100 + trial, 190 - trial);
        g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(states, snapshot(editor));
        guint at = 0;
        for (guint move = 0; move < 200; move++) {
            guint choice = rh_random_below(&random, 5);
            if (choice < 2) {
                g_assert_cmpint(rh_mask_editor_can_undo(editor), ==, at > 0);
                g_assert_cmpint(rh_mask_editor_undo(editor, NULL), ==, at > 0);
                at -= at > 0;
            } else if (choice < 4) {
                gboolean can = at + 1 < states->len;
                g_assert_cmpint(rh_mask_editor_can_redo(editor), ==, can);
                g_assert_cmpint(rh_mask_editor_redo(editor, NULL), ==, can);
                at += can;
            } else {
                rh_mask_editor_begin(editor, "Brush");
                random_stroke(editor, &random);
                if (rh_mask_editor_end(editor)) {
                    g_ptr_array_set_size(states, (int)++at);
                    g_ptr_array_add(states, snapshot(editor));
                    g_assert_false(rh_mask_editor_can_redo(editor));
                }
            }
            assert_same(editor, g_ptr_array_index(states, at));
        }
    }
}

static void test_escape_leaves_no_half_stroke(void)
{
    RhRandom random;
    g_autoptr(RhMaskEditor) editor = editor_of(130, 131);
    rh_random_init(&random, 5, RH_PURPOSE_TEST, 0, 0);
    draw(editor, 10, 10, 100, 90, 20);
    g_autofree guint8 *before = snapshot(editor);
    for (guint trial = 0; trial < 50; trial++) {
        RhRectangle touched;
        gsize bytes = rh_mask_editor_history_bytes(editor);
        rh_mask_editor_begin(editor, "Eraser");
        random_stroke(editor, &random);
        g_assert_true(rh_mask_editor_drawing(editor));
        g_assert_false(rh_mask_editor_undo(editor, NULL));
        g_assert_null(rh_mask_editor_undo_name(editor));
        rh_mask_editor_cancel(editor, &touched);
        assert_same(editor, before);
        g_assert_false(rh_mask_editor_drawing(editor));
        g_assert_cmpuint(rh_mask_editor_history_bytes(editor), ==, bytes);
        g_assert_cmpuint(rh_mask_editor_stroke_tiles(editor), ==, 0);
        g_assert_cmpstr(rh_mask_editor_undo_name(editor), ==, "Brush");
    }
    g_assert_true(rh_mask_editor_undo(editor, NULL));
    g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
}

/* A stroke that changes nothing in the end is no step and leaves what can be redone. */
static void test_empty_stroke(void)
{
    g_autoptr(RhMaskEditor) editor = editor_of(64, 64);
    draw(editor, 10, 10, 20, 20, 5);
    g_assert_true(rh_mask_editor_undo(editor, NULL));
    rh_mask_editor_begin(editor, "Brush");
    rh_mask_editor_line(editor, 5, 5, 40, 9, 6, TRUE, NULL);
    rh_mask_editor_fill(editor, FALSE, NULL);
    g_assert_false(rh_mask_editor_end(editor));
    g_assert_false(rh_mask_editor_can_undo(editor));
    g_assert_cmpstr(rh_mask_editor_redo_name(editor), ==, "Brush");
}

static void test_names(void)
{
    g_autoptr(RhMaskEditor) editor = editor_of(64, 64);
    rh_mask_editor_begin(editor, "Fill");
    rh_mask_editor_fill(editor, TRUE, NULL);
    g_assert_true(rh_mask_editor_end(editor));
    g_assert_cmpuint(rh_mask_count(rh_mask_editor_mask(editor)), ==, 64 * 64);
    g_assert_cmpstr(rh_mask_editor_undo_name(editor), ==, "Fill");
    g_assert_null(rh_mask_editor_redo_name(editor));
    rh_mask_editor_undo(editor, NULL);
    g_assert_null(rh_mask_editor_undo_name(editor));
    g_assert_cmpstr(rh_mask_editor_redo_name(editor), ==, "Fill");
}

/* The cost of a stroke is that of the tiles it crosses, the same on any image, and its history a few bytes a
 * row. */
static void test_no_lag_that_grows_with_the_image(void)
{
    static const guint sides[] = {600, 3000, 6000};
    guint tiles[3];
    gsize bytes[3];
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(RhMaskEditor) editor = editor_of(sides[i], sides[i]);
        rh_mask_editor_begin(editor, "Brush");
        rh_mask_editor_line(editor, 40, 50, 540, 300, 12, TRUE, NULL);
        rh_mask_editor_line(editor, 540, 300, 560, 310, 12, TRUE, NULL);
        tiles[i] = rh_mask_editor_stroke_tiles(editor);
        g_assert_true(rh_mask_editor_end(editor));
        bytes[i] = rh_mask_editor_history_bytes(editor);
    }
    g_test_message("a stroke of 580 pixels: %u tiles, %" G_GSIZE_FORMAT " bytes of history", tiles[0],
                   bytes[0]);
    g_assert_cmpuint(tiles[0], <=, 26);
    g_assert_cmpuint(bytes[0], <=, 3000);
    for (gsize i = 1; i < G_N_ELEMENTS(sides); i++) {
        g_assert_cmpuint(tiles[i], ==, tiles[0]);
        g_assert_cmpuint(bytes[i], ==, bytes[0]);
    }

    g_autoptr(RhMaskEditor) large = editor_of(3000, 3000);
    rh_mask_editor_begin(large, "Fill");
    rh_mask_editor_fill(large, TRUE, NULL);
    g_assert_true(rh_mask_editor_end(large));
    g_assert_cmpuint(rh_mask_editor_history_bytes(large), <, 32 << 10); /* of 9 million pixels */
}

/* The bound holds at any time; the oldest steps go first, the newest stays whatever it takes. */
static void test_byte_bound(void)
{
    const gsize bound = 2000;
    RhRandom random;
    RhMaskEditor *editor = rh_mask_editor_new(rh_mask_new(300, 300), bound);
    rh_random_init(&random, 6, RH_PURPOSE_TEST, 0, 0);
    guint steps = 0;
    for (guint i = 0; i < 100; i++) {
        double x = 300 * rh_random_uniform(&random), y = 300 * rh_random_uniform(&random);
        draw(editor, x, y, x + 5, y + 5, 9);
        g_assert_cmpuint(rh_mask_editor_history_bytes(editor), <=, bound);
    }
    for (; rh_mask_editor_undo(editor, NULL); steps++)
        g_assert_cmpuint(rh_mask_editor_history_bytes(editor), <=, bound);
    g_assert_cmpuint(steps, >, 3);
    g_assert_cmpuint(steps, <, 100);
    rh_mask_editor_free(editor);

    editor = rh_mask_editor_new(rh_mask_new(300, 300), 1);
    draw(editor, 10, 10, 200, 200, 9);
    draw(editor, 200, 10, 10, 200, 9);
    g_assert_true(rh_mask_editor_undo(editor, NULL));
    g_assert_false(rh_mask_editor_undo(editor, NULL));
    rh_mask_editor_free(editor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/editor/fast-strokes-have-no-gaps", test_fast_strokes_have_no_gaps);
    g_test_add_func("/editor/true-one-pixel-brush", test_true_one_pixel_brush);
    g_test_add_func("/editor/by-hand", test_by_hand);
    g_test_add_func("/editor/swept-disc", test_swept_disc);
    g_test_add_func("/editor/touched", test_touched);
    g_test_add_func("/editor/undo-redo", test_undo_redo);
    g_test_add_func("/editor/escape-leaves-no-half-stroke", test_escape_leaves_no_half_stroke);
    g_test_add_func("/editor/empty-stroke", test_empty_stroke);
    g_test_add_func("/editor/names", test_names);
    g_test_add_func("/editor/no-lag-that-grows-with-the-image", test_no_lag_that_grows_with_the_image);
    g_test_add_func("/editor/byte-bound", test_byte_bound);
    return g_test_run();
}
