/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas-picture.h"
#include "canvas-tiles.h"
#include "canvas-view.h"
#include "canvas.h"
#include "image/histogram.h"

/* The canvas is one widget in several rooms: canvas.c holds what is shown, canvas-display.c how it is looked
 * at, canvas-point.c what is under the pointer, canvas-actions.c what can be done by name and key,
 * canvas-stroke.c draws into the mask, canvas-input.c turns pointer and keys into the others' calls. Points
 * are in pixels of the screen unless they are called image points. */
typedef enum { RH_DRAG_NONE, RH_DRAG_PAN, RH_DRAG_STROKE } RhCanvasDrag;

struct _RhCanvas {
    GtkWidget parent_instance;

    RhCanvasPicture picture;
    RhCanvasView view;
    RhCanvasTiles *tiles;
    RhMaskEditor *editor;  /* the caller's; NULL: not editable */
    GCancellable *halving; /* of the image's smaller levels, in the background */
    char *description;
    RhHistogram histogram; /* of the image */

    RhCanvasTool tool;
    double brush_size; /* image pixels */

    RhCanvasDrag drag;
    double drag_x, drag_y; /* image point in the middle when panning began */
    double pinch;          /* scale of the pinch so far */
    double pointer_x, pointer_y;
    gboolean pointer_inside, space_held, control_held;

    double window_black, window_white; /* when dragging them began */

    gboolean erasing;          /* of the stroke under way */
    double stroke_x, stroke_y; /* image point it has come to */
    guint64 stroke_revision;   /* the editor's when it began */

    gboolean keyboard_drawing, space_paints; /* the pen is down because Space is */
    gboolean crosshair, pen_down;            /* drawing by keyboard */
    double crosshair_x, crosshair_y;         /* image point */
};

/* canvas.c */
double rh_canvas_scale(RhCanvas *canvas); /* pixels of the screen a GTK pixel */
void rh_canvas_repaint(RhCanvas *canvas);
void rh_canvas_view_changed(RhCanvas *canvas, double zoom_before);
void rh_canvas_mask_touched(RhCanvas *canvas, RhRectangle area);
void rh_canvas_mask_changed(RhCanvas *canvas); /* a step is done: tells everybody */
void rh_canvas_describe(RhCanvas *canvas);
void rh_canvas_update_cursor(RhCanvas *canvas);
void rh_canvas_set_brush_size(RhCanvas *canvas, double size);
void rh_canvas_set_tool(RhCanvas *canvas, RhCanvasTool tool);

/* canvas-display.c */
void rh_canvas_class_add_display(GtkWidgetClass *klass); /* properties and actions */
gboolean rh_canvas_get_display(RhCanvas *canvas, GParamSpec *property,
                               GValue *value); /* FALSE: not one of its */
gboolean rh_canvas_set_display(RhCanvas *canvas, GParamSpec *property, const GValue *value);
void rh_canvas_display_image(RhCanvas *canvas); /* another image is shown: its histogram, its window */
void rh_canvas_add_window_drag(RhCanvas *canvas);

/* canvas-point.c */
void rh_canvas_point_changed(RhCanvas *canvas); /* tells everybody */

/* canvas-actions.c */
void rh_canvas_class_add_actions(GtkWidgetClass *klass);
void rh_canvas_update_actions(RhCanvas *canvas);

/* canvas-stroke.c: a stroke from one image point to the next */
gboolean rh_canvas_stroking(RhCanvas *canvas);
gboolean rh_canvas_would_erase(RhCanvas *canvas); /* the tool in hand, Ctrl considered */
void rh_canvas_stroke_begin(RhCanvas *canvas, double image_x, double image_y);
void rh_canvas_stroke_to(RhCanvas *canvas, double image_x, double image_y);
void rh_canvas_stroke_cancel(RhCanvas *canvas);

/* canvas-cursor.c */
void rh_canvas_snapshot_cursor(RhCanvas *canvas, GtkSnapshot *snapshot);

/* canvas-input.c */
void rh_canvas_add_input(RhCanvas *canvas);
/* Arrows move a crosshair and Space paints, instead of going to another image and moving this one. */
void rh_canvas_set_keyboard_drawing(RhCanvas *canvas, gboolean on);
