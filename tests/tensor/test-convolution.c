/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The convolution and its two gradients against plain loops over every product of the trilinear form. */
#include <math.h>

#include "bench.h"

typedef struct {
    guint images, height, width, channels, outputs, kernel, stride, padding;
} Geometry;

static guint out_size(guint size, const Geometry *g)
{
    return (size + 2 * g->padding - g->kernel) / g->stride + 1;
}

static RhShape x_shape(const Geometry *g)
{
    return RH_SHAPE(g->images, g->height, g->width, g->channels);
}

static RhShape filter_shape(const Geometry *g)
{
    return RH_SHAPE(g->kernel, g->kernel, g->channels, g->outputs);
}

static RhShape y_shape(const Geometry *g)
{
    return RH_SHAPE(g->images, out_size(g->height, g), out_size(g->width, g), g->outputs);
}

/* x, filter and y (or its gradient) as double, and what the plain loops make of the three. */
typedef struct {
    double *x, *filter, *y;
    double *y_sum, *x_sum, *filter_sum;
} Loops;

static double *operand(const RhBench *bench, guint which)
{
    gsize count = rh_shape_count(rh_parameters_get(bench->values, which)->shape);
    double *values = g_new(double, count);
    for (gsize i = 0; i < count; i++)
        values[i] = rh_bench_operand(bench, which, i);
    return values;
}

static void loops_init(Loops *loops, const RhBench *bench, const Geometry *g)
{
    loops->x = operand(bench, 0);
    loops->filter = operand(bench, 1);
    loops->y = operand(bench, 2);
    loops->x_sum = g_new0(double, rh_shape_count(x_shape(g)));
    loops->filter_sum = g_new0(double, rh_shape_count(filter_shape(g)));
    loops->y_sum = g_new0(double, rh_shape_count(y_shape(g)));
}

static void loops_clear(Loops *loops)
{
    double *all[] = {loops->x, loops->filter, loops->y, loops->x_sum, loops->filter_sum, loops->y_sum};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        g_free(all[i]);
}

/* All products of one pixel of x, one tap and one pixel of y, given by where their values begin. */
static void add_products(Loops *loops, const Geometry *g, gsize x, gsize filter, gsize y)
{
    for (guint c = 0; c < g->channels; c++)
        for (guint o = 0; o < g->outputs; o++) {
            gsize f = filter + c * g->outputs + o;
            loops->y_sum[y + o] += loops->x[x + c] * loops->filter[f];
            loops->x_sum[x + c] += loops->y[y + o] * loops->filter[f];
            loops->filter_sum[f] += loops->x[x + c] * loops->y[y + o];
        }
}

static void add_window(Loops *loops, const Geometry *g, guint image, guint row, guint column)
{
    gsize y = ((image * out_size(g->height, g) + row) * out_size(g->width, g) + column) * g->outputs;
    for (guint i = 0; i < g->kernel; i++)
        for (guint j = 0; j < g->kernel; j++) {
            gint from_top = (gint)(row * g->stride + i) - (gint)g->padding;
            gint from_left = (gint)(column * g->stride + j) - (gint)g->padding;
            if (from_top < 0 || from_top >= (gint)g->height || from_left < 0 || from_left >= (gint)g->width)
                continue;
            gsize x = ((image * g->height + (guint)from_top) * g->width + (guint)from_left) * g->channels;
            add_products(loops, g, x, (i * g->kernel + j) * g->channels * g->outputs, y);
        }
}

static void loops_run(Loops *loops, const Geometry *g)
{
    for (guint image = 0; image < g->images; image++)
        for (guint row = 0; row < out_size(g->height, g); row++)
            for (guint column = 0; column < out_size(g->width, g); column++)
                add_window(loops, g, image, row, column);
}

static void check(RhBench *bench, gconstpointer data)
{
    const Geometry *g = data;
    Loops loops;
    RhNode *x = rh_bench_random(bench, x_shape(g), -1, 1);
    RhNode *filter = rh_bench_random(bench, filter_shape(g), -1, 1);
    RhNode *y = rh_bench_random(bench, y_shape(g), -1, 1);
    loops_init(&loops, bench, g);
    loops_run(&loops, g);
    g_autofree char *what =
        g_strdup_printf("%u×%u×%u×%u, filter %u×%u to %u, stride %u, padding %u", g->images, g->height,
                        g->width, g->channels, g->kernel, g->kernel, g->outputs, g->stride, g->padding);
    rh_bench_check(bench, what, rh_convolution(x, filter, g->stride, g->padding), loops.y_sum);
    rh_bench_check(bench, what, rh_convolution_input_gradient(y, filter, x_shape(g), g->stride, g->padding),
                   loops.x_sum);
    rh_bench_check(bench, what, rh_convolution_filter_gradient(x, y, filter_shape(g), g->stride, g->padding),
                   loops.filter_sum);
    loops_clear(&loops);
}

static const struct {
    const char *name;
    guint kernel, stride, padding;
} windows[] = {
    {"point", 1, 1, 0},
    {"point-strided", 1, 2, 0},
    {"three", 3, 1, 1},
    {"three-strided", 3, 2, 1},
    {"three-unpadded", 3, 1, 0},
    {"three-strided-unpadded", 3, 2, 0},
    {"even", 2, 2, 0},
    {"five", 5, 1, 2},
    {"five-strided", 5, 2, 2},
    {"far-padding", 3, 1, 4},
    {"far-padding-strided", 3, 2, 4},
};

/* Every odd size and a few channels; the width is another than the height. */
static void test_window(gconstpointer data)
{
    const guint channels[] = {1, 3, 17}, which = GPOINTER_TO_UINT(data);
    for (guint size = 1; size <= 9; size += 2)
        for (guint c = 0; c < G_N_ELEMENTS(channels); c++) {
            Geometry g = {3,
                          size,
                          10 - size,
                          channels[c],
                          channels[2 - c] + 1,
                          windows[which].kernel,
                          windows[which].stride,
                          windows[which].padding};
            if (size + 2 * g.padding >= g.kernel && g.width + 2 * g.padding >= g.kernel)
                rh_bench_run(check, &g);
        }
}

/* The ways to cut large work: many rows of windows, filters that are taken tap by tap, channels in blocks. */
static const struct {
    const char *name;
    Geometry geometry;
} large[] = {
    {"many-rows", {19, 33, 31, 3, 4, 3, 1, 1}},
    {"one-image", {1, 65, 63, 1, 3, 5, 2, 2}},
    {"filter-by-taps", {2, 5, 3, 96, 80, 3, 1, 1}},
    {"large-filter", {3, 5, 5, 128, 130, 3, 1, 1}},
    {"large-filter-strided", {3, 9, 7, 129, 130, 3, 2, 1}},
    {"large-filter-many-rows", {5, 15, 14, 150, 900, 1, 1, 0}},
    {"large-point-filter", {3, 5, 7, 260, 530, 1, 2, 0}},
    {"blocks-of-channels", {2, 3, 3, 520, 30, 3, 1, 1}},
};

static void test_large(gconstpointer data)
{
    rh_bench_run(check, data);
}

/* 1 2 3 / 4 5 6 / 7 8 9 with a window of 1 2 / 3 4. */
static void check_by_hand(RhBench *bench, gconstpointer data)
{
    const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, filter[] = {1, 2, 3, 4};
    RhNode *image = rh_bench_given(bench, RH_SHAPE(1, 3, 3, 1), x);
    RhNode *window = rh_bench_given(bench, RH_SHAPE(2, 2, 1, 1), filter);
    const double plain[] = {1 + 4 + 12 + 20, 2 + 6 + 15 + 24, 4 + 10 + 21 + 32, 5 + 12 + 24 + 36};
    const double padded[] = {4, 3 * 2 + 4 * 3, 2 * 4 + 4 * 7, 5 + 12 + 24 + 36};
    rh_bench_check(bench, "by hand", rh_convolution(image, window, 1, 0), plain);
    rh_bench_check(bench, "padded, by hand", rh_convolution(image, window, 2, 1), padded);
}

static void test_by_hand(void)
{
    rh_bench_run(check_by_hand, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/convolution/by-hand", test_by_hand);
    for (guint i = 0; i < G_N_ELEMENTS(windows); i++) {
        g_autofree char *path = g_strconcat("/convolution/window/", windows[i].name, NULL);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_window);
    }
    for (guint i = 0; i < G_N_ELEMENTS(large); i++) {
        g_autofree char *path = g_strconcat("/convolution/large/", large[i].name, NULL);
        g_test_add_data_func(path, &large[i].geometry, test_large);
    }
    return g_test_run();
}
