/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/minimap.h"

#include <math.h>

#include "canvas/canvas-private.h"

#define SIDE  128 /* GTK pixels of the image's longer side */
#define FRAME 2.0

struct _RhMinimap {
    GtkWidget parent_instance;
    RhCanvas *canvas;         /* a weak reference */
    cairo_surface_t *picture; /* NULL: to be painted */
};

G_DEFINE_FINAL_TYPE(RhMinimap, rh_minimap, GTK_TYPE_WIDGET)

static gboolean is_shown(RhMinimap *minimap)
{
    return minimap->canvas != NULL && minimap->canvas->picture.image != NULL &&
           minimap->canvas->picture.display.minimap && rh_canvas_view_is_enlarged(&minimap->canvas->view);
}

/* Pixels of the screen an image pixel. */
static double own_zoom(RhMinimap *minimap)
{
    const RhImage *image = minimap->canvas->picture.image;
    return SIDE * rh_canvas_scale(minimap->canvas) / MAX(image->width, image->height);
}

/* As the canvas itself, at a zoom of its own. */
static void paint_picture(RhMinimap *minimap)
{
    RhCanvasPicture picture = minimap->canvas->picture; /* borrowed */
    double zoom = own_zoom(minimap);
    int width = (int)MAX(floor(picture.image->width * zoom), 1),
        height = (int)MAX(floor(picture.image->height * zoom), 1);
    picture.grid = 0;
    picture.line = 1;
    minimap->picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    gsize stride = (gsize)cairo_image_surface_get_stride(minimap->picture) / sizeof(guint32);
    rh_canvas_picture_paint_whole(&picture, zoom, width, height,
                                  (guint32 *)(void *)cairo_image_surface_get_data(minimap->picture), stride);
    cairo_surface_mark_dirty(minimap->picture);
}

/* The part of the image that is in view, in pixels of the minimap. */
static void frame_path(RhMinimap *minimap, cairo_t *cr)
{
    const RhCanvasView *view = &minimap->canvas->view;
    double zoom = own_zoom(minimap), left, top, right, bottom;
    rh_canvas_view_to_image(view, 0, 0, &left, &top);
    rh_canvas_view_to_image(view, view->width, view->height, &right, &bottom);
    left = MAX(left, 0) * zoom;
    top = MAX(top, 0) * zoom;
    right = MIN(right, view->image_width) * zoom;
    bottom = MIN(bottom, view->image_height) * zoom;
    cairo_rectangle(cr, left, top, right - left, bottom - top);
}

static void rh_minimap_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    RhMinimap *minimap = RH_MINIMAP(widget);
    if (!is_shown(minimap))
        return;
    if (minimap->picture == NULL)
        paint_picture(minimap);
    double scale = rh_canvas_scale(minimap->canvas);
    float width = (float)(cairo_image_surface_get_width(minimap->picture) / scale);
    float height = (float)(cairo_image_surface_get_height(minimap->picture) / scale);
    gtk_snapshot_save(snapshot); /* in the upper right corner of its square */
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)gtk_widget_get_width(widget) - width, 0));
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    cairo_scale(cr, 1 / scale, 1 / scale);
    cairo_set_source_surface(cr, minimap->picture, 0, 0);
    cairo_paint(cr);
    frame_path(minimap, cr);
    rh_overlay_stroke(cr, scale, FRAME, 1, 1, 1);
    cairo_rectangle(cr, 0, 0, width * scale, height * scale);
    cairo_set_line_width(cr, 2 * scale);
    cairo_set_source_rgb(cr, 0.5, 0.5, 0.5);
    cairo_stroke(cr);
    cairo_destroy(cr);
    gtk_snapshot_restore(snapshot);
}

static void to_image(RhMinimap *minimap, double x, double y, double *image_x, double *image_y)
{
    double scale = rh_canvas_scale(minimap->canvas), zoom = own_zoom(minimap);
    double left =
        gtk_widget_get_width(GTK_WIDGET(minimap)) - minimap->canvas->view.image_width * zoom / scale;
    *image_x = (x - left) * scale / zoom;
    *image_y = y * scale / zoom;
}

static gboolean rh_minimap_contains(GtkWidget *widget, double x, double y)
{
    RhMinimap *minimap = RH_MINIMAP(widget);
    if (!is_shown(minimap))
        return FALSE;
    const RhCanvasView *view = &minimap->canvas->view;
    to_image(minimap, x, y, &x, &y);
    return x >= 0 && y >= 0 && x < view->image_width && y < view->image_height;
}

static void look_at(RhMinimap *minimap, double x, double y)
{
    RhCanvas *canvas = minimap->canvas;
    if (!is_shown(minimap))
        return;
    to_image(minimap, x, y, &x, &y);
    rh_canvas_view_centre(&canvas->view, x, y);
    rh_canvas_view_changed(canvas, canvas->view.zoom);
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, RhMinimap *minimap)
{
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
    look_at(minimap, x, y);
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, RhMinimap *minimap)
{
    double x, y;
    if (gtk_gesture_drag_get_start_point(drag, &x, &y))
        look_at(minimap, x + dx, y + dy);
}

static void picture_changed(RhMinimap *minimap)
{
    g_clear_pointer(&minimap->picture, cairo_surface_destroy);
    gtk_widget_queue_draw(GTK_WIDGET(minimap));
}

void rh_minimap_set_canvas(RhMinimap *minimap, RhCanvas *canvas)
{
    g_return_if_fail(RH_IS_MINIMAP(minimap) && RH_IS_CANVAS(canvas) && minimap->canvas == NULL);
    g_set_weak_pointer(&minimap->canvas, canvas);
    g_signal_connect_object(canvas, "picture-changed", G_CALLBACK(picture_changed), minimap,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(canvas, "mask-changed", G_CALLBACK(picture_changed), minimap, G_CONNECT_SWAPPED);
    g_signal_connect_object(canvas, "view-changed", G_CALLBACK(gtk_widget_queue_draw), minimap,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(canvas, "notify::scale-factor", G_CALLBACK(picture_changed), minimap,
                            G_CONNECT_SWAPPED);
}

static void rh_minimap_dispose(GObject *object)
{
    RhMinimap *minimap = RH_MINIMAP(object);
    g_clear_weak_pointer(&minimap->canvas);
    g_clear_pointer(&minimap->picture, cairo_surface_destroy);
    G_OBJECT_CLASS(rh_minimap_parent_class)->dispose(object);
}

static void rh_minimap_class_init(RhMinimapClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = rh_minimap_dispose;
    widget_class->snapshot = rh_minimap_snapshot;
    widget_class->contains = rh_minimap_contains;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void rh_minimap_init(RhMinimap *minimap)
{
    gtk_widget_set_size_request(GTK_WIDGET(minimap), SIDE, SIDE);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), minimap);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), minimap);
    gtk_widget_add_controller(GTK_WIDGET(minimap), GTK_EVENT_CONTROLLER(drag));
}
