/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* A column of buttons, one for each tool of the table; they choose it by the action "win.tool". */
#define RH_TYPE_TOOLBOX (rh_toolbox_get_type())
G_DECLARE_FINAL_TYPE(RhToolbox, rh_toolbox, RH, TOOLBOX, GtkWidget)
