/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "tensor/operation-private.h"

/* Operations along the rows of an N×K matrix. */
static guint pieces_rows(const RhNode *node)
{
    const RhShape *shape = &node->inputs[0]->shape;
    return rh_pieces_for(shape->size[0], shape->rank > 1 ? shape->size[1] * 16 : 1);
}

#define REAL           float
#define KERNEL(name)   name##_single
#define MATH(function) function##f
#include "tensor/rows-kernels.h"
#undef REAL
#undef KERNEL
#undef MATH
#define REAL           double
#define KERNEL(name)   name##_double
#define MATH(function) function
#include "tensor/rows-kernels.h"

static RhNode *derive_softmax(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_log_softmax(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_column(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_place_column(RhNode *node, guint input, RhNode *dy);

static const RhOperation operation_softmax = {
    .name = "softmax",
    .exact.stages = {{pieces_rows, {softmax_single, softmax_double}}},
    .derivative = derive_softmax,
};
static const RhOperation operation_log_softmax = {
    .name = "log softmax",
    .exact.stages = {{pieces_rows, {log_softmax_single, log_softmax_double}}},
    .derivative = derive_log_softmax,
};
static const RhOperation operation_column = {
    .name = "column",
    .exact.stages = {{pieces_rows, {column_single, column_double}}},
    .derivative = derive_column,
};
static const RhOperation operation_place_column = {
    .name = "place column",
    .exact.stages = {{pieces_rows, {place_column_single, place_column_double}}},
    .derivative = derive_place_column,
};

RhNode *rh_softmax(RhNode *x)
{
    g_assert(x->shape.rank == 2);
    return rh_node_new(&operation_softmax, x->shape, (RhAttributes){0}, 1, &x);
}

RhNode *rh_log_softmax(RhNode *x)
{
    g_assert(x->shape.rank == 2);
    return rh_node_new(&operation_log_softmax, x->shape, (RhAttributes){0}, 1, &x);
}

RhNode *rh_column(RhNode *x, guint column)
{
    g_assert(x->shape.rank == 2 && column < x->shape.size[1]);
    return rh_node_new(&operation_column, RH_SHAPE(x->shape.size[0]), (RhAttributes){.integer = {column}}, 1,
                       &x);
}

/* An N×K matrix of zeros but for one column: the adjoint of rh_column. */
static RhNode *place_column(RhNode *x, guint column, RhShape shape)
{
    return rh_node_new(&operation_place_column, shape, (RhAttributes){.integer = {column}}, 1, &x);
}

static RhNode *row_sums(RhNode *x)
{
    return rh_sum_to(x, RH_SHAPE(x->shape.size[0], 1));
}

static RhNode *derive_softmax(RhNode *node, guint input, RhNode *dy)
{
    return rh_multiply(node, rh_subtract(dy, row_sums(rh_multiply(dy, node))));
}

static RhNode *derive_log_softmax(RhNode *node, guint input, RhNode *dy)
{
    return rh_subtract(dy, rh_multiply(rh_softmax(node->inputs[0]), row_sums(dy)));
}

static RhNode *derive_column(RhNode *node, guint input, RhNode *dy)
{
    return place_column(dy, node->attributes.integer[0], node->inputs[0]->shape);
}

static RhNode *derive_place_column(RhNode *node, guint input, RhNode *dy)
{
    return rh_column(dy, node->attributes.integer[0]);
}
