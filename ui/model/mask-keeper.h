/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/editor.h"
#include "mask/operation.h"
#include "study/study.h"

/* Keeps the masks of a study: one editor (with its undo history) for each image that was opened, and saves
 * what changed without being asked: within a second of the last stroke, on a worker thread, whole or not at
 * all. A stroke that lasts is saved on the way, as far as it has come, which no signal tells of. A mask from
 * which everything was erased is no mask: its file is removed and has_mask is FALSE. A mask that is drawn
 * takes back the answer that there is nothing to mark. Editors stay, histories and all, while they fit
 * RH_MASK_KEEPER_BYTES together; beyond half of that those that were opened longest ago are packed, once they
 * are saved, never the last two opened, so that it is reached by thousands of large films and not by dozens;
 * then the one that was opened longest ago goes.
 *
 * A mask's file that another program has written is not replaced: what both have drawn is joined, as a step
 * of the history, when the mask is opened again or about to be saved.
 *
 * A GObject of the main loop. Signals:
 *   "operated" (id, RhRectangle *): an operation on the mask is done; what changed, empty if nothing did.
 * Also when another program's change has come in, and then: "joined" (id). "saved" (id): the mask's file is
 * as the mask was a moment ago; has_mask of the case is right again. "failed" (id, message): said once for
 * each reason until a save succeeds; it tries again with the next stroke and every five seconds, and the
 * strokes stay in memory. id is "" if it was the tables of the study that were, or could not be, saved or
 * read.
 *
 * The study's tables are joined likewise (rh_study_save), whenever they are saved and within seconds of
 * another program's change: "refreshed" (): the study says something else than before; its cases are where
 * they were, and those that are no longer in it are in `gone`. "clashed" (sentence): what could not be
 * joined.
 * "shared" (lines): who else has the study open now, a line each; "" if nobody has. */
#define RH_TYPE_MASK_KEEPER (rh_mask_keeper_get_type())
G_DECLARE_FINAL_TYPE(RhMaskKeeper, rh_mask_keeper, RH, MASK_KEEPER, GObject)

#define RH_MASK_KEEPER_BYTES ((gsize)512 << 20)

/* Another bound than RH_MASK_KEEPER_BYTES. */
void rh_mask_keeper_set_bytes(RhMaskKeeper *keeper, gsize bytes);
RhMaskKeeper *rh_mask_keeper_new(RhStudy *study); /* the study stays the caller's and outlives the keeper */
/* The editor for a case whose image is width×height; owned by the keeper. A mask file that cannot be read is
 * an error: it is never overwritten by an empty one. */
RhMaskEditor *rh_mask_keeper_editor(RhMaskKeeper *keeper, RhCase *item, guint width, guint height,
                                    GError **error);
/* The same with the file read on a worker thread. */
void rh_mask_keeper_open(RhMaskKeeper *keeper, RhCase *item, guint width, guint height,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
RhMaskEditor *rh_mask_keeper_open_finish(RhMaskKeeper *keeper, GAsyncResult *result, GError **error);
/* Tells that an editor has a new revision, perhaps within a stroke; saving follows. Updates has_mask of the
 * case and images.csv. */
void rh_mask_keeper_changed(RhMaskKeeper *keeper, const char *id);
/* Begins an operation on a mask that is open, on a worker thread; the editor is locked until "operated", and
 * the change is a step of its history, saved as strokes are, whatever image is in view by then. Takes
 * `other`, a mask of the same size, or NULL. FALSE: a stroke or another operation is under way. */
gboolean rh_mask_keeper_operate(RhMaskKeeper *keeper, const char *id, const RhMaskOperation *operation,
                                guint amount, RhMask *other);
/* When a stroke that lasts is to be saved again, of which a save began at `begun`; times are those of
 * g_get_monotonic_time. */
gint64 rh_mask_keeper_draft_due(gint64 begun, gint64 now);
/* A copy of a mask that is open, as it is now; NULL: it is not, and its file holds it. */
RhMask *rh_mask_keeper_copy(RhMaskKeeper *keeper, const char *id);
/* What the expert said of the images has changed: it is saved on the same worker. */
void rh_mask_keeper_readings_changed(RhMaskKeeper *keeper);
/* Saves all that is not saved yet, now, and waits for it. FALSE if something could not be saved. */
gboolean rh_mask_keeper_flush(RhMaskKeeper *keeper, GError **error);
gboolean rh_mask_keeper_has_unsaved(RhMaskKeeper *keeper);
