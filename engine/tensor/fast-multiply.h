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
    gboolean add; /* to what c holds */
} Product;

/* Rows of b to ask for in advance where they lie far apart. */
#define B_AHEAD 12

ALWAYS_INLINE void multiply_tile(const int rows, const Product *product, gboolean apart, gsize inner_step,
                                 gsize row_step, const float *a, float *c)
{
    Vector sum[RH_TILE_ROWS][2];
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
        sum[r][0] = product->add ? load(c + (gsize)r * product->c_step) : splat(0);
        sum[r][1] = product->add ? load(c + (gsize)r * product->c_step + RH_LANES) : splat(0);
    }
    const float *b = product->b;
    for (gsize i = 0; i < product->inner; i++, a += inner_step, b += product->b_step) {
        const Vector b0 = load(b), b1 = load(b + RH_LANES);
        if (apart) {
            __builtin_prefetch(b + B_AHEAD * product->b_step);
            __builtin_prefetch(b + B_AHEAD * product->b_step + RH_LANES);
        }
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++) {
            const Vector factor = splat(a[(gsize)r * row_step]);
            sum[r][0] += factor * b0;
            sum[r][1] += factor * b1;
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
        store(c + (gsize)r * product->c_step, sum[r][0]);
        store(c + (gsize)r * product->c_step + RH_LANES, sum[r][1]);
    }
}

/* A case for each number of rows, so that the sums are registers. */
ALWAYS_INLINE void multiply_some(gsize rows, const Product *product, gboolean apart, gsize inner_step,
                                 gsize row_step, const float *a, float *c)
{
    switch (rows) {
#define CASE(n)                                                                                              \
    case n:                                                                                                  \
        multiply_tile(MIN(n, RH_TILE_ROWS), product, apart, inner_step, row_step, a, c);                     \
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
#define FOR_TILES(rows, first, count)                                                                        \
    for (gsize tiles_ = ((rows) + RH_TILE_ROWS - 1) / RH_TILE_ROWS, tile_ = 0, first = 0, count;             \
         tile_ < tiles_ && (count = (rows) * (tile_ + 1) / tiles_ - first, TRUE); first += count, tile_++)

/* a's values of a row lie side by side. */
static inline void multiply_rows(const Product *product, gsize rows)
{
    FOR_TILES(rows, first, count)
    multiply_some(count, product, FALSE, 1, product->row_step, product->a + first * product->row_step,
                  product->c + first * product->c_step);
}

/* The same where b has come from afar: its rows are asked for in advance. */
static inline void multiply_rows_apart(const Product *product, gsize rows)
{
    FOR_TILES(rows, first, count)
    multiply_some(count, product, TRUE, 1, product->row_step, product->a + first * product->row_step,
                  product->c + first * product->c_step);
}

/* a's values of a column lie side by side: a transposed operand. */
static inline void multiply_columns(const Product *product, gsize rows)
{
    FOR_TILES(rows, first, count)
    multiply_some(count, product, FALSE, product->inner_step, 1, product->a + first,
                  product->c + first * product->c_step);
}

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
