/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "canvas/canvas-picture.h"
#include "canvas/canvas-tiles.h"
#include "canvas/canvas-view.h"
#include "canvas/canvas.h"
#include "canvas/overlay.h"
#include "image/histogram.h"
#include "mask/live-wire.h"
#include "mask/pieces.h"
#include "tools/tool.h"

/* The canvas is one widget in several rooms: canvas.c holds what is shown, canvas-display.c how it is looked
 * at, canvas-point.c what is under the pointer, canvas-actions.c what can be done by name and key,
 * canvas-stroke.c hands what the tool in hand does to the tool (tool-….c, with canvas-outline.c for those
 * that draw outlines), canvas-values.c knows the extent of the image's values, canvas-history.c walks through
 * steps, canvas-specks.c marks small holes and islands, canvas-input.c turns pointer and keys into the
 * others' calls. Points are in pixels of the screen unless they are called image points. */
typedef enum { RH_DRAG_NONE, RH_DRAG_PAN, RH_DRAG_STROKE } RhCanvasDrag;

/* What is done with the tool in hand, from the first press on. Each tool uses what it needs. */
typedef struct {
    gboolean under_way, erasing, released;
    guint64 revision; /* the editor's when it began */
    RhPoint at;       /* image point it has come to */

    RhMaskDab dab;          /* of a brush: the last one */
    GArray *points, *loose; /* of an outline, RhPoint: fixed, and from there to the pointer */
    GArray *anchors;        /* of a live-wire, guint: where in `points` it was pressed */
    RhPoint end;            /* where the loose end is; of a wand: where on the screen it was pressed */
    RhLiveWire *wire;       /* from the last point on; NULL: not looked for yet */

    guint seed_x, seed_y; /* of a wand: the pixel it was pressed on */
    double before, shown; /* tolerance in percent at the press; that of the region shown, in stored values */
    GCancellable *search; /* for the region; NULL: none is under way */
} RhStroke;

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
    double brush_size;  /* image pixels */
    double brush_share; /* of the image's larger side; 0: none is chosen */

    RhCanvasDrag drag;
    double drag_x, drag_y; /* image point in the middle when panning began */
    double pinch;          /* scale of the pinch so far */
    double pointer_x, pointer_y;
    gboolean pointer_inside, space_held, control_held;

    double window_black, window_white; /* when dragging them began */

    RhMaskBrush tip;
    gboolean pen_pressure;        /* a pen pressed lightly draws thinner */
    double tolerance;             /* percent of the image's extent */
    double range_low, range_high; /* likewise */
    double lowest, highest;       /* the extent: stored values; NAN: not looked for yet */
    RhStroke stroke;
    GArray *specks; /* RhMaskSpeck; NULL: not looked for yet */
    guint look_source, speck_shown;
    GCancellable *looking;              /* for specks */
    guint going, going_to;              /* through the history: source, and the step to come to */
    double pressure;                    /* of the pen; 1: as firm as can be, or no pen */
    gboolean shift_held, pressed_again; /* the second press of a double click */
    guint32 pressed_at;                 /* ms, by the event's clock */
    double pressed_x, pressed_y;

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
void rh_canvas_set_tolerance(RhCanvas *canvas, double percent);
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

/* canvas-stroke.c: a stroke from one image point to the next, with whatever tool */
gboolean rh_canvas_stroking(RhCanvas *canvas);
gboolean rh_canvas_by_points(RhCanvas *canvas);   /* one is under way that goes on when the button is up */
gboolean rh_canvas_would_erase(RhCanvas *canvas); /* the tool in hand, Ctrl considered */
gboolean rh_canvas_can_stroke(RhCanvas *canvas);
void rh_canvas_stroke_begin(RhCanvas *canvas, double image_x, double image_y);
void rh_canvas_stroke_to(RhCanvas *canvas, double image_x, double image_y);
void rh_canvas_stroke_carry(RhCanvas *canvas); /* the view has moved under the pointer */
void rh_canvas_stroke_release(RhCanvas *canvas);
void rh_canvas_stroke_cancel(RhCanvas *canvas);
gboolean rh_canvas_stroke_step_back(RhCanvas *canvas); /* a point, or all; FALSE: nothing is under way */
/* For the tools: the editor's stroke that makes the step of the history. */
void rh_canvas_stroke_open(RhCanvas *canvas);
void rh_canvas_stroke_close(RhCanvas *canvas);
void rh_canvas_stroke_drop(RhCanvas *canvas);

/* canvas-specks.c */
void rh_canvas_look_for_specks(RhCanvas *canvas); /* soon */
void rh_canvas_stop_looking(RhCanvas *canvas);
void rh_canvas_forget_specks(RhCanvas *canvas);
guint rh_canvas_count_specks(RhCanvas *canvas);
void rh_canvas_snapshot_specks(RhCanvas *canvas, GtkSnapshot *snapshot);
void rh_canvas_show_next_speck(RhCanvas *canvas);

/* canvas-history.c */
void rh_canvas_stop_going(RhCanvas *canvas);

/* tool-brush.c, for all brushes */
void rh_tool_brush_begin(RhCanvas *canvas, RhPoint point);
void rh_tool_brush_move(RhCanvas *canvas, RhPoint point);
void rh_tool_brush_carry(RhCanvas *canvas, RhPoint point);

/* canvas-outline.c */
gboolean rh_canvas_outline_closes(RhCanvas *canvas, RhPoint point);
void rh_canvas_outline_path(RhCanvas *canvas, cairo_t *cr);
void rh_canvas_outline_fill(RhCanvas *canvas);
void rh_canvas_outline_drop(RhCanvas *canvas);
void rh_canvas_box_begin(RhCanvas *canvas, RhPoint point);
void rh_canvas_box_move(RhCanvas *canvas, RhPoint point);
void rh_canvas_box(RhCanvas *canvas, double *left, double *top, double *right, double *bottom);
void rh_canvas_box_fill(RhCanvas *canvas, GArray *(*shape)(RhPoint, RhPoint, guint, guint));

/* canvas-values.c: what percent mean in this image */
void rh_canvas_extent(RhCanvas *canvas, double *lowest, double *highest);
void rh_canvas_range(RhCanvas *canvas, double *low, double *high);

/* canvas-cursor.c */
void rh_canvas_snapshot_stroke(RhCanvas *canvas, GtkSnapshot *snapshot);
void rh_canvas_snapshot_cursor(RhCanvas *canvas, GtkSnapshot *snapshot);

/* canvas-input.c */
void rh_canvas_add_input(RhCanvas *canvas);
/* Arrows move a crosshair and Space paints, instead of going to another image and moving this one. */
void rh_canvas_set_keyboard_drawing(RhCanvas *canvas, gboolean on);
