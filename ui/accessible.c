/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "accessible.h"

static gboolean has_unnamed_button(GtkWidget *widget)
{
    return GTK_IS_MENU_BUTTON(widget) || GTK_IS_DROP_DOWN(widget);
}

void rh_accessible_name_parts(GtkWidget *widget)
{
    GtkWidget *child = gtk_widget_get_first_child(widget);
    if (has_unnamed_button(widget) && child != NULL)
        gtk_accessible_update_relation(GTK_ACCESSIBLE(child), GTK_ACCESSIBLE_RELATION_LABELLED_BY, widget,
                                       NULL, -1);
    for (; child != NULL; child = gtk_widget_get_next_sibling(child))
        rh_accessible_name_parts(child);
}
