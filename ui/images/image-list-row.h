/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "images/image-list-item.h"

/* A row of the image list: thumbnail, name, class and split, and a badge if there is a mask. */
#define RH_TYPE_IMAGE_ROW (rh_image_row_get_type())
G_DECLARE_FINAL_TYPE(RhImageRow, rh_image_row, RH, IMAGE_ROW, GtkBox)

#define RH_THUMBNAIL_SIDE 56 /* GTK pixels */

/* The row speaks and has its height at once; what is seen in it is made by furnishing it. */
GtkWidget *rh_image_row_new(void);
void rh_image_row_furnish(RhImageRow *row);
gboolean rh_image_row_is_furnished(RhImageRow *row);
void rh_image_row_set_item(RhImageRow *row, RhImageItem *item); /* NULL: none */
RhImageItem *rh_image_row_get_item(RhImageRow *row);
