/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-winograd.h"

/* The gradient of the filter: at each position the sum over all tiles of the products of transformed inputs
 * and transformed dy, brought back to nine taps. */

/* From this many filter values on, all is transformed before it is multiplied; below, a group of tiles at a
 * time. */
#define FILTER_LARGE 32768

#define AHEAD 4 /* channels to ask for in advance */

/* Asks for where the taps of a channel will be written. */
ALWAYS_INLINE void fetch_taps(const Layout *l, float *filter, gsize c, gsize k)
{
    for (gsize tap = 0; c < l->in && tap < 9; tap++)
        for (gsize i = 0; i < RH_PANEL && k + i < l->out; i += CACHE_LINE / sizeof *filter)
            __builtin_prefetch(filter + (tap * l->in + c) * l->out + k + i, 1);
}

/* The taps of input channel c and the panel of outputs that begins at k, from the sums' row and column. */
static void write_taps(const Layout *l, const Matrices *from, gsize row_of_sums, gsize column_of_sums,
                       gsize c, gsize k, float *filter)
{
    fetch_taps(l, filter, c + AHEAD, k);
    for (gsize half = 0; half < 2 && k < l->out; half++, k += RH_LANES) {
        const float *values = from->at + row_of_sums * from->row_step + column_of_sums + half * RH_LANES;
        Vector lines[3][REACH], line[REACH], result[3];
        for (gsize column = 0; column < REACH; column++) {
            for (gsize row = 0; row < REACH; row++)
                line[row] = load(values + (row * REACH + column) * from->step);
            filter_gradient_line(line, &lines[0][column], REACH);
        }
        for (gsize row = 0; row < 3; row++) {
            filter_gradient_line(lines[row], result, 1);
            for (gsize column = 0; column < 3; column++)
                store_some(filter + ((3 * row + column) * l->in + c) * l->out + k, result[column],
                           MIN(l->out - k, RH_LANES));
        }
    }
}

/* At each position, adds columns of transformed inputs (`rows` channels from `first` on) by a panel of
 * transformed gradients (from `column` on), over `tiles` of both. */
static void multiply_tiles(const Matrices *inputs, gsize first, gsize rows, const Matrices *gradients,
                           gsize column, gsize tiles, const Matrices *sums, gboolean add)
{
    for (gsize i = 0; i < POSITIONS; i++) {
        const Product product = {.inner = tiles,
                                 .a = inputs->at + i * inputs->step + first,
                                 .row_step = 1,
                                 .inner_step = inputs->row_step,
                                 .b = gradients->at + i * gradients->step + column,
                                 .b_step = gradients->row_step,
                                 .c = sums->at + i * sums->step + column % sums->row_step,
                                 .c_step = sums->row_step,
                                 .add = add};
        multiply_columns(&product, rows);
    }
}

/* --- small filters: a block of a filter's channels and a group of tiles, so that what is transformed and
 * summed stays in a core's cache; the groups' sums are added at the end --- */

#define BLOCK_CHANNELS 64 /* of inputs and of outputs; a multiple of the panel */
#define BLOCK_TILES    28 /* at a time */

typedef struct {
    Layout l;
    gsize row_blocks, column_blocks, groups;
} Blocks;

static Blocks blocks_of(const RhNode *node)
{
    Blocks b = {.l = layout_of(node)};
    b.row_blocks = (b.l.in + BLOCK_CHANNELS - 1) / BLOCK_CHANNELS;
    b.column_blocks = (b.l.out + BLOCK_CHANNELS - 1) / BLOCK_CHANNELS;
    gsize wanted = MAX(1, 8 / (b.row_blocks * b.column_blocks)); /* 8 pieces */
    b.groups = CLAMP(b.l.tiles / BLOCK_TILES, 1, wanted);
    return b;
}

static gsize filter_floats(const Layout *l)
{
    return 9 * l->in * l->out;
}

static guint block_pieces(const RhNode *node)
{
    const Blocks b = blocks_of(node);
    return (guint)(b.row_blocks * b.column_blocks * b.groups);
}

static guint group_sum_pieces(const RhNode *node)
{
    const Blocks b = blocks_of(node);
    return rh_pieces_for(filter_floats(&b.l), b.groups);
}

static gsize blocks_scratch(const RhNode *node)
{
    const Blocks b = blocks_of(node);
    return b.groups * filter_floats(&b.l) / 2 + 1;
}

static gsize blocks_working(const RhNode *node)
{
    return 2 * matrices_floats(BLOCK_TILES, image_step(BLOCK_CHANNELS)) +
           matrices_floats(BLOCK_CHANNELS, BLOCK_CHANNELS);
}

static void run_block(const RhCall *call)
{
    const Blocks b = blocks_of(call->node);
    const Layout *l = &b.l;
    gsize row = call->piece % b.row_blocks * BLOCK_CHANNELS;
    gsize column = call->piece / b.row_blocks % b.column_blocks * BLOCK_CHANNELS;
    guint group = (guint)(call->piece / b.row_blocks / b.column_blocks);
    gsize first = rh_piece_start(l->tiles, group, (guint)b.groups);
    gsize last = rh_piece_start(l->tiles, group + 1, (guint)b.groups);
    const Channels inputs = {call->inputs[0], l->in, row, MIN(row + BLOCK_CHANNELS, l->in)};
    const Channels gradients = {call->inputs[1], l->out, column, MIN(column + BLOCK_CHANNELS, l->out)};
    gsize rows = inputs.last - inputs.first, columns = gradients.last - gradients.first;
    const Matrices v = matrices_at(call->working, BLOCK_TILES, image_step(BLOCK_CHANNELS));
    const Matrices y = matrices_at(v.at + matrices_floats(BLOCK_TILES, v.row_step), BLOCK_TILES, v.row_step);
    const Matrices sums =
        matrices_at(y.at + matrices_floats(BLOCK_TILES, y.row_step), BLOCK_CHANNELS, BLOCK_CHANNELS);
    for (gsize tile = first; tile < last; tile += BLOCK_TILES) {
        gsize count = MIN(BLOCK_TILES, last - tile);
        transform_inputs(l, &inputs, tile, count, &v, 0);
        transform_gradients(l, &gradients, tile, count, &y, 0);
        for (gsize panel = 0; panel < columns; panel += RH_PANEL)
            multiply_tiles(&v, 0, rows, &y, panel, count, &sums, tile > first);
    }
    float *taps = (float *)call->scratch + group * filter_floats(l);
    for (gsize c = 0; c < rows; c++)
        for (gsize panel = 0; panel < columns; panel += RH_PANEL)
            write_taps(l, &sums, c, panel, row + c, column + panel, taps);
}

static void sum_groups(const RhCall *call)
{
    const Blocks b = blocks_of(call->node);
    gsize count = filter_floats(&b.l);
    gsize start = rh_piece_start(count, call->piece, call->pieces);
    gsize end = rh_piece_start(count, call->piece + 1, call->pieces);
    sum_parts(call->scratch, b.groups, count, start, end, call->output);
}

static const RhImplementation small_filter = {
    .stages = {{block_pieces, {run_block}}, {group_sum_pieces, {sum_groups}}},
    .scratch = blocks_scratch,
    .working = blocks_working,
};

/* --- large filters, of which the tiles are few --- */

#define ROWS_OF_PIECE 64 /* input channels */

static gsize gradient_step(const Layout *l)
{
    return l->panels * RH_PANEL + APART;
}

static guint transform_pieces(const RhNode *node)
{
    const Layout l = layout_of(node);
    return rh_pieces_for(l.tiles, POSITIONS * (l.in + l.out));
}

static guint panel_pieces(const RhNode *node)
{
    const Layout l = layout_of(node);
    return (guint)((l.in + ROWS_OF_PIECE - 1) / ROWS_OF_PIECE * l.panels);
}

static gsize panels_scratch(const RhNode *node)
{
    const Layout l = layout_of(node);
    return (matrices_floats(l.tiles, image_step(l.in)) + matrices_floats(l.tiles, gradient_step(&l))) / 2 + 1;
}

static gsize panels_working(const RhNode *node)
{
    return matrices_floats(ROWS_OF_PIECE, RH_PANEL);
}

static Matrices gradient_matrices(const Layout *l, const Matrices *inputs)
{
    return matrices_at(inputs->at + matrices_floats(l->tiles, inputs->row_step), l->tiles, gradient_step(l));
}

static void run_transforms(const RhCall *call)
{
    const Layout l = layout_of(call->node);
    gsize first = rh_piece_start(l.tiles, call->piece, call->pieces);
    gsize last = rh_piece_start(l.tiles, call->piece + 1, call->pieces);
    const Channels x = all_channels(call->inputs[0], l.in), dy = all_channels(call->inputs[1], l.out);
    const Matrices inputs = matrices_at(call->scratch, l.tiles, image_step(l.in));
    const Matrices gradients = gradient_matrices(&l, &inputs);
    transform_inputs(&l, &x, first, last - first, &inputs, first);
    transform_gradients(&l, &dy, first, last - first, &gradients, first);
}

/* A piece: some input channels and a panel of outputs, summed over all tiles. */
static void run_panel(const RhCall *call)
{
    const Layout l = layout_of(call->node);
    gsize column = call->piece % l.panels * RH_PANEL, first = call->piece / l.panels * ROWS_OF_PIECE;
    gsize rows = MIN(ROWS_OF_PIECE, l.in - first);
    const Matrices inputs = matrices_at(call->scratch, l.tiles, image_step(l.in));
    const Matrices gradients = gradient_matrices(&l, &inputs);
    const Matrices sums = matrices_at(call->working, ROWS_OF_PIECE, RH_PANEL);
    multiply_tiles(&inputs, first, rows, &gradients, column, l.tiles, &sums, FALSE);
    for (gsize c = 0; c < rows; c++)
        write_taps(&l, &sums, c, 0, first + c, column, call->output);
}

static const RhImplementation large_filter = {
    .stages = {{transform_pieces, {run_transforms}}, {panel_pieces, {run_panel}}},
    .scratch = panels_scratch,
    .working = panels_working,
};

const RhImplementation *RH_FAST(rh_winograd_filter)(const RhNode *node)
{
    const Layout l = layout_of(node);
    if (!suits(&l))
        return NULL;
    return l.in * l.out < FILTER_LARGE ? &small_filter : &large_filter;
}
