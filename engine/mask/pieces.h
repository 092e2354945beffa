/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* The connected pieces of a mask: islands (pixels inside, which also touch at corners) or the parts of the
 * outside (which touch at sides only), as runs of pixels in rows from top to bottom. */
typedef struct {
    guint row, first, end; /* pixels first … end − 1 */
    guint piece;           /* place in `pieces` */
} RhMaskRun;

typedef struct {
    gsize area; /* pixels */
    RhRectangle bounds;
    gboolean at_edge; /* has a pixel in the first or last row or column of the mask */
} RhMaskPiece;

typedef struct {
    GArray *runs;   /* RhMaskRun */
    GArray *pieces; /* RhMaskPiece, in the order of their first pixels */
} RhMaskPieces;

RhMaskPieces *rh_mask_pieces_new(const RhMask *mask, gboolean inside);
void rh_mask_pieces_free(RhMaskPieces *pieces);

/* A hole or an island of a few pixels, as a slip of the hand leaves it. */
typedef struct {
    RhRectangle bounds;
    gsize area;
    gboolean hole;
} RhMaskSpeck;

#define RH_MASK_SPECK_PIXELS 20 /* what is smaller than this is taken for a slip */

/* Pieces of less than this area are specks: of less than RH_MASK_SPECK_PIXELS, and of at most a quarter of
 * the largest island, for on a small image all of a mask can be a few pixels. */
gsize rh_mask_speck_limit(const RhMask *mask);
/* RhMaskSpeck, islands first. */
GArray *rh_mask_find_specks(const RhMask *mask);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMaskPieces, rh_mask_pieces_free)
