/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/children.h"

void rh_drop_children(GtkWidget *widget)
{
    for (GtkWidget *child; (child = gtk_widget_get_first_child(widget)) != NULL;)
        gtk_widget_unparent(child);
}
