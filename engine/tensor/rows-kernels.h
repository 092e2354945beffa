/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included once for each precision, with REAL, KERNEL(name) and MATH(function) defined. */

#define ROWS                                                                                                 \
    gsize rows = call->node->inputs[0]->shape.size[0];                                                       \
    gsize start = rh_piece_start(rows, call->piece, call->pieces);                                           \
    gsize end = rh_piece_start(rows, call->piece + 1, call->pieces);

static REAL KERNEL(row_maximum)(const REAL *row, gsize count)
{
    REAL largest = row[0];
    for (gsize i = 1; i < count; i++)
        largest = row[i] > largest ? row[i] : largest;
    return largest;
}

static void KERNEL(softmax)(const RhCall *call)
{
    ROWS gsize count = call->node->shape.size[1];
    for (gsize row = start; row < end; row++) {
        const REAL *x = (const REAL *)call->inputs[0] + row * count;
        REAL *out = (REAL *)call->output + row * count;
        REAL largest = KERNEL(row_maximum)(x, count), sum = 0;
        for (gsize i = 0; i < count; i++)
            sum += out[i] = MATH(exp)(x[i] - largest);
        for (gsize i = 0; i < count; i++)
            out[i] /= sum;
    }
}

static void KERNEL(log_softmax)(const RhCall *call)
{
    ROWS gsize count = call->node->shape.size[1];
    for (gsize row = start; row < end; row++) {
        const REAL *x = (const REAL *)call->inputs[0] + row * count;
        REAL *out = (REAL *)call->output + row * count;
        REAL largest = KERNEL(row_maximum)(x, count), sum = 0;
        for (gsize i = 0; i < count; i++)
            sum += MATH(exp)(x[i] - largest);
        for (gsize i = 0; i < count; i++)
            out[i] = x[i] - largest - MATH(log)(sum);
    }
}

static void KERNEL(column)(const RhCall *call)
{
    ROWS gsize count = call->node->inputs[0]->shape.size[1], column = call->node->attributes.integer[0];
    for (gsize row = start; row < end; row++)
        ((REAL *)call->output)[row] = ((const REAL *)call->inputs[0])[row * count + column];
}

static void KERNEL(place_column)(const RhCall *call)
{
    ROWS gsize count = call->node->shape.size[1], column = call->node->attributes.integer[0];
    for (gsize row = start; row < end; row++)
        for (gsize i = 0; i < count; i++)
            ((REAL *)call->output)[row * count + i] = i == column ? ((const REAL *)call->inputs[0])[row] : 0;
}

#undef ROWS
