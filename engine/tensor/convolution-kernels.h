/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included once for each precision, with REAL, KERNEL(name) and MULTIPLY defined. */

/* The values of one line of a window, zero outside of x. */
static inline void KERNEL(gather_line)(const REAL *x, gsize from, gsize to, gsize length, REAL *line)
{
    if (length <= SHORT_LINE) {
        for (gsize i = 0; i < length; i++)
            line[i] = i >= from && i < to ? x[i - from] : 0;
        return;
    }
    for (gsize i = 0; i < from; i++)
        line[i] = 0;
    memcpy(line + from, x, (to - from) * sizeof *line);
    for (gsize i = to; i < length; i++)
        line[i] = 0;
}

/* The windows of output pixels [start, end) as rows of `window` values; outside of x is 0. */
static void KERNEL(gather_windows)(const Geometry *g, const REAL *x, gsize start, gsize end, REAL *rows)
{
    gsize length = g->kernel * g->channels;
    Pixel pixel = pixel_at(g, start);
    for (gsize row = start; row < end; row++, move_on(g, &pixel))
        for (gsize i = 0; i < g->kernel; i++, rows += length) {
            Line line = line_of(g, &pixel, i);
            KERNEL(gather_line)(x + line.place, line.from * g->channels, line.to * g->channels, length, rows);
        }
}

static void KERNEL(forward)(const RhCall *call)
{
    Geometry g = forward_geometry(call->node);
    gsize block = forward_block(&g);
    guint column_blocks = forward_column_blocks(&g), column_block = call->piece % column_blocks;
    gsize start = call->piece / column_blocks * block, end = MIN(start + block, g.rows);
    gsize first = rh_piece_start(g.outputs, column_block, column_blocks);
    gsize last = rh_piece_start(g.outputs, column_block + 1, column_blocks);
    const REAL *rows = (const REAL *)call->inputs[0] + start * g.channels;
    if (!is_plain(&g)) {
        KERNEL(gather_windows)(&g, call->inputs[0], start, end, call->working);
        rows = call->working;
    }
    MULTIPLY(FALSE, FALSE, end - start, last - first, g.window, rows, g.window,
             (const REAL *)call->inputs[1] + first, g.outputs, FALSE,
             (REAL *)call->output + start * g.outputs + first, g.outputs);
}

/* The adjoint: adds such rows to where their values come from. */
RH_VECTORISED static void KERNEL(scatter_windows)(const Geometry *g, const REAL *rows, gsize start, gsize end,
                                                  REAL *dx)
{
    gsize length = g->kernel * g->channels;
    Pixel pixel = pixel_at(g, start);
    for (gsize row = start; row < end; row++, move_on(g, &pixel))
        for (gsize i = 0; i < g->kernel; i++, rows += length) {
            Line line = line_of(g, &pixel, i);
            const REAL *from = rows + line.from * g->channels;
            REAL *to = dx + line.place;
            gsize count = (line.to - line.from) * g->channels;
            RH_INDEPENDENT
            for (gsize k = 0; k < count; k++)
                to[k] += from[k];
        }
}

/* All channels of a group of images: one product for all taps, block by block. */
static void KERNEL(input_all_taps)(const RhCall *call, const Geometry *g, gsize start, gsize end)
{
    const REAL *dy = call->inputs[0], *filter = call->inputs[1];
    REAL *dx = call->output, *rows = call->working;
    for (gsize row = start; row < end; row += INPUT_BLOCK) {
        gsize stop = MIN(row + INPUT_BLOCK, end);
        MULTIPLY(FALSE, TRUE, stop - row, g->window, g->outputs, dy + row * g->outputs, g->outputs, filter,
                 g->outputs, FALSE, rows, g->window);
        KERNEL(scatter_windows)(g, rows, row, stop, dx);
    }
}

/* Adds, for one tap and output pixels [start, end), the rows' values to channels [first, first + count) of
 * dx. */
RH_VECTORISED static void KERNEL(scatter_tap)(const Geometry *g, gsize tap, gsize start, gsize end,
                                              const REAL *rows, gsize first, gsize count, REAL *dx)
{
    Pixel pixel = pixel_at(g, start);
    for (gsize row = start; row < end; row++, rows += count, move_on(g, &pixel)) {
        gsize place;
        if (!place_of_tap(g, &pixel, tap, &place))
            continue;
        REAL *to = dx + place + first;
        RH_INDEPENDENT
        for (gsize i = 0; i < count; i++)
            to[i] += rows[i];
    }
}

/* Channels [first, first + count) of a group of images, tap by tap. */
static void KERNEL(input_by_taps)(const RhCall *call, const Geometry *g, gsize start, gsize end, gsize first,
                                  gsize count)
{
    const REAL *dy = call->inputs[0], *filter = call->inputs[1];
    REAL *dx = call->output, *rows = call->working;
    for (gsize tap = 0; tap < g->kernel * g->kernel; tap++) {
        MULTIPLY(FALSE, TRUE, end - start, count, g->outputs, dy + start * g->outputs, g->outputs,
                 filter + (tap * g->channels + first) * g->outputs, g->outputs, FALSE, rows, count);
        KERNEL(scatter_tap)(g, tap, start, end, rows, first, count, dx);
    }
}

static void KERNEL(input_gradient)(const RhCall *call)
{
    Geometry g = input_geometry(call->node);
    guint blocks = input_channel_blocks(&g), block = call->piece % blocks;
    gsize group = input_group(&g), first_image = call->piece / blocks * group;
    gsize last_image = MIN(first_image + group, g.images);
    gsize start = first_image * g.out_height * g.out_width, end = last_image * g.out_height * g.out_width;
    gsize first_pixel = first_image * g.height * g.width, last_pixel = last_image * g.height * g.width;
    gsize first = rh_piece_start(g.channels, block, blocks);
    gsize count = rh_piece_start(g.channels, block + 1, blocks) - first;
    REAL *dx = call->output;
    if (blocks == 1) {
        memset(dx + first_pixel * g.channels, 0, (last_pixel - first_pixel) * g.channels * sizeof *dx);
        KERNEL(input_all_taps)(call, &g, start, end);
    } else {
        for (gsize pixel = first_pixel; pixel < last_pixel; pixel++)
            memset(dx + pixel * g.channels + first, 0, count * sizeof *dx);
        KERNEL(input_by_taps)(call, &g, start, end, first, count);
    }
}

/* What one tap sees of channels [first, first + count) at output pixels [start, end). */
static void KERNEL(gather_tap)(const Geometry *g, const REAL *x, gsize tap, gsize start, gsize end,
                               gsize first, gsize count, REAL *rows)
{
    Pixel pixel = pixel_at(g, start);
    for (gsize row = start; row < end; row++, rows += count, move_on(g, &pixel)) {
        gsize place;
        if (place_of_tap(g, &pixel, tap, &place))
            memcpy(rows, x + place + first, count * sizeof *rows);
        else
            memset(rows, 0, count * sizeof *rows);
    }
}

static void KERNEL(filter_of_tap)(const RhCall *call, const Geometry *g)
{
    guint blocks = filter_channel_blocks(g);
    gsize tap = call->piece / blocks, block = call->piece % blocks;
    gsize first = rh_piece_start(g->channels, (guint)block, blocks);
    gsize count = rh_piece_start(g->channels, (guint)block + 1, blocks) - first;
    const REAL *x = call->inputs[0], *dy = call->inputs[1];
    REAL *out = (REAL *)call->output + (tap * g->channels + first) * g->outputs;
    for (gsize row = 0; row < g->rows; row += FILTER_BLOCK) {
        gsize stop = MIN(row + FILTER_BLOCK, g->rows);
        KERNEL(gather_tap)(g, x, tap, row, stop, first, count, call->working);
        MULTIPLY(TRUE, FALSE, count, g->outputs, stop - row, call->working, count, dy + row * g->outputs,
                 g->outputs, row > 0, out, g->outputs);
    }
}

static void KERNEL(filter_gradient)(const RhCall *call)
{
    Geometry g = filter_geometry(call->node);
    if (filter_by_taps(&g)) {
        KERNEL(filter_of_tap)(call, &g);
        return;
    }
    const REAL *x = call->inputs[0], *dy = call->inputs[1];
    REAL *partial = (REAL *)call->scratch + call->piece * rh_shape_count(call->node->shape);
    gsize start = rh_piece_start(g.rows, call->piece, call->pieces);
    gsize end = rh_piece_start(g.rows, call->piece + 1, call->pieces);
    for (gsize row = start; row < end; row += FILTER_BLOCK) {
        gsize stop = MIN(row + FILTER_BLOCK, end);
        const REAL *rows = x + row * g.channels;
        if (!is_plain(&g)) {
            KERNEL(gather_windows)(&g, x, row, stop, call->working);
            rows = call->working;
        }
        MULTIPLY(TRUE, FALSE, g.window, g.outputs, stop - row, rows, g.window, dy + row * g.outputs,
                 g.outputs, row > start, partial, g.outputs);
    }
}

RH_VECTORISED static void KERNEL(filter_sum)(const RhCall *call)
{
    gsize count = rh_shape_count(call->node->shape);
    Geometry g = filter_geometry(call->node);
    guint chunks = filter_chunks(&g);
    const REAL *partial = call->scratch;
    REAL *out = call->output;
    gsize start = rh_piece_start(count, call->piece, call->pieces);
    gsize end = rh_piece_start(count, call->piece + 1, call->pieces);
    memcpy(out + start, partial + start, (end - start) * sizeof *out);
    for (guint chunk = 1; chunk < chunks; chunk++) {
        partial += count;
        RH_INDEPENDENT
        for (gsize i = start; i < end; i++)
            out[i] += partial[i];
    }
}
