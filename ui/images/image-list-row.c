/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "images/image-list-row.h"

#include <glib/gi18n.h>

struct _RhImageRow {
    GtkBox parent_instance;
    GtkImage *thumbnail, *mask; /* NULL, as the labels, until the row is furnished */
    GtkLabel *name, *details;
    RhImageItem *item; /* owned */
};

G_DEFINE_FINAL_TYPE(RhImageRow, rh_image_row, GTK_TYPE_BOX)

/* The list makes a widget of its own around each row, and that is what assistive technology meets. */
static void name_row(RhImageRow *row, const char *spoken)
{
    GtkWidget *parent = gtk_widget_get_parent(GTK_WIDGET(row));
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    if (parent != NULL)
        gtk_accessible_update_property(GTK_ACCESSIBLE(parent), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void show_item(RhImageItem *item, RhImageRow *row)
{
    g_autofree char *spoken = rh_image_item_spoken(item);
    name_row(row, spoken);
    if (!rh_image_row_is_furnished(row))
        return;
    g_autofree char *details = rh_image_item_details(item);
    gtk_label_set_label(row->name, item->item->id);
    gtk_label_set_label(row->details, details);
    gboolean has_mask = item->item->has_mask;
    gtk_image_set_from_icon_name(row->mask, has_mask ? "document-edit-symbolic" : "object-select-symbolic");
    gtk_widget_set_visible(GTK_WIDGET(row->mask), rh_case_is_marked(item->item));
    if (item->thumbnail != NULL)
        gtk_image_set_from_paintable(row->thumbnail, GDK_PAINTABLE(item->thumbnail));
    else if (item->unreadable)
        gtk_image_set_from_icon_name(row->thumbnail, "image-missing-symbolic");
    else
        gtk_image_clear(row->thumbnail);
}

/* Tooltips are told when they are asked for: to set one asks the display where the pointer is, and a list
 * that jumps sets those of hundreds of rows. */
static gboolean tell_mask(GtkWidget *mask, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip,
                          RhImageRow *row)
{
    if (row->item == NULL)
        return FALSE;
    gtk_tooltip_set_text(tooltip, row->item->item->has_mask ? _("Has a mask") : _("Nothing to mark"));
    return TRUE;
}

static gboolean tell_note(GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip,
                          RhImageRow *row)
{
    if (row->item == NULL || row->item->item->note[0] == '\0')
        return FALSE;
    gtk_tooltip_set_text(tooltip, row->item->item->note);
    return TRUE;
}

void rh_image_row_set_item(RhImageRow *row, RhImageItem *item)
{
    g_return_if_fail(RH_IS_IMAGE_ROW(row));
    if (row->item != NULL)
        g_signal_handlers_disconnect_by_func(row->item, show_item, row);
    g_set_object(&row->item, item);
    if (item == NULL)
        return;
    g_signal_connect(item, "changed", G_CALLBACK(show_item), row);
    show_item(item, row);
}

RhImageItem *rh_image_row_get_item(RhImageRow *row)
{
    return row->item;
}

static void rh_image_row_dispose(GObject *object)
{
    rh_image_row_set_item(RH_IMAGE_ROW(object), NULL);
    G_OBJECT_CLASS(rh_image_row_parent_class)->dispose(object);
}

static void rh_image_row_class_init(RhImageRowClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = rh_image_row_dispose;
}

static GtkLabel *add_label(GtkWidget *box, PangoEllipsizeMode ellipsize)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), ellipsize);
    gtk_box_append(GTK_BOX(box), label);
    return GTK_LABEL(label);
}

static GtkImage *add_image(GtkWidget *box, const char *icon)
{
    GtkWidget *image = gtk_image_new_from_icon_name(icon);
    gtk_box_append(GTK_BOX(box), image);
    return GTK_IMAGE(image);
}

gboolean rh_image_row_is_furnished(RhImageRow *row)
{
    return row->thumbnail != NULL;
}

void rh_image_row_furnish(RhImageRow *row)
{
    g_return_if_fail(RH_IS_IMAGE_ROW(row));
    if (rh_image_row_is_furnished(row))
        return;
    GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *first_line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    row->thumbnail = add_image(GTK_WIDGET(row), NULL);
    gtk_image_set_pixel_size(row->thumbnail, RH_THUMBNAIL_SIDE);
    gtk_widget_set_valign(text, GTK_ALIGN_CENTER);
    gtk_widget_set_hexpand(text, TRUE);
    gtk_box_append(GTK_BOX(row), text);
    gtk_box_append(GTK_BOX(text), first_line);
    row->name = add_label(first_line, PANGO_ELLIPSIZE_MIDDLE);
    gtk_widget_set_hexpand(GTK_WIDGET(row->name), TRUE);
    row->mask = add_image(first_line, NULL);
    row->details = add_label(text, PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class(GTK_WIDGET(row->details), "caption");
    gtk_widget_add_css_class(GTK_WIDGET(row->details), "dim-label");
    gtk_widget_add_css_class(GTK_WIDGET(row->mask), "accent");
    gtk_widget_set_has_tooltip(GTK_WIDGET(row->mask), TRUE);
    gtk_widget_set_has_tooltip(GTK_WIDGET(row), TRUE);
    g_signal_connect(row->mask, "query-tooltip", G_CALLBACK(tell_mask), row);
    g_signal_connect(row, "query-tooltip", G_CALLBACK(tell_note), row);
    if (row->item != NULL)
        show_item(row->item, row);
}

static void rh_image_row_init(RhImageRow *row)
{
    gtk_box_set_spacing(GTK_BOX(row), 8);
    gtk_widget_set_size_request(GTK_WIDGET(row), -1, RH_THUMBNAIL_SIDE);
}

GtkWidget *rh_image_row_new(void)
{
    return g_object_new(RH_TYPE_IMAGE_ROW, NULL);
}
