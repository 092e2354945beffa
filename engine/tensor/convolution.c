/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vector.h"
#include "tensor/fast-private.h"
#include "tensor/matrix.h"
#include "tensor/operation-private.h"

/* Convolution through matrix products: the window of every output pixel becomes a row ("im2col"), block by
 * block, so that a block stays in the cache. attributes.integer: stride, padding.
 *
 * A filter is K·K·C × O. Where it is large, packing it for a product is dear, and the work is cut along the
 * channels rather than into many blocks of rows. */
#define LARGE_FILTER 131072

typedef struct {
    gsize images, height, width, channels; /* of x */
    gsize out_height, out_width, outputs;  /* of y */
    gsize kernel, stride, padding;
    gsize rows;   /* output pixels of the batch */
    gsize window; /* K·K·C */
} Geometry;

static Geometry geometry_of(RhShape x, RhShape filter, RhShape y, const RhAttributes *attributes)
{
    return (Geometry){.images = x.size[0],
                      .height = x.size[1],
                      .width = x.size[2],
                      .channels = x.size[3],
                      .out_height = y.size[1],
                      .out_width = y.size[2],
                      .outputs = y.size[3],
                      .kernel = filter.size[0],
                      .stride = attributes->integer[0],
                      .padding = attributes->integer[1],
                      .rows = y.size[0] * y.size[1] * y.size[2],
                      .window = filter.size[0] * filter.size[1] * filter.size[2]};
}

static gboolean large_filter(const Geometry *geometry)
{
    return geometry->window * geometry->outputs > LARGE_FILTER;
}

/* A window of one pixel at every pixel: x is its own matrix of rows. */
static gboolean is_plain(const Geometry *geometry)
{
    return geometry->kernel == 1 && geometry->stride == 1 && geometry->padding == 0;
}

static double operations_of(const Geometry *geometry)
{
    return 2.0 * (double)geometry->rows * (double)geometry->window * (double)geometry->outputs;
}

/* --- where the windows lie --- */

/* An output pixel. */
typedef struct {
    gsize image, y, x;
} Pixel;

static Pixel pixel_at(const Geometry *g, gsize row)
{
    gsize line = row / g->out_width;
    return (Pixel){line / g->out_height, line % g->out_height, row % g->out_width};
}

/* The pixel of the next row: without a division. */
static inline void move_on(const Geometry *g, Pixel *pixel)
{
    if (++pixel->x < g->out_width)
        return;
    pixel->x = 0;
    if (++pixel->y < g->out_height)
        return;
    pixel->y = 0;
    pixel->image++;
}

/* What a line of a pixel's window sees of x: its taps [from, to), the values of the first from `place` on;
 * none where it lies outside. */
typedef struct {
    gsize from, to, place;
} Line;

static inline Line line_of(const Geometry *g, const Pixel *pixel, gsize line)
{
    gssize y = (gssize)(pixel->y * g->stride + line) - (gssize)g->padding;
    gssize left = (gssize)(pixel->x * g->stride) - (gssize)g->padding;
    gssize from = MAX(0, -left), to = MIN((gssize)g->kernel, (gssize)g->width - left);
    if (y < 0 || y >= (gssize)g->height || from >= to)
        return (Line){0};
    gsize first = (pixel->image * g->height + (gsize)y) * g->width + (gsize)(left + from);
    return (Line){(gsize)from, (gsize)to, first * g->channels};
}

#define SHORT_LINE 16 /* values; calling memcpy() for so few takes longer than copying them */

/* Where in x one tap of a pixel's window lies; FALSE if outside. */
static inline gboolean place_of_tap(const Geometry *g, const Pixel *pixel, gsize tap, gsize *place)
{
    gssize y = (gssize)(pixel->y * g->stride + tap / g->kernel) - (gssize)g->padding;
    gssize x = (gssize)(pixel->x * g->stride + tap % g->kernel) - (gssize)g->padding;
    if (y < 0 || y >= (gssize)g->height || x < 0 || x >= (gssize)g->width)
        return FALSE;
    *place = ((pixel->image * g->height + (gsize)y) * g->width + (gsize)x) * g->channels;
    return TRUE;
}

/* --- y = x * filter --- */

static Geometry forward_geometry(const RhNode *node)
{
    return geometry_of(node->inputs[0]->shape, node->inputs[1]->shape, node->shape, &node->attributes);
}

static gsize forward_block(const Geometry *geometry)
{
    gsize block = large_filter(geometry) ? (geometry->rows + 3) / 4 : (geometry->rows + 15) / 16;
    return MIN(geometry->rows, CLAMP(block, large_filter(geometry) ? 256 : 64, 512));
}

static guint forward_column_blocks(const Geometry *geometry)
{
    return large_filter(geometry) && geometry->rows <= 1024 ? 2 : 1;
}

static guint forward_pieces(const RhNode *node)
{
    Geometry geometry = forward_geometry(node);
    gsize block = forward_block(&geometry);
    return (guint)((geometry.rows + block - 1) / block) * forward_column_blocks(&geometry);
}

static gsize forward_working(const RhNode *node)
{
    Geometry geometry = forward_geometry(node);
    return is_plain(&geometry) ? 0 : forward_block(&geometry) * geometry.window;
}

static double forward_operations(const RhNode *node)
{
    Geometry geometry = forward_geometry(node);
    return operations_of(&geometry);
}

/* --- dx, from dy and the filter: tap by tap, or all taps at once where all channels are taken --- */

static Geometry input_geometry(const RhNode *node)
{
    return geometry_of(node->shape, node->inputs[1]->shape, node->inputs[0]->shape, &node->attributes);
}

static guint input_channel_blocks(const Geometry *geometry)
{
    return large_filter(geometry) && geometry->channels >= 128 ? (guint)MIN(geometry->channels / 64, 4) : 1;
}

/* Images of a piece. */
static gsize input_group(const Geometry *geometry)
{
    gsize image_rows = geometry->out_height * geometry->out_width;
    gsize wanted = large_filter(geometry) ? 512 : 128;
    return CLAMP((wanted + image_rows - 1) / image_rows, 1, geometry->images);
}

static guint input_groups(const Geometry *geometry)
{
    gsize group = input_group(geometry);
    return (guint)((geometry->images + group - 1) / group);
}

static guint input_pieces(const RhNode *node)
{
    Geometry geometry = input_geometry(node);
    return input_groups(&geometry) * input_channel_blocks(&geometry);
}

#define INPUT_BLOCK 512 /* rows of a product */

static gsize input_working(const RhNode *node)
{
    Geometry geometry = input_geometry(node);
    gsize rows = input_group(&geometry) * geometry.out_height * geometry.out_width;
    guint blocks = input_channel_blocks(&geometry);
    return blocks > 1 ? rows * (geometry.channels / blocks + 1) : MIN(rows, INPUT_BLOCK) * geometry.window;
}

static double input_operations(const RhNode *node)
{
    Geometry geometry = input_geometry(node);
    return operations_of(&geometry);
}

/* --- dfilter, from x and dy: partial sums over chunks of rows, or the taps of a large filter one by one ---
 */

static Geometry filter_geometry(const RhNode *node)
{
    return geometry_of(node->inputs[0]->shape, node->shape, node->inputs[1]->shape, &node->attributes);
}

static gboolean filter_by_taps(const Geometry *geometry)
{
    return geometry->window * geometry->outputs > LARGE_FILTER / 2;
}

static guint filter_chunks(const Geometry *geometry)
{
    return (guint)CLAMP(geometry->rows / 128, 1, 8);
}

static guint filter_channel_blocks(const Geometry *geometry)
{
    gsize wanted = geometry->kernel == 1 ? 64 : 256;
    return (guint)MAX(1, geometry->channels / wanted);
}

static guint filter_pieces(const RhNode *node)
{
    Geometry geometry = filter_geometry(node);
    if (filter_by_taps(&geometry))
        return (guint)(geometry.kernel * geometry.kernel) * filter_channel_blocks(&geometry);
    return filter_chunks(&geometry);
}

static guint filter_sum_pieces(const RhNode *node)
{
    Geometry geometry = filter_geometry(node);
    return filter_by_taps(&geometry) ? 0
                                     : rh_pieces_for(rh_shape_count(node->shape), filter_chunks(&geometry));
}

static gsize filter_scratch(const RhNode *node)
{
    Geometry geometry = filter_geometry(node);
    return filter_by_taps(&geometry) ? 0 : filter_chunks(&geometry) * rh_shape_count(node->shape);
}

#define FILTER_BLOCK 512 /* rows of a product */

static gsize filter_working(const RhNode *node)
{
    Geometry geometry = filter_geometry(node);
    return FILTER_BLOCK * (filter_by_taps(&geometry) ? geometry.channels : geometry.window);
}

static double filter_operations(const RhNode *node)
{
    Geometry geometry = filter_geometry(node);
    return operations_of(&geometry);
}

#define REAL         float
#define KERNEL(name) name##_single
#define MULTIPLY     rh_matrix_multiply_single
#include "tensor/convolution-kernels.h"
#undef REAL
#undef KERNEL
#undef MULTIPLY
#define REAL         double
#define KERNEL(name) name##_double
#define MULTIPLY     rh_matrix_multiply_double
#include "tensor/convolution-kernels.h"

static const RhImplementation *fast_convolution(const RhFastKernels *kernels, const RhNode *node)
{
    return kernels->convolution(node);
}

static RhNode *derive_forward(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_input(RhNode *node, guint input, RhNode *dy);
static RhNode *derive_filter(RhNode *node, guint input, RhNode *dy);

const RhOperation rh_operation_convolution = {
    .name = "convolution",
    .exact.stages = {{forward_pieces, {forward_single, forward_double}}},
    .derivative = derive_forward,
    .exact.working = forward_working,
    .fast = fast_convolution,
    .operations = forward_operations,
};
const RhOperation rh_operation_input_gradient = {
    .name = "convolution, gradient of the input",
    .exact.stages = {{input_pieces, {input_gradient_single, input_gradient_double}}},
    .derivative = derive_input,
    .exact.working = input_working,
    .fast = fast_convolution,
    .operations = input_operations,
};
const RhOperation rh_operation_filter_gradient = {
    .name = "convolution, gradient of the filter",
    .exact.stages = {{filter_pieces, {filter_gradient_single, filter_gradient_double}},
                     {filter_sum_pieces, {filter_sum_single, filter_sum_double}}},
    .derivative = derive_filter,
    .exact.scratch = filter_scratch,
    .exact.working = filter_working,
    .fast = fast_convolution,
    .operations = filter_operations,
};

static RhNode *convolution_node(const RhOperation *operation, RhShape shape, RhNode *a, RhNode *b,
                                guint stride, guint padding)
{
    RhNode *inputs[] = {a, b};
    return rh_node_new(operation, shape, (RhAttributes){.integer = {stride, padding}}, 2, inputs);
}

/* Of y, for the shapes of x and the filter. */
static RhShape output_shape(RhShape x, RhShape filter, guint stride, guint padding)
{
    const gsize *in = x.size, *kernel = filter.size;
    g_assert(x.rank == 4 && filter.rank == 4 && kernel[0] == kernel[1] && kernel[2] == in[3]);
    g_assert(in[1] + 2 * padding >= kernel[0] && in[2] + 2 * padding >= kernel[0] && stride > 0);
    return RH_SHAPE(in[0], (in[1] + 2 * padding - kernel[0]) / stride + 1,
                    (in[2] + 2 * padding - kernel[0]) / stride + 1, kernel[3]);
}

RhNode *rh_convolution(RhNode *x, RhNode *filter, guint stride, guint padding)
{
    RhShape shape = output_shape(x->shape, filter->shape, stride, padding);
    return convolution_node(&rh_operation_convolution, shape, x, filter, stride, padding);
}

RhNode *rh_convolution_input_gradient(RhNode *dy, RhNode *filter, RhShape x_shape, guint stride,
                                      guint padding)
{
    g_assert(rh_shape_equal(dy->shape, output_shape(x_shape, filter->shape, stride, padding)));
    return convolution_node(&rh_operation_input_gradient, x_shape, dy, filter, stride, padding);
}

RhNode *rh_convolution_filter_gradient(RhNode *x, RhNode *dy, RhShape filter_shape, guint stride,
                                       guint padding)
{
    g_assert(rh_shape_equal(dy->shape, output_shape(x->shape, filter_shape, stride, padding)));
    return convolution_node(&rh_operation_filter_gradient, filter_shape, x, dy, stride, padding);
}

static RhNode *derive_forward(RhNode *node, guint input, RhNode *dy)
{
    RhNode *x = node->inputs[0], *filter = node->inputs[1];
    const guint *integer = node->attributes.integer;
    return input == 0 ? rh_convolution_input_gradient(dy, filter, x->shape, integer[0], integer[1])
                      : rh_convolution_filter_gradient(x, dy, filter->shape, integer[0], integer[1]);
}

static RhNode *derive_input(RhNode *node, guint input, RhNode *dx)
{
    RhNode *dy = node->inputs[0], *filter = node->inputs[1];
    const guint *integer = node->attributes.integer;
    return input == 0 ? rh_convolution(dx, filter, integer[0], integer[1])
                      : rh_convolution_filter_gradient(dx, dy, filter->shape, integer[0], integer[1]);
}

static RhNode *derive_filter(RhNode *node, guint input, RhNode *dfilter)
{
    RhNode *x = node->inputs[0], *dy = node->inputs[1];
    const guint *integer = node->attributes.integer;
    return input == 0 ? rh_convolution_input_gradient(dy, dfilter, x->shape, integer[0], integer[1])
                      : rh_convolution(x, dfilter, integer[0], integer[1]);
}
