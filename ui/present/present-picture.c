/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "present/present-picture.h"

#include <math.h>

#include "canvas/canvas-picture.h"

#define SIDE_MAX 1600u /* of what is kept of a large film: more is not seen from the last row */

struct _RhPresentPicture {
    GtkWidget parent_instance;
    RhCanvasPicture picture;
    RhMask *mask;
    GCancellable *loading;
    cairo_surface_t *painted; /* NULL: to be painted */
    int painted_width, painted_height;
};

G_DEFINE_FINAL_TYPE(RhPresentPicture, rh_present_picture, GTK_TYPE_WIDGET)

/* ── Reading ── */

typedef struct {
    char *image_path, *mask_path; /* mask_path NULL: there is none */
    RhImageReading reading;
    RhImage *image;
    RhMask *mask;
} Load;

static void load_free(gpointer data)
{
    Load *load = data;
    g_free(load->image_path);
    g_free(load->mask_path);
    g_clear_pointer(&load->image, rh_image_unref);
    g_clear_pointer(&load->mask, rh_mask_free);
    g_free(load);
}

static void load_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Load *load = task_data;
    GError *error = NULL;
    g_autoptr(RhImage) image = rh_image_load_as(load->image_path, &load->reading, &error);
    if (image == NULL) {
        g_task_return_error(task, error);
        return;
    }
    const gboolean large = MAX(image->width, image->height) > SIDE_MAX;
    load->image = large ? rh_image_thumbnail(image, SIDE_MAX) : rh_image_ref(image);
    g_autoptr(RhMask) mask =
        load->mask_path != NULL ? rh_mask_load(load->mask_path, image->width, image->height, NULL) : NULL;
    if (mask != NULL) {
        load->mask = rh_mask_new(load->image->width, load->image->height);
        rh_mask_resize(mask, load->mask->width, load->mask->height, load->mask->pixels);
        for (gsize i = 0; i < (gsize)load->mask->width * load->mask->height; i++)
            load->mask->pixels[i] = load->mask->pixels[i] != 0 ? 255 : 0;
    }
    g_task_return_boolean(task, TRUE);
}

static void repaint(RhPresentPicture *self)
{
    g_clear_pointer(&self->painted, cairo_surface_destroy);
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void show(RhPresentPicture *self, RhImage *image, RhMask *mask)
{
    g_autofree float *heat = g_steal_pointer(&self->picture.heat); /* may have come before the image */
    rh_canvas_picture_set_image(&self->picture, image);
    self->picture.heat = g_steal_pointer(&heat);
    g_clear_pointer(&self->mask, rh_mask_free);
    self->mask = mask;
    rh_canvas_picture_set_mask(&self->picture, mask);
    repaint(self);
}

static void loaded(GObject *source, GAsyncResult *result, gpointer data)
{
    Load *load = g_task_get_task_data(G_TASK(result));
    if (g_task_propagate_boolean(G_TASK(result), NULL)) /* else it stays empty; the study's notes say why */
        show(RH_PRESENT_PICTURE(source), load->image, g_steal_pointer(&load->mask));
}

static void forget(RhPresentPicture *self)
{
    if (self->loading != NULL)
        g_cancellable_cancel(self->loading);
    g_clear_object(&self->loading);
    rh_canvas_picture_clear(&self->picture);
    g_clear_pointer(&self->mask, rh_mask_free);
    repaint(self);
}

void rh_present_picture_show(RhPresentPicture *self, const RhStudy *study, const RhCase *item,
                             const char *name)
{
    forget(self);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    if (item == NULL)
        return;
    Load *load = g_new0(Load, 1);
    load->image_path = rh_study_image_path(study, item);
    load->reading = study->reading;
    load->mask_path = item->has_mask ? rh_study_mask_path(study, item) : NULL;
    self->loading = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, self->loading, loaded, NULL);
    g_task_set_task_data(task, load, load_free);
    g_task_run_in_thread(task, load_in_thread);
}

void rh_present_picture_show_image(RhPresentPicture *self, RhImage *image, RhMask *mask, const char *name)
{
    forget(self);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    show(self, image, mask);
}

void rh_present_picture_set_heat(RhPresentPicture *self, const float *values, guint height, guint width)
{
    rh_canvas_picture_set_heat(&self->picture, values, height, width, rh_colormaps()[0]);
    repaint(self);
}

/* ── Painting ── */

static cairo_surface_t *paint(const RhPresentPicture *self, int width, int height, double zoom)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    const gsize stride = (gsize)cairo_image_surface_get_stride(surface) / sizeof(guint32);
    rh_canvas_picture_paint_whole(&self->picture, zoom, width, height,
                                  (guint32 *)(void *)cairo_image_surface_get_data(surface), stride);
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void snapshot(GtkWidget *widget, GtkSnapshot *shot)
{
    RhPresentPicture *self = RH_PRESENT_PICTURE(widget);
    const RhImage *image = self->picture.image;
    if (image == NULL)
        return;
    const int scale = gtk_widget_get_scale_factor(widget);
    const double room_width = gtk_widget_get_width(widget) * scale;
    const double room_height = gtk_widget_get_height(widget) * scale;
    const double zoom = MIN(room_width / image->width, room_height / image->height);
    const int width = (int)floor(zoom * image->width), height = (int)floor(zoom * image->height);
    if (width < 1 || height < 1)
        return;
    if (self->painted == NULL || self->painted_width != width || self->painted_height != height) {
        g_clear_pointer(&self->painted, cairo_surface_destroy);
        self->painted = paint(self, width, height, zoom);
        self->painted_width = width;
        self->painted_height = height;
    }
    const graphene_rect_t area =
        GRAPHENE_RECT_INIT(0, 0, (float)gtk_widget_get_width(widget), (float)gtk_widget_get_height(widget));
    cairo_t *cr = gtk_snapshot_append_cairo(shot, &area);
    cairo_scale(cr, 1.0 / scale, 1.0 / scale);
    cairo_set_source_surface(cr, self->painted, floor((room_width - width) / 2), 0);
    cairo_paint(cr);
    cairo_destroy(cr);
}

static void dispose(GObject *object)
{
    forget(RH_PRESENT_PICTURE(object));
    G_OBJECT_CLASS(rh_present_picture_parent_class)->dispose(object);
}

static void rh_present_picture_class_init(RhPresentPictureClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void rh_present_picture_init(RhPresentPicture *self)
{
    self->picture.line = 2;
    self->picture.display = rh_canvas_display_default();
    self->picture.display.mask_opacity = 0.12;
    self->picture.display.heat_opacity = 0.8;
    gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_size_request(GTK_WIDGET(self), 120, 120);
}

GtkWidget *rh_present_picture_new(void)
{
    return g_object_new(RH_TYPE_PRESENT_PICTURE, NULL);
}
