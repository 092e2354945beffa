/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-product.h"

#include "tensor/fast-multiply.h"

/* op(A)·op(B) of matrices (linear.c), a panel of columns at a time. */

#define INNER      256 /* of a product at a time: a panel of it stays in the first level of the cache */
#define BLOCK_ROWS 112 /* of a piece */
#define WORKING    ((INNER + BLOCK_ROWS) * RH_PANEL)

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
    return WORKING;
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

/* Rows [row, row + rows) of the panel at `column`, at most BLOCK_ROWS of them, to `output`, where they lie
 * `output_step` apart; add: to what is there. In the exact way the sums are those of tensor/matrix.h. */
ALWAYS_INLINE void multiply_block(const Matrices *m, const gboolean exact, gsize row, gsize rows,
                                  gsize column, gboolean add, float *output, gsize output_step,
                                  float *working)
{
    gsize wide = MIN(RH_PANEL, m->columns - column);
    gboolean whole = wide == RH_PANEL, direct = whole && !m->b_turned && !exact;
    float *result = whole ? output : working + INNER * RH_PANEL;
    for (gsize i = 0; i < rows && add && !whole; i++)
        memcpy(result + i * RH_PANEL, output + i * output_step, wide * sizeof *output);
    for (gsize i = 0; i < m->inner; i += INNER) {
        Product product = {.inner = MIN(INNER, m->inner - i),
                           .a = m->a + row * m->a_row + i * m->a_inner,
                           .row_step = m->a_row,
                           .inner_step = m->a_inner,
                           .b = direct ? m->b + i * m->b_step + column : working,
                           .b_step = direct ? m->b_step : RH_PANEL,
                           .c = result,
                           .c_step = whole ? output_step : RH_PANEL,
                           .add = add || i > 0,
                           .narrow = wide <= RH_LANES};
        if (!direct)
            pack(m, i, product.inner, column, working);
        if (exact)
            (m->a_inner == 1 ? multiply_rows_exactly : multiply_columns_exactly)(&product, rows);
        else
            (m->a_inner == 1 ? multiply_rows : multiply_columns)(&product, rows);
    }
    for (gsize i = 0; i < rows && !whole; i++)
        memcpy(output + i * output_step, result + i * RH_PANEL, wide * sizeof *output);
}

static void run(const RhCall *call)
{
    Matrices m = matrices_of(call->node);
    gboolean swapped = call->node->shape.size[1] == 1;
    m.a = call->inputs[swapped ? 1 : 0];
    m.b = call->inputs[swapped ? 0 : 1];
    gsize column = call->piece % panels_of(&m) * RH_PANEL, row = call->piece / panels_of(&m) * BLOCK_ROWS;
    float *output = (float *)call->output + row * m.columns + column;
    multiply_block(&m, FALSE, row, MIN(BLOCK_ROWS, m.rows - row), column, FALSE, output, m.columns,
                   call->working);
}

static const RhImplementation product = {
    .stages = {{pieces, {run}}},
    .working = working,
};

const RhImplementation *RH_FAST(rh_product)(const RhNode *node)
{
    return &product;
}

void RH_FAST(rh_multiply_exactly)(gboolean transpose_a, gboolean transpose_b, gsize rows, gsize columns,
                                  gsize inner, const float *a, gsize lda, const float *b, gsize ldb,
                                  gboolean add, float *c, gsize ldc)
{
    const Matrices m = {.rows = rows,
                        .columns = columns,
                        .inner = inner,
                        .a = a,
                        .b = b,
                        .a_row = transpose_a ? 1 : lda,
                        .a_inner = transpose_a ? lda : 1,
                        .b_step = ldb,
                        .b_turned = transpose_b};
    float working[WORKING];
    for (gsize column = 0; column < columns; column += RH_PANEL)
        for (gsize row = 0; row < rows; row += BLOCK_ROWS)
            multiply_block(&m, TRUE, row, MIN(BLOCK_ROWS, rows - row), column, add, c + row * ldc + column,
                           ldc, working);
}
