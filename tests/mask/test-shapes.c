/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/shapes.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "mask/flood.h"
#include "mask/live-wire.h"

#define WIDTH  50
#define HEIGHT 41

static void spans_to_pixels(const GArray *spans, guint width, guint height, guint8 *out)
{
    memset(out, 0, (gsize)width * height);
    for (guint i = 0; i < spans->len; i++) {
        const RhMaskSpan *span = &g_array_index(spans, RhMaskSpan, i);
        g_assert_true(span->first < span->end && span->end <= width && span->row < height);
        for (guint x = span->first; x < span->end; x++) {
            g_assert_cmpint(out[span->row * width + x], ==, 0); /* no pixel twice */
            out[span->row * width + x] = 1;
        }
    }
}

static double random_place(RhRandom *random, guint side)
{
    return (rh_random_uniform(random) * 1.4 - 0.2) * side;
}

/* Full turns of an outline around a place, by summing angles. */
static double turns_around(const RhPoint *points, guint count, double x, double y)
{
    double sum = 0;
    for (guint i = 0; i < count; i++) {
        RhPoint a = points[i], b = points[(i + 1) % count];
        double ax = a.x - x, ay = a.y - y, bx = b.x - x, by = b.y - y;
        sum += atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    return sum / (2 * G_PI);
}

static double distance_to_outline(const RhPoint *points, guint count, double x, double y)
{
    double nearest = INFINITY;
    for (guint i = 0; i < count; i++) {
        RhPoint a = points[i], b = points[(i + 1) % count];
        double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
        double t = square > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / square : 0;
        t = CLAMP(t, 0, 1);
        nearest = MIN(nearest, hypot(a.x + t * dx - x, a.y + t * dy - y));
    }
    return nearest;
}

static void test_polygon(void)
{
    RhRandom random;
    rh_random_init(&random, 21, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 300; trial++) {
        RhPoint points[12];
        guint8 found[WIDTH * HEIGHT];
        guint count = rh_random_below(&random, G_N_ELEMENTS(points) + 1);
        for (guint i = 0; i < count; i++)
            points[i] = (RhPoint){random_place(&random, WIDTH), random_place(&random, HEIGHT)};
        g_autoptr(GArray) spans = rh_shape_polygon(points, count, WIDTH, HEIGHT);
        spans_to_pixels(spans, WIDTH, HEIGHT, found);
        for (guint y = 0; y < HEIGHT; y++)
            for (guint x = 0; x < WIDTH; x++)
                if (distance_to_outline(points, count, x + 0.5, y + 0.5) > 1e-9)
                    g_assert_cmpint(found[y * WIDTH + x], ==,
                                    fabs(turns_around(points, count, x + 0.5, y + 0.5)) > 0.5);
    }
    const RhPoint nowhere[] = {{NAN, 0}, {10, 10}, {0, 10}};
    g_autoptr(GArray) none = rh_shape_polygon(nowhere, 3, WIDTH, HEIGHT);
    g_assert_cmpuint(none->len, ==, 0);
}

/* Two polygons that share a side leave no pixel out and have none in common, even where the side runs through
 * the middles of pixels. */
static void test_shared_sides(void)
{
    const RhPoint left[] = {{0, 0}, {10.5, 0}, {20.5, 10.5}, {20.5, 30.5}, {0, 30.5}};
    const RhPoint right[] = {{10.5, 0}, {WIDTH, 0}, {WIDTH, 30.5}, {20.5, 30.5}, {20.5, 10.5}};
    guint8 one[WIDTH * HEIGHT], other[WIDTH * HEIGHT];
    g_autoptr(GArray) a = rh_shape_polygon(left, 5, WIDTH, HEIGHT),
                      b = rh_shape_polygon(right, 5, WIDTH, HEIGHT);
    spans_to_pixels(a, WIDTH, HEIGHT, one);
    spans_to_pixels(b, WIDTH, HEIGHT, other);
    for (guint y = 0; y < HEIGHT; y++)
        for (guint x = 0; x < WIDTH; x++)
            g_assert_cmpint(one[y * WIDTH + x] + other[y * WIDTH + x], ==, y < 30);
}

static void test_rectangle_and_ellipse(void)
{
    RhRandom random;
    rh_random_init(&random, 22, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 300; trial++) {
        RhPoint a = {random_place(&random, WIDTH), random_place(&random, HEIGHT)};
        RhPoint b = {random_place(&random, WIDTH), random_place(&random, HEIGHT)};
        if (trial % 9 == 0)
            b = a;
        guint8 boxed[WIDTH * HEIGHT], round[WIDTH * HEIGHT];
        g_autoptr(GArray) rectangle = rh_shape_rectangle(a, b, WIDTH, HEIGHT);
        g_autoptr(GArray) ellipse = rh_shape_ellipse(a, b, WIDTH, HEIGHT);
        spans_to_pixels(rectangle, WIDTH, HEIGHT, boxed);
        spans_to_pixels(ellipse, WIDTH, HEIGHT, round);
        int left = (int)floor(MIN(a.x, b.x)), right = (int)floor(MAX(a.x, b.x));
        int top = (int)floor(MIN(a.y, b.y)), bottom = (int)floor(MAX(a.y, b.y));
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                gboolean inside = x >= left && x <= right && y >= top && y <= bottom;
                g_assert_cmpint(boxed[y * WIDTH + x], ==, inside);
                double dx = (2 * x + 1 - (left + right + 1)) / (right - left + 1.0);
                double dy = (2 * y + 1 - (top + bottom + 1)) / (bottom - top + 1.0);
                if (fabs(dx * dx + dy * dy - 1) > 1e-9)
                    g_assert_cmpint(round[y * WIDTH + x], ==, dx * dx + dy * dy < 1);
            }
    }
}

/* ── Flood ── */

static RhImage *steps_image(RhRandom *random, RhPixelType type)
{
    RhImage *image = rh_image_new(WIDTH, HEIGHT, type);
    for (guint y = 0; y < HEIGHT; y++)
        for (guint x = 0; x < WIDTH; x++) {
            guint value = (x / 7 + y / 5) * 9 + rh_random_below(random, 12);
            if (type == RH_PIXEL_U8)
                ((guint8 *)image->pixels)[y * WIDTH + x] = (guint8)value;
            else if (type == RH_PIXEL_U16)
                ((guint16 *)image->pixels)[y * WIDTH + x] = (guint16)value;
            else
                ((float *)image->pixels)[y * WIDTH + x] = (float)value - 40;
        }
    return image;
}

/* The region grown by passes over the whole image until nothing is added. */
static void grow_region(const RhImage *image, guint x, guint y, double tolerance, guint8 *out)
{
    const double value = rh_image_stored(image, y * WIDTH + x);
    gboolean added = TRUE;
    memset(out, 0, WIDTH * HEIGHT);
    out[y * WIDTH + x] = 1;
    while (added) {
        added = FALSE;
        for (guint place = 0; place < WIDTH * HEIGHT; place++) {
            gboolean beside = (place % WIDTH > 0 && out[place - 1]) ||
                              (place % WIDTH + 1 < WIDTH && out[place + 1]) ||
                              (place >= WIDTH && out[place - WIDTH]) ||
                              (place + WIDTH < WIDTH * HEIGHT && out[place + WIDTH]);
            if (out[place] == 0 && beside && fabs(rh_image_stored(image, place) - value) <= tolerance)
                added = out[place] = 1;
        }
    }
}

static void test_flood(void)
{
    RhRandom random;
    rh_random_init(&random, 23, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 150; trial++) {
        g_autoptr(RhImage) image = steps_image(&random, trial % 3);
        guint x = rh_random_below(&random, WIDTH), y = rh_random_below(&random, HEIGHT);
        double tolerance = rh_random_below(&random, 30);
        guint8 found[WIDTH * HEIGHT], expected[WIDTH * HEIGHT];
        g_autoptr(GArray) spans = rh_flood(image, x, y, tolerance, NULL);
        spans_to_pixels(spans, WIDTH, HEIGHT, found);
        grow_region(image, x, y, tolerance, expected);
        g_assert_cmpmem(found, sizeof found, expected, sizeof expected);
    }
}

static void test_flood_cancelled(void)
{
    g_autoptr(RhImage) image = rh_image_new(WIDTH, HEIGHT, RH_PIXEL_U8);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_cancellable_cancel(cancellable);
    g_assert_null(rh_flood(image, 3, 3, 0, cancellable));
}

/* ── Live-wire ── */

/* A bright disc on dark ground with grain. */
static RhImage *disc_image(guint side, double radius, guint grain)
{
    RhImage *image = rh_image_new(side, side, RH_PIXEL_U8);
    RhRandom random;
    rh_random_init(&random, 24, RH_PURPOSE_TEST, 0, 0);
    for (guint y = 0; y < side; y++)
        for (guint x = 0; x < side; x++) {
            gboolean inside = hypot(x + 0.5 - side / 2.0, y + 0.5 - side / 2.0) < radius;
            ((guint8 *)image->pixels)[y * side + x] =
                (guint8)((inside ? 150 : 50) + rh_random_below(&random, grain));
        }
    return image;
}

static RhPoint on_circle(guint side, double radius, double turn)
{
    return (RhPoint){side / 2.0 + radius * cos(2 * G_PI * turn), side / 2.0 + radius * sin(2 * G_PI * turn)};
}

/* From a point of the circle to one a sixth of a turn further: the chord would leave it by an eighth of the
 * radius, the way does not leave it. Large images are searched in cells and are off by as much. */
static void test_live_wire_follows_the_edge(void)
{
    static const guint sides[] = {100, 400, 3000};
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        const guint side = sides[i];
        const double radius = side * 0.35;
        g_autoptr(RhImage) image = disc_image(side, radius, 20);
        for (guint part = 0; part < 6; part++) {
            RhPoint from = on_circle(side, radius, part / 6.0),
                    to = on_circle(side, radius, (part + 1) / 6.0);
            gint64 start = g_get_monotonic_time();
            g_autoptr(RhLiveWire) wire = rh_live_wire_new(image, from, to);
            g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(RhPoint));
            g_assert_true(rh_live_wire_reaches(wire, to));
            rh_live_wire_add_path(wire, to, path);
            g_test_message("%u pixels: %.2f ms, %u points", side,
                           (double)(g_get_monotonic_time() - start) / 1e3, path->len);
            double worst = 0;
            for (guint p = 0; p < path->len; p++) {
                RhPoint point = g_array_index(path, RhPoint, p);
                worst = MAX(worst, fabs(hypot(point.x - side / 2.0, point.y - side / 2.0) - radius));
            }
            RhPoint last = g_array_index(path, RhPoint, path->len - 1);
            g_assert_true(last.x == to.x && last.y == to.y);
            g_assert_cmpfloat(worst, <, 2 + side / 100.0);
        }
    }
}

/* The way is the cheapest: on a flat image it is as short as steps of eight directions allow. */
static void test_live_wire_on_flat_ground(void)
{
    g_autoptr(RhImage) image = rh_image_new(60, 60, RH_PIXEL_U8);
    RhRandom random;
    rh_random_init(&random, 25, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 60; trial++) {
        guint x0 = rh_random_below(&random, 60), y0 = rh_random_below(&random, 60);
        guint x1 = rh_random_below(&random, 60), y1 = rh_random_below(&random, 60);
        g_autoptr(RhLiveWire) wire =
            rh_live_wire_new(image, (RhPoint){x0 + 0.5, y0 + 0.5}, (RhPoint){x1 + 0.5, y1 + 0.5});
        g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(RhPoint));
        rh_live_wire_add_path(wire, (RhPoint){x1 + 0.5, y1 + 0.5}, path);
        guint dx = x1 > x0 ? x1 - x0 : x0 - x1, dy = y1 > y0 ? y1 - y0 : y0 - y1;
        g_assert_cmpuint(path->len, ==, MAX(MAX(dx, dy), 1));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shapes/polygon", test_polygon);
    g_test_add_func("/shapes/shared-sides", test_shared_sides);
    g_test_add_func("/shapes/rectangle-and-ellipse", test_rectangle_and_ellipse);
    g_test_add_func("/flood/region", test_flood);
    g_test_add_func("/flood/cancelled", test_flood_cancelled);
    g_test_add_func("/live-wire/follows-the-edge", test_live_wire_follows_the_edge);
    g_test_add_func("/live-wire/on-flat-ground", test_live_wire_on_flat_ground);
    return g_test_run();
}
