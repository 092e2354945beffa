/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "canvas/canvas-picture.h"
#include "canvas/canvas-view.h"

/* One picture among several of the same image: heatmap and mask over it, nothing to draw with. All have one
 * view, so that they move and zoom together: by wheel, by dragging, by + − 0 and the arrows. Signal
 * "view-changed" when this one has moved it. */
#define RH_TYPE_COMPARE_PICTURE (rh_compare_picture_get_type())
G_DECLARE_FINAL_TYPE(RhComparePicture, rh_compare_picture, RH, COMPARE_PICTURE, GtkWidget)

/* The view outlives the picture. */
RhComparePicture *rh_compare_picture_new(RhCanvasView *view);
/* Drops mask and heatmap. halved: the image's smaller levels, shared; NULL: they come later. */
void rh_compare_picture_set_image(RhComparePicture *picture, RhImage *image, GPtrArray *halved);
void rh_compare_picture_set_halved(RhComparePicture *picture, GPtrArray *halved);
/* Outlives its being shown; NULL: none. Also when its pixels are not what they were. */
void rh_compare_picture_set_mask(RhComparePicture *picture, const RhMask *mask);
/* Copied, 0 … 1; NULL: none. */
void rh_compare_picture_set_heat(RhComparePicture *picture, const float *values, guint height, guint width);
void rh_compare_picture_set_display(RhComparePicture *picture, const RhCanvasDisplay *display);
