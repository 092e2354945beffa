/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/map-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* The windows of an image: a grid of `rows`×`columns` squares whose corners lie `stride` apart, cut off at
 * the edge. */
typedef struct {
    guint height, width, window, stride, rows, columns;
} Grid;

typedef struct {
    guint top, left, bottom, right; /* bottom and right: the first outside */
} Square;

/* 2 at 28 pixels and 15 at 224, the sizes of the paper, on a straight line in between and beyond. */
static guint default_window(guint height, guint width)
{
    double side = MIN(height, width);
    return (guint)MAX(1, lround(2 + (side - 28) * (15 - 2) / (224 - 28)));
}

static Grid make_grid(const RhMapSettings *settings, guint height, guint width)
{
    Grid grid = {.height = height, .width = width};
    grid.window = settings->window > 0 ? settings->window : default_window(height, width);
    grid.stride = settings->stride > 0 ? settings->stride : grid.window;
    grid.rows = (height - 1) / grid.stride + 1;
    grid.columns = (width - 1) / grid.stride + 1;
    return grid;
}

static Square grid_square(const Grid *grid, guint index)
{
    guint top = index / grid->columns * grid->stride, left = index % grid->columns * grid->stride;
    return (Square){top, left, top + MIN(grid->window, grid->height - top),
                    left + MIN(grid->window, grid->width - left)};
}

/* Hides a window and says whether that changed anything. */
static gboolean hide(const Grid *grid, Square square, float fill, float *image)
{
    gboolean changed = FALSE;
    for (guint y = square.top; y < square.bottom; y++)
        for (guint x = square.left; x < square.right; x++) {
            float *pixel = &image[(gsize)y * grid->width + x];
            changed |= *pixel != fill;
            *pixel = fill;
        }
    return changed;
}

static void add(const Grid *grid, Square square, double lost, double *total, guint *covered)
{
    for (guint y = square.top; y < square.bottom; y++)
        for (guint x = square.left; x < square.right; x++) {
            total[(gsize)y * grid->width + x] += lost;
            covered[(gsize)y * grid->width + x]++;
        }
}

/* Fills up to `batch` images, each with the next window hidden that changes it, and moves `next` on. The
 * others lose exactly nothing and need no pass through the network. */
static guint hide_windows(const RhMapRequest *request, const Grid *grid, guint *next, guint batch,
                          float *images, guint *windows)
{
    gsize pixels = rh_map_pixels(request);
    guint n = 0;
    for (; n < batch && *next < grid->rows * grid->columns; ++*next) {
        float *image = images + n * pixels;
        memcpy(image, request->image, pixels * sizeof *image);
        windows[n] = *next;
        n += hide(grid, grid_square(grid, *next), (float)request->settings.fill, image);
    }
    return n;
}

/* lost[w]: what the score of class 1 loses when window w is hidden. */
static gboolean measure(const RhMapRequest *request, const Grid *grid, double *lost, GError **error)
{
    guint batch = rh_evaluator_batch(request->evaluator), count = grid->rows * grid->columns;
    g_autofree float *images = g_new(float, batch *rh_map_pixels(request)), *logits = g_new(float, 2 * batch);
    g_autofree guint *windows = g_new(guint, batch);
    if (!rh_evaluator_reserve(request->evaluator, batch, FALSE, error) ||
        !rh_evaluator_reserve(request->evaluator, MIN(count, batch), FALSE, error) ||
        !rh_evaluator_reserve(request->evaluator, 1, FALSE, error))
        return FALSE;
    rh_evaluator_logits(request->evaluator, request->image, 1, logits);
    double whole = logits[1];
    for (guint next = 0; next < count;) {
        if (!rh_map_go_on(request, (double)next / count, error))
            return FALSE;
        guint n = hide_windows(request, grid, &next, batch, images, windows);
        if (n > 0)
            rh_evaluator_logits(request->evaluator, images, n, logits);
        for (guint k = 0; k < n; k++)
            lost[windows[k]] = whole - logits[2 * k + 1];
    }
    return rh_map_go_on(request, 1, error);
}

/* Zeiler, Fergus (2014). A pixel under several windows gets the mean of what they lose, one under none 0. */
static gboolean compute(const RhMapRequest *request, float *map, GError **error)
{
    gsize pixels = rh_map_pixels(request);
    Grid grid = make_grid(&request->settings, rh_evaluator_height(request->evaluator),
                          rh_evaluator_width(request->evaluator));
    guint count = grid.rows * grid.columns;
    g_autofree double *lost = g_new0(double, count), *total = g_new0(double, pixels);
    g_autofree guint *covered = g_new0(guint, pixels);
    if (!measure(request, &grid, lost, error))
        return FALSE;
    for (guint window = 0; window < count; window++)
        add(&grid, grid_square(&grid, window), lost[window], total, covered);
    for (gsize i = 0; i < pixels; i++)
        map[i] = covered[i] > 0 ? (float)(total[i] / covered[i]) : 0;
    return TRUE;
}

/* The number of windows falls with the square of their side. */
static void coarsen(RhMapSettings *settings, guint height, guint width, double effort)
{
    guint window = (guint)lround(default_window(height, width) / sqrt(effort));
    settings->window = settings->stride = MIN(window, MIN(height, width));
}

const RhMapKind rh_map_occlusion = {
    .id = "occlusion",
    .title = N_("Occlusion"),
    .description = N_("What the score of class 1 loses when a small window is hidden"),
    .smoothed = FALSE,
    .compute = compute,
    .coarsen = coarsen,
};
