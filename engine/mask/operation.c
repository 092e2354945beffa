/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mask/operation.h"

#include <glib/gi18n.h>
#include <string.h>

#include "mask/pieces.h"

static gsize size_of(const RhMask *mask)
{
    return (gsize)mask->width * mask->height;
}

/* All pixels of the pieces that `wanted` is told of change sides. */
static void flip_pieces(RhMask *mask, gboolean inside, gboolean (*wanted)(const RhMaskPiece *, gsize limit),
                        gsize limit)
{
    g_autoptr(RhMaskPieces) found = rh_mask_pieces_new(mask, inside);
    for (guint i = 0; i < found->runs->len; i++) {
        const RhMaskRun *run = &g_array_index(found->runs, RhMaskRun, i);
        if (wanted(&g_array_index(found->pieces, RhMaskPiece, run->piece), limit))
            memset(mask->pixels + (gsize)run->row * mask->width + run->first, inside ? 0 : 255,
                   run->end - run->first);
    }
}

static gboolean is_hole(const RhMaskPiece *piece, gsize limit)
{
    return !piece->at_edge && piece->area < limit;
}

static gboolean is_small(const RhMaskPiece *piece, gsize limit)
{
    return piece->area < limit;
}

static void fill_holes(RhMask *mask, const RhMaskOperand *operand)
{
    flip_pieces(mask, FALSE, is_hole, G_MAXSIZE);
}

static void remove_specks(RhMask *mask, const RhMaskOperand *operand)
{
    gsize limit = rh_mask_speck_limit(mask);
    flip_pieces(mask, TRUE, is_small, limit);
    flip_pieces(mask, FALSE, is_hole, limit);
}

/* The first of several that are equally large. */
static void keep_largest(RhMask *mask, const RhMaskOperand *operand)
{
    g_autoptr(RhMaskPieces) found = rh_mask_pieces_new(mask, TRUE);
    guint largest = 0;
    for (guint i = 1; i < found->pieces->len; i++)
        if (g_array_index(found->pieces, RhMaskPiece, i).area >
            g_array_index(found->pieces, RhMaskPiece, largest).area)
            largest = i;
    for (guint i = 0; i < found->runs->len; i++) {
        const RhMaskRun *run = &g_array_index(found->runs, RhMaskRun, i);
        if (run->piece != largest)
            memset(mask->pixels + (gsize)run->row * mask->width + run->first, 0, run->end - run->first);
    }
}

static void grow(RhMask *mask, const RhMaskOperand *operand)
{
    rh_mask_grow(mask, operand->amount);
}

static void shrink(RhMask *mask, const RhMaskOperand *operand)
{
    rh_mask_shrink(mask, operand->amount);
}

static void smooth(RhMask *mask, const RhMaskOperand *operand)
{
    rh_mask_smooth(mask, operand->amount);
}

static void invert(RhMask *mask, const RhMaskOperand *operand)
{
    for (gsize i = 0; i < size_of(mask); i++)
        mask->pixels[i] ^= 255;
}

static void clear(RhMask *mask, const RhMaskOperand *operand)
{
    memset(mask->pixels, 0, size_of(mask));
}

static void mirror_sideways(RhMask *mask, const RhMaskOperand *operand)
{
    for (guint y = 0; y < mask->height; y++) {
        guint8 *left = mask->pixels + (gsize)y * mask->width, *right = left + mask->width - 1;
        for (; left < right; left++, right--) {
            guint8 pixel = *left;
            *left = *right;
            *right = pixel;
        }
    }
}

static void mirror_upright(RhMask *mask, const RhMaskOperand *operand)
{
    g_autofree guint8 *row = g_malloc(mask->width);
    for (guint y = 0; y < mask->height / 2; y++) {
        guint8 *above = mask->pixels + (gsize)y * mask->width;
        guint8 *below = mask->pixels + (gsize)(mask->height - 1 - y) * mask->width;
        memcpy(row, above, mask->width);
        memcpy(above, below, mask->width);
        memcpy(below, row, mask->width);
    }
}

static void copy(RhMask *mask, const RhMaskOperand *operand)
{
    memcpy(mask->pixels, operand->other->pixels, size_of(mask));
}

static void unite(RhMask *mask, const RhMaskOperand *operand)
{
    for (gsize i = 0; i < size_of(mask); i++)
        mask->pixels[i] |= operand->other->pixels[i];
}

static void intersect(RhMask *mask, const RhMaskOperand *operand)
{
    for (gsize i = 0; i < size_of(mask); i++)
        mask->pixels[i] &= operand->other->pixels[i];
}

static void subtract(RhMask *mask, const RhMaskOperand *operand)
{
    for (gsize i = 0; i < size_of(mask); i++)
        mask->pixels[i] &= (guint8)~operand->other->pixels[i];
}

const RhMaskOperation rh_mask_operations[] = {
    {"fill-holes", N_("Fill holes"), FALSE, FALSE, fill_holes},
    {"keep-largest", N_("Keep largest island"), FALSE, FALSE, keep_largest},
    {"remove-specks", N_("Remove specks"), FALSE, FALSE, remove_specks},
    {"grow", N_("Grow"), TRUE, FALSE, grow},
    {"shrink", N_("Shrink"), TRUE, FALSE, shrink},
    {"smooth", N_("Smooth"), TRUE, FALSE, smooth},
    {"invert", N_("Invert"), FALSE, FALSE, invert},
    {"clear", N_("Clear"), FALSE, FALSE, clear},
    {"mirror-sideways", N_("Mirror left to right"), FALSE, FALSE, mirror_sideways},
    {"mirror-upright", N_("Mirror top to bottom"), FALSE, FALSE, mirror_upright},
    {"copy", N_("Copy"), FALSE, TRUE, copy},
    {"unite", N_("Unite"), FALSE, TRUE, unite},
    {"intersect", N_("Intersect"), FALSE, TRUE, intersect},
    {"subtract", N_("Subtract"), FALSE, TRUE, subtract},
};
const guint rh_mask_n_operations = G_N_ELEMENTS(rh_mask_operations);

const RhMaskOperation *rh_mask_operation_find(const char *name)
{
    for (guint i = 0; i < rh_mask_n_operations; i++)
        if (g_str_equal(rh_mask_operations[i].name, name))
            return &rh_mask_operations[i];
    return NULL;
}
