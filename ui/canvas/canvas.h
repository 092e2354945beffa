/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "canvas/canvas-picture.h"
#include "image/colormap.h"
#include "image/histogram.h"
#include "mask/editor.h"

/* The canvas: an image, its mask and a heatmap over it, with zoom, pan and drawing tools.
 *
 * Properties: "tool" (RhCanvasTool), "brush-size" (image pixels, double, at most
 * rh_canvas_brush_max()), "brush-share" (that of the image's larger side, which it keeps when an image of
 * another size is shown; 0: none is chosen), "square-tip", "soft-edge" and "pen-pressure" (of brushes),
 * "tolerance" (of the wand) and "range-low", "range-high" (of the threshold brush; all three in percent of
 * the way from the image's darkest to its brightest pixel), "mask-opacity" (0 hides the mask), "heat-opacity"
 * (0 … 1), "zoom" (pixels of the screen an image pixel; read-only), "can-undo", "can-redo", "editable"
 * (read-only), "specks" (how many holes and islands of a few pixels are marked; read-only). How the image is
 * looked at (RhCanvasDisplay): "window-preset", "black", "white" (shares of the image's range), "inverted",
 * "pixel-grid", "minimap", "mask-style", "mask-colour". Signals: "mask-changed" after a stroke, whole or
 * taken back, and after undo, redo and clear: the editor's revision has moved; "mask-touched" whenever pixels
 * of it have changed, in the middle of a stroke too; "stroke-begun"; "picture-changed" when all of it looks
 * different, "view-changed" when another part of it is in view, "point-changed" when rh_canvas_get_point has
 * something new to say; "keyboard-drawing" (gboolean) when drawing by keyboard begins or ends; "step" (int,
 * +1 or -1) when the next image or the one before is wanted. Actions (gtk_widget_activate_action, or
 * action-name from inside the canvas): canvas.zoom-in, canvas.zoom-out, canvas.zoom-fit, canvas.zoom-one,
 * canvas.undo, canvas.redo, canvas.clear, canvas.tool (a tool's name, tool.h), canvas.swap-tools,
 * canvas.brush-smaller, canvas.brush-larger, canvas.next-speck, canvas.inverted, canvas.pixel-grid,
 * canvas.minimap, canvas.window-preset ("full", "middle", "dark", "bright", "by-hand"), canvas.mask-style
 * ("filled", "fill-only", "outlined"), canvas.mask-colour ("cyan", "yellow", "magenta", "green", "orange").
 *
 * By hand: the wheel and two fingers zoom to the pointer; the middle button, Space held or the pan tool move
 * the image; dragging with the right button changes the window; Ctrl held lets a tool remove, and the eraser
 * paint; Escape takes the stroke under way back, or its last point. By keyboard: + − 0 zoom, Ctrl+1 one to
 * one, a letter or a number a tool (tool.h), X swaps brush and eraser, [ ] size, Alt+1 to Alt+4 window
 * presets, I inverts, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y; arrows ask for another image.
 *
 * Drawing by keyboard is a mode, which K begins and ends (Escape ends it, Return begins it with the pen
 * down): arrows move a crosshair (Shift: ten times as far), Space paints while it is held, Return puts the
 * pen down and lifts it again, or closes a polygon. */
#define RH_TYPE_CANVAS (rh_canvas_get_type())
G_DECLARE_FINAL_TYPE(RhCanvas, rh_canvas, RH, CANVAS, GtkWidget)

typedef enum {
    RH_CANVAS_PAN,
    RH_CANVAS_BRUSH,
    RH_CANVAS_ERASER,
    RH_CANVAS_POLYGON,
    RH_CANVAS_LASSO,
    RH_CANVAS_RECTANGLE,
    RH_CANVAS_ELLIPSE,
    RH_CANVAS_WAND,
    RH_CANVAS_THRESHOLD,
    RH_CANVAS_LIVE_WIRE,
    RH_CANVAS_N_TOOLS
} RhCanvasTool;
#define RH_TYPE_CANVAS_TOOL (rh_canvas_tool_get_type())
GType rh_canvas_tool_get_type(void);

#define RH_TYPE_WINDOW_PRESET (rh_window_preset_get_type())
GType rh_window_preset_get_type(void);
#define RH_TYPE_MASK_STYLE (rh_mask_style_get_type())
GType rh_mask_style_get_type(void);
#define RH_TYPE_MASK_COLOUR (rh_mask_colour_get_type())
GType rh_mask_colour_get_type(void);

/* The image pixel under the pointer, or under the crosshair of drawing by keyboard. */
typedef struct {
    guint column, row; /* from 0 */
    double value;      /* as stored */
    gboolean has_mask, inside;
    gboolean has_heat;
    double heat; /* 0 … 1 */
} RhCanvasPoint;

GtkWidget *rh_canvas_new(void);
/* Shows an image; the editor holds its mask (NULL: not editable) and stays the caller's. The view is fitted
 * if the size differs from the last image's. Any heatmap is dropped. image NULL: an empty canvas. */
void rh_canvas_set_image(RhCanvas *canvas, RhImage *image, RhMaskEditor *editor);
/* values: height×width in 0 … 1, copied, stretched over the image; NULL removes it. */
void rh_canvas_set_heatmap(RhCanvas *canvas, const float *values, guint height, guint width,
                           const RhColormap *colormap);
gboolean rh_canvas_get_point(RhCanvas *canvas, RhCanvasPoint *point); /* FALSE: none */
RhImage *rh_canvas_get_image(RhCanvas *canvas);                       /* shown; NULL: none */
/* Of the image; NULL if there is none. Valid until another is shown. */
const RhHistogram *rh_canvas_get_histogram(RhCanvas *canvas);
/* What a screen reader says of the picture, e.g. "Image 3, class 1, mask 1.4 % of the image". */
void rh_canvas_set_description(RhCanvas *canvas, const char *description);
RhMaskEditor *rh_canvas_get_editor(RhCanvas *canvas); /* NULL: not editable */
/* Tells that the editor was locked or unlocked by others, or changed in `touched` (which may be empty). */
void rh_canvas_editor_changed(RhCanvas *canvas, RhRectangle touched);
/* Undoes or redoes until `done` steps of the history are done, a few milliseconds at a time. */
void rh_canvas_go_to_step(RhCanvas *canvas, guint done);
/* The largest brush: a quarter of the image's larger side. */
double rh_canvas_brush_max(RhCanvas *canvas);
/* How the image is looked at. */
const RhCanvasDisplay *rh_canvas_display(RhCanvas *canvas);
/* Ends a stroke in the middle, as when focus is lost or the image changes: the stroke counts. */
void rh_canvas_finish_stroke(RhCanvas *canvas);
