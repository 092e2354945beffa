/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas-picture.h"
#include "saliency/result.h"

/* A picture to save: the image with heatmap and mask as the canvas shows them, and lines of text below. For
 * any thread. */
typedef struct _RhHistoryFrame RhHistoryFrame;

/* The mask may be NULL; it is copied. The picture is enlarged or reduced to a size fit for a slide. */
RhHistoryFrame *rh_history_frame_new(RhImage *image, const RhMask *mask, double mask_opacity,
                                     double heat_opacity);
void rh_history_frame_free(RhHistoryFrame *frame);
guint rh_history_frame_width(const RhHistoryFrame *frame);
guint rh_history_frame_height(const RhHistoryFrame *frame);
/* width×height pixels 0x00RRGGBB; free with g_free. lines: NULL-terminated, at most RH_HISTORY_FRAME_LINES.
 */
#define RH_HISTORY_FRAME_LINES 5
guint32 *rh_history_frame_paint(RhHistoryFrame *frame, const RhSaliencyResult *result,
                                const char *const *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhHistoryFrame, rh_history_frame_free)
