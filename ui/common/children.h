/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* Takes all children out of a widget, as it must itself before it is finalized. */
void rh_drop_children(GtkWidget *widget);
