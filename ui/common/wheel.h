/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* The wheel scrolls on where it meets a slider or a number, instead of changing a value that one only passes.
 * For a widget and all below it. */
void rh_wheel_passes_by(GtkWidget *widget);
