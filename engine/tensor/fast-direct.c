/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-direct.h"

/* The convolution: rows are the windows of output pixels. */

typedef struct {
    Geometry g;
    gsize rows, window, panels, blocks, column_groups;
    gboolean packed;
} Forward;

static Forward forward_of(const RhNode *node)
{
    Forward f = {.g = geometry_of(node)};
    const Geometry *g = &f.g;
    f.rows = g->images * g->out_height * g->out_width;
    f.window = g->kernel * g->kernel * g->in;
    f.panels = panels_of(g->out);
    f.blocks = row_blocks(f.rows, f.window);
    f.packed = f.rows > ROWS_FEW || g->out % RH_PANEL != 0;
    f.column_groups = MIN(f.panels, MAX(1, 16 / f.blocks));
    return f;
}

static guint pack_pieces(const RhNode *node)
{
    const Forward f = forward_of(node);
    return f.packed ? (guint)f.panels : 0;
}

static guint forward_pieces(const RhNode *node)
{
    const Forward f = forward_of(node);
    return (guint)(f.blocks * f.column_groups);
}

static gsize forward_scratch(const RhNode *node)
{
    const Forward f = forward_of(node);
    return f.packed ? f.panels * f.window * RH_PANEL / 2 : 0;
}

static gsize forward_working(const RhNode *node)
{
    const Forward f = forward_of(node);
    return block_rows(f.rows, f.window) * (f.window + APART + f.panels * RH_PANEL + APART);
}

/* A piece: a panel. */
static void pack(const RhCall *call)
{
    const Forward f = forward_of(call->node);
    const float *filter = call->inputs[1];
    float *to = (float *)call->scratch + call->piece * f.window * RH_PANEL;
    gsize first = call->piece * RH_PANEL;
    for (gsize row = 0; row < f.window; row++, to += RH_PANEL)
        for (gsize half = 0; half < 2; half++) {
            gsize k = first + half * RH_LANES, count = k < f.g.out ? MIN(f.g.out - k, RH_LANES) : 0;
            store(to + half * RH_LANES, load_some(filter + row * f.g.out + k, count));
        }
}

static void run_forward(const RhCall *call)
{
    const Forward f = forward_of(call->node);
    const Geometry *g = &f.g;
    gsize start, end, group = call->piece % f.column_groups;
    rows_of_piece(f.rows, call->piece / f.column_groups, f.blocks, &start, &end);
    gsize first = rh_piece_start(f.panels, (guint)group, (guint)f.column_groups);
    gsize last = rh_piece_start(f.panels, (guint)group + 1, (guint)f.column_groups);
    gsize a_step = f.window + APART;
    gboolean whole = g->out % RH_PANEL == 0;
    float *windows = call->working, *output = (float *)call->output + start * g->out;
    float *results = whole ? output + first * RH_PANEL : windows + (end - start) * a_step;
    gsize c_step = whole ? g->out : (last - first) * RH_PANEL + APART;
    Place place = place_at(g->out_height, g->out_width, start);
    for (gsize row = start; row < end; row++, move_on(&place, g->out_height, g->out_width))
        gather_window(g, call->inputs[0], &place, windows + (row - start) * a_step);
    const Operand filter = f.packed ? (Operand){call->scratch, f.window * RH_PANEL, RH_PANEL, g->out}
                                    : (Operand){call->inputs[1], RH_PANEL, g->out, g->out};
    multiply(windows, a_step, end - start, f.window, &filter, first, last, results, c_step);
    if (!whole)
        write_rows(results, c_step, end - start, first * RH_PANEL, MIN(last * RH_PANEL, g->out), g->out,
                   output);
}

static const RhImplementation forward = {
    .stages = {{pack_pieces, {pack}}, {forward_pieces, {run_forward}}},
    .scratch = forward_scratch,
    .working = forward_working,
};

const RhImplementation *RH_FAST(rh_direct)(const RhNode *node)
{
    return &forward;
}
