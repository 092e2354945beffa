/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* The button with the operations on the whole mask. Each is an action of the window: "win.mask-operation"
 * with an operation's name (mask/operation.h), "win.mask-import" likewise for those with a mask from a file,
 * "win.mask-copy-previous" and "win.mask-copy-from". */
#define RH_TYPE_MASK_MENU (rh_mask_menu_get_type())
G_DECLARE_FINAL_TYPE(RhMaskMenu, rh_mask_menu, RH, MASK_MENU, GtkWidget)

/* By how many pixels masks grow, shrink and are smoothed. */
guint rh_mask_menu_get_amount(RhMaskMenu *menu);
