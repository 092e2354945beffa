/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "images/image-list-item.h"

#include <glib/gi18n.h>

enum { CHANGED, N_SIGNALS };
/* Filled once when the class is made. */
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(RhImageItem, rh_image_item, G_TYPE_OBJECT)

void rh_image_item_changed(RhImageItem *self)
{
    g_signal_emit(self, signals[CHANGED], 0);
}

void rh_image_item_take_thumbnail(RhImageItem *self, GdkTexture *thumbnail, gboolean unreadable)
{
    g_clear_object(&self->thumbnail);
    self->thumbnail = thumbnail;
    self->unreadable = unreadable;
    rh_image_item_changed(self);
}

static const char *class_title(RhImageItem *self)
{
    return self->item->label < 2 ? self->study->class_names[self->item->label] : NULL;
}

static const char *mask_title(RhImageItem *self)
{
    return self->item->has_mask          ? _("has mask")
           : self->item->nothing_to_mark ? _("nothing to mark")
                                         : _("no mask");
}

char *rh_image_item_details(RhImageItem *self)
{
    const char *class = class_title(self);
    return g_strdup_printf("%s, %s", class != NULL ? class : _("no class"),
                           rh_split_title(self->item->split));
}

char *rh_image_item_spoken(RhImageItem *self)
{
    const char *class = class_title(self);
    g_autofree char *known = class != NULL ? g_strdup_printf(_("class %s"), class) : g_strdup(_("no class"));
    return g_strdup_printf(_("Image %u, %s, %s, %s, %s%s"), self->number, known,
                           rh_split_title(self->item->split), mask_title(self), self->item->id,
                           self->unreadable ? _(", cannot be read") : "");
}

static void rh_image_item_finalize(GObject *object)
{
    g_clear_object(&RH_IMAGE_ITEM(object)->thumbnail);
    G_OBJECT_CLASS(rh_image_item_parent_class)->finalize(object);
}

static void rh_image_item_class_init(RhImageItemClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = rh_image_item_finalize;
    signals[CHANGED] =
        g_signal_new("changed", RH_TYPE_IMAGE_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void rh_image_item_init(RhImageItem *self)
{
}

RhImageItem *rh_image_item_new(const RhStudy *study, const RhCase *item, guint number)
{
    RhImageItem *self = g_object_new(RH_TYPE_IMAGE_ITEM, NULL);
    self->study = study;
    self->item = item;
    self->number = number;
    return self;
}
