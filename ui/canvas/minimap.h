/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas.h"

/* The whole image in a corner of the canvas, with a frame around what is in view; a click or a drag brings
 * another part into view. There is nothing to be seen, and nothing in the way of the pointer, while the whole
 * image is in view or where the canvas says "minimap" FALSE. */
#define RH_TYPE_MINIMAP (rh_minimap_get_type())
G_DECLARE_FINAL_TYPE(RhMinimap, rh_minimap, RH, MINIMAP, GtkWidget)

void rh_minimap_set_canvas(RhMinimap *minimap, RhCanvas *canvas); /* which outlives it, or is its sibling */
