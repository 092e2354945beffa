/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Included once for each precision, with REAL, KERNEL(name) and MULTIPLY defined. */

/* The windows of output pixels [start, end) as rows of `window` values; outside of x is 0. */
static void KERNEL(gather_windows)(const Geometry *g, const REAL *x, gsize start, gsize end, REAL *rows)
{
    gsize line = g->kernel * g->channels;
    for (gsize row = start; row < end; row++) {
        gsize image = row / (g->out_height * g->out_width), pixel = row % (g->out_height * g->out_width);
        gssize top = (gssize)(pixel / g->out_width * g->stride) - (gssize)g->padding;
        gssize left = (gssize)(pixel % g->out_width * g->stride) - (gssize)g->padding;
        gsize from = left < 0 ? (gsize)-left : 0;
        gsize to = MIN(g->kernel, (gsize)MAX(0, (gssize)g->width - left));
        for (gsize tap = 0; tap < g->kernel; tap++, rows += line) {
            gssize y = top + (gssize)tap;
            if (y < 0 || y >= (gssize)g->height || from >= to) {
                memset(rows, 0, line * sizeof *rows);
                continue;
            }
            const REAL *source = x + ((image * g->height + (gsize)y) * g->width) * g->channels;
            for (gsize i = 0; i < from * g->channels; i++)
                rows[i] = 0;
            memcpy(rows + from * g->channels, source + (left + (gssize)from) * (gssize)g->channels,
                   (to - from) * g->channels * sizeof *rows);
            for (gsize i = to * g->channels; i < line; i++)
                rows[i] = 0;
        }
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
             (const REAL *)call->inputs[1] + first, g.outputs, 0,
             (REAL *)call->output + start * g.outputs + first, g.outputs);
}

/* Adds, for one tap and output pixels [start, end), the rows' values to channels [first, first + count) of
 * dx. */
static void KERNEL(scatter_tap)(const Geometry *g, gsize tap, gsize start, gsize end, const REAL *rows,
                                gsize row_length, gsize first, gsize count, REAL *dx)
{
    for (gsize row = start; row < end; row++, rows += row_length) {
        gsize image = row / (g->out_height * g->out_width), pixel = row % (g->out_height * g->out_width);
        gssize y = (gssize)(pixel / g->out_width * g->stride + tap / g->kernel) - (gssize)g->padding;
        gssize x = (gssize)(pixel % g->out_width * g->stride + tap % g->kernel) - (gssize)g->padding;
        if (y < 0 || y >= (gssize)g->height || x < 0 || x >= (gssize)g->width)
            continue;
        REAL *to = dx + ((image * g->height + (gsize)y) * g->width + (gsize)x) * g->channels + first;
        for (gsize i = 0; i < count; i++)
            to[i] += rows[i];
    }
}

/* All channels of a group of images: one product for all taps, block by block. */
static void KERNEL(input_all_taps)(const RhCall *call, const Geometry *g, gsize start, gsize end)
{
    const REAL *dy = call->inputs[0], *filter = call->inputs[1];
    REAL *dx = call->output, *rows = call->working;
    for (gsize row = start; row < end; row += 512) {
        gsize stop = MIN(row + 512, end);
        MULTIPLY(FALSE, TRUE, stop - row, g->window, g->outputs, dy + row * g->outputs, g->outputs, filter,
                 g->outputs, 0, rows, g->window);
        for (gsize tap = 0; tap < g->kernel * g->kernel; tap++)
            KERNEL(scatter_tap)
        (g, tap, row, stop, rows + tap * g->channels, g->window, 0, g->channels, dx);
    }
}

static void KERNEL(input_gradient)(const RhCall *call)
{
    Geometry g = input_geometry(call->node);
    guint blocks = input_channel_blocks(&g), block = call->piece % blocks;
    gsize group = input_group(&g), first_image = call->piece / blocks * group;
    gsize last_image = MIN(first_image + group, g.images);
    gsize image_rows = g.out_height * g.out_width, start = first_image * image_rows,
          end = last_image * image_rows;
    gsize first = rh_piece_start(g.channels, block, blocks);
    gsize count = rh_piece_start(g.channels, block + 1, blocks) - first;
    const REAL *dy = call->inputs[0], *filter = call->inputs[1];
    REAL *dx = call->output, *rows = call->working;
    for (gsize pixel = first_image * g.height * g.width; pixel < last_image * g.height * g.width; pixel++)
        memset(dx + pixel * g.channels + first, 0, count * sizeof *dx);
    if (blocks == 1) {
        KERNEL(input_all_taps)(call, &g, start, end);
        return;
    }
    for (gsize tap = 0; tap < g.kernel * g.kernel; tap++) {
        MULTIPLY(FALSE, TRUE, end - start, count, g.outputs, dy + start * g.outputs, g.outputs,
                 filter + (tap * g.channels + first) * g.outputs, g.outputs, 0, rows, count);
        KERNEL(scatter_tap)(&g, tap, start, end, rows, count, first, count, dx);
    }
}

/* What one tap sees of channels [first, first + count) at output pixels [start, end). */
static void KERNEL(gather_tap)(const Geometry *g, const REAL *x, gsize tap, gsize start, gsize end,
                               gsize first, gsize count, REAL *rows)
{
    for (gsize row = start; row < end; row++, rows += count) {
        gsize image = row / (g->out_height * g->out_width), pixel = row % (g->out_height * g->out_width);
        gssize y = (gssize)(pixel / g->out_width * g->stride + tap / g->kernel) - (gssize)g->padding;
        gssize column = (gssize)(pixel % g->out_width * g->stride + tap % g->kernel) - (gssize)g->padding;
        if (y < 0 || y >= (gssize)g->height || column < 0 || column >= (gssize)g->width)
            memset(rows, 0, count * sizeof *rows);
        else
            memcpy(rows,
                   x + ((image * g->height + (gsize)y) * g->width + (gsize)column) * g->channels + first,
                   count * sizeof *rows);
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

static void KERNEL(filter_sum)(const RhCall *call)
{
    gsize count = rh_shape_count(call->node->shape);
    Geometry g = filter_geometry(call->node);
    guint chunks = filter_chunks(&g);
    const REAL *partial = call->scratch;
    REAL *out = call->output;
    gsize start = rh_piece_start(count, call->piece, call->pieces);
    gsize end = rh_piece_start(count, call->piece + 1, call->pieces);
    for (gsize i = start; i < end; i++) {
        REAL sum = partial[i];
        for (guint chunk = 1; chunk < chunks; chunk++)
            sum += partial[chunk * count + i];
        out[i] = sum;
    }
}
