/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-private.h"
#include "tensor/matrix.h"
#include "tensor/operation-private.h"

/* op(A)·op(B) of matrices, cut into blocks of rows. attributes.integer: transpose A, transpose B. */
static gsize inner_size(const RhNode *node)
{
    return node->inputs[0]->shape.size[node->attributes.integer[0] ? 0 : 1];
}

static guint product_pieces(const RhNode *node)
{
    gsize cost = node->shape.size[1] * inner_size(node) / 8;
    return MIN(rh_pieces_for(node->shape.size[0], cost), 16);
}

static double product_operations(const RhNode *node)
{
    return 2.0 * (double)rh_shape_count(node->shape) * (double)inner_size(node);
}

#define PRODUCT(name, REAL, multiply)                                                                        \
    static void name(const RhCall *call)                                                                     \
    {                                                                                                        \
        const RhNode *node = call->node;                                                                     \
        gboolean transpose_a = node->attributes.integer[0] != 0,                                             \
                 transpose_b = node->attributes.integer[1] != 0;                                             \
        gsize lda = node->inputs[0]->shape.size[1], ldb = node->inputs[1]->shape.size[1];                    \
        gsize columns = node->shape.size[1];                                                                 \
        gsize start = rh_piece_start(node->shape.size[0], call->piece, call->pieces);                        \
        gsize end = rh_piece_start(node->shape.size[0], call->piece + 1, call->pieces);                      \
        const REAL *a = call->inputs[0];                                                                     \
        multiply(transpose_a, transpose_b, end - start, columns, inner_size(node),                           \
                 a + (transpose_a ? start : start * lda), lda, call->inputs[1], ldb, FALSE,                  \
                 (REAL *)call->output + start * columns, columns);                                           \
    }

PRODUCT(product_single, float, rh_matrix_multiply_single)
PRODUCT(product_double, double, rh_matrix_multiply_double)

static const RhImplementation *fast_product(const RhFastKernels *kernels, const RhNode *node)
{
    return kernels->product(node);
}

static RhNode *derive_product(RhNode *node, guint input, RhNode *dy);

static const RhOperation operation_product = {
    .name = "matrix product",
    .exact.stages = {{product_pieces, {product_single, product_double}}},
    .derivative = derive_product,
    .fast = fast_product,
    .operations = product_operations,
};

RhNode *rh_matrix_product(RhNode *a, gboolean transpose_a, RhNode *b, gboolean transpose_b)
{
    g_assert(a->shape.rank == 2 && b->shape.rank == 2);
    g_assert(a->shape.size[transpose_a ? 0 : 1] == b->shape.size[transpose_b ? 1 : 0]);
    RhShape shape = RH_SHAPE(a->shape.size[transpose_a ? 1 : 0], b->shape.size[transpose_b ? 0 : 1]);
    RhNode *inputs[] = {a, b};
    return rh_node_new(&operation_product, shape,
                       (RhAttributes){.integer = {transpose_a ? 1 : 0, transpose_b ? 1 : 0}}, 2, inputs);
}

/* With P = op(A)·op(B): the gradient of op(A) is dP·op(B)ᵀ, of op(B) op(A)ᵀ·dP; a transposed operand takes
 * the transposed product. */
static RhNode *derive_product(RhNode *node, guint input, RhNode *dy)
{
    RhNode *a = node->inputs[0], *b = node->inputs[1];
    gboolean transpose_a = node->attributes.integer[0] != 0, transpose_b = node->attributes.integer[1] != 0;
    if (input == 0)
        return transpose_a ? rh_matrix_product(b, transpose_b, dy, TRUE)
                           : rh_matrix_product(dy, FALSE, b, !transpose_b);
    return transpose_b ? rh_matrix_product(dy, TRUE, a, transpose_a)
                       : rh_matrix_product(a, !transpose_a, dy, FALSE);
}
