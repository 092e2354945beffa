/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* Makes Tab and Shift+Tab leave a long list instead of going through its rows, which the arrow keys do. */
void rh_focus_leave_with_tab(GtkWidget *list);
/* Hands keys that nothing in the window has used, wherever in it the focus is, on to the widget while it is
 * seen: its letters, numbers and signs work right after a button was clicked. Keys that move the focus or
 * press what has it stay where they are. */
void rh_focus_hand_on_keys(GtkWindow *window, GtkWidget *widget);
/* Fetches the focus back when it goes to what is not shown, as GTK lets it when an entry of a submenu closes
 * the menu: no key would do anything any more. It goes to the nearest shown thing around, a menu's button. */
void rh_focus_stay_in_sight(GtkWindow *window);
