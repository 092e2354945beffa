/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas.h"

/* The button with the history of the mask in view: a list of steps, of which a click makes one the last that
 * is done. Property "canvas": whose mask it is. */
#define RH_TYPE_HISTORY_MENU (rh_history_menu_get_type())
G_DECLARE_FINAL_TYPE(RhHistoryMenu, rh_history_menu, RH, HISTORY_MENU, GtkWidget)
