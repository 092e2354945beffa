/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/accessible.h"

static gboolean has_unnamed_button(GtkWidget *widget)
{
    return GTK_IS_MENU_BUTTON(widget) || GTK_IS_DROP_DOWN(widget);
}

/* What the widget is called after: its label, if that is a widget, for a name is not passed on twice. */
static GtkWidget *name_of(GtkWidget *widget)
{
    g_autoptr(GList) labels = gtk_widget_list_mnemonic_labels(widget);
    return labels != NULL ? labels->data : widget;
}

void rh_accessible_name_parts(GtkWidget *widget)
{
    GtkWidget *child = gtk_widget_get_first_child(widget);
    /* Newer GTK calls a drop-down after the entry that is chosen, which its value says already. */
    if (GTK_IS_DROP_DOWN(widget) && name_of(widget) == widget)
        gtk_accessible_reset_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
    if (has_unnamed_button(widget) && child != NULL)
        gtk_accessible_update_relation(GTK_ACCESSIBLE(child), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                       name_of(widget), NULL, -1);
    for (; child != NULL; child = gtk_widget_get_next_sibling(child))
        rh_accessible_name_parts(child);
}
