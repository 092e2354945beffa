/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas.h"

/* A way to change the mask by hand: what happens when the pointer, or the pen of the crosshair, is put down,
 * moved and lifted. One table; the toolbox and the keys read it. Each tool stands in a file of its own,
 * tool-NAME.c. A tool keeps what is under way in the canvas's stroke (canvas-private.h).
 *
 * Most tools work while the button is held, and lifting it finishes. Some work point by point: each press
 * adds one, and they go on until they are finished by a double click, Return or a press on the first point.
 */
typedef enum {
    RH_TOOL_SIZE = 1 << 0,      /* has the size of a brush */
    RH_TOOL_TOLERANCE = 1 << 1, /* and what is given as options in the same way */
    RH_TOOL_RANGE = 1 << 2,
} RhToolHas;

typedef struct {
    const char *name;             /* "live-wire" */
    const char *title;            /* of the button, and in the history: "Live-wire" */
    const char *icon_name, *hint; /* the hint: what it does, in a sentence */
    const char *key_name;         /* as people read it: "B" */
    guint key, number;            /* a letter, and a number; 0: none */
    RhToolHas options;
    gboolean erases, by_points;

    void (*press)(RhCanvas *canvas, RhPoint point); /* begins what is under way, or adds a point to it */
    void (*move)(RhCanvas *canvas, RhPoint point);
    void (*carry)(RhCanvas *canvas, RhPoint point); /* the image has moved under the pointer; NULL: that is a
                                                       move as well */
    void (*release)(RhCanvas *canvas);              /* the button is up; NULL: that finishes */
    void (*finish)(RhCanvas *canvas);               /* what is under way counts as it is */
    void (*cancel)(RhCanvas *canvas);               /* as if never begun */
    gboolean (*step_back)(RhCanvas *canvas); /* takes back the last point; FALSE: it was the only one */
    void (*draw)(RhCanvas *canvas,
                 cairo_t *cr); /* adds what is under way to the path, in pixels of the screen */
} RhTool;

extern const RhTool rh_tool_pan, rh_tool_brush, rh_tool_eraser, rh_tool_polygon, rh_tool_lasso,
    rh_tool_rectangle, rh_tool_ellipse, rh_tool_wand, rh_tool_threshold, rh_tool_live_wire;

const RhTool *rh_tool(RhCanvasTool tool);
