/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tensor/fast-direct.h"

#include "tensor/fast-multiply.h"

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

static Geometry geometry_of(const RhNode *node)
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

static gsize panels_of(gsize columns)
{
    return (columns + RH_PANEL - 1) / RH_PANEL;
}

/* Rows in units of a register tile. */
static gsize units_of(gsize rows)
{
    return (rows + RH_TILE_ROWS - 1) / RH_TILE_ROWS;
}

/* Rows [start, end) of a piece of `rows` rows, in whole units. */
static void rows_of_piece(gsize rows, gsize piece, gsize pieces, gsize *start, gsize *end)
{
    *start = rh_piece_start(units_of(rows), (guint)piece, (guint)pieces) * RH_TILE_ROWS;
    *end = MIN(rh_piece_start(units_of(rows), (guint)piece + 1, (guint)pieces) * RH_TILE_ROWS, rows);
}

/* Into how many blocks rows of `inner` floats are cut: 16 or more if there are that many units, and each
 * within the cache. */
static gsize row_blocks(gsize rows, gsize inner)
{
    gsize most = MAX(1, BLOCK_FLOATS / ((inner + APART) * RH_TILE_ROWS));
    gsize units = MIN(most, (units_of(rows) + 15) / 16);
    return (units_of(rows) + units - 1) / units;
}

static gsize block_rows(gsize rows, gsize inner)
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
static void multiply(const float *a, gsize a_step, gsize rows, gsize inner, const Operand *b,
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

static Window window_of(const Geometry *g, const float *x, gsize row)
{
    gsize line = row / g->out_width;
    return (Window){x + line / g->out_height * g->height * g->width * g->in,
                    (gssize)(line % g->out_height * g->stride) - (gssize)g->padding,
                    (gssize)(row % g->out_width * g->stride) - (gssize)g->padding};
}

/* The window of output pixel `row`, line by line: taps side by side, each with its channels; 0 outside of x.
 */
static void gather_window(const Geometry *g, const float *x, gsize row, float *to)
{
    const Window w = window_of(g, x, row);
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
static void gather_part(const Geometry *g, const float *x, gsize row, gsize first, gsize last, float *to)
{
    const Window w = window_of(g, x, row);
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

/* --- the convolution: rows are the windows of output pixels --- */

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

/* Columns [first, last) of rows that lie one behind the other. */
static void write_rows(const float *from, gsize step, gsize rows, gsize first, gsize last, gsize channels,
                       float *to)
{
    for (gsize row = 0; row < rows; row++)
        memcpy(to + row * channels + first, from + row * step, (last - first) * sizeof *to);
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
    for (gsize row = start; row < end; row++)
        gather_window(g, call->inputs[0], row, windows + (row - start) * a_step);
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

/* --- the gradient of the input: pixels of x that lie alike to the stride see the same taps. Rows are what
 * the pixels of one such phase see of dy --- */

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

/* Pixel `row` of a phase. */
typedef struct {
    gsize image, y, x;
} Pixel;

static Pixel pixel_of(const Backward *b, gsize n, gsize row)
{
    gsize line = row / b->phase[n].width;
    return (Pixel){line / b->phase[n].height, line % b->phase[n].height * b->g.stride + b->phase[n].down,
                   row % b->phase[n].width * b->g.stride + b->phase[n].across};
}

/* `step`: floats from tap to tap; what is behind a tap's values is 0. */
static void gather_gradients(const Backward *b, gsize n, const float *dy, gsize row, gsize step, float *to)
{
    const Geometry *g = &b->g;
    const Pixel pixel = pixel_of(b, n, row);
    for (gsize t = 0; t < b->phase[n].taps; t++, to += step) {
        gssize y =
            ((gssize)(pixel.y + g->padding) - (gssize)(b->phase[n].tap[t] / g->kernel)) / (gssize)g->stride;
        gssize x =
            ((gssize)(pixel.x + g->padding) - (gssize)(b->phase[n].tap[t] % g->kernel)) / (gssize)g->stride;
        gboolean inside = pixel.y + g->padding >= b->phase[n].tap[t] / g->kernel &&
                          pixel.x + g->padding >= b->phase[n].tap[t] % g->kernel &&
                          y < (gssize)g->out_height && x < (gssize)g->out_width;
        gsize count = inside ? g->out : 0;
        if (inside)
            memcpy(to, dy + ((pixel.image * g->out_height + (gsize)y) * g->out_width + (gsize)x) * g->out,
                   count * sizeof *to);
        memset(to + count, 0, (step - count) * sizeof *to);
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
    for (gsize row = start; row < end; row++)
        gather_gradients(&b, n, call->inputs[0], row, g->out, seen + (row - start) * a_step);
    const Operand filter = {(const float *)call->scratch + b.phase[n].packed, inner * RH_PANEL, RH_PANEL,
                            g->in};
    if (inner > 0)
        multiply(seen, a_step, end - start, inner, &filter, 0, b.panels, results, c_step);
    for (gsize row = start; row < end; row++) {
        const Pixel pixel = pixel_of(&b, n, row);
        float *to = dx + ((pixel.image * g->height + pixel.y) * g->width + pixel.x) * g->in;
        if (inner > 0)
            memcpy(to, results + (row - start) * c_step, g->in * sizeof *to);
        else
            memset(to, 0, g->in * sizeof *to);
    }
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
        float *to = (float *)call->scratch + row * step;
        gather_gradients(&b, n, call->inputs[0], within, padded, to);
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
            sums[r][i] += own[r] * factor;
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
                    const Pixel pixel = pixel_of(&b, n, row + r);
                    float *to = (float *)call->output +
                                ((pixel.image * g->height + pixel.y) * g->width + pixel.x) * g->in;
                    memcpy(to + c, results[r], MIN(DOT_CHANNELS, last - c) * sizeof *to);
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

/* --- the gradient of the filter: its rows are columns of the windows. Groups of windows are summed apart
 * where there are few rows --- */

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
    for (gsize row = start; row < end; row += SUMMED_ROWS) {
        gsize count = MIN(SUMMED_ROWS, end - row);
        const float *dy = (const float *)call->inputs[1] + row * g->out;
        for (gsize i = 0; i < count; i++)
            if (last - first == f.window)
                gather_window(g, call->inputs[0], row + i, windows + i * a_step);
            else
                gather_part(g, call->inputs[0], row + i, first, last, windows + i * a_step);
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

const RhImplementation *RH_FAST(rh_direct)(const RhNode *node)
{
    const Geometry g = geometry_of(node);
    if (g.stride * g.stride > PHASES_MAX || g.kernel * g.kernel > TAPS_MAX)
        return NULL;
    if (node->operation == &rh_operation_convolution)
        return &forward;
    if (node->operation == &rh_operation_filter_gradient)
        return &filter_gradient;
    if (g.kernel * g.kernel * g.in <= RH_PANEL)
        return &backward_narrow;
    return g.images * g.out_height * g.out_width <= ROWS_DOT ? &backward_few : &backward;
}
