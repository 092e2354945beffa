/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/fast-multiply.h"
#include "tensor/fast-private.h"

/* 3×3 convolutions of stride 1 by Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, CVPR 2016): tiles
 * of 4×4 outputs and the 6×6 inputs they see are brought to 36 positions, at each of which the convolution is
 * a matrix product over the channels, a quarter of the multiplications.
 *
 * The points of interpolation are 0, ±3/4, ±3/2 and ∞: exact in binary, and half the error of the usual 0,
 * ±1, ±2, ∞ (measured against double precision on random input).
 *
 * The gradient of the input is a convolution too, of dy with the filter turned around; the gradient of the
 * filter sums products of the transformed input and the transformed dy over the tiles. */
#define A         0.75f
#define B         1.5f
#define AA        (A * A)
#define BB        (B * B)
#define NORM_A    (1 / (2 * AA * (AA - BB)))
#define NORM_B    (1 / (2 * BB * (BB - AA)))
#define NORM_0    (1 / (AA * BB))
#define POSITIONS 36
#define TILE      4 /* outputs on a side */
#define REACH     6 /* inputs on a side */

/* Floats behind each row and each matrix of what is transformed: strides that are powers of two would meet in
 * the same places of the cache. */
#define APART 16

#define CACHE_LINE 64

/* `in` and `out` channels of images of one size, cut into tiles. */
typedef struct {
    gsize images, height, width, in, out;
    gsize down, across, tiles;
    gsize panels;    /* of the outputs */
    gboolean turned; /* the filter is out×in, turned around: gradient of the input */
} Layout;

/* Of the node's convolution, or of that which the gradient of its input is. */
static inline Layout layout_of(const RhNode *node)
{
    const gsize *from = node->inputs[0]->shape.size;
    Layout l = {.images = from[0],
                .height = from[1],
                .width = from[2],
                .in = from[3],
                .out = node->shape.size[3],
                .turned = node->operation == &rh_operation_input_gradient};
    l.down = (l.height + TILE - 1) / TILE;
    l.across = (l.width + TILE - 1) / TILE;
    l.tiles = l.images * l.down * l.across;
    l.panels = (l.out + RH_PANEL - 1) / RH_PANEL;
    return l;
}

/* Fewer channels, or fewer tiles than make up for the transformed filters, are better off without. */
#define CHANNELS_LEAST 8
#define TILES_LEAST    8

static inline gboolean suits(const Layout *l)
{
    return l->in >= CHANNELS_LEAST && l->out >= CHANNELS_LEAST && l->tiles >= TILES_LEAST;
}

/* A matrix at each position: row r of position i at `at` + i·step + r·row_step. */
typedef struct {
    float *at;
    gsize row_step, step;
} Matrices;

static inline Matrices matrices_at(gpointer at, gsize rows, gsize row_step)
{
    return (Matrices){at, row_step, rows * row_step + APART};
}

static inline gsize matrices_floats(gsize rows, gsize row_step)
{
    return POSITIONS * (rows * row_step + APART);
}

/* The row length of transformed images. */
static inline gsize image_step(gsize channels)
{
    return round_up(channels, RH_LANES) + APART;
}

/* --- one-dimensional transforms --- */

/* a·x + b·y, a times x rounded once with the sum. */
ALWAYS_INLINE Vector weigh(float a, Vector x, float b, Vector y)
{
    return multiply_add(splat(a), x, b * y);
}

/* even ± factor·odd to to[0] and to[step]. */
ALWAYS_INLINE void join(Vector even, float factor, Vector odd, Vector *to, gsize step)
{
    to[0] = multiply_add(splat(factor), odd, even);
    to[step] = subtract_product(even, splat(factor), odd);
}

ALWAYS_INLINE void input_line(const Vector d[REACH], Vector *to, gsize step)
{
    const Vector aa = splat(AA), bb = splat(BB);
    to[0] = weigh(AA * BB, d[0], -(AA + BB), d[2]) + d[4];
    join(subtract_product(d[4], bb, d[2]), A, subtract_product(d[3], bb, d[1]), &to[step], step);
    join(subtract_product(d[4], aa, d[2]), B, subtract_product(d[3], aa, d[1]), &to[3 * step], step);
    to[5 * step] = weigh(AA * BB, d[1], -(AA + BB), d[3]) + d[5];
}

/* `down`: a column, the first dimension to be transformed. Of two products that are added one is rounded by
 * itself, the second one down and the first one across; the bits of all results hang on it. */
ALWAYS_INLINE void output_line(const Vector m[REACH], Vector *to, gsize step, gboolean down)
{
    const Vector sum_a = m[1] + m[2], difference_a = m[1] - m[2];
    const Vector sum_b = m[3] + m[4], difference_b = m[3] - m[4];
    to[0] = m[0] + sum_a + sum_b;
    if (down) {
        to[step] = weigh(A, difference_a, B, difference_b);
        to[2 * step] = weigh(AA, sum_a, BB, sum_b);
        to[3 * step] = weigh(A * AA, difference_a, B * BB, difference_b) + m[5];
    } else {
        to[step] = weigh(B, difference_b, A, difference_a);
        to[2 * step] = weigh(BB, sum_b, AA, sum_a);
        to[3 * step] = weigh(B * BB, difference_b, A * AA, difference_a) + m[5];
    }
}

/* The adjoint of output_line. */
ALWAYS_INLINE void gradient_line(const Vector y[TILE], Vector *to, gsize step)
{
    const Vector aa = splat(AA), bb = splat(BB);
    to[0] = y[0];
    join(multiply_add(aa, y[2], y[0]), A, multiply_add(aa, y[3], y[1]), &to[step], step);
    join(multiply_add(bb, y[2], y[0]), B, multiply_add(bb, y[3], y[1]), &to[3 * step], step);
    to[5 * step] = y[3];
}

ALWAYS_INLINE void filter_line(const Vector g[3], Vector *to, gsize step)
{
    to[0] = NORM_0 * g[0];
    join(weigh(NORM_A, g[0], NORM_A * AA, g[2]), NORM_A * A, g[1], &to[step], step);
    join(weigh(NORM_B, g[0], NORM_B * BB, g[2]), NORM_B * B, g[1], &to[3 * step], step);
    to[5 * step] = g[2];
}

/* The adjoint of filter_line. */
ALWAYS_INLINE void filter_gradient_line(const Vector u[REACH], Vector *to, gsize step)
{
    const Vector sum_a = NORM_A * (u[1] + u[2]), sum_b = NORM_B * (u[3] + u[4]);
    to[0] = multiply_add(splat(NORM_0), u[0], sum_a) + sum_b;
    to[step] = weigh(NORM_A * A, u[1] - u[2], NORM_B * B, u[3] - u[4]);
    to[2 * step] = weigh(AA, sum_a, BB, sum_b) + u[5];
}

/* --- images to positions --- */

/* A square of pixels whose upper left corner is (top, left), which may lie outside; some of its channels. */
typedef struct {
    const float *image; /* of the first channel wanted */
    gssize top, left;
    gsize channels; /* floats from pixel to pixel */
    gsize count;    /* channels wanted, at most RH_LANES */
} Square;

/* `size` pixels of a line of the square, 0 outside of the image. */
ALWAYS_INLINE void load_line(const Layout *l, const Square *square, gssize row, const gssize size,
                             Vector *line)
{
    gssize y = square->top + row, left = square->left, width = (gssize)l->width,
           step = (gssize)square->channels;
    if (y < 0 || y >= (gssize)l->height) {
        for (gssize column = 0; column < size; column++)
            line[column] = splat(0);
    } else if (left >= 0 && left + size <= width && square->count == RH_LANES) {
        for (gssize column = 0; column < size; column++)
            line[column] = load(square->image + (y * width + left + column) * step);
    } else {
        for (gssize column = 0; column < size; column++)
            line[column] = left + column >= 0 && left + column < width
                               ? load_some(square->image + (y * width + left + column) * step, square->count)
                               : splat(0);
    }
}

static inline void transform_input(const Layout *l, const Square *square, float *to, gsize step)
{
    Vector lines[REACH][REACH], line[REACH], result[REACH];
    for (gssize row = 0; row < REACH; row++) {
        load_line(l, square, row, REACH, line);
        input_line(line, lines[row], 1);
    }
    for (gsize column = 0; column < REACH; column++) {
        for (gsize row = 0; row < REACH; row++)
            line[row] = lines[row][column];
        input_line(line, result, 1);
        for (gsize row = 0; row < REACH; row++)
            store(to + (row * REACH + column) * step, result[row]);
    }
}

static inline void transform_gradient(const Layout *l, const Square *square, float *to, gsize step)
{
    Vector lines[TILE][REACH], line[TILE], result[REACH];
    for (gssize row = 0; row < TILE; row++) {
        load_line(l, square, row, TILE, line);
        gradient_line(line, lines[row], 1);
    }
    for (gsize column = 0; column < REACH; column++) {
        for (gsize row = 0; row < TILE; row++)
            line[row] = lines[row][column];
        gradient_line(line, result, 1);
        for (gsize row = 0; row < REACH; row++)
            store(to + (row * REACH + column) * step, result[row]);
    }
}

typedef void (*Transform)(const Layout *l, const Square *square, float *to, gsize step);

/* Some channels of images. */
typedef struct {
    const float *images;
    gsize channels; /* of the images */
    gsize first, last;
} Channels;

/* Asks for the pixels of a tile that is to be transformed soon. The processor does not foresee them: lines of
 * a tile are short, and far apart. */
ALWAYS_INLINE void fetch_tile(const Layout *l, const Channels *channels, gsize tile)
{
    gsize image_tiles = l->down * l->across, place = tile % image_tiles;
    gsize top = place / l->across * TILE, left = place % l->across * TILE;
    gsize floats = (MIN(l->width - left, TILE) - 1) * channels->channels + channels->last - channels->first;
    for (gsize row = top; row < MIN(top + TILE, l->height); row++) {
        const float *from = channels->images +
                            ((tile / image_tiles * l->height + row) * l->width + left) * channels->channels +
                            channels->first;
        for (gsize i = 0; i < floats; i += CACHE_LINE / sizeof *from)
            __builtin_prefetch(from + i);
    }
}

/* Tiles [first, first + count) to the matrices' rows from `row` on; a tile's square begins `before` pixels
 * before it. */
ALWAYS_INLINE void transform_tiles(const Layout *l, const Channels *channels, Transform transform,
                                   gssize before, gsize first, gsize count, const Matrices *to, gsize row)
{
    gsize image_pixels = l->height * l->width, image_tiles = l->down * l->across;
    for (gsize tile = first; tile < first + count; tile++, row++) {
        gsize place = tile % image_tiles;
        const float *from = channels->images + tile / image_tiles * image_pixels * channels->channels;
        if (tile + 1 < l->tiles)
            fetch_tile(l, channels, tile + 1);
        for (gsize c = channels->first; c < channels->last; c += RH_LANES) {
            const Square square = {from + c, (gssize)(place / l->across * TILE) - before,
                                   (gssize)(place % l->across * TILE) - before, channels->channels,
                                   MIN(channels->last - c, RH_LANES)};
            transform(l, &square, to->at + row * to->row_step + (c - channels->first), to->step);
        }
    }
}

ALWAYS_INLINE void transform_inputs(const Layout *l, const Channels *channels, gsize first, gsize count,
                                    const Matrices *to, gsize row)
{
    transform_tiles(l, channels, transform_input, 1, first, count, to, row);
}

ALWAYS_INLINE void transform_gradients(const Layout *l, const Channels *channels, gsize first, gsize count,
                                       const Matrices *to, gsize row)
{
    transform_tiles(l, channels, transform_gradient, 0, first, count, to, row);
}

ALWAYS_INLINE Channels all_channels(const float *images, gsize channels)
{
    return (Channels){images, channels, 0, channels};
}

/* The implementation that suits the node, NULL if none does. */
const RhImplementation *RH_FAST(rh_winograd)(const RhNode *node);
const RhImplementation *RH_FAST(rh_winograd_filter)(const RhNode *node);
