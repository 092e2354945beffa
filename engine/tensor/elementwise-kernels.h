/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included once for each precision, with REAL, KERNEL(name) and MATH(function) defined. */

/* Of the elements of a piece, which is cut between rows. */
#define RANGE                                                                                                \
    gsize row = row_length(call->node), rows = rh_shape_count(call->node->shape) / row;                      \
    gsize start = rh_piece_start(rows, call->piece, call->pieces) * row;                                     \
    gsize end = rh_piece_start(rows, call->piece + 1, call->pieces) * row;                                   \
    REAL *out = call->output;

#define BINARY_KERNEL(name, expression)                                                                      \
    RH_VECTORISED static void KERNEL(name)(const RhCall *call)                                               \
    {                                                                                                        \
        RANGE const REAL *a = call->inputs[0], *b = call->inputs[1];                                         \
        RH_INDEPENDENT                                                                                       \
        for (gsize i = start; i < end; i++) {                                                                \
            REAL x = a[i], y = b[i];                                                                         \
            out[i] = (expression);                                                                           \
        }                                                                                                    \
    }

#define UNARY_KERNEL(name, expression)                                                                       \
    RH_VECTORISED static void KERNEL(name)(const RhCall *call)                                               \
    {                                                                                                        \
        RANGE const REAL *a = call->inputs[0];                                                               \
        REAL factor = (REAL)call->node->attributes.real;                                                     \
        (void)factor;                                                                                        \
        RH_INDEPENDENT                                                                                       \
        for (gsize i = start; i < end; i++) {                                                                \
            REAL x = a[i];                                                                                   \
            out[i] = (expression);                                                                           \
        }                                                                                                    \
    }

BINARY_KERNEL(add, x + y)
BINARY_KERNEL(subtract, x - y)
BINARY_KERNEL(multiply, (x * y))
BINARY_KERNEL(divide, x / y)
/* x where y > 0: the derivative of relu in one pass. */
BINARY_KERNEL(gate, y > 0 ? x : 0)

UNARY_KERNEL(scale, (x * factor))
UNARY_KERNEL(offset, x + factor)
UNARY_KERNEL(square_root, MATH(sqrt)(x))
UNARY_KERNEL(reciprocal, 1 / x)
UNARY_KERNEL(absolute, MATH(fabs)(x))
UNARY_KERNEL(sign, (REAL)((x > 0) - (x < 0)))
UNARY_KERNEL(relu, x > 0 ? x : 0)
UNARY_KERNEL(step, (REAL)(x > 0))
UNARY_KERNEL(exponential, MATH(exp)(x))
UNARY_KERNEL(logarithm, MATH(log)(x))
UNARY_KERNEL(sigmoid, x >= 0 ? 1 / (1 + MATH(exp)(-x)) : MATH(exp)(x) / (1 + MATH(exp)(x)))
UNARY_KERNEL(softplus, (x > 0 ? x : 0) + MATH(log1p)(MATH(exp)(-MATH(fabs)(x))))

static void KERNEL(constant)(const RhCall *call)
{
    RANGE for (gsize i = start; i < end; i++) out[i] = (REAL)call->node->attributes.real;
}

#undef RANGE
#undef BINARY_KERNEL
#undef UNARY_KERNEL
