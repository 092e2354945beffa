/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-winograd.h"

/* The convolution, and the gradient of its input. */

/* Transformed inputs that fit a core's cache beside the rest, in floats. */
#define BLOCK_FLOATS 131072
/* From this many filter values on, transformed filters (four times as large) are not kept but made on the
 * fly, and all tiles pass by each block of them. */
#define FILTER_LARGE 32768
#define AHEAD        4  /* channels to ask for in advance */
#define CHUNK_TILES  64 /* tiles that pass by at a time, */
#define CHUNK_INNER  64 /* and channels of a block of transformed filters */

/* --- positions to images --- */

/* Asks for where a tile will be written. */
ALWAYS_INLINE void fetch_outputs(const Layout *l, gsize tile, gsize k, float *y)
{
    gsize image = tile / (l->down * l->across), place = tile % (l->down * l->across);
    gsize top = place / l->across * TILE, left = place % l->across * TILE;
    for (gsize row = top; row < MIN(top + TILE, l->height); row++)
        for (gsize column = left; column < MIN(left + TILE, l->width); column++)
            for (gsize i = 0; i < RH_PANEL && k + i < l->out; i += CACHE_LINE / sizeof *y)
                __builtin_prefetch(y + ((image * l->height + row) * l->width + column) * l->out + k + i, 1);
}

/* Tile `tile` of a panel of outputs, from row `row`. */
static void write_tile(const Layout *l, const Matrices *from, gsize row_of_tile, gsize tile, gsize panel,
                       float *y)
{
    gsize image = tile / (l->down * l->across), place = tile % (l->down * l->across);
    gsize top = place / l->across * TILE, left = place % l->across * TILE;
    gsize rows = MIN(TILE, l->height - top), columns = MIN(TILE, l->width - left);
    if (tile + 1 < l->tiles)
        fetch_outputs(l, tile + 1, panel * RH_PANEL, y);
    for (gsize k = panel * RH_PANEL, half = 0; half < 2 && k < l->out; half++, k += RH_LANES) {
        const float *values = from->at + row_of_tile * from->row_step + half * RH_LANES;
        Vector lines[TILE][REACH], line[REACH], result[TILE];
        for (gsize column = 0; column < REACH; column++) {
            for (gsize row = 0; row < REACH; row++)
                line[row] = load(values + (row * REACH + column) * from->step);
            output_line(line, &lines[0][column], REACH, TRUE);
        }
        for (gsize row = 0; row < rows; row++) {
            output_line(lines[row], result, 1, FALSE);
            float *to = y + (((image * l->height + top + row) * l->width + left) * l->out) + k;
            for (gsize column = 0; column < columns; column++)
                store_some(to + column * l->out, result[column], MIN(l->out - k, RH_LANES));
        }
    }
}

/* --- filters to positions --- */

/* The 36 positions of the filters of one input channel and a vector of outputs. */
ALWAYS_INLINE void transform_taps(const Vector taps[9], float *to, gsize step)
{
    Vector lines[3][REACH], result[REACH];
    for (gsize row = 0; row < 3; row++)
        filter_line(taps + 3 * row, lines[row], 1);
    for (gsize column = 0; column < REACH; column++) {
        const Vector line[3] = {lines[0][column], lines[1][column], lines[2][column]};
        filter_line(line, result, 1);
        for (gsize row = 0; row < REACH; row++)
            store(to + (row * REACH + column) * step, result[row]);
    }
}

/* Asks for the filters of a panel of outputs that are to be transformed soon: they lie in short pieces, far
 * apart. */
ALWAYS_INLINE void fetch_filters(const Layout *l, const float *filter, gsize c, gsize k)
{
    for (gsize tap = 0; c < l->in && tap < 9; tap++)
        for (gsize i = 0; i < RH_PANEL && k + i < l->out; i += CACHE_LINE / sizeof *filter)
            __builtin_prefetch(filter + (tap * l->in + c) * l->out + k + i);
}

/* Filters as they lie: input channels [first, last), which become rows, of one panel of outputs. */
static void transform_filters(const Layout *l, const float *filter, gsize first, gsize last, gsize panel,
                              const Matrices *to)
{
    for (gsize c = first; c < last; c++) {
        fetch_filters(l, filter, c + AHEAD, panel * RH_PANEL);
        for (gsize half = 0; half < 2; half++) {
            gsize k = panel * RH_PANEL + half * RH_LANES, count = k < l->out ? MIN(l->out - k, RH_LANES) : 0;
            Vector taps[9];
            for (gsize tap = 0; tap < 9; tap++)
                taps[tap] = load_some(filter + (tap * l->in + c) * l->out + k, count);
            transform_taps(taps, to->at + (c - first) * to->row_step + half * RH_LANES, to->step);
        }
    }
}

/* The same for the next block of filters turned around. */
ALWAYS_INLINE void fetch_turned_filters(const Layout *l, const float *filter, gsize c, gsize k)
{
    for (gsize tap = 0; c < l->in && tap < 9; tap++)
        for (gsize i = 0; i < RH_LANES && k + i < l->out; i++)
            __builtin_prefetch(filter + (tap * l->out + k + i) * l->in + c);
}

/* Filters turned around, their inputs and outputs exchanged: RH_LANES of each at a time. */
static void transform_turned_filters(const Layout *l, const float *filter, gsize first, gsize last,
                                     gsize panel, const Matrices *to)
{
    for (gsize half = 0; half < 2; half++)
        for (gsize c = first; c < last; c += RH_LANES) {
            Vector taps[RH_LANES][9], rows[RH_LANES];
            gsize count = MIN(last - c, RH_LANES), k = panel * RH_PANEL + half * RH_LANES;
            fetch_turned_filters(l, filter, c + RH_LANES, k);
            for (gsize tap = 0; tap < 9; tap++) {
                const float *from = filter + (8 - tap) * l->out * l->in;
                for (gsize i = 0; i < RH_LANES; i++)
                    rows[i] = k + i < l->out ? load_some(from + (k + i) * l->in + c, count) : splat(0);
                transpose(rows);
                for (gsize i = 0; i < RH_LANES; i++)
                    taps[i][tap] = rows[i];
            }
            for (gsize i = 0; i < count; i++)
                transform_taps(taps[i], to->at + (c + i - first) * to->row_step + half * RH_LANES, to->step);
        }
}

static void transform_block(const Layout *l, const float *filter, gsize first, gsize last, gsize panel,
                            const Matrices *to)
{
    (l->turned ? transform_turned_filters : transform_filters)(l, filter, first, last, panel, to);
}

/* At each position, rows of inputs (from `row` and channel `first` on) by `inner` rows of filters. */
static void multiply_positions(const Matrices *inputs, gsize row, gsize rows, gsize first, gsize inner,
                               const Matrices *filters, const Matrices *outputs, gboolean add)
{
    for (gsize i = 0; i < POSITIONS; i++) {
        const Product product = {.inner = inner,
                                 .a = inputs->at + i * inputs->step + row * inputs->row_step + first,
                                 .row_step = inputs->row_step,
                                 .inner_step = 1,
                                 .b = filters->at + i * filters->step,
                                 .b_step = filters->row_step,
                                 .c = outputs->at + i * outputs->step,
                                 .c_step = outputs->row_step,
                                 .add = add};
        multiply_rows(&product, rows);
    }
}

/* --- small filters: they are transformed once, then each block of tiles is seen through to the end --- */

/* A few register tiles of rows; 16 blocks or more if there are so many tiles, that threads end together. */
static gsize blocks_of(const Layout *l)
{
    gsize units = (l->tiles + RH_TILE_ROWS - 1) / RH_TILE_ROWS;
    gsize most = BLOCK_FLOATS / (POSITIONS * image_step(l->in) * RH_TILE_ROWS);
    gsize of_block = MAX(1, MIN(most, (units + 15) / 16));
    return (units + of_block - 1) / of_block;
}

static gsize block_tiles(const Layout *l)
{
    return (l->tiles + blocks_of(l) - 1) / blocks_of(l);
}

static Matrices panel_filters(const Layout *l, gpointer scratch, gsize panel)
{
    return matrices_at((float *)scratch + panel * matrices_floats(l->in, RH_PANEL), l->in, RH_PANEL);
}

static guint filter_panels(const RhNode *node)
{
    return (guint)layout_of(node).panels;
}

static guint blocks(const RhNode *node)
{
    const Layout l = layout_of(node);
    return (guint)blocks_of(&l);
}

static gsize blocks_scratch(const RhNode *node)
{
    const Layout l = layout_of(node);
    return l.panels * matrices_floats(l.in, RH_PANEL) / 2 + 1;
}

static gsize blocks_working(const RhNode *node)
{
    const Layout l = layout_of(node);
    return matrices_floats(block_tiles(&l), image_step(l.in)) + matrices_floats(block_tiles(&l), RH_PANEL);
}

static void run_filters(const RhCall *call)
{
    const Layout l = layout_of(call->node);
    const Matrices filters = panel_filters(&l, call->scratch, call->piece);
    transform_block(&l, call->inputs[1], 0, l.in, call->piece, &filters);
}

static void run_block(const RhCall *call)
{
    const Layout l = layout_of(call->node);
    gsize first = rh_piece_start(l.tiles, call->piece, call->pieces);
    gsize last = rh_piece_start(l.tiles, call->piece + 1, call->pieces);
    gsize count = last - first;
    const Matrices inputs = matrices_at(call->working, count, image_step(l.in));
    const Matrices outputs =
        matrices_at(inputs.at + matrices_floats(count, inputs.row_step), count, RH_PANEL);
    const Channels channels = all_channels(call->inputs[0], l.in);
    transform_inputs(&l, &channels, first, count, &inputs, 0);
    for (gsize panel = 0; panel < l.panels; panel++) {
        const Matrices filters = panel_filters(&l, call->scratch, panel);
        multiply_positions(&inputs, 0, count, 0, l.in, &filters, &outputs, FALSE);
        for (gsize tile = 0; tile < count; tile++)
            write_tile(&l, &outputs, tile, first + tile, panel, call->output);
    }
}

static const RhImplementation small_filter = {
    .stages = {{filter_panels, {run_filters}}, {blocks, {run_block}}},
    .scratch = blocks_scratch,
    .working = blocks_working,
};

/* --- large filters: the inputs are transformed once, and pass by each block of filters as that is made ---
 */

static gsize chunks_of(const Layout *l)
{
    return (l->tiles + CHUNK_TILES - 1) / CHUNK_TILES;
}

static guint input_pieces(const RhNode *node)
{
    const Layout l = layout_of(node);
    return rh_pieces_for(l.tiles, POSITIONS * l.in);
}

static guint panel_pieces(const RhNode *node)
{
    const Layout l = layout_of(node);
    return (guint)(l.panels * chunks_of(&l));
}

static gsize panels_scratch(const RhNode *node)
{
    const Layout l = layout_of(node);
    return matrices_floats(l.tiles, image_step(l.in)) / 2 + 1;
}

static gsize panels_working(const RhNode *node)
{
    const Layout l = layout_of(node);
    return matrices_floats(MIN(CHUNK_TILES, l.tiles), RH_PANEL) +
           matrices_floats(MIN(CHUNK_INNER, l.in), RH_PANEL);
}

static void run_inputs(const RhCall *call)
{
    const Layout l = layout_of(call->node);
    gsize first = rh_piece_start(l.tiles, call->piece, call->pieces);
    gsize last = rh_piece_start(l.tiles, call->piece + 1, call->pieces);
    const Matrices inputs = matrices_at(call->scratch, l.tiles, image_step(l.in));
    const Channels channels = all_channels(call->inputs[0], l.in);
    transform_inputs(&l, &channels, first, last - first, &inputs, first);
}

/* A piece: a panel of outputs for a chunk of tiles. */
static void run_panel(const RhCall *call)
{
    const Layout l = layout_of(call->node);
    gsize panel = call->piece % l.panels, chunk = call->piece / l.panels, chunks = chunks_of(&l);
    gsize first = rh_piece_start(l.tiles, (guint)chunk, (guint)chunks);
    gsize count = rh_piece_start(l.tiles, (guint)chunk + 1, (guint)chunks) - first;
    gsize inner = MIN(CHUNK_INNER, l.in);
    const Matrices inputs = matrices_at(call->scratch, l.tiles, image_step(l.in));
    const Matrices filters = matrices_at(call->working, inner, RH_PANEL);
    const Matrices outputs = matrices_at(filters.at + matrices_floats(inner, RH_PANEL), count, RH_PANEL);
    for (gsize c = 0; c < l.in; c += inner) {
        gsize end = MIN(c + inner, l.in);
        transform_block(&l, call->inputs[1], c, end, panel, &filters);
        multiply_positions(&inputs, first, count, c, end - c, &filters, &outputs, c > 0);
    }
    for (gsize tile = 0; tile < count; tile++)
        write_tile(&l, &outputs, tile, first + tile, panel, call->output);
}

static const RhImplementation large_filter = {
    .stages = {{input_pieces, {run_inputs}}, {panel_pieces, {run_panel}}},
    .scratch = panels_scratch,
    .working = panels_working,
};

const RhImplementation *RH_FAST(rh_winograd)(const RhNode *node)
{
    const Layout l = layout_of(node);
    if (!suits(&l))
        return NULL;
    return l.in * l.out < FILTER_LARGE ? &small_filter : &large_filter;
}
