/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas.h"

/* How the image is looked at: the histogram with the window of values on it, presets, inverting, how the mask
 * is drawn, grid and minimap. Everything is a property of the canvas. */
#define RH_TYPE_DISPLAY_PANEL (rh_display_panel_get_type())
G_DECLARE_FINAL_TYPE(RhDisplayPanel, rh_display_panel, RH, DISPLAY_PANEL, GtkWidget)

void rh_display_panel_set_canvas(RhDisplayPanel *panel, RhCanvas *canvas); /* once */
