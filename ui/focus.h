/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* Makes Tab and Shift+Tab leave a long list instead of going through its rows, which the arrow keys do. */
void rh_focus_leave_with_tab(GtkWidget *list);
