/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* A mask under the hand: strokes, undo and redo. A step is a whole stroke or operation, kept as
 * run-length-coded differences and bounded by bytes. The cost of a sample follows the brush and the segment,
 * not the image.
 *
 *     rh_mask_editor_begin(editor, "Brush");
 *     rh_mask_editor_line(editor, x0, y0, x1, y1, diameter, TRUE, &touched);   // as often as samples come
 *     rh_mask_editor_end(editor);                                              // or _cancel: as if never
 * begun
 *
 * `touched` (may be NULL) is set to the smallest rectangle around what changed, empty if nothing did. While a
 * stroke is drawn nothing can be undone or redone: both do nothing and say FALSE. */
typedef struct _RhMaskEditor RhMaskEditor;

#define RH_MASK_UNDO_BYTES (256u << 20)

/* Takes ownership of the mask. */
RhMaskEditor *rh_mask_editor_new(RhMask *mask, gsize undo_bytes);
void rh_mask_editor_free(RhMaskEditor *editor);
const RhMask *rh_mask_editor_mask(const RhMaskEditor *editor);
/* Grows with every change of the mask, undo included: what is saved or shown is compared by this. */
guint64 rh_mask_editor_revision(const RhMaskEditor *editor);

void rh_mask_editor_begin(RhMaskEditor *editor, const char *name);
/* A round dab of `diameter` image pixels swept from one point to the other, in image coordinates where pixel
 * (i, j) covers [i, i+1)×[j, j+1). diameter 1 marks exactly the pixels the line passes. Without gaps. */
void rh_mask_editor_line(RhMaskEditor *editor, double x0, double y0, double x1, double y1, double diameter,
                         gboolean inside, RhRectangle *touched);
/* All pixels inside, or all outside, as one step's part. */
void rh_mask_editor_fill(RhMaskEditor *editor, gboolean inside, RhRectangle *touched);
gboolean rh_mask_editor_end(RhMaskEditor *editor); /* FALSE if nothing changed: then there is no step */
void rh_mask_editor_cancel(RhMaskEditor *editor, RhRectangle *touched);
gboolean rh_mask_editor_drawing(const RhMaskEditor *editor);

gboolean rh_mask_editor_can_undo(const RhMaskEditor *editor);
gboolean rh_mask_editor_can_redo(const RhMaskEditor *editor);
gboolean rh_mask_editor_undo(RhMaskEditor *editor, RhRectangle *touched);
gboolean rh_mask_editor_redo(RhMaskEditor *editor, RhRectangle *touched);
/* The step undo (or redo) would take back, e.g. "Brush"; NULL if none. */
const char *rh_mask_editor_undo_name(const RhMaskEditor *editor);
const char *rh_mask_editor_redo_name(const RhMaskEditor *editor);
/* Memory that the steps take. */
gsize rh_mask_editor_history_bytes(const RhMaskEditor *editor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMaskEditor, rh_mask_editor_free)
