/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "image/colormap.h"
#include "mask/editor.h"

/* The canvas: an image, its mask and a heatmap over it, with zoom, pan and drawing tools.
 *
 * Properties: "tool" (RhCanvasTool), "brush-size" (image pixels, double; it keeps its share of the image when
 * an image of another size is shown), "mask-opacity" (0 hides the mask), "heat-opacity" (0 … 1), "zoom"
 * (pixels of the screen an image pixel; read-only), "can-undo", "can-redo", "editable" (read-only). Signals:
 * "mask-changed" after a stroke, whole or taken back, and after undo, redo and clear: the editor's revision
 *          has moved; "stroke-begun".
 * Actions (gtk_widget_activate_action, or action-name from inside the canvas): canvas.zoom-in,
 * canvas.zoom-out, canvas.zoom-fit, canvas.zoom-one, canvas.undo, canvas.redo, canvas.clear, canvas.tool
 * ("pan", "brush", "eraser"), canvas.swap-tools, canvas.brush-smaller, canvas.brush-larger.
 *
 * By hand: the wheel and two fingers zoom to the pointer; the middle button, Space held or the pan tool move
 * the image; Ctrl held swaps brush and eraser; Escape takes the stroke under way back. By keyboard: + − 0
 * zoom, Ctrl+1 one to one, B E H tools, X swaps, [ ] size, arrows move a crosshair (Shift: ten times as far),
 * Return puts the pen down and lifts it again, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y. */
#define RH_TYPE_CANVAS (rh_canvas_get_type())
G_DECLARE_FINAL_TYPE(RhCanvas, rh_canvas, RH, CANVAS, GtkWidget)

typedef enum { RH_CANVAS_PAN, RH_CANVAS_BRUSH, RH_CANVAS_ERASER } RhCanvasTool;
#define RH_TYPE_CANVAS_TOOL (rh_canvas_tool_get_type())
GType rh_canvas_tool_get_type(void);

GtkWidget *rh_canvas_new(void);
/* Shows an image; the editor holds its mask (NULL: not editable) and stays the caller's. The view is fitted
 * if the size differs from the last image's. Any heatmap is dropped. image NULL: an empty canvas. */
void rh_canvas_set_image(RhCanvas *canvas, RhImage *image, RhMaskEditor *editor);
/* values: height×width in 0 … 1, copied, stretched over the image; NULL removes it. */
void rh_canvas_set_heatmap(RhCanvas *canvas, const float *values, guint height, guint width,
                           const RhColormap *colormap);
/* What a screen reader says of the picture, e.g. "Image 3, class 1, mask 1.4 % of the image". */
void rh_canvas_set_description(RhCanvas *canvas, const char *description);
/* Ends a stroke in the middle, as when focus is lost or the image changes: the stroke counts. */
void rh_canvas_finish_stroke(RhCanvas *canvas);
