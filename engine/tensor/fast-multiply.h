/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/fast-vector.h"

/* Matrix products whose columns are a panel of RH_PANEL = 2 vectors. A register tile of RH_TILE_ROWS rows and
 * one panel is summed up over the whole inner dimension before it is stored. */
#define RH_PANEL (2 * RH_LANES)

/* Where the operands lie: a(row, i) at a[row·row_step + i·inner_step], b(i, ·) at b + i·b_step, c(row, ·) at
 * c + row·c_step. */
typedef struct {
    gsize inner;
    const float *a;
    gsize row_step, inner_step;
    const float *b;
    gsize b_step;
    float *c;
    gsize c_step;
    gboolean add;    /* to what c holds */
    gboolean narrow; /* only the first vector of the panel is wanted, the other one is not written */
} Product;

/* What the compiler is told of a product, so that it makes code for just that. */
typedef struct {
    int vectors;     /* of a panel that are wanted: 2, or the first one only */
    gboolean apart;  /* rows of b lie far apart, and are asked for in advance */
    gboolean turned; /* a's values of a column lie side by side, not those of a row */
    gboolean exact;  /* a product is rounded before it is added, on every processor */
} Shape;

#define B_AHEAD 12 /* rows */

ALWAYS_INLINE void multiply_tile(const int rows, const Shape shape, const Product *product, const float *a,
                                 float *c)
{
    gsize row_step = shape.turned ? 1 : product->row_step,
          inner_step = shape.turned ? product->inner_step : 1;
    Vector sum[RH_TILE_ROWS][2];
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int v = 0; v < shape.vectors; v++)
            sum[r][v] = product->add ? load(c + (gsize)r * product->c_step + v * RH_LANES) : splat(0);
    const float *b = product->b;
    for (gsize i = 0; i < product->inner; i++, a += inner_step, b += product->b_step) {
        Vector own[2];
#pragma GCC unroll 2
        for (int v = 0; v < shape.vectors; v++) {
            own[v] = load(b + v * RH_LANES);
            if (shape.apart)
                __builtin_prefetch(b + B_AHEAD * product->b_step + v * RH_LANES);
        }
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++) {
            const Vector factor = splat(a[(gsize)r * row_step]);
#pragma GCC unroll 2
            for (int v = 0; v < shape.vectors; v++)
                sum[r][v] =
                    shape.exact ? sum[r][v] + factor * own[v] : multiply_add(factor, own[v], sum[r][v]);
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int v = 0; v < shape.vectors; v++)
            store(c + (gsize)r * product->c_step + v * RH_LANES, sum[r][v]);
}

/* A case for each number of rows, so that the sums are registers. */
ALWAYS_INLINE void multiply_some(gsize rows, const Shape shape, const Product *product, const float *a,
                                 float *c)
{
    switch (rows) {
#define CASE(n)                                                                                              \
    case n:                                                                                                  \
        multiply_tile(MIN(n, RH_TILE_ROWS), shape, product, a, c);                                           \
        break;
        CASE(1)
        CASE(2)
        CASE(3)
        CASE(4)
        CASE(5)
        CASE(6)
#if RH_TILE_ROWS > 6
        CASE(7)
        CASE(8)
        CASE(9)
        CASE(10)
        CASE(11)
        CASE(12)
        CASE(13)
        CASE(14)
#endif
#undef CASE
    default:
        g_assert_not_reached();
    }
}

/* Tiles of nearly the same number of rows: one of few rows would wait for its own sums. */
ALWAYS_INLINE void multiply_shape(const Shape shape, const Product *product, gsize rows)
{
    gsize tiles = (rows + RH_TILE_ROWS - 1) / RH_TILE_ROWS, a_step = shape.turned ? 1 : product->row_step;
    for (gsize tile = 0, first = 0; tile < tiles; tile++) {
        gsize last = rows * (tile + 1) / tiles;
        multiply_some(last - first, shape, product, product->a + first * a_step,
                      product->c + first * product->c_step);
        first = last;
    }
}

#define MULTIPLY(name, ...)                                                                                  \
    static void name(const Product *product, gsize rows)                                                     \
    {                                                                                                        \
        multiply_shape((Shape){__VA_ARGS__}, product, rows);                                                 \
    }
#define MULTIPLY_BOTH(name, ...)                                                                             \
    MULTIPLY(name##_narrow, 1, __VA_ARGS__)                                                                  \
    MULTIPLY(name##_wide, 2, __VA_ARGS__)                                                                    \
    static inline void name(const Product *product, gsize rows)                                              \
    {                                                                                                        \
        (product->narrow ? name##_narrow : name##_wide)(product, rows);                                      \
    }

MULTIPLY_BOTH(multiply_rows, FALSE, FALSE)
MULTIPLY_BOTH(multiply_rows_apart, TRUE, FALSE)
MULTIPLY_BOTH(multiply_columns, FALSE, TRUE)
MULTIPLY_BOTH(multiply_rows_exactly, FALSE, FALSE, TRUE)
MULTIPLY_BOTH(multiply_columns_exactly, FALSE, TRUE, TRUE)

/* Values [start, end) of the sum of `parts` arrays of `count` values each, in order. */
static inline void sum_parts(const float *values, gsize parts, gsize count, gsize start, gsize end, float *to)
{
    for (gsize i = start; i < end; i += RH_LANES) {
        gsize some = MIN(end - i, RH_LANES);
        Vector sum = load_some(values + i, some);
        for (gsize part = 1; part < parts; part++)
            sum += load_some(values + part * count + i, some);
        store_some(to + i, sum, some);
    }
}
