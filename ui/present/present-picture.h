/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "study/study.h"

/* An image as large as there is room, with its mask outlined and a heatmap over it if asked for. One of a
 * study is read on a thread. Its accessible name is given with the image. */
#define RH_TYPE_PRESENT_PICTURE (rh_present_picture_get_type())
G_DECLARE_FINAL_TYPE(RhPresentPicture, rh_present_picture, RH, PRESENT_PICTURE, GtkWidget)

GtkWidget *rh_present_picture_new(void);
/* item: of the study; NULL: empty. Any heatmap goes. */
void rh_present_picture_show(RhPresentPicture *picture, const RhStudy *study, const RhCase *item,
                             const char *name);
/* One that is there already; takes the mask. Any heatmap goes. */
void rh_present_picture_show_image(RhPresentPicture *picture, RhImage *image, RhMask *mask, const char *name);
/* height×width values of 0 … 1, copied; NULL: none. */
void rh_present_picture_set_heat(RhPresentPicture *picture, const float *values, guint height, guint width);
