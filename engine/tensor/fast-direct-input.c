/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-direct.h"

/* The gradient of the input: pixels of x that lie alike to the stride, a phase, see the same taps. Rows are
 * what the pixels of a phase see of dy. */

#define PHASES_MAX 16
#define TAPS_MAX   64

typedef struct {
    Geometry g;
    gsize phases, panels;
    struct {
        gsize down, across;        /* of the first pixel */
        gsize height, width, rows; /* pixels of the phase in an image, in all images */
        gsize taps, tap[TAPS_MAX];
        gsize first_piece, blocks;
        gsize packed; /* where its filters begin */
    } phase[PHASES_MAX];
    gsize pieces, packed_floats, working;
} Backward;

/* Whether tap i (of a line) touches pixels at `place` to the stride. */
static gboolean touches(const Geometry *g, gsize place, gsize i)
{
    return (place + g->padding + g->kernel * g->stride - i) % g->stride == 0;
}

static void add_phase(Backward *b, gsize down, gsize across)
{
    const Geometry *g = &b->g;
    gsize n = b->phases++;
    b->phase[n].down = down;
    b->phase[n].across = across;
    b->phase[n].height = (g->height - down + g->stride - 1) / g->stride;
    b->phase[n].width = (g->width - across + g->stride - 1) / g->stride;
    b->phase[n].rows = g->images * b->phase[n].height * b->phase[n].width;
    b->phase[n].taps = 0;
    for (gsize tap = 0; tap < g->kernel * g->kernel; tap++)
        if (touches(g, down, tap / g->kernel) && touches(g, across, tap % g->kernel))
            b->phase[n].tap[b->phase[n].taps++] = tap;
    gsize inner = b->phase[n].taps * g->out;
    b->phase[n].blocks = row_blocks(b->phase[n].rows, inner);
    b->phase[n].first_piece = b->pieces;
    b->phase[n].packed = b->packed_floats;
    b->pieces += b->phase[n].blocks;
    b->packed_floats += b->panels * inner * RH_PANEL;
    b->working =
        MAX(b->working, block_rows(b->phase[n].rows, inner) * (inner + APART + b->panels * RH_PANEL + APART));
}

static void backward_init(Backward *b, const RhNode *node)
{
    b->g = geometry_of(node);
    b->phases = b->pieces = b->packed_floats = b->working = 0;
    b->panels = panels_of(b->g.in);
    for (gsize down = 0; down < MIN(b->g.stride, b->g.height); down++)
        for (gsize across = 0; across < MIN(b->g.stride, b->g.width); across++)
            add_phase(b, down, across);
}

/* Filters of a panel of inputs c, as rows of outputs k: RH_LANES of each at a time. A piece: a panel. */
static void pack_backward(const RhCall *call)
{
    Backward b;
    backward_init(&b, call->node);
    const Geometry *g = &b.g;
    for (gsize n = 0; n < b.phases; n++) {
        float *to =
            (float *)call->scratch + b.phase[n].packed + call->piece * b.phase[n].taps * g->out * RH_PANEL;
        for (gsize t = 0; t < b.phase[n].taps; t++)
            for (gsize k = 0; k < g->out; k += RH_LANES)
                for (gsize half = 0; half < 2; half++) {
                    gsize c = call->piece * RH_PANEL + half * RH_LANES, count = MIN(g->out - k, RH_LANES);
                    const float *from =
                        (const float *)call->inputs[1] + b.phase[n].tap[t] * g->in * g->out + k;
                    Vector rows[RH_LANES];
                    for (gsize i = 0; i < RH_LANES; i++)
                        rows[i] = c + i < g->in ? load_some(from + (c + i) * g->out, count) : splat(0);
                    transpose(rows);
                    for (gsize i = 0; i < count; i++)
                        store(to + (t * g->out + k + i) * RH_PANEL + half * RH_LANES, rows[i]);
                }
    }
}

/* Where pixel `place` of a phase lies in x. */
static gsize down_of(const Backward *b, gsize n, const Place *place)
{
    return place->y * b->g.stride + b->phase[n].down;
}

static gsize across_of(const Backward *b, gsize n, const Place *place)
{
    return place->x * b->g.stride + b->phase[n].across;
}

/* Floats before the pixel. */
static gsize offset_of(const Backward *b, gsize n, const Place *place)
{
    return ((place->image * b->g.height + down_of(b, n, place)) * b->g.width + across_of(b, n, place)) *
           b->g.in;
}

/* The coordinate of dy that tap i links with `at` of x; FALSE if there is none. */
static gboolean linked(const Geometry *g, gsize at, gsize i, gsize size, gsize *to)
{
    *to = (at + g->padding - i) / g->stride;
    return at + g->padding >= i && *to < size;
}

/* What a pixel of a phase sees of dy. `step`: floats from tap to tap; what is behind a tap's values is 0. */
static void gather_gradients(const Backward *b, gsize n, const float *dy, const Place *place, gsize step,
                             float *to)
{
    const Geometry *g = &b->g;
    const float *image = dy + place->image * g->out_height * g->out_width * g->out;
    for (gsize t = 0; t < b->phase[n].taps; t++, to += step) {
        gsize y, x;
        gboolean inside =
            linked(g, down_of(b, n, place), b->phase[n].tap[t] / g->kernel, g->out_height, &y) &&
            linked(g, across_of(b, n, place), b->phase[n].tap[t] % g->kernel, g->out_width, &x);
        if (inside)
            copy(to, image + (y * g->out_width + x) * g->out, g->out);
        clear(to + (inside ? g->out : 0), step - (inside ? g->out : 0));
    }
}

static void run_backward(const RhCall *call)
{
    Backward b;
    backward_init(&b, call->node);
    const Geometry *g = &b.g;
    gsize n = b.phases - 1, start, end;
    while (b.phase[n].first_piece > call->piece)
        n--;
    rows_of_piece(b.phase[n].rows, call->piece - b.phase[n].first_piece, b.phase[n].blocks, &start, &end);
    gsize inner = b.phase[n].taps * g->out, a_step = inner + APART, c_step = b.panels * RH_PANEL + APART;
    float *seen = call->working, *results = seen + (end - start) * a_step, *dx = call->output;
    Place place = place_at(b.phase[n].height, b.phase[n].width, start), to = place;
    for (gsize row = start; row < end; row++, move_on(&place, b.phase[n].height, b.phase[n].width))
        gather_gradients(&b, n, call->inputs[0], &place, g->out, seen + (row - start) * a_step);
    const Operand filter = {(const float *)call->scratch + b.phase[n].packed, inner * RH_PANEL, RH_PANEL,
                            g->in};
    if (inner > 0)
        multiply(seen, a_step, end - start, inner, &filter, 0, b.panels, results, c_step);
    for (gsize row = start; row < end; row++, move_on(&to, b.phase[n].height, b.phase[n].width))
        if (inner > 0)
            copy(dx + offset_of(&b, n, &to), results + (row - start) * c_step, g->in);
        else
            clear(dx + offset_of(&b, n, &to), g->in);
}

static guint backward_pack_pieces(const RhNode *node)
{
    return (guint)panels_of(node->shape.size[3]);
}

static guint backward_pieces(const RhNode *node)
{
    Backward b;
    backward_init(&b, node);
    return (guint)b.pieces;
}

static gsize backward_scratch(const RhNode *node)
{
    Backward b;
    backward_init(&b, node);
    return b.packed_floats / 2;
}

static gsize backward_working(const RhNode *node)
{
    Backward b;
    backward_init(&b, node);
    return b.working;
}

/* --- the same for few rows: each filter is read once, as it lies, along the outputs; results are dot
 * products --- */

#define ROWS_DOT     56 /* pixels of y up to which this is faster */
#define DOT_ROWS     (RH_LANES > 8 ? 4 : 2)
#define DOT_CHANNELS 4
#define DOT_PIECE    16 /* channels of x; a multiple of the former */

static gsize dot_rows(const Backward *b)
{
    gsize rows = 0;
    for (gsize n = 0; n < b->phases; n++)
        rows += b->phase[n].rows;
    return rows;
}

static gsize seen_step(const Backward *b)
{
    return b->g.kernel * b->g.kernel * round_up(b->g.out, RH_LANES) + APART;
}

static guint dot_pieces(const RhNode *node)
{
    return (guint)((node->shape.size[3] + DOT_PIECE - 1) / DOT_PIECE);
}

static guint seen_pieces(const RhNode *node)
{
    Backward b;
    backward_init(&b, node);
    return rh_pieces_for(dot_rows(&b), seen_step(&b));
}

static gsize seen_scratch(const RhNode *node)
{
    Backward b;
    backward_init(&b, node);
    return dot_rows(&b) * seen_step(&b) / 2 + 1;
}

/* The phase of a row, and its place within it. */
static gsize phase_of(const Backward *b, gsize row, gsize *within)
{
    gsize n = 0;
    for (*within = row; *within >= b->phase[n].rows; n++)
        *within -= b->phase[n].rows;
    return n;
}

static void run_seen(const RhCall *call)
{
    Backward b;
    backward_init(&b, call->node);
    gsize rows = dot_rows(&b), step = seen_step(&b), padded = round_up(b.g.out, RH_LANES), within;
    for (gsize row = rh_piece_start(rows, call->piece, call->pieces);
         row < rh_piece_start(rows, call->piece + 1, call->pieces); row++) {
        gsize n = phase_of(&b, row, &within);
        const Place place = place_at(b.phase[n].height, b.phase[n].width, within);
        gather_gradients(&b, n, call->inputs[0], &place, padded, (float *)call->scratch + row * step);
    }
}

static float sum_lanes(Vector value)
{
    float lanes[RH_LANES];
    store(lanes, value);
    for (gsize half = RH_LANES / 2; half > 0; half /= 2)
        for (gsize i = 0; i < half; i++)
            lanes[i] += lanes[i + half];
    return lanes[0];
}

/* Adds products of rows and filters, `count` values of each from k on. */
ALWAYS_INLINE void add_products(const float *const rows[DOT_ROWS], const float *const filters[DOT_CHANNELS],
                                gsize k, gsize count, Vector sums[DOT_ROWS][DOT_CHANNELS])
{
    Vector own[DOT_ROWS];
#pragma GCC unroll 4
    for (gsize r = 0; r < DOT_ROWS; r++)
        own[r] = load(rows[r] + k);
#pragma GCC unroll 4
    for (gsize i = 0; i < DOT_CHANNELS; i++) {
        const Vector factor = load_some(filters[i] + k, count);
#pragma GCC unroll 4
        for (gsize r = 0; r < DOT_ROWS; r++)
            sums[r][i] = multiply_add(own[r], factor, sums[r][i]);
    }
}

/* DOT_ROWS rows of one phase by the filters of DOT_CHANNELS channels from c on; those that are not there are
 * taken for the last one. Loops are unrolled so that the sums are registers. */
static void dot(const Backward *b, gsize n, const float *const rows[DOT_ROWS], const float *filter, gsize c,
                float results[DOT_ROWS][DOT_CHANNELS])
{
    const Geometry *g = &b->g;
    gsize padded = round_up(g->out, RH_LANES), whole = g->out / RH_LANES * RH_LANES;
    Vector sums[DOT_ROWS][DOT_CHANNELS];
#pragma GCC unroll 4
    for (gsize r = 0; r < DOT_ROWS; r++)
#pragma GCC unroll 4
        for (gsize i = 0; i < DOT_CHANNELS; i++)
            sums[r][i] = splat(0);
    for (gsize t = 0; t < b->phase[n].taps; t++) {
        const float *own[DOT_ROWS], *filters[DOT_CHANNELS];
#pragma GCC unroll 4
        for (gsize r = 0; r < DOT_ROWS; r++)
            own[r] = rows[r] + t * padded;
#pragma GCC unroll 4
        for (gsize i = 0; i < DOT_CHANNELS; i++)
            filters[i] = filter + (b->phase[n].tap[t] * g->in + MIN(c + i, g->in - 1)) * g->out;
        for (gsize k = 0; k < whole; k += RH_LANES)
            add_products(own, filters, k, RH_LANES, sums);
        if (whole < g->out)
            add_products(own, filters, whole, g->out - whole, sums);
    }
#pragma GCC unroll 4
    for (gsize r = 0; r < DOT_ROWS; r++)
#pragma GCC unroll 4
        for (gsize i = 0; i < DOT_CHANNELS; i++)
            results[r][i] = sum_lanes(sums[r][i]);
}

/* A piece: some channels of x. */
static void run_dots(const RhCall *call)
{
    Backward b;
    backward_init(&b, call->node);
    const Geometry *g = &b.g;
    gsize first = call->piece * DOT_PIECE, last = MIN(first + DOT_PIECE, g->in), begin = 0;
    for (gsize n = 0; n < b.phases; begin += b.phase[n].rows, n++)
        for (gsize c = first; c < last; c += DOT_CHANNELS)
            for (gsize row = 0; row < b.phase[n].rows; row += DOT_ROWS) {
                const float *rows[DOT_ROWS];
                float results[DOT_ROWS][DOT_CHANNELS];
                for (gsize r = 0; r < DOT_ROWS; r++)
                    rows[r] = (const float *)call->scratch +
                              (begin + MIN(row + r, b.phase[n].rows - 1)) * seen_step(&b);
                dot(&b, n, rows, call->inputs[1], c, results);
                for (gsize r = 0; r < DOT_ROWS && row + r < b.phase[n].rows; r++) {
                    const Place place = place_at(b.phase[n].height, b.phase[n].width, row + r);
                    copy((float *)call->output + offset_of(&b, n, &place) + c, results[r],
                         MIN(DOT_CHANNELS, last - c));
                }
            }
}

static const RhImplementation backward_few = {
    .stages = {{seen_pieces, {run_seen}}, {dot_pieces, {run_dots}}},
    .scratch = seen_scratch,
};

static const RhImplementation backward = {
    .stages = {{backward_pack_pieces, {pack_backward}}, {backward_pieces, {run_backward}}},
    .scratch = backward_scratch,
    .working = backward_working,
};

/* --- the same for windows of few values, as of images of one channel: what each pixel of dy gives to its
 * window, and that added up --- */

#define SCATTER_ROWS 112 /* pixels of dy at a time */

static guint one_piece(const RhNode *node)
{
    return 1;
}

static guint image_pieces(const RhNode *node)
{
    return (guint)node->shape.size[0];
}

static gsize scatter_scratch(const RhNode *node)
{
    return geometry_of(node).out * RH_PANEL / 2;
}

static gsize scatter_working(const RhNode *node)
{
    return SCATTER_ROWS * RH_PANEL;
}

/* Filters as rows of outputs, columns of windows. */
static void turn_filters(const RhCall *call)
{
    const Geometry g = geometry_of(call->node);
    const float *filter = call->inputs[1];
    float *to = call->scratch;
    gsize window = g.kernel * g.kernel * g.in;
    memset(to, 0, g.out * RH_PANEL * sizeof *to);
    for (gsize i = 0; i < window; i++)
        for (gsize k = 0; k < g.out; k++)
            to[k * RH_PANEL + i] = filter[i * g.out + k];
}

static void scatter_window(const Geometry *g, gsize pixel, const float *values, float *dx)
{
    gssize top = (gssize)(pixel / g->out_width * g->stride) - (gssize)g->padding;
    gssize left = (gssize)(pixel % g->out_width * g->stride) - (gssize)g->padding;
    for (gsize tap = 0; tap < g->kernel * g->kernel; tap++, values += g->in) {
        gssize y = top + (gssize)(tap / g->kernel), x = left + (gssize)(tap % g->kernel);
        if (y < 0 || y >= (gssize)g->height || x < 0 || x >= (gssize)g->width)
            continue;
        float *to = dx + ((gsize)y * g->width + (gsize)x) * g->in;
        for (gsize c = 0; c < g->in; c++)
            to[c] += values[c];
    }
}

/* A piece: an image. */
static void run_scatter(const RhCall *call)
{
    const Geometry g = geometry_of(call->node);
    gsize pixels = g.out_height * g.out_width, size = g.height * g.width * g.in;
    const float *dy = (const float *)call->inputs[0] + call->piece * pixels * g.out;
    float *dx = (float *)call->output + call->piece * size, *values = call->working;
    memset(dx, 0, size * sizeof *dx);
    for (gsize first = 0; first < pixels; first += SCATTER_ROWS) {
        gsize count = MIN(SCATTER_ROWS, pixels - first);
        const Operand filters = {call->scratch, 0, RH_PANEL, g.kernel * g.kernel * g.in};
        multiply(dy + first * g.out, g.out, count, g.out, &filters, 0, 1, values, RH_PANEL);
        for (gsize i = 0; i < count; i++)
            scatter_window(&g, first + i, values + i * RH_PANEL, dx);
    }
}

static const RhImplementation backward_narrow = {
    .stages = {{one_piece, {turn_filters}}, {image_pieces, {run_scatter}}},
    .scratch = scatter_scratch,
    .working = scatter_working,
};

const RhImplementation *RH_FAST(rh_direct_input)(const RhNode *node)
{
    const Geometry g = geometry_of(node);
    if (g.kernel * g.kernel * g.in <= RH_PANEL)
        return &backward_narrow;
    if (g.stride * g.stride > PHASES_MAX || g.kernel * g.kernel > TAPS_MAX)
        return NULL;
    return g.images * g.out_height * g.out_width <= ROWS_DOT ? &backward_few : &backward;
}
