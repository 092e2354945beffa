/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* The switch "Retrain while I draw" and what is going on behind it. Property "active". */
#define RH_TYPE_LIVE_BAR (rh_live_bar_get_type())
G_DECLARE_FINAL_TYPE(RhLiveBar, rh_live_bar, RH, LIVE_BAR, GtkWidget)

gboolean rh_live_bar_get_active(RhLiveBar *bar);
void rh_live_bar_show_status(RhLiveBar *bar, const char *status);
/* While it is not possible the switch cannot be moved and the reason is what is said. NULL: it is. */
void rh_live_bar_set_obstacle(RhLiveBar *bar, const char *reason);
