/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/fast-multiply.h"
#include "tensor/fast-private.h"

/* Convolutions of any size and stride as matrix products: what each result sees becomes a row ("im2col"),
 * block by block so that it stays in the cache. */

#define APART 16 /* floats behind each row, against strides that are powers of two */

/* Inner dimension of a product: a panel of it stays in the first level of the cache. */
#define INNER 256
/* Floats of a block of rows: it stays in the second level. */
#define BLOCK_FLOATS 131072
/* Up to this many rows filters are taken as they lie: they are read once or twice. */
#define ROWS_FEW 64

typedef struct {
    gsize images, height, width, in;  /* of x */
    gsize out_height, out_width, out; /* of y */
    gsize kernel, stride, padding;
} Geometry;

static inline Geometry geometry_of(const RhNode *node)
{
    RhShape x = node->inputs[0]->shape, filter = node->inputs[1]->shape, y = node->shape;
    if (node->operation == &rh_operation_input_gradient) {
        x = node->shape;
        y = node->inputs[0]->shape;
    } else if (node->operation == &rh_operation_filter_gradient) {
        filter = node->shape;
        y = node->inputs[1]->shape;
    }
    return (Geometry){.images = x.size[0],
                      .height = x.size[1],
                      .width = x.size[2],
                      .in = x.size[3],
                      .out_height = y.size[1],
                      .out_width = y.size[2],
                      .out = y.size[3],
                      .kernel = filter.size[0],
                      .stride = node->attributes.integer[0],
                      .padding = node->attributes.integer[1]};
}

static inline gsize panels_of(gsize columns)
{
    return (columns + RH_PANEL - 1) / RH_PANEL;
}

/* Rows in units of a register tile. */
static inline gsize units_of(gsize rows)
{
    return (rows + RH_TILE_ROWS - 1) / RH_TILE_ROWS;
}

/* Rows [start, end) of a piece of `rows` rows, in whole units. */
static inline void rows_of_piece(gsize rows, gsize piece, gsize pieces, gsize *start, gsize *end)
{
    *start = rh_piece_start(units_of(rows), (guint)piece, (guint)pieces) * RH_TILE_ROWS;
    *end = MIN(rh_piece_start(units_of(rows), (guint)piece + 1, (guint)pieces) * RH_TILE_ROWS, rows);
}

/* Into how many blocks rows of `inner` floats are cut: 16 or more if there are that many units, and each
 * within the cache. */
static inline gsize row_blocks(gsize rows, gsize inner)
{
    gsize most = MAX(1, BLOCK_FLOATS / ((inner + APART) * RH_TILE_ROWS));
    gsize units = MIN(most, (units_of(rows) + 15) / 16);
    return (units_of(rows) + units - 1) / units;
}

static inline gsize block_rows(gsize rows, gsize inner)
{
    gsize blocks = row_blocks(rows, inner);
    return (units_of(rows) + blocks - 1) / blocks * RH_TILE_ROWS;
}

/* A matrix of `inner` rows and any number of columns, cut into panels that lie one behind the other; or, in
 * panels too but with `b_step` floats between rows, as it lies. */
typedef struct {
    const float *panels;
    gsize panel_step, row_step, columns;
} Operand;

/* c = a·b, for `rows` rows of a. Columns of c are padded to whole panels. */
static inline void multiply(const float *a, gsize a_step, gsize rows, gsize inner, const Operand *b,
                            gsize first_panel, gsize last_panel, float *c, gsize c_step)
{
    for (gsize panel = first_panel; panel < last_panel; panel++)
        for (gsize i = 0; i < inner; i += INNER) {
            const Product product = {.inner = MIN(INNER, inner - i),
                                     .a = a + i,
                                     .row_step = a_step,
                                     .inner_step = 1,
                                     .b = b->panels + panel * b->panel_step + i * b->row_step,
                                     .b_step = b->row_step,
                                     .c = c + (panel - first_panel) * RH_PANEL,
                                     .c_step = c_step,
                                     .add = i > 0,
                                     .narrow = b->columns - panel * RH_PANEL <= RH_LANES};
            (b->row_step == RH_PANEL ? multiply_rows : multiply_rows_apart)(&product, rows);
        }
}

/* Columns [first, last) of rows that lie one behind the other. */
static inline void write_rows(const float *from, gsize step, gsize rows, gsize first, gsize last,
                              gsize channels, float *to)
{
    for (gsize row = 0; row < rows; row++)
        memcpy(to + row * channels + first, from + row * step, (last - first) * sizeof *to);
}

/* Pixels of images in order, without a division for each. */
typedef struct {
    gsize image, y, x;
} Place;

static inline Place place_at(gsize height, gsize width, gsize index)
{
    gsize line = index / width;
    return (Place){line / height, line % height, index % width};
}

static inline void move_on(Place *place, gsize height, gsize width)
{
    if (++place->x < width)
        return;
    place->x = 0;
    if (++place->y < height)
        return;
    place->y = 0;
    place->image++;
}

/* --- what an output pixel sees --- */

/* Calling memcpy for so few values takes longer than copying them. */
#define FEW 16

ALWAYS_INLINE void copy(float *to, const float *from, gsize count)
{
    if (count > FEW)
        memcpy(to, from, count * sizeof *to);
    else
        for (gsize i = 0; i < count; i++)
            to[i] = from[i];
}

ALWAYS_INLINE void clear(float *to, gsize count)
{
    if (count > FEW)
        memset(to, 0, count * sizeof *to);
    else
        for (gsize i = 0; i < count; i++)
            to[i] = 0;
}

/* An output pixel's window: its image, and its upper left corner, which may lie outside. */
typedef struct {
    const float *image;
    gssize top, left;
} Window;

static inline Window window_of(const Geometry *g, const float *x, const Place *place)
{
    return (Window){x + place->image * g->height * g->width * g->in,
                    (gssize)(place->y * g->stride) - (gssize)g->padding,
                    (gssize)(place->x * g->stride) - (gssize)g->padding};
}

/* The window of an output pixel, line by line: taps side by side, each with its channels; 0 outside of x.
 */
static inline void gather_window(const Geometry *g, const float *x, const Place *place, float *to)
{
    const Window w = window_of(g, x, place);
    gssize from = MAX(0, -w.left), until = MIN((gssize)g->kernel, (gssize)g->width - w.left);
    for (gsize i = 0; i < g->kernel; i++, to += g->kernel * g->in) {
        gssize y = w.top + (gssize)i;
        if (y < 0 || y >= (gssize)g->height || from >= until) {
            clear(to, g->kernel * g->in);
            continue;
        }
        clear(to, (gsize)from * g->in);
        copy(to + (gsize)from * g->in, w.image + ((gsize)y * g->width + (gsize)(w.left + from)) * g->in,
             (gsize)(until - from) * g->in);
        clear(to + (gsize)until * g->in, (g->kernel - (gsize)until) * g->in);
    }
}

/* Values [first, last) of the same. */
static inline void gather_part(const Geometry *g, const float *x, const Place *place, gsize first, gsize last,
                               float *to)
{
    const Window w = window_of(g, x, place);
    for (gsize column = first, count; column < last; column += count, to += count) {
        gsize tap = column / g->in, c = column % g->in;
        gssize down = w.top + (gssize)(tap / g->kernel), across = w.left + (gssize)(tap % g->kernel);
        count = MIN(g->in - c, last - column);
        if (down < 0 || down >= (gssize)g->height || across < 0 || across >= (gssize)g->width)
            clear(to, count);
        else
            copy(to, w.image + ((gsize)down * g->width + (gsize)across) * g->in + c, count);
    }
}

/* NULL where it cannot: strides and kernels that are very large. */
const RhImplementation *RH_FAST(rh_direct)(const RhNode *node);
const RhImplementation *RH_FAST(rh_direct_input)(const RhNode *node);
const RhImplementation *RH_FAST(rh_direct_filter)(const RhNode *node);
