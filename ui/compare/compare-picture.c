/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare/compare-picture.h"

#include <math.h>

#include "canvas/canvas-tiles.h"
#include "canvas/overlay.h"

#define WHEEL_STEP 1.25
#define KEY_STEP   1.5
#define ARROW_STEP 40 /* pixels of the screen */
#define SIDE_LEAST 150

struct _RhComparePicture {
    GtkWidget parent_instance;
    RhCanvasPicture picture;
    RhCanvasTiles *tiles;
    RhCanvasView *view;    /* everybody's */
    double drag_x, drag_y; /* image point in the middle when dragging began */
    double pinch, pointer_x, pointer_y;
};

G_DEFINE_FINAL_TYPE(RhComparePicture, rh_compare_picture, GTK_TYPE_WIDGET)

enum { VIEW_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static double scale_of(RhComparePicture *self)
{
    return gtk_widget_get_scale_factor(GTK_WIDGET(self));
}

static void repaint(RhComparePicture *self)
{
    rh_canvas_tiles_forget(self->tiles);
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void view_changed(RhComparePicture *self)
{
    g_signal_emit(self, signals[VIEW_CHANGED], 0);
}

void rh_compare_picture_set_image(RhComparePicture *self, RhImage *image, GPtrArray *halved)
{
    rh_canvas_picture_set_image(&self->picture, image);
    if (halved != NULL)
        rh_canvas_picture_take_halved(&self->picture, g_ptr_array_ref(halved));
    repaint(self);
}

void rh_compare_picture_set_halved(RhComparePicture *self, GPtrArray *halved)
{
    rh_canvas_picture_take_halved(&self->picture, g_ptr_array_ref(halved));
    repaint(self);
}

void rh_compare_picture_set_mask(RhComparePicture *self, const RhMask *mask)
{
    rh_canvas_picture_set_mask(&self->picture, mask);
    repaint(self);
}

void rh_compare_picture_set_heat(RhComparePicture *self, const float *values, guint height, guint width)
{
    if (self->picture.image == NULL)
        return;
    rh_canvas_picture_set_heat(&self->picture, values, height, width, rh_colormaps()[0]);
    repaint(self);
}

void rh_compare_picture_set_display(RhComparePicture *self, const RhCanvasDisplay *display)
{
    self->picture.display = *display;
    repaint(self);
}

/* ── By hand ── */

static void zoom(RhComparePicture *self, double factor, double x, double y)
{
    rh_canvas_view_zoom(self->view, factor, x * scale_of(self), y * scale_of(self));
    view_changed(self);
}

static void zoom_to_middle(RhComparePicture *self, double factor)
{
    GtkWidget *widget = GTK_WIDGET(self);
    zoom(self, factor, gtk_widget_get_width(widget) / 2.0, gtk_widget_get_height(widget) / 2.0);
}

static void move(RhComparePicture *self, double dx, double dy)
{
    rh_canvas_view_centre(self->view, self->view->x + dx / self->view->zoom,
                          self->view->y + dy / self->view->zoom);
    view_changed(self);
}

static void fit(RhComparePicture *self)
{
    rh_canvas_view_fit(self->view);
    view_changed(self);
}

static void pointer_moved(GtkEventControllerMotion *motion, double x, double y, RhComparePicture *self)
{
    self->pointer_x = x;
    self->pointer_y = y;
}

static gboolean scrolled(GtkEventControllerScroll *scroll, double dx, double dy, RhComparePicture *self)
{
    if (dy != 0)
        zoom(self, pow(WHEEL_STEP, -dy), self->pointer_x, self->pointer_y);
    return TRUE;
}

static void drag_begun(GtkGestureDrag *drag, double x, double y, RhComparePicture *self)
{
    gtk_widget_grab_focus(GTK_WIDGET(self));
    self->drag_x = self->view->x;
    self->drag_y = self->view->y;
}

static void dragged(GtkGestureDrag *drag, double dx, double dy, RhComparePicture *self)
{
    double scale = scale_of(self) / self->view->zoom;
    rh_canvas_view_centre(self->view, self->drag_x - dx * scale, self->drag_y - dy * scale);
    view_changed(self);
}

static void pinched(GtkGestureZoom *gesture, double pinch, RhComparePicture *self)
{
    double x, y;
    if (pinch <= 0 || !gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y))
        return;
    zoom(self, pinch / self->pinch, x, y);
    self->pinch = pinch;
}

static void pinch_begun(GtkGesture *gesture, GdkEventSequence *sequence, RhComparePicture *self)
{
    self->pinch = 1;
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint value, guint code, GdkModifierType state,
                            RhComparePicture *self)
{
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
        return FALSE;
    switch (value) {
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_equal:
        zoom_to_middle(self, KEY_STEP);
        return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
        zoom_to_middle(self, 1 / KEY_STEP);
        return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
        fit(self);
        return TRUE;
    case GDK_KEY_Left:
        move(self, -ARROW_STEP, 0);
        return TRUE;
    case GDK_KEY_Right:
        move(self, ARROW_STEP, 0);
        return TRUE;
    case GDK_KEY_Up:
        move(self, 0, -ARROW_STEP);
        return TRUE;
    case GDK_KEY_Down:
        move(self, 0, ARROW_STEP);
        return TRUE;
    default:
        return FALSE;
    }
}

static void add_input(RhComparePicture *self)
{
    GtkWidget *widget = GTK_WIDGET(self);
    GtkEventController *motion = gtk_event_controller_motion_new();
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    GtkEventController *keys = gtk_event_controller_key_new();
    GtkGesture *drag = gtk_gesture_drag_new(), *pinch = gtk_gesture_zoom_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), 0);
    g_signal_connect(motion, "motion", G_CALLBACK(pointer_moved), self);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scrolled), self);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), self);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begun), self);
    g_signal_connect(drag, "drag-update", G_CALLBACK(dragged), self);
    g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begun), self);
    g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinched), self);
    gtk_widget_add_controller(widget, motion);
    gtk_widget_add_controller(widget, scroll);
    gtk_widget_add_controller(widget, keys);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(pinch));
}

/* ── The widget ── */

static void update_line(RhComparePicture *self)
{
    self->picture.line = (guint)CLAMP(rh_overlay()->mask_line * scale_of(self), 1, RH_CANVAS_LINE_MAX);
}

static void overlay_changed(RhComparePicture *self)
{
    update_line(self);
    rh_canvas_tiles_forget(self->tiles);
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    RhComparePicture *self = RH_COMPARE_PICTURE(widget);
    update_line(self);
    rh_canvas_view_set_size(self->view, width * scale_of(self), height * scale_of(self));
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
    *minimum = *natural = SIDE_LEAST;
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    RhComparePicture *self = RH_COMPARE_PICTURE(widget);
    if (self->picture.image != NULL)
        rh_canvas_tiles_snapshot(self->tiles, &self->picture, self->view, scale_of(self), snapshot);
}

static void finalize(GObject *object)
{
    RhComparePicture *self = RH_COMPARE_PICTURE(object);
    rh_canvas_picture_clear(&self->picture);
    rh_canvas_tiles_free(self->tiles);
    G_OBJECT_CLASS(rh_compare_picture_parent_class)->finalize(object);
}

static void rh_compare_picture_class_init(RhComparePictureClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->finalize = finalize;
    widget_class->size_allocate = size_allocate;
    widget_class->measure = measure;
    widget_class->snapshot = snapshot;
    gtk_widget_class_set_css_name(widget_class, "canvas");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    signals[VIEW_CHANGED] = g_signal_new("view-changed", RH_TYPE_COMPARE_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void rh_compare_picture_init(RhComparePicture *self)
{
    GtkWidget *widget = GTK_WIDGET(self);
    self->tiles = rh_canvas_tiles_new();
    self->picture.line = 1;
    self->picture.display = rh_canvas_display_default();
    gtk_widget_set_focusable(widget, TRUE);
    gtk_widget_set_hexpand(widget, TRUE);
    gtk_widget_set_vexpand(widget, TRUE);
    gtk_widget_set_overflow(widget, GTK_OVERFLOW_HIDDEN);
    add_input(self);
    rh_overlay_follow(widget, G_CALLBACK(overlay_changed));
}

RhComparePicture *rh_compare_picture_new(RhCanvasView *view)
{
    RhComparePicture *self = g_object_new(RH_TYPE_COMPARE_PICTURE, NULL);
    self->view = view;
    return self;
}
