/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/editor.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

/* Tips of the brush, ranges, and steps made elsewhere: what the editor does beside the plain round brush. */

#define WIDTH  90
#define HEIGHT 76

static RhMaskEditor *editor_new(void)
{
    return rh_mask_editor_new(rh_mask_new(WIDTH, HEIGHT), RH_MASK_UNDO_BYTES);
}

static const guint8 *pixels_of(const RhMaskEditor *editor)
{
    return rh_mask_editor_mask(editor)->pixels;
}

static RhMaskDab random_dab(RhRandom *random, double diameter)
{
    return (RhMaskDab){(rh_random_uniform(random) * 1.6 - 0.3) * WIDTH,
                       (rh_random_uniform(random) * 1.6 - 0.3) * HEIGHT, diameter};
}

static void sweep(RhMaskEditor *editor, RhMaskBrush brush, RhMaskDab from, RhMaskDab to)
{
    rh_mask_editor_begin(editor, "Brush");
    rh_mask_editor_sweep(editor, &brush, from, to, TRUE, NULL);
    rh_mask_editor_end(editor);
}

/* A square of n pixels marks n by n of them, wherever it is put down. */
static void test_square_dab(void)
{
    RhRandom random;
    rh_random_init(&random, 31, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 200; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_new();
        guint side = 1 + rh_random_below(&random, 30);
        RhMaskDab dab = {32 + 20 * rh_random_uniform(&random), 32 + 10 * rh_random_uniform(&random), side};
        if (trial % 4 == 0)
            dab.x = floor(dab.x) + (trial % 8 == 0 ? 0.5 : 0);
        sweep(editor, (RhMaskBrush){.square = TRUE}, dab, dab);
        RhRectangle bounds = rh_mask_bounds(rh_mask_editor_mask(editor));
        g_assert_cmpint(bounds.width, ==, side);
        g_assert_cmpint(bounds.height, ==, side);
        g_assert_cmpuint(rh_mask_count(rh_mask_editor_mask(editor)), ==, side * side);
    }
}

/* The greatest distance, along rows or columns, of a place from the nearest square on a way, by trying many.
 */
static double square_distance(RhMaskDab from, RhMaskDab to, double x, double y)
{
    double nearest = INFINITY, low = 0, high = 1;
    for (guint round = 0; round < 60; round++) { /* the distance is convex along the way */
        double a = low + (high - low) / 3, b = high - (high - low) / 3;
        double at_a = MAX(fabs(from.x + a * (to.x - from.x) - x), fabs(from.y + a * (to.y - from.y) - y));
        double at_b = MAX(fabs(from.x + b * (to.x - from.x) - x), fabs(from.y + b * (to.y - from.y) - y));
        nearest = MIN(nearest, MIN(at_a, at_b));
        if (at_a < at_b)
            high = b;
        else
            low = a;
    }
    return nearest;
}

static void test_swept_square(void)
{
    RhRandom random;
    rh_random_init(&random, 32, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 120; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_new();
        double side = 2 + 30 * rh_random_uniform(&random);
        RhMaskDab from = random_dab(&random, side), to = random_dab(&random, side);
        if (trial % 5 == 0)
            to.x = from.x;
        if (trial % 7 == 0)
            to.y = from.y;
        sweep(editor, (RhMaskBrush){.square = TRUE}, from, to);
        for (guint y = 0; y < HEIGHT; y++)
            for (guint x = 0; x < WIDTH; x++) {
                double distance = square_distance(from, to, x + 0.5, y + 0.5);
                if (fabs(distance - side / 2) > 1e-6)
                    g_assert_cmpint(pixels_of(editor)[y * WIDTH + x] == 255, ==, distance < side / 2);
            }
    }
}

/* A tip that gets wider on the way, as a pen pressed harder: within half a pixel of discs of every width on
 * it. */
static void test_width_changes_on_the_way(void)
{
    RhRandom random;
    rh_random_init(&random, 33, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 60; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_new();
        RhMaskDab from = random_dab(&random, 2 + 20 * rh_random_uniform(&random));
        RhMaskDab to = random_dab(&random, 2 + 20 * rh_random_uniform(&random));
        sweep(editor, (RhMaskBrush){0}, from, to);
        for (guint y = 0; y < HEIGHT; y++)
            for (guint x = 0; x < WIDTH; x++) {
                double depth = -INFINITY; /* into the deepest disc */
                for (guint i = 0; i <= 2000; i++) {
                    double t = i / 2000.0, radius = (from.diameter + t * (to.diameter - from.diameter)) / 2;
                    depth = MAX(depth, radius - hypot(from.x + t * (to.x - from.x) - x - 0.5,
                                                      from.y + t * (to.y - from.y) - y - 0.5));
                }
                if (fabs(depth) > 0.35)
                    g_assert_cmpint(pixels_of(editor)[y * WIDTH + x] == 255, ==, depth > 0);
            }
    }
}

/* How far from the middle line a soft brush has come after some passes, in radii. */
static double soft_reach(guint passes, gboolean square)
{
    g_autoptr(RhMaskEditor) editor = rh_mask_editor_new(rh_mask_new(400, 120), RH_MASK_UNDO_BYTES);
    const RhMaskBrush brush = {.square = square, .soft = TRUE};
    rh_mask_editor_begin(editor, "Brush");
    for (guint i = 0; i < passes; i++) {
        RhMaskDab from = {i % 2 == 0 ? 60 : 340, 60, 80}, to = {i % 2 == 0 ? 340 : 60, 60, 80};
        for (guint part = 0; part < 100; part++) /* samples as a hand makes them */
            rh_mask_editor_sweep(editor, &brush, (RhMaskDab){from.x + (to.x - from.x) * part / 100, 60, 80},
                                 (RhMaskDab){from.x + (to.x - from.x) * (part + 1) / 100, 60, 80}, TRUE,
                                 NULL);
    }
    rh_mask_editor_end(editor);
    guint reach = 0;
    while (pixels_of(editor)[(60 + reach) * 400 + 200] == 255)
        reach++;
    g_assert_cmpint(pixels_of(editor)[(59 - reach) * 400 + 200], ==, 0);
    g_assert_true(rh_mask_editor_undo(editor, NULL)); /* all passes are one step */
    g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
    return reach / 40.0;
}

/* The law of the round rim: n passes leave n·4·90·(16/15)·(1 − u²)^2.5, which marks at 187. */
static void test_soft_rim(void)
{
    static const guint passes[] = {1, 2, 4, 10};
    for (guint i = 0; i < G_N_ELEMENTS(passes); i++) {
        double expected = sqrt(1 - pow(187 / (passes[i] * 4 * 90 * 16 / 15.0), 0.4));
        double found = soft_reach(passes[i], FALSE);
        g_test_message("%u passes: %.3f radii, by the law %.3f", passes[i], found, expected);
        g_assert_cmpfloat(fabs(found - expected), <, 0.05);
    }
    g_assert_cmpfloat(soft_reach(1, TRUE), <, soft_reach(6, TRUE));
    g_assert_cmpfloat(soft_reach(30, TRUE), <=, 1);
}

#define WAY 6u /* dabs */

static void draw_way(RhMaskEditor *editor, const RhMaskBrush *brush, const RhMaskDab *way, gboolean back,
                     gboolean inside)
{
    rh_mask_editor_begin(editor, "Brush");
    for (guint i = 0; i + 1 < WAY; i++)
        rh_mask_editor_sweep(editor, brush, way[back ? WAY - 1 - i : i], way[back ? WAY - 2 - i : i + 1],
                             inside, NULL);
    rh_mask_editor_end(editor);
}

/* Erased along the way it was painted on, there or back, nothing of a stroke is left. */
static void test_eraser_leaves_no_residue(void)
{
    RhRandom random;
    rh_random_init(&random, 36, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 200; trial++) {
        g_autoptr(RhMaskEditor) editor = editor_new();
        const RhMaskBrush brush = {.square = trial % 2 == 1};
        const double diameter = trial % 4 < 2 ? 1 : 1 + 20 * rh_random_uniform(&random);
        RhMaskDab way[WAY];
        for (guint i = 0; i < WAY; i++)
            way[i] = random_dab(&random, diameter);
        draw_way(editor, &brush, way, FALSE, TRUE);
        g_assert_false(rh_mask_is_empty(rh_mask_editor_mask(editor)));
        draw_way(editor, &brush, way, trial % 8 >= 4, FALSE);
        g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
    }
}

static RhImage *ramp_image(void)
{
    RhImage *image = rh_image_new(WIDTH, HEIGHT, RH_PIXEL_U16);
    for (guint i = 0; i < WIDTH * HEIGHT; i++)
        ((guint16 *)image->pixels)[i] = (guint16)(i % WIDTH * 37 % 101 + i / WIDTH * 200);
    return image;
}

/* With a range, a stroke is the plain one without the pixels of other values; the next one is free again. */
static void test_range(void)
{
    RhRandom random;
    rh_random_init(&random, 34, RH_PURPOSE_TEST, 0, 0);
    g_autoptr(RhImage) image = ramp_image();
    for (guint trial = 0; trial < 100; trial++) {
        g_autoptr(RhMaskEditor) ranged = editor_new(), plain = editor_new();
        RhMaskDab from = random_dab(&random, 14), to = random_dab(&random, 14);
        double low = rh_random_below(&random, 9000), high = low + rh_random_below(&random, 6000);
        sweep(plain, (RhMaskBrush){0}, from, to);
        rh_mask_editor_begin(ranged, "Brush");
        rh_mask_editor_set_range(ranged, image, low, high);
        rh_mask_editor_sweep(ranged, &(RhMaskBrush){0}, from, to, TRUE, NULL);
        rh_mask_editor_end(ranged);
        for (guint i = 0; i < WIDTH * HEIGHT; i++) {
            guint16 value = ((const guint16 *)image->pixels)[i];
            g_assert_cmpint(pixels_of(ranged)[i], ==,
                            value >= low && value <= high ? pixels_of(plain)[i] : 0);
        }
        sweep(ranged, (RhMaskBrush){0}, from, to);
        g_assert_cmpmem(pixels_of(ranged), WIDTH * HEIGHT, pixels_of(plain), WIDTH * HEIGHT);
    }
}

static RhMask *noise(RhRandom *random, guint of)
{
    RhMask *mask = rh_mask_new(WIDTH, HEIGHT);
    for (guint i = 0; i < WIDTH * HEIGHT; i++)
        mask->pixels[i] = rh_random_below(random, of) == 0 ? 255 : 0;
    return mask;
}

static void test_steps_made_elsewhere(void)
{
    RhRandom random;
    rh_random_init(&random, 35, RH_PURPOSE_TEST, 0, 0);
    g_autoptr(RhMaskEditor) editor = rh_mask_editor_new(noise(&random, 3), RH_MASK_UNDO_BYTES);
    g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func((GDestroyNotify)rh_mask_free);
    g_ptr_array_add(states, rh_mask_copy(rh_mask_editor_mask(editor)));
    for (guint i = 0; i < 12; i++) {
        RhMask *next = noise(&random, 1 + i * 40);
        g_autofree char *name = g_strdup_printf("Step %u", i);
        RhRectangle touched;
        rh_mask_editor_lock(editor);
        g_assert_true(rh_mask_editor_locked(editor));
        g_assert_false(rh_mask_editor_undo(editor, NULL));
        RhMaskStep *step = rh_mask_step_between(name, rh_mask_editor_mask(editor), next);
        rh_mask_editor_unlock(editor);
        g_assert_true(rh_mask_editor_apply(editor, step, &touched));
        g_assert_true(touched.width > 0);
        g_assert_cmpmem(pixels_of(editor), WIDTH * HEIGHT, next->pixels, WIDTH * HEIGHT);
        g_ptr_array_add(states, next);
    }
    RhMaskStep *nothing =
        rh_mask_step_between("Nothing", rh_mask_editor_mask(editor), rh_mask_editor_mask(editor));
    g_assert_false(rh_mask_editor_apply(editor, nothing, NULL));
    g_assert_cmpuint(rh_mask_editor_steps(editor), ==, 12);
    for (guint done = 12; done > 0; done--) {
        g_assert_cmpuint(rh_mask_editor_steps_done(editor), ==, done);
        for (guint i = 0; i < 12; i++) {
            g_autofree char *name = g_strdup_printf("Step %u", i);
            g_assert_cmpstr(rh_mask_editor_step_name(editor, i), ==, name);
        }
        g_assert_true(rh_mask_editor_undo(editor, NULL));
        const RhMask *state = g_ptr_array_index(states, done - 1);
        g_assert_cmpmem(pixels_of(editor), WIDTH * HEIGHT, state->pixels, WIDTH * HEIGHT);
    }
}

/* A stroke taken back to its beginning goes on: only what came after is the step. */
static void test_restart(void)
{
    g_autoptr(RhMaskEditor) editor = editor_new(), other = editor_new();
    const RhMaskSpan first[] = {{3, 5, 40}, {4, 0, 90}}, second[] = {{70, 10, 20}, {75, 80, 200}, {99, 0, 5}};
    RhRectangle touched;
    rh_mask_editor_begin(editor, "Wand");
    rh_mask_editor_paint(editor, first, 2, TRUE, NULL);
    rh_mask_editor_restart(editor, &touched);
    g_assert_true(touched.x == 0 && touched.y == 3 && touched.width == 90 && touched.height == 2);
    g_assert_true(rh_mask_is_empty(rh_mask_editor_mask(editor)));
    rh_mask_editor_paint(editor, second, 3, TRUE, NULL);
    g_assert_true(rh_mask_editor_end(editor));
    g_assert_cmpuint(rh_mask_count(rh_mask_editor_mask(editor)), ==, 20); /* clipped to the mask */
    g_assert_cmpuint(rh_mask_editor_steps(editor), ==, 1);
    g_assert_cmpstr(rh_mask_editor_undo_name(editor), ==, "Wand");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tips/square-dab", test_square_dab);
    g_test_add_func("/tips/swept-square", test_swept_square);
    g_test_add_func("/tips/width-changes-on-the-way", test_width_changes_on_the_way);
    g_test_add_func("/tips/soft-rim", test_soft_rim);
    g_test_add_func("/tips/eraser-leaves-no-residue", test_eraser_leaves_no_residue);
    g_test_add_func("/tips/range", test_range);
    g_test_add_func("/tips/steps-made-elsewhere", test_steps_made_elsewhere);
    g_test_add_func("/tips/restart", test_restart);
    return g_test_run();
}
