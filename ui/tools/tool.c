/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tools/tool.h"

#include <glib/gi18n.h>

static const RhTool *const TOOLS[RH_CANVAS_N_TOOLS] = {
    [RH_CANVAS_PAN] = &rh_tool_pan,
    [RH_CANVAS_BRUSH] = &rh_tool_brush,
    [RH_CANVAS_ERASER] = &rh_tool_eraser,
    [RH_CANVAS_POLYGON] = &rh_tool_polygon,
    [RH_CANVAS_LASSO] = &rh_tool_lasso,
    [RH_CANVAS_RECTANGLE] = &rh_tool_rectangle,
    [RH_CANVAS_ELLIPSE] = &rh_tool_ellipse,
    [RH_CANVAS_WAND] = &rh_tool_wand,
    [RH_CANVAS_THRESHOLD] = &rh_tool_threshold,
    [RH_CANVAS_LIVE_WIRE] = &rh_tool_live_wire,
};

const RhTool *rh_tool(RhCanvasTool tool)
{
    g_assert(tool < RH_CANVAS_N_TOOLS);
    return TOOLS[tool];
}

/* The one that changes nothing: canvas-input.c moves the image. */
const RhTool rh_tool_pan = {
    .name = "pan",
    .title = N_("Pan"),
    .icon_name = "rh-pan-symbolic",
    .hint = N_("Move the image; also with Space held, or the middle button"),
    .key_name = "H",
    .key = GDK_KEY_h,
};
