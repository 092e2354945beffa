/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

#define WHEEL_STEP 1.25
#define FAST       10 /* Shift: this many steps of the crosshair */

static void to_image(RhCanvas *canvas, double x, double y, double *image_x, double *image_y)
{
    double scale = rh_canvas_scale(canvas);
    rh_canvas_view_to_image(&canvas->view, x * scale, y * scale, image_x, image_y);
}

static void move_pointer(RhCanvas *canvas, double x, double y)
{
    double scale = rh_canvas_scale(canvas);
    if (canvas->pointer_x == x * scale && canvas->pointer_y == y * scale)
        return; /* GTK tells of it again when something else has moved */
    canvas->pointer_x = x * scale;
    canvas->pointer_y = y * scale;
    if (canvas->crosshair && !canvas->pen_down) {
        canvas->crosshair = FALSE;
        rh_canvas_describe(canvas);
    }
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    rh_canvas_point_changed(canvas);
}

/* A pen tells how firmly it is pressed, a mouse does not. */
static void look_at_pressure(RhCanvas *canvas, GdkEvent *event)
{
    double pressure;
    if (event == NULL || gdk_event_get_device_tool(event) == NULL ||
        !gdk_event_get_axis(event, GDK_AXIS_PRESSURE, &pressure))
        pressure = 1;
    canvas->pressure = CLAMP(pressure, 0, 1);
}

/* What the press is beside a place: keys held, pressure, and whether it is the second of a double click. When
 * it was made is the event's to tell: a busy machine may handle two slow presses at once. */
static void look_at_press(RhCanvas *canvas, GtkEventController *gesture)
{
    int apart_ms, apart;
    g_object_get(gtk_widget_get_settings(GTK_WIDGET(canvas)), "gtk-double-click-time", &apart_ms,
                 "gtk-double-click-distance", &apart, NULL);
    const GdkModifierType held = gtk_event_controller_get_current_event_state(gesture);
    const guint32 now = gtk_event_controller_get_current_event_time(gesture);
    const double moved = hypot(canvas->pointer_x - canvas->pressed_x, canvas->pointer_y - canvas->pressed_y);
    canvas->control_held = (held & GDK_CONTROL_MASK) != 0;
    canvas->shift_held = (held & GDK_SHIFT_MASK) != 0;
    canvas->pressed_again =
        now - canvas->pressed_at < (guint32)apart_ms && moved <= apart * rh_canvas_scale(canvas);
    canvas->pressed_at = now;
    canvas->pressed_x = canvas->pointer_x;
    canvas->pressed_y = canvas->pointer_y;
    look_at_pressure(canvas, gtk_event_controller_get_current_event(gesture));
}

static void drag_begin(GtkGestureDrag *gesture, double x, double y, RhCanvas *canvas)
{
    guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));
    gboolean pans = button == GDK_BUTTON_MIDDLE || canvas->space_held || canvas->tool == RH_CANVAS_PAN;
    gtk_widget_grab_focus(GTK_WIDGET(canvas));
    if (!rh_canvas_by_points(canvas))
        rh_canvas_finish_stroke(canvas);
    if (canvas->picture.image == NULL || (button != GDK_BUTTON_PRIMARY && button != GDK_BUTTON_MIDDLE) ||
        (!pans && !rh_canvas_can_stroke(canvas))) {
        gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_DENIED);
        return;
    }
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    move_pointer(canvas, x, y);
    if (pans) {
        canvas->drag = RH_DRAG_PAN;
        canvas->drag_x = canvas->view.x;
        canvas->drag_y = canvas->view.y;
        rh_canvas_update_cursor(canvas);
        return;
    }
    double image_x, image_y;
    to_image(canvas, x, y, &image_x, &image_y);
    look_at_press(canvas, GTK_EVENT_CONTROLLER(gesture));
    rh_canvas_stroke_begin(canvas, image_x, image_y);
    canvas->drag = RH_DRAG_STROKE;
}

/* GTK hands on the last of several motions; the earlier ones are the event's history (a stylus's backlog is
 * the same). Positions there are the surface's, hence the difference. */
static void stroke_through_history(RhCanvas *canvas, GdkEvent *event, double x, double y)
{
    double at_x, at_y;
    if (event == NULL || gdk_event_get_event_type(event) != GDK_MOTION_NOTIFY ||
        !gdk_event_get_position(event, &at_x, &at_y))
        return;
    guint count = 0;
    g_autofree GdkTimeCoord *history = gdk_event_get_history(event, &count);
    for (guint i = 0; history != NULL && i < count; i++) {
        double image_x, image_y;
        if ((history[i].flags & GDK_AXIS_FLAG_X) == 0 || (history[i].flags & GDK_AXIS_FLAG_Y) == 0)
            continue;
        if (gdk_event_get_device_tool(event) != NULL && (history[i].flags & GDK_AXIS_FLAG_PRESSURE) != 0)
            canvas->pressure = CLAMP(history[i].axes[GDK_AXIS_PRESSURE], 0, 1);
        to_image(canvas, x + history[i].axes[GDK_AXIS_X] - at_x, y + history[i].axes[GDK_AXIS_Y] - at_y,
                 &image_x, &image_y);
        rh_canvas_stroke_to(canvas, image_x, image_y);
    }
}

static void drag_update(GtkGestureDrag *gesture, double dx, double dy, RhCanvas *canvas)
{
    double x, y, image_x, image_y;
    if (canvas->drag == RH_DRAG_NONE || !gtk_gesture_drag_get_start_point(gesture, &x, &y))
        return;
    move_pointer(canvas, x + dx, y + dy);
    if (canvas->drag == RH_DRAG_PAN) {
        double scale = rh_canvas_scale(canvas) / canvas->view.zoom;
        rh_canvas_view_centre(&canvas->view, canvas->drag_x - dx * scale, canvas->drag_y - dy * scale);
        rh_canvas_view_changed(canvas, canvas->view.zoom);
        return;
    }
    GdkEvent *event = gtk_event_controller_get_current_event(GTK_EVENT_CONTROLLER(gesture));
    canvas->shift_held =
        (gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture)) & GDK_SHIFT_MASK) != 0;
    stroke_through_history(canvas, event, x + dx, y + dy);
    look_at_pressure(canvas, event);
    to_image(canvas, x + dx, y + dy, &image_x, &image_y);
    rh_canvas_stroke_to(canvas, image_x, image_y);
}

static void end_drag(RhCanvas *canvas)
{
    if (canvas->drag == RH_DRAG_STROKE)
        rh_canvas_stroke_release(canvas);
    canvas->drag = RH_DRAG_NONE;
    rh_canvas_update_cursor(canvas);
}

static void drag_end(GtkGestureDrag *gesture, double dx, double dy, RhCanvas *canvas)
{
    drag_update(gesture, dx, dy, canvas);
    end_drag(canvas);
}

static void drag_cancelled(GtkGesture *gesture, GdkEventSequence *sequence, RhCanvas *canvas)
{
    end_drag(canvas);
}

static void pointer_entered(GtkEventControllerMotion *motion, double x, double y, RhCanvas *canvas)
{
    gboolean was_inside = canvas->pointer_inside;
    canvas->pointer_inside = TRUE;
    move_pointer(canvas, x, y);
    if (!was_inside) { /* perhaps where it has left, which move_pointer() does not tell of */
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
        rh_canvas_point_changed(canvas);
    }
    if (rh_canvas_by_points(canvas) && canvas->drag == RH_DRAG_NONE && !canvas->crosshair) {
        double image_x, image_y;
        to_image(canvas, x, y, &image_x, &image_y);
        rh_canvas_stroke_to(canvas, image_x, image_y);
    }
}

static void pointer_left(GtkEventControllerMotion *motion, RhCanvas *canvas)
{
    canvas->pointer_inside = FALSE;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    rh_canvas_point_changed(canvas);
}

static void zoom_at_pointer(RhCanvas *canvas, double factor, double x, double y)
{
    double before = canvas->view.zoom;
    rh_canvas_view_zoom(&canvas->view, factor, x, y);
    rh_canvas_view_changed(canvas, before);
}

static gboolean scrolled(GtkEventControllerScroll *scroll, double dx, double dy, RhCanvas *canvas)
{
    if (canvas->picture.image == NULL)
        return GDK_EVENT_PROPAGATE;
    double step = gtk_event_controller_scroll_get_unit(scroll) == GDK_SCROLL_UNIT_SURFACE ? dy / 50 : dy;
    zoom_at_pointer(canvas, pow(WHEEL_STEP, -step), canvas->pointer_x, canvas->pointer_y);
    return GDK_EVENT_STOP;
}

/* The first finger has begun to draw when the second comes down: that was no stroke. */
static void pinch_begun(GtkGesture *gesture, GdkEventSequence *sequence, RhCanvas *canvas)
{
    rh_canvas_stroke_cancel(canvas);
    canvas->pinch = 1;
}

static void pinched(GtkGestureZoom *gesture, double scale, RhCanvas *canvas)
{
    double x, y, pixels = rh_canvas_scale(canvas);
    if (canvas->picture.image == NULL || !gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y))
        return;
    zoom_at_pointer(canvas, scale / canvas->pinch, x * pixels, y * pixels);
    canvas->pinch = scale;
}

static void show_crosshair(RhCanvas *canvas)
{
    if (canvas->crosshair)
        return;
    const RhCanvasView *view = &canvas->view;
    double x = canvas->pointer_inside ? canvas->pointer_x : view->width / 2;
    double y = canvas->pointer_inside ? canvas->pointer_y : view->height / 2;
    rh_canvas_view_to_image(view, x, y, &x, &y);
    canvas->crosshair = TRUE;
    canvas->crosshair_x = floor(CLAMP(x, 0, view->image_width - 1)) + 0.5;
    canvas->crosshair_y = floor(CLAMP(y, 0, view->image_height - 1)) + 0.5;
}

/* From the middle of a pixel to the middle of another: by one, or by what a pixel of the screen covers. */
static void move_crosshair(RhCanvas *canvas, int dx, int dy, gboolean fast)
{
    const RhCanvasView *view = &canvas->view;
    double step = MAX(1, floor(1 / view->zoom)) * (fast ? FAST : 1);
    show_crosshair(canvas);
    canvas->crosshair_x = CLAMP(canvas->crosshair_x + dx * step, 0.5, floor(view->image_width) - 0.5);
    canvas->crosshair_y = CLAMP(canvas->crosshair_y + dy * step, 0.5, floor(view->image_height) - 0.5);
    rh_canvas_view_reveal(&canvas->view, canvas->crosshair_x, canvas->crosshair_y);
    if (canvas->pen_down || rh_canvas_by_points(canvas))
        rh_canvas_stroke_to(canvas, canvas->crosshair_x, canvas->crosshair_y);
    rh_canvas_describe(canvas);
    rh_canvas_view_changed(canvas, canvas->view.zoom);
}

/* What is drawn point by point gets one at the crosshair; without a crosshair it is closed. */
static void toggle_pen(RhCanvas *canvas)
{
    if (canvas->pen_down) {
        rh_canvas_stroke_release(canvas);
    } else if (rh_canvas_by_points(canvas) && !canvas->crosshair) {
        rh_canvas_finish_stroke(canvas);
    } else if (canvas->drag == RH_DRAG_NONE && rh_canvas_can_stroke(canvas)) {
        show_crosshair(canvas);
        canvas->pressed_again = FALSE;
        canvas->pressure = 1;
        rh_canvas_stroke_begin(canvas, canvas->crosshair_x, canvas->crosshair_y);
        canvas->pen_down = rh_canvas_stroking(canvas) && !rh_canvas_by_points(canvas);
    }
    rh_canvas_describe(canvas);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void rh_canvas_set_keyboard_drawing(RhCanvas *canvas, gboolean on)
{
    if (canvas->keyboard_drawing == on || (on && canvas->editor == NULL))
        return;
    canvas->keyboard_drawing = on;
    if (on) {
        show_crosshair(canvas);
    } else {
        rh_canvas_finish_stroke(canvas);
        canvas->crosshair = FALSE;
    }
    rh_canvas_describe(canvas);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    rh_canvas_point_changed(canvas);
    g_signal_emit_by_name(canvas, "keyboard-drawing", on);
}

/* Held it paints, as long as the mode lasts; a repeated key is still the same. */
static void press_space(RhCanvas *canvas)
{
    if (!canvas->space_held && canvas->keyboard_drawing && !canvas->pen_down) {
        toggle_pen(canvas);
        canvas->space_paints = TRUE;
    }
    canvas->space_held = TRUE;
}

static void release_space(RhCanvas *canvas)
{
    if (canvas->space_paints && canvas->pen_down)
        toggle_pen(canvas);
    canvas->space_held = canvas->space_paints = FALSE;
}

static gboolean leave_keyboard_drawing(RhCanvas *canvas)
{
    gboolean was = canvas->keyboard_drawing;
    rh_canvas_set_keyboard_drawing(canvas, FALSE);
    return was;
}

static gboolean escape(RhCanvas *canvas)
{
    gboolean stepped = rh_canvas_stroke_step_back(canvas);
    rh_canvas_describe(canvas);
    return stepped;
}

static const struct {
    guint key, keypad;
    int dx, dy;
} ARROWS[] = {
    {GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0},
    {GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0},
    {GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1},
    {GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1},
};

/* Moves the crosshair, or goes to the next image or the one before, though there be none in view. */
static gboolean press_arrow(RhCanvas *canvas, guint key, GdkModifierType state)
{
    for (guint i = 0; i < G_N_ELEMENTS(ARROWS); i++) {
        if (key != ARROWS[i].key && key != ARROWS[i].keypad)
            continue;
        if (canvas->keyboard_drawing && canvas->editor != NULL)
            move_crosshair(canvas, ARROWS[i].dx, ARROWS[i].dy, (state & GDK_SHIFT_MASK) != 0);
        else
            g_signal_emit_by_name(canvas, "step", ARROWS[i].dx + ARROWS[i].dy);
        return GDK_EVENT_STOP;
    }
    return GDK_EVENT_PROPAGATE;
}

static gboolean key_pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                            RhCanvas *canvas)
{
    if (canvas->picture.image == NULL)
        return (state & GDK_ALT_MASK) == 0 && press_arrow(canvas, key, state);
    if (key == GDK_KEY_Escape)
        return escape(canvas) || leave_keyboard_drawing(canvas);
    if (key == GDK_KEY_space && (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0) {
        press_space(canvas);
        rh_canvas_update_cursor(canvas);
        return GDK_EVENT_STOP;
    }
    if ((state & GDK_ALT_MASK) != 0)
        return GDK_EVENT_PROPAGATE;
    if (canvas->editor != NULL && (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)) {
        if (!rh_canvas_stroking(canvas))
            rh_canvas_set_keyboard_drawing(canvas, TRUE);
        toggle_pen(canvas);
        return GDK_EVENT_STOP;
    }
    return press_arrow(canvas, key, state);
}

static void key_released(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                         RhCanvas *canvas)
{
    if (key == GDK_KEY_space) {
        release_space(canvas);
        rh_canvas_update_cursor(canvas);
    }
}

static gboolean modifiers_changed(GtkEventControllerKey *controller, GdkModifierType state, RhCanvas *canvas)
{
    canvas->control_held = (state & GDK_CONTROL_MASK) != 0;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
    return GDK_EVENT_PROPAGATE;
}

static void focus_entered(GtkEventControllerFocus *focus, RhCanvas *canvas)
{
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

static void focus_left(GtkEventControllerFocus *focus, RhCanvas *canvas)
{
    if (!rh_canvas_by_points(canvas)) /* which goes on when the canvas is returned to */
        rh_canvas_finish_stroke(canvas);
    canvas->space_held = canvas->space_paints = canvas->control_held = FALSE;
    rh_canvas_update_cursor(canvas);
}

static void add_drag(RhCanvas *canvas)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), 0);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), canvas);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), canvas);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), canvas);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), GTK_EVENT_CONTROLLER(drag));
}

static void add_keys(RhCanvas *canvas)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), canvas);
    g_signal_connect(keys, "key-released", G_CALLBACK(key_released), canvas);
    g_signal_connect(keys, "modifiers", G_CALLBACK(modifiers_changed), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), keys);
    GtkEventController *focus = gtk_event_controller_focus_new();
    g_signal_connect(focus, "enter", G_CALLBACK(focus_entered), canvas);
    g_signal_connect(focus, "leave", G_CALLBACK(focus_left), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), focus);
}

static void add_pointer(RhCanvas *canvas)
{
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "enter", G_CALLBACK(pointer_entered), canvas);
    g_signal_connect(motion, "motion", G_CALLBACK(pointer_entered), canvas);
    g_signal_connect(motion, "leave", G_CALLBACK(pointer_left), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), motion);
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scrolled), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), scroll);
    GtkGesture *pinch = gtk_gesture_zoom_new();
    g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begun), canvas);
    g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinched), canvas);
    gtk_widget_add_controller(GTK_WIDGET(canvas), GTK_EVENT_CONTROLLER(pinch));
}

void rh_canvas_add_input(RhCanvas *canvas)
{
    add_drag(canvas);
    add_pointer(canvas);
    add_keys(canvas);
}
