/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/pieces.h"

#include <string.h>

/* While runs are found, `piece` is the place of another run of the same piece, and so on up to one that
 * names itself: the earliest. */
static guint root_of(GArray *runs, guint place)
{
    RhMaskRun *all = (RhMaskRun *)(gpointer)runs->data;
    while (all[place].piece != place)
        place = all[place].piece = all[all[place].piece].piece;
    return place;
}

static void join(GArray *runs, guint one, guint other)
{
    one = root_of(runs, one);
    other = root_of(runs, other);
    g_array_index(runs, RhMaskRun, MAX(one, other)).piece = MIN(one, other);
}

static guint find_end(const guint8 *row, guint from, guint width, guint8 value)
{
    const guint8 *end = memchr(row + from, value ^ 255, width - from);
    return end != NULL ? (guint)(end - row) : width;
}

static void find_runs(const RhMask *mask, guint y, guint8 value, GArray *runs)
{
    const guint8 *row = mask->pixels + (gsize)y * mask->width;
    for (guint x = 0; x < mask->width;) {
        const guint8 *start = memchr(row + x, value, mask->width - x);
        if (start == NULL)
            return;
        RhMaskRun run = {y, (guint)(start - row), 0, runs->len};
        x = run.end = find_end(row, run.first, mask->width, value);
        g_array_append_val(runs, run);
    }
}

/* Joins each run of a row with those above that it touches. reach: 1 if corners count. */
static void join_rows(GArray *runs, guint above, guint row, guint reach)
{
    const guint end_above = row, end = runs->len;
    while (above < end_above && row < end) {
        const RhMaskRun *upper = &g_array_index(runs, RhMaskRun, above);
        const RhMaskRun *lower = &g_array_index(runs, RhMaskRun, row);
        const guint upper_end = upper->end, lower_end = lower->end;
        if (upper->first < lower_end + reach && lower->first < upper_end + reach)
            join(runs, above, row);
        if (upper_end < lower_end)
            above++;
        else
            row++;
    }
}

static void count_run(RhMaskPiece *piece, const RhMaskRun *run, const RhMask *mask)
{
    piece->area += run->end - run->first;
    rh_rectangle_add(&piece->bounds, (int)run->first, (int)run->row, (int)(run->end - run->first), 1);
    piece->at_edge |=
        run->row == 0 || run->row == mask->height - 1 || run->first == 0 || run->end == mask->width;
}

/* Numbers the pieces: roots come before what they stand for. */
static void number_pieces(RhMaskPieces *found, const RhMask *mask)
{
    for (guint i = 0; i < found->runs->len; i++) {
        RhMaskRun *run = &g_array_index(found->runs, RhMaskRun, i);
        if (run->piece == i) {
            const RhMaskPiece fresh = {0};
            run->piece = found->pieces->len;
            g_array_append_val(found->pieces, fresh);
        } else {
            run->piece = g_array_index(found->runs, RhMaskRun, run->piece).piece;
        }
        count_run(&g_array_index(found->pieces, RhMaskPiece, run->piece), run, mask);
    }
}

RhMaskPieces *rh_mask_pieces_new(const RhMask *mask, gboolean inside)
{
    RhMaskPieces *found = g_new(RhMaskPieces, 1);
    found->runs = g_array_new(FALSE, FALSE, sizeof(RhMaskRun));
    found->pieces = g_array_new(FALSE, FALSE, sizeof(RhMaskPiece));
    guint above = 0;
    for (guint y = 0; y < mask->height; y++) {
        guint row = found->runs->len;
        find_runs(mask, y, inside ? 255 : 0, found->runs);
        join_rows(found->runs, above, row, inside);
        above = row;
    }
    for (guint i = 0; i < found->runs->len; i++)
        g_array_index(found->runs, RhMaskRun, i).piece = root_of(found->runs, i);
    number_pieces(found, mask);
    return found;
}

void rh_mask_pieces_free(RhMaskPieces *pieces)
{
    if (pieces == NULL)
        return;
    g_array_unref(pieces->runs);
    g_array_unref(pieces->pieces);
    g_free(pieces);
}

static gsize speck_limit(const RhMaskPieces *islands)
{
    gsize largest = 0;
    for (guint i = 0; i < islands->pieces->len; i++)
        largest = MAX(largest, g_array_index(islands->pieces, RhMaskPiece, i).area);
    return MIN(RH_MASK_SPECK_PIXELS, largest / 4 + 1);
}

gsize rh_mask_speck_limit(const RhMask *mask)
{
    g_autoptr(RhMaskPieces) islands = rh_mask_pieces_new(mask, TRUE);
    return speck_limit(islands);
}

static void add_specks(GArray *specks, const RhMaskPieces *found, gboolean hole, gsize limit)
{
    for (guint i = 0; i < found->pieces->len; i++) {
        const RhMaskPiece *piece = &g_array_index(found->pieces, RhMaskPiece, i);
        const RhMaskSpeck speck = {piece->bounds, piece->area, hole};
        if (piece->area < limit && !(hole && piece->at_edge))
            g_array_append_val(specks, speck);
    }
}

GArray *rh_mask_find_specks(const RhMask *mask)
{
    GArray *specks = g_array_new(FALSE, FALSE, sizeof(RhMaskSpeck));
    g_autoptr(RhMaskPieces) islands = rh_mask_pieces_new(mask, TRUE);
    g_autoptr(RhMaskPieces) outside = rh_mask_pieces_new(mask, FALSE);
    gsize limit = speck_limit(islands);
    add_specks(specks, islands, FALSE, limit);
    add_specks(specks, outside, TRUE, limit);
    return specks;
}
