/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/editor.h"

/* Side of the tiles in which a stroke keeps the mask as it was. */
#define RH_MASK_TILE 64

/* The one way by which tools change pixels: those of row y from first to last, both included, clipped to the
 * mask. `touched` grows by what changed. */
void rh_mask_editor_paint_span(RhMaskEditor *editor, gint64 y, gint64 first, gint64 last, gboolean inside,
                               RhRectangle *touched);
/* Rounds down and clips to −1 … limit, so that it can be counted with. */
gint64 rh_mask_editor_clip(double place, guint limit);

/* A dab of one width swept along a segment (see rh_mask_editor_line). */
void rh_mask_brush_sweep(RhMaskEditor *editor, gboolean square, double x0, double y0, double x1, double y1,
                         double diameter, gboolean inside, RhRectangle *touched);

/* What the rim of a soft brush has left so far, a tile at a time; made on demand, with no pixel marked. */
guint8 *rh_mask_editor_rim(RhMaskEditor *editor, guint column, guint row);
/* The rim of a soft brush along a segment. `carried`: pixels since the last dab, kept from one segment to the
 * next. */
void rh_mask_brush_rim(RhMaskEditor *editor, gboolean square, RhMaskDab from, RhMaskDab to, gboolean inside,
                       double *carried, RhRectangle *touched);

/* What the stroke under way has kept: for tests of the cost. */
guint rh_mask_editor_stroke_tiles(const RhMaskEditor *editor);
