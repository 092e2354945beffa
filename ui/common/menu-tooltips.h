/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* The tooltips of menu buttons stay away while their menu is open, the first entries of which they would
 * hide. For a widget and all below it. */
void rh_menu_tooltips_make_way(GtkWidget *widget);
