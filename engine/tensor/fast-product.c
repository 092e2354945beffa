/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-product.h"

#include "tensor/fast-multiply.h"

/* op(A)·op(B) of matrices (linear.c), a panel of columns at a time. */

#define INNER      256 /* of a product at a time: a panel of it stays in the first level of the cache */
#define BLOCK_ROWS 112 /* of a piece */

typedef struct {
    gsize rows, columns, inner;
    const float *a, *b;
    gsize a_row,
        a_inner;  /* op(A)(row, i) at a[row·a_row + i·a_inner]; one of the two is 1, or there is one row */
    gsize b_step; /* op(B)(i, column) at b[i·b_step + column], */
    gboolean b_turned; /* or at b[column·b_step + i] */
} Matrices;

/* A single column is taken for a row, of the transposed product. */
static Matrices matrices_of(const RhNode *node)
{
    const guint *turned = node->attributes.integer;
    gsize a_length = node->inputs[0]->shape.size[1], b_length = node->inputs[1]->shape.size[1];
    Matrices m = {.rows = node->shape.size[0],
                  .columns = node->shape.size[1],
                  .inner = node->inputs[0]->shape.size[turned[0] ? 0 : 1],
                  .a_row = turned[0] ? 1 : a_length,
                  .a_inner = turned[0] ? a_length : 1,
                  .b_step = b_length,
                  .b_turned = turned[1] != 0};
    if (m.columns > 1)
        return m;
    return (Matrices){.rows = 1,
                      .columns = m.rows,
                      .inner = m.inner,
                      .a_row = 1,
                      .a_inner = m.b_turned ? 1 : b_length,
                      .b_step = a_length,
                      .b_turned = !turned[0]};
}

static gsize panels_of(const Matrices *m)
{
    return (m->columns + RH_PANEL - 1) / RH_PANEL;
}

static guint pieces(const RhNode *node)
{
    const Matrices m = matrices_of(node);
    return (guint)(panels_of(&m) * ((m.rows + BLOCK_ROWS - 1) / BLOCK_ROWS));
}

static gsize working(const RhNode *node)
{
    return (INNER + BLOCK_ROWS) * RH_PANEL;
}

/* Rows [first, first + count) of a panel of op(B), columns beyond the last 0. */
static void pack(const Matrices *m, gsize first, gsize count, gsize column, float *to)
{
    for (gsize half = 0; half < 2; half++, column += RH_LANES) {
        gsize wide = column < m->columns ? MIN(m->columns - column, RH_LANES) : 0;
        float *at = to + half * RH_LANES;
        for (gsize i = 0; i < count && !m->b_turned; i++)
            store(at + i * RH_PANEL, load_some(m->b + (first + i) * m->b_step + column, wide));
        for (gsize i = 0; i < count && m->b_turned; i += RH_LANES) {
            Vector rows[RH_LANES];
            gsize high = MIN(count - i, RH_LANES);
            for (gsize k = 0; k < RH_LANES; k++)
                rows[k] = k < wide ? load_some(m->b + (column + k) * m->b_step + first + i, high) : splat(0);
            transpose(rows);
            for (gsize k = 0; k < high; k++)
                store(at + (i + k) * RH_PANEL, rows[k]);
        }
    }
}

static void run(const RhCall *call)
{
    Matrices m = matrices_of(call->node);
    gboolean swapped = call->node->shape.size[1] == 1;
    m.a = call->inputs[swapped ? 1 : 0];
    m.b = call->inputs[swapped ? 0 : 1];
    gsize column = call->piece % panels_of(&m) * RH_PANEL, row = call->piece / panels_of(&m) * BLOCK_ROWS;
    gsize rows = MIN(BLOCK_ROWS, m.rows - row), wide = MIN(RH_PANEL, m.columns - column);
    gboolean whole = wide == RH_PANEL, direct = whole && !m.b_turned;
    float *packed = call->working, *output = (float *)call->output + row * m.columns + column;
    float *result = whole ? output : packed + INNER * RH_PANEL;
    for (gsize i = 0; i < m.inner; i += INNER) {
        Product product = {.inner = MIN(INNER, m.inner - i),
                           .a = m.a + row * m.a_row + i * m.a_inner,
                           .row_step = m.a_row,
                           .inner_step = m.a_inner,
                           .b = direct ? m.b + i * m.b_step + column : packed,
                           .b_step = direct ? m.b_step : RH_PANEL,
                           .c = result,
                           .c_step = whole ? m.columns : RH_PANEL,
                           .add = i > 0,
                           .narrow = wide <= RH_LANES};
        if (!direct)
            pack(&m, i, product.inner, column, packed);
        (m.a_inner == 1 ? multiply_rows : multiply_columns)(&product, rows);
    }
    for (gsize i = 0; i < rows && !whole; i++)
        memcpy(output + i * m.columns, result + i * RH_PANEL, wide * sizeof *output);
}

static const RhImplementation product = {
    .stages = {{pieces, {run}}},
    .working = working,
};

const RhImplementation *RH_FAST(rh_product)(const RhNode *node)
{
    return &product;
}
