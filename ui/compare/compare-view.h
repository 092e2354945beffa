/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "canvas/canvas-picture.h"
#include "image/image.h"
#include "mask/mask.h"
#include "saliency/result.h"

/* The image in view under several runs, side by side: one view for all, one colour scale or each its own,
 * which is written on every picture. Property "one-scale": the former. */
#define RH_TYPE_COMPARE_VIEW (rh_compare_view_get_type())
G_DECLARE_FINAL_TYPE(RhCompareView, rh_compare_view, RH, COMPARE_VIEW, GtkWidget)

/* NULL: none. */
void rh_compare_view_set_image(RhCompareView *view, RhImage *image);
/* Outlives its being shown, until the next image; NULL: none. Also when its pixels are not what they were. */
void rh_compare_view_set_mask(RhCompareView *view, const RhMask *mask);
/* How all pictures are looked at. */
void rh_compare_view_set_display(RhCompareView *view, const RhCanvasDisplay *display);
/* The names of the runs, one picture each. */
void rh_compare_view_set_runs(RhCompareView *view, const char *const *names, guint count);
/* What the run at a place makes of the image, copied (NULL: not known yet, the picture stays as it is), and
 * what is written below: its prediction, and how it does under shift. */
void rh_compare_view_show(RhCompareView *view, guint place, const RhSaliencyResult *result,
                          const char *prediction, const char *scores);
