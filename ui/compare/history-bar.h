/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* A slider over the epochs of a run, a button that plays them, what the network scored after the one in view.
 * Not to be seen while there are no epochs. Signals: "moved" (guint epoch) by the person or by playing;
 * "playing" (gboolean). Its menu has action win.export-history ("animation", "sequence"). */
#define RH_TYPE_HISTORY_BAR (rh_history_bar_get_type())
G_DECLARE_FINAL_TYPE(RhHistoryBar, rh_history_bar, RH, HISTORY_BAR, GtkWidget)

/* How many epochs there are, which one is in view, and a line on it. */
void rh_history_bar_show(RhHistoryBar *bar, guint epochs, guint epoch, const char *scores);
/* The button as it should be; emits nothing. */
void rh_history_bar_set_playing(RhHistoryBar *bar, gboolean playing);
