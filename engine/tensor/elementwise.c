/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "base/vector.h"
#include "tensor/operation-private.h"

static gsize row_length(const RhNode *node)
{
    return node->shape.rank > 1 ? node->shape.size[node->shape.rank - 1] : 1;
}

#define REAL           float
#define KERNEL(name)   name##_single
#define MATH(function) function##f
#include "tensor/elementwise-kernels.h"
#undef REAL
#undef KERNEL
#undef MATH
#define REAL           double
#define KERNEL(name)   name##_double
#define MATH(function) function
#include "tensor/elementwise-kernels.h"

guint rh_pieces_for(gsize count, gsize cost)
{
    gsize pieces = (count * MAX(cost, 1) + 32767) / 32768;
    return (guint)CLAMP(pieces, 1, MAX(1, MIN(count, 256)));
}

guint rh_row_pieces(RhShape images)
{
    gsize row = images.rank > 0 ? images.size[images.rank - 1] : 1;
    return rh_pieces_for(rh_shape_count(images) / MAX(row, 1), row);
}

static guint pieces_cheap(const RhNode *node)
{
    return node->shape.rank > 1 ? rh_row_pieces(node->shape) : rh_pieces_for(rh_shape_count(node->shape), 1);
}

static guint pieces_dear(const RhNode *node)
{
    return rh_pieces_for(rh_shape_count(node->shape), 16);
}

#define OPERATION(id, text, pieces_function, derivative_function)                                            \
    static RhNode *derivative_function(RhNode *node, guint input, RhNode *dy);                               \
    static const RhOperation operation_##id = {                                                              \
        .name = text,                                                                                        \
        .exact.stages = {{pieces_function, {id##_single, id##_double}}},                                     \
        .derivative = derivative_function,                                                                   \
        .elementwise = TRUE,                                                                                 \
    };

/* Piecewise constant: its derivative is zero wherever there is one. */
#define FLAT_OPERATION(id, text)                                                                             \
    static const RhOperation operation_##id = {                                                              \
        .name = text,                                                                                        \
        .exact.stages = {{pieces_cheap, {id##_single, id##_double}}},                                        \
        .elementwise = TRUE,                                                                                 \
    };

OPERATION(add, "add", pieces_cheap, derive_add)
OPERATION(subtract, "subtract", pieces_cheap, derive_subtract)
OPERATION(multiply, "multiply", pieces_cheap, derive_multiply)
OPERATION(divide, "divide", pieces_cheap, derive_divide)
OPERATION(gate, "gate", pieces_cheap, derive_gate)
OPERATION(scale, "scale", pieces_cheap, derive_scale)
OPERATION(offset, "offset", pieces_cheap, derive_offset)
OPERATION(square_root, "square root", pieces_cheap, derive_square_root)
OPERATION(reciprocal, "reciprocal", pieces_cheap, derive_reciprocal)
OPERATION(absolute, "absolute", pieces_cheap, derive_absolute)
OPERATION(relu, "relu", pieces_cheap, derive_relu)
OPERATION(exponential, "exponential", pieces_dear, derive_exponential)
OPERATION(logarithm, "logarithm", pieces_dear, derive_logarithm)
OPERATION(sigmoid, "sigmoid", pieces_dear, derive_sigmoid)
OPERATION(softplus, "softplus", pieces_dear, derive_softplus)
FLAT_OPERATION(sign, "sign")
FLAT_OPERATION(step, "step")

const RhOperation rh_operation_constant = {
    .name = "constant",
    .exact.stages = {{pieces_cheap, {constant_single, constant_double}}},
};

/* NumPy's rule for the shape of a result: aligned at the right, sizes of one repeat. */
static RhShape common_shape(RhShape a, RhShape b)
{
    RhShape shape = {.rank = MAX(a.rank, b.rank)};
    for (guint i = 0; i < shape.rank; i++) {
        gsize size_a = i < a.rank ? a.size[a.rank - 1 - i] : 1;
        gsize size_b = i < b.rank ? b.size[b.rank - 1 - i] : 1;
        g_assert(size_a == size_b || size_a == 1 || size_b == 1);
        shape.size[shape.rank - 1 - i] = size_a == 1 ? size_b : size_a;
    }
    return shape;
}

static RhNode *binary(const RhOperation *operation, RhNode *a, RhNode *b)
{
    RhShape shape = common_shape(a->shape, b->shape);
    RhNode *inputs[] = {rh_broadcast(a, shape), rh_broadcast(b, shape)};
    return rh_node_new(operation, shape, (RhAttributes){0}, 2, inputs);
}

static RhNode *unary(const RhOperation *operation, RhNode *x, double factor)
{
    return rh_node_new(operation, x->shape, (RhAttributes){.real = factor}, 1, &x);
}

static gboolean is_constant(const RhNode *node, double value)
{
    return node->operation == &rh_operation_constant && node->attributes.real == value;
}

RhNode *rh_add(RhNode *a, RhNode *b)
{
    if (rh_shape_equal(a->shape, b->shape) && is_constant(a, 0))
        return b;
    if (rh_shape_equal(a->shape, b->shape) && is_constant(b, 0))
        return a;
    RhNode *merged = rh_combination_add(a, b);
    return merged != NULL ? merged : binary(&operation_add, a, b);
}

RhNode *rh_subtract(RhNode *a, RhNode *b)
{
    return binary(&operation_subtract, a, b);
}

RhNode *rh_multiply(RhNode *a, RhNode *b)
{
    if (rh_shape_equal(a->shape, b->shape) && is_constant(a, 1))
        return b;
    if (rh_shape_equal(a->shape, b->shape) && is_constant(b, 1))
        return a;
    return binary(&operation_multiply, a, b);
}

RhNode *rh_divide(RhNode *a, RhNode *b)
{
    return binary(&operation_divide, a, b);
}

RhNode *rh_scale(RhNode *x, double factor)
{
    if (factor == 1)
        return x;
    if (x->operation == &rh_operation_constant)
        return rh_constant(x->graph, x->shape, x->attributes.real * factor);
    return unary(&operation_scale, x, factor);
}

RhNode *rh_offset(RhNode *x, double term)
{
    return term == 0 ? x : unary(&operation_offset, x, term);
}

RhNode *rh_negate(RhNode *x)
{
    return rh_scale(x, -1);
}

RhNode *rh_square(RhNode *x)
{
    return rh_multiply(x, x);
}

RhNode *rh_square_root(RhNode *x)
{
    return unary(&operation_square_root, x, 0);
}

RhNode *rh_reciprocal(RhNode *x)
{
    return unary(&operation_reciprocal, x, 0);
}

RhNode *rh_absolute(RhNode *x)
{
    return unary(&operation_absolute, x, 0);
}

RhNode *rh_sign(RhNode *x)
{
    return unary(&operation_sign, x, 0);
}

RhNode *rh_relu(RhNode *x)
{
    return unary(&operation_relu, x, 0);
}

RhNode *rh_step(RhNode *x)
{
    return unary(&operation_step, x, 0);
}

RhNode *rh_exponential(RhNode *x)
{
    return unary(&operation_exponential, x, 0);
}

RhNode *rh_logarithm(RhNode *x)
{
    return unary(&operation_logarithm, x, 0);
}

RhNode *rh_sigmoid(RhNode *x)
{
    return unary(&operation_sigmoid, x, 0);
}

RhNode *rh_softplus(RhNode *x)
{
    return unary(&operation_softplus, x, 0);
}

static RhNode *derive_add(RhNode *node, guint input, RhNode *dy)
{
    return dy;
}

static RhNode *derive_subtract(RhNode *node, guint input, RhNode *dy)
{
    return input == 0 ? dy : rh_negate(dy);
}

static RhNode *derive_multiply(RhNode *node, guint input, RhNode *dy)
{
    return rh_multiply(dy, node->inputs[1 - input]);
}

static RhNode *derive_divide(RhNode *node, guint input, RhNode *dy)
{
    if (input == 0)
        return rh_divide(dy, node->inputs[1]);
    return rh_negate(rh_divide(rh_multiply(dy, node), node->inputs[1]));
}

/* gate(g, x) = g where x > 0: linear in g, flat in x. */
static RhNode *derive_gate(RhNode *node, guint input, RhNode *dy)
{
    return input == 0 ? binary(&operation_gate, dy, node->inputs[1]) : NULL;
}

static RhNode *derive_scale(RhNode *node, guint input, RhNode *dy)
{
    return rh_scale(dy, node->attributes.real);
}

static RhNode *derive_offset(RhNode *node, guint input, RhNode *dy)
{
    return dy;
}

static RhNode *derive_square_root(RhNode *node, guint input, RhNode *dy)
{
    return rh_divide(rh_scale(dy, 0.5), node);
}

static RhNode *derive_reciprocal(RhNode *node, guint input, RhNode *dy)
{
    return rh_negate(rh_multiply(dy, rh_square(node)));
}

static RhNode *derive_absolute(RhNode *node, guint input, RhNode *dy)
{
    return rh_multiply(dy, rh_sign(node->inputs[0]));
}

/* relu(x) is above zero just where x is; gating by the output lets go of x. */
static RhNode *derive_relu(RhNode *node, guint input, RhNode *dy)
{
    return binary(&operation_gate, dy, node);
}

static RhNode *derive_exponential(RhNode *node, guint input, RhNode *dy)
{
    return rh_multiply(dy, node);
}

static RhNode *derive_logarithm(RhNode *node, guint input, RhNode *dy)
{
    return rh_divide(dy, node->inputs[0]);
}

static RhNode *derive_sigmoid(RhNode *node, guint input, RhNode *dy)
{
    return rh_multiply(dy, rh_multiply(node, rh_offset(rh_negate(node), 1)));
}

static RhNode *derive_softplus(RhNode *node, guint input, RhNode *dy)
{
    return rh_multiply(dy, rh_sigmoid(node->inputs[0]));
}
