/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-direct.h"

/* The gradient of the filter: its rows are columns of the windows. Groups of windows are summed apart where
 * there are few rows. */

#define SUMMED_ROWS 128 /* windows at a time */
#define BLOCK_ROWS  56  /* of the filter's window × out matrix, at most; a piece */

typedef struct {
    Geometry g;
    gsize rows, window, panels, blocks, groups;
} Filter;

static Filter filter_of(const RhNode *node)
{
    Filter f = {.g = geometry_of(node)};
    f.rows = f.g.images * f.g.out_height * f.g.out_width;
    f.window = f.g.kernel * f.g.kernel * f.g.in;
    f.panels = panels_of(f.g.out);
    f.blocks = (f.window + BLOCK_ROWS - 1) / BLOCK_ROWS;
    f.groups = CLAMP(f.rows / SUMMED_ROWS, 1, MAX(1, 8 / f.blocks));
    return f;
}

static guint filter_pieces(const RhNode *node)
{
    const Filter f = filter_of(node);
    return (guint)(f.blocks * f.groups);
}

static guint filter_sum_pieces(const RhNode *node)
{
    return rh_pieces_for(rh_shape_count(node->shape), filter_of(node).groups);
}

static gsize filter_scratch(const RhNode *node)
{
    return filter_of(node).groups * rh_shape_count(node->shape) / 2 + 1;
}

static gsize filter_working(const RhNode *node)
{
    const Filter f = filter_of(node);
    return SUMMED_ROWS * (BLOCK_ROWS + APART) + (SUMMED_ROWS + BLOCK_ROWS) * (f.panels * RH_PANEL + APART);
}

static void run_filter(const RhCall *call)
{
    const Filter f = filter_of(call->node);
    const Geometry *g = &f.g;
    guint block = call->piece % (guint)f.blocks, group = call->piece / (guint)f.blocks;
    gsize first = rh_piece_start(f.window, block, (guint)f.blocks);
    gsize last = rh_piece_start(f.window, block + 1, (guint)f.blocks);
    gsize start = rh_piece_start(f.rows, group, (guint)f.groups);
    gsize end = rh_piece_start(f.rows, group + 1, (guint)f.groups);
    gsize a_step = BLOCK_ROWS + APART, c_step = f.panels * RH_PANEL + APART;
    float *windows = call->working, *gradients = windows + SUMMED_ROWS * a_step;
    float *sums = gradients + SUMMED_ROWS * c_step;
    Place place = place_at(g->out_height, g->out_width, start);
    for (gsize row = start; row < end; row += SUMMED_ROWS) {
        gsize count = MIN(SUMMED_ROWS, end - row);
        const float *dy = (const float *)call->inputs[1] + row * g->out;
        for (gsize i = 0; i < count; i++, move_on(&place, g->out_height, g->out_width))
            if (last - first == f.window)
                gather_window(g, call->inputs[0], &place, windows + i * a_step);
            else
                gather_part(g, call->inputs[0], &place, first, last, windows + i * a_step);
        if (g->out % RH_PANEL != 0)
            for (gsize i = 0; i < count; i++)
                memcpy(gradients + i * c_step, dy + i * g->out, g->out * sizeof *gradients);
        gboolean padded = g->out % RH_PANEL != 0;
        for (gsize panel = 0; panel < f.panels; panel++) {
            const Product product = {.inner = count,
                                     .a = windows,
                                     .row_step = 1,
                                     .inner_step = a_step,
                                     .b = (padded ? gradients : dy) + panel * RH_PANEL,
                                     .b_step = padded ? c_step : g->out,
                                     .c = sums + panel * RH_PANEL,
                                     .c_step = c_step,
                                     .add = row > start,
                                     .narrow = g->out - panel * RH_PANEL <= RH_LANES};
            multiply_columns(&product, last - first);
        }
    }
    float *to = (float *)call->scratch + group * rh_shape_count(call->node->shape);
    write_rows(sums, c_step, last - first, 0, g->out, g->out, to + first * g->out);
}

static void sum_filters(const RhCall *call)
{
    gsize count = rh_shape_count(call->node->shape);
    sum_parts(call->scratch, filter_of(call->node).groups, count,
              rh_piece_start(count, call->piece, call->pieces),
              rh_piece_start(count, call->piece + 1, call->pieces), call->output);
}

static const RhImplementation filter_gradient = {
    .stages = {{filter_pieces, {run_filter}}, {filter_sum_pieces, {sum_filters}}},
    .scratch = filter_scratch,
    .working = filter_working,
};

const RhImplementation *RH_FAST(rh_direct_filter)(const RhNode *node)
{
    return &filter_gradient;
}
