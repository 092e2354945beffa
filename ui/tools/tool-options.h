/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas.h"

/* What can be set of the tool in hand: size and tip of a brush, the wand's tolerance, the threshold brush's
 * range. Only what the tool has is shown. Property "canvas": whose tool it is. */
#define RH_TYPE_TOOL_OPTIONS (rh_tool_options_get_type())
G_DECLARE_FINAL_TYPE(RhToolOptions, rh_tool_options, RH, TOOL_OPTIONS, GtkWidget)

/* Shows an image on the canvas, where a quarter of its longer side is as large as a brush gets. image NULL:
 * as rh_canvas_set_image. */
void rh_tool_options_set_image(RhToolOptions *options, RhImage *image, RhMaskEditor *editor);
