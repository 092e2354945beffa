/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/steps-private.h"

#include <string.h>

#include "mask/editor-private.h"

/* runs: for each tile that changed, its x, y, width and number of runs, then for each run the pixels skipped
 * since the last one and its length, counted row by row through the tile; all as base-128 numbers, low digits
 * first. */

RhMaskStep *rh_mask_step_new(const char *name, const RhRectangle *bounds)
{
    RhMaskStep *step = g_new0(RhMaskStep, 1);
    step->name = g_strdup(name);
    step->bounds = *bounds;
    step->runs = g_byte_array_new();
    return step;
}

void rh_mask_step_free(RhMaskStep *step)
{
    if (step == NULL)
        return;
    g_free(step->name);
    g_byte_array_unref(step->runs);
    g_free(step);
}

gboolean rh_mask_step_is_empty(const RhMaskStep *step)
{
    return step->runs->len == 0;
}

gsize rh_mask_step_bytes(const RhMaskStep *step)
{
    return sizeof *step + step->runs->len;
}

static void put_number(GByteArray *runs, guint number)
{
    guint8 digits[5];
    guint count = 0;
    for (; number > 127; number >>= 7)
        digits[count++] = (guint8)(number | 128);
    digits[count++] = (guint8)number;
    g_byte_array_append(runs, digits, count);
}

static guint take_number(const guint8 **cursor)
{
    guint number = 0, shift = 0;
    for (; **cursor > 127; shift += 7)
        number |= (guint)(*(*cursor)++ & 127) << shift;
    return number | (guint) * (*cursor)++ << shift;
}

/* Where the pixels of a tile begin or stop to differ, counted through its rows, in pairs. */
static void find_runs(const RhMask *mask, const RhRectangle *tile, const guint8 *before, guint stride,
                      GArray *borders)
{
    const guint width = (guint)tile->width;
    gboolean differed = FALSE;
    for (guint y = 0; y < (guint)tile->height; y++) {
        const guint8 *now = mask->pixels + (gsize)((guint)tile->y + y) * mask->width + (guint)tile->x;
        const guint8 *was = before + (gsize)y * stride;
        if (!differed && memcmp(now, was, width) == 0)
            continue;
        for (guint x = 0; x < width; x++) {
            if ((now[x] != was[x]) == differed)
                continue;
            const guint place = y * width + x;
            g_array_append_val(borders, place);
            differed = !differed;
        }
    }
    const guint end = width * (guint)tile->height;
    if (differed)
        g_array_append_val(borders, end);
}

void rh_mask_step_add_tile(RhMaskStep *step, const RhMask *mask, const RhRectangle *tile,
                           const guint8 *before, guint stride)
{
    g_autoptr(GArray) borders = g_array_new(FALSE, FALSE, sizeof(guint));
    find_runs(mask, tile, before, stride, borders);
    if (borders->len == 0)
        return;
    put_number(step->runs, (guint)tile->x);
    put_number(step->runs, (guint)tile->y);
    put_number(step->runs, (guint)tile->width);
    put_number(step->runs, borders->len / 2);
    for (guint i = 0, last = 0; i < borders->len; i++) {
        guint border = g_array_index(borders, guint, i);
        put_number(step->runs, border - last);
        last = border;
    }
}

RhMaskStep *rh_mask_step_between(const char *name, const RhMask *before, const RhMask *after)
{
    g_assert(before->width == after->width && before->height == after->height);
    RhMaskStep *step = rh_mask_step_new(name, &(const RhRectangle){0});
    for (guint y = 0; y < after->height; y += RH_MASK_TILE)
        for (guint x = 0; x < after->width; x += RH_MASK_TILE) {
            const RhRectangle tile = {(int)x, (int)y, (int)MIN(RH_MASK_TILE, after->width - x),
                                      (int)MIN(RH_MASK_TILE, after->height - y)};
            const guint had = step->runs->len;
            rh_mask_step_add_tile(step, after, &tile, before->pixels + (gsize)y * before->width + x,
                                  before->width);
            if (step->runs->len > had)
                rh_rectangle_add(&step->bounds, tile.x, tile.y, tile.width, tile.height);
        }
    return step;
}

/* The run of `length` pixels from `place` on, counted through rows of `width`. */
static void flip_run(guint8 *tile, gsize stride, guint width, guint place, guint length)
{
    while (length > 0) {
        guint8 *pixels = tile + place / width * stride + place % width;
        const guint here = MIN(length, width - place % width);
        for (guint i = 0; i < here; i++)
            pixels[i] ^= 255;
        place += here;
        length -= here;
    }
}

void rh_mask_step_flip(const RhMaskStep *step, RhMask *mask)
{
    const guint8 *cursor = step->runs->data, *const end = cursor + step->runs->len;
    while (cursor < end) {
        guint left = take_number(&cursor), top = take_number(&cursor);
        guint width = take_number(&cursor), runs = take_number(&cursor), place = 0;
        for (; runs > 0; runs--) {
            place += take_number(&cursor);
            guint length = take_number(&cursor);
            flip_run(mask->pixels + (gsize)top * mask->width + left, mask->width, width, place, length);
            place += length;
        }
    }
}

void rh_mask_history_init(RhMaskHistory *history, gsize bytes_max)
{
    g_queue_init(&history->undo);
    g_queue_init(&history->redo);
    history->bytes = 0;
    history->bytes_max = bytes_max;
}

void rh_mask_history_clear(RhMaskHistory *history)
{
    g_queue_clear_full(&history->undo, (GDestroyNotify)rh_mask_step_free);
    g_queue_clear_full(&history->redo, (GDestroyNotify)rh_mask_step_free);
    history->bytes = 0;
}

static void forget(RhMaskHistory *history, RhMaskStep *step)
{
    history->bytes -= rh_mask_step_bytes(step);
    rh_mask_step_free(step);
}

void rh_mask_history_push(RhMaskHistory *history, RhMaskStep *step)
{
    while (!g_queue_is_empty(&history->redo))
        forget(history, g_queue_pop_head(&history->redo));
    g_queue_push_tail(&history->undo, step);
    history->bytes += rh_mask_step_bytes(step);
    while (history->bytes > history->bytes_max && g_queue_get_length(&history->undo) > 1)
        forget(history, g_queue_pop_head(&history->undo));
}
