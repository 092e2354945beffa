/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/menu-tooltips.h"

void rh_menu_tooltips_make_way(GtkWidget *widget)
{
    GtkPopover *menu =
        GTK_IS_MENU_BUTTON(widget) ? gtk_menu_button_get_popover(GTK_MENU_BUTTON(widget)) : NULL;
    if (menu != NULL && gtk_widget_get_has_tooltip(widget))
        g_object_bind_property(menu, "visible", widget, "has-tooltip",
                               G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        rh_menu_tooltips_make_way(child);
}
