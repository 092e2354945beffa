/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/editor.h"

/* One step of the history: the set of pixels that changed sides, as runs. Taking it back and doing it again
 * are the same: every pixel of the set changes sides. */
struct _RhMaskStep {
    char *name;
    RhRectangle bounds;
    GByteArray *runs; /* see steps.c */
};

RhMaskStep *rh_mask_step_new(const char *name, const RhRectangle *bounds);
gboolean rh_mask_step_is_empty(const RhMaskStep *step);
gsize rh_mask_step_bytes(const RhMaskStep *step); /* memory it takes */
/* Adds what differs between a tile as it was (rows of `stride`) and the mask as it is. */
void rh_mask_step_add_tile(RhMaskStep *step, const RhMask *mask, const RhRectangle *tile,
                           const guint8 *before, guint stride);

/* Steps that can be taken back and steps that were, bounded together by bytes. */
typedef struct {
    GQueue undo, redo; /* RhMaskStep; the next one is the tail */
    gsize bytes, bytes_max;
} RhMaskHistory;

void rh_mask_history_init(RhMaskHistory *history, gsize bytes_max);
void rh_mask_history_clear(RhMaskHistory *history);
/* A new step: what was taken back is forgotten, and so are the oldest steps beyond the bound, never the
 * newest. */
void rh_mask_history_push(RhMaskHistory *history, RhMaskStep *step);
