/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "study/study.h"

/* One image of the list: light, as there may be many thousand. Signal "changed": anything a row shows. */
#define RH_TYPE_IMAGE_ITEM (rh_image_item_get_type())
G_DECLARE_FINAL_TYPE(RhImageItem, rh_image_item, RH, IMAGE_ITEM, GObject)

struct _RhImageItem {
    GObject parent_instance;
    const RhStudy *study;
    const RhCase *item;    /* the study's */
    guint number;          /* from 1 */
    guint rows;            /* that show it now */
    GdkTexture *thumbnail; /* NULL: not decoded, or no longer kept */
    gboolean requested, unreadable;
};

RhImageItem *rh_image_item_new(const RhStudy *study, const RhCase *item, guint number);
void rh_image_item_changed(RhImageItem *self);
/* Takes the texture; NULL with unreadable TRUE: the file cannot be decoded. */
void rh_image_item_take_thumbnail(RhImageItem *self, GdkTexture *thumbnail, gboolean unreadable);
/* "two crosses, test" */
char *rh_image_item_details(RhImageItem *self);
/* What a screen reader says: "Image 3, class two crosses, test, has mask, case-0003". */
char *rh_image_item_spoken(RhImageItem *self);
