/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "data/cases.h"

/* What the expert says of the image in view, and the way to the next one: buttons for "win.nothing-to-mark"
 * and "win.next-to-mark", a note, the time spent. Signals: "noted" (const char *note) as a note is
 * written; "left": Return or Escape was pressed, the keyboard is to go elsewhere. */
#define RH_TYPE_QUEUE_PANEL (rh_queue_panel_get_type())
G_DECLARE_FINAL_TYPE(RhQueuePanel, rh_queue_panel, RH, QUEUE_PANEL, GtkWidget)

void rh_queue_panel_show(RhQueuePanel *panel, const RhCase *item); /* its note; NULL: no image is in view */
void rh_queue_panel_show_time(RhQueuePanel *panel, double seconds);
void rh_queue_panel_edit_note(RhQueuePanel *panel); /* the keyboard goes to the note */
