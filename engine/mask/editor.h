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

/* A change as the history keeps it, with its name; made beforehand, on any thread, from the mask as it is and
 * as it is to be (of the same size). */
typedef struct _RhMaskStep RhMaskStep;
RhMaskStep *rh_mask_step_between(const char *name, const RhMask *before, const RhMask *after);
void rh_mask_step_free(RhMaskStep *step);
/* Makes the change in a mask that is as it was before, or takes it back from one that is as it was after. */
void rh_mask_step_flip(const RhMaskStep *step, RhMask *mask);

/* The tip of a brush: a disc, or a square with sides along the image's. The rim of a soft one, outside half
 * its diameter, marks little by little: pixels that are gone over again and again. */
typedef struct {
    gboolean square, soft;
} RhMaskBrush;

/* Where the tip is, and how wide: image pixels. */
typedef struct {
    double x, y, diameter;
} RhMaskDab;

/* Pixels first … end − 1 of a row. */
typedef struct {
    guint row, first, end;
} RhMaskSpan;

#define RH_MASK_UNDO_BYTES (256u << 20)

/* Takes ownership of the mask. */
RhMaskEditor *rh_mask_editor_new(RhMask *mask, gsize undo_bytes);
void rh_mask_editor_free(RhMaskEditor *editor);
const RhMask *rh_mask_editor_mask(const RhMaskEditor *editor);
/* The mask as it is now, for other threads and for later (transfer full). All who ask before the next change
 * share one copy. */
RhMask *rh_mask_editor_snapshot(RhMaskEditor *editor);
/* Grows with every change of the mask, undo included: what is saved or shown is compared by this. */
guint64 rh_mask_editor_revision(const RhMaskEditor *editor);

void rh_mask_editor_begin(RhMaskEditor *editor, const char *name);
/* A round dab of `diameter` image pixels swept from one point to the other, in image coordinates where pixel
 * (i, j) covers [i, i+1)×[j, j+1). diameter 1 marks exactly the pixels the line passes. Without gaps. */
void rh_mask_editor_line(RhMaskEditor *editor, double x0, double y0, double x1, double y1, double diameter,
                         gboolean inside, RhRectangle *touched);
/* The tip swept from one dab to the other, its width changing evenly on the way. */
void rh_mask_editor_sweep(RhMaskEditor *editor, const RhMaskBrush *brush, RhMaskDab from, RhMaskDab to,
                          gboolean inside, RhRectangle *touched);
/* Pixels of a region; what lies outside the mask is left aside. */
void rh_mask_editor_paint(RhMaskEditor *editor, const RhMaskSpan *spans, gsize count, gboolean inside,
                          RhRectangle *touched);
/* Until the stroke ends only pixels with stored values from low to high change sides. The image has the
 * mask's size and is the caller's. */
void rh_mask_editor_set_range(RhMaskEditor *editor, const RhImage *image, double low, double high);
/* All pixels inside, or all outside, as one step's part. */
void rh_mask_editor_fill(RhMaskEditor *editor, gboolean inside, RhRectangle *touched);
gboolean rh_mask_editor_end(RhMaskEditor *editor); /* FALSE if nothing changed: then there is no step */
void rh_mask_editor_cancel(RhMaskEditor *editor, RhRectangle *touched);
gboolean rh_mask_editor_drawing(const RhMaskEditor *editor);
/* Takes the stroke under way back to where it began, and goes on with it. */
void rh_mask_editor_restart(RhMaskEditor *editor, RhRectangle *touched);

/* While something is computed from the mask on another thread, which may read it, nothing changes it: no
 * stroke begins, nothing is undone or redone. */
void rh_mask_editor_lock(RhMaskEditor *editor);
void rh_mask_editor_unlock(RhMaskEditor *editor);
gboolean rh_mask_editor_locked(const RhMaskEditor *editor);
/* Takes the step, which was made from the mask as it is, and makes it. FALSE if it changes nothing. */
gboolean rh_mask_editor_apply(RhMaskEditor *editor, RhMaskStep *step, RhRectangle *touched);

gboolean rh_mask_editor_can_undo(const RhMaskEditor *editor);
gboolean rh_mask_editor_can_redo(const RhMaskEditor *editor);
gboolean rh_mask_editor_undo(RhMaskEditor *editor, RhRectangle *touched);
gboolean rh_mask_editor_redo(RhMaskEditor *editor, RhRectangle *touched);
/* The step undo (or redo) would take back, e.g. "Brush"; NULL if none. */
const char *rh_mask_editor_undo_name(const RhMaskEditor *editor);
const char *rh_mask_editor_redo_name(const RhMaskEditor *editor);
/* All steps from the oldest on, those taken back included; `done` of them are done. */
guint rh_mask_editor_steps(const RhMaskEditor *editor);
guint rh_mask_editor_steps_done(const RhMaskEditor *editor);
const char *rh_mask_editor_step_name(const RhMaskEditor *editor, guint step);
/* Lets the pixels go and keeps them as runs, in a fraction of the memory, until they are unpacked: then the
 * mask and its history are as before. While it is packed nothing else may be asked but its revision and its
 * bytes. */
void rh_mask_editor_pack(RhMaskEditor *editor); /* neither drawing nor locked */
void rh_mask_editor_unpack(RhMaskEditor *editor);
/* Memory that mask and steps take. */
gsize rh_mask_editor_bytes(const RhMaskEditor *editor);
/* Memory that the steps take. */
gsize rh_mask_editor_history_bytes(const RhMaskEditor *editor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMaskStep, rh_mask_step_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhMaskEditor, rh_mask_editor_free)
