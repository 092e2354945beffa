/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* Gives the parts GTK makes names: the button inside a menu button, a drop-down or the like has the focus,
 * and is called after the widget it belongs to. For a widget and all below it. */
void rh_accessible_name_parts(GtkWidget *widget);
