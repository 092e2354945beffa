/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare/compare-view.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "compare/compare-picture.h"
#include "compare/even-grid.h"

#define SMALLEST_LEVEL 128 /* of the image's smaller ones */

/* One run's. */
typedef struct {
    char *name;
    RhComparePicture *picture;
    GtkLabel *scale, *prediction, *scores;
    RhSaliencyResult result; /* values NULL: none */
} Pane;

struct _RhCompareView {
    GtkWidget parent_instance;
    GtkCheckButton *shared;
    GtkLabel *empty;
    RhEvenGrid *grid;
    GtkSizeGroup *headings, *predictions, *scores; /* equally high, and so the pictures */
    GPtrArray *panes;                              /* Pane */
    RhCanvasView view;
    RhImage *image;
    GPtrArray *halved;
    GCancellable *halving;
    const RhMask *mask;
    RhCanvasDisplay display;
};

G_DEFINE_FINAL_TYPE(RhCompareView, rh_compare_view, GTK_TYPE_WIDGET)

enum { PROP_ONE_SCALE = 1 };

static void pane_free(gpointer data)
{
    Pane *pane = data;
    g_free(pane->name);
    g_free(pane->result.values);
    g_free(pane);
}

/* ── Colours ── */

static double strongest_of_all(RhCompareView *self)
{
    double most = 0;
    for (guint i = 0; i < self->panes->len; i++) {
        const Pane *pane = self->panes->pdata[i];
        if (pane->result.values != NULL)
            most = MAX(most, pane->result.strongest);
    }
    return most;
}

/* What is written on and below a picture, for who does not see it. */
static void describe(const Pane *pane)
{
    g_autofree char *text =
        g_strdup_printf("%s. %s. %s", gtk_label_get_text(pane->prediction), gtk_label_get_text(pane->scores),
                        gtk_label_get_text(pane->scale));
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane->picture), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                   -1);
}

/* most: what the last colour stands for. */
static void paint(Pane *pane, double most, gboolean shared)
{
    const RhSaliencyResult *result = &pane->result;
    const gsize count = (gsize)result->height * result->width;
    if (result->values == NULL) {
        rh_compare_picture_set_heat(pane->picture, NULL, 0, 0);
        gtk_label_set_text(pane->scale, "");
        return;
    }
    g_autofree float *values = g_new(float, count);
    const double factor = most > 0 ? result->strongest / most : 0;
    for (gsize i = 0; i < count; i++)
        values[i] = (float)(factor * result->values[i]);
    rh_compare_picture_set_heat(pane->picture, values, result->height, result->width);
    g_autofree char *text = g_strdup_printf(shared ? _("Colours: 0 to %.3g, as in all pictures")
                                                   : _("Colours: 0 to %.3g, this picture's own"),
                                            most);
    gtk_label_set_text(pane->scale, text);
}

static void paint_all(RhCompareView *self)
{
    gboolean shared = gtk_check_button_get_active(self->shared);
    double most = strongest_of_all(self);
    for (guint i = 0; i < self->panes->len; i++) {
        Pane *pane = self->panes->pdata[i];
        paint(pane, shared ? most : pane->result.strongest, shared);
        describe(pane);
    }
}

/* ── Panes ── */

static void view_changed(RhCompareView *self)
{
    for (guint i = 0; i < self->panes->len; i++)
        gtk_widget_queue_draw(GTK_WIDGET(((Pane *)self->panes->pdata[i])->picture));
}

static GtkLabel *new_line(const char *style)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR); /* a name may be one long word */
    gtk_label_set_max_width_chars(GTK_LABEL(label), 1);              /* as wide as the picture */
    gtk_widget_add_css_class(label, style);
    gtk_widget_add_css_class(label, "numeric");
    return GTK_LABEL(label);
}

static GtkWidget *picture_with_scale(Pane *pane)
{
    GtkWidget *overlay = gtk_overlay_new();
    pane->scale = GTK_LABEL(gtk_label_new(NULL));
    gtk_widget_set_halign(GTK_WIDGET(pane->scale), GTK_ALIGN_START);
    gtk_widget_set_valign(GTK_WIDGET(pane->scale), GTK_ALIGN_START);
    gtk_widget_set_can_target(GTK_WIDGET(pane->scale), FALSE);
    gtk_widget_add_css_class(GTK_WIDGET(pane->scale), "on-picture");
    gtk_label_set_wrap(pane->scale, TRUE);
    gtk_label_set_xalign(pane->scale, 0);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), GTK_WIDGET(pane->picture));
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), GTK_WIDGET(pane->scale));
    return overlay;
}

static GtkWidget *pane_new(RhCompareView *self, const char *name)
{
    Pane *pane = g_new0(Pane, 1);
    pane->name = g_strdup(name);
    pane->picture = rh_compare_picture_new(&self->view);
    pane->prediction = new_line("caption");
    pane->scores = new_line("caption");
    GtkLabel *heading = new_line("caption-heading");
    gtk_label_set_text(heading, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    rh_compare_picture_set_display(pane->picture, &self->display);
    rh_compare_picture_set_image(pane->picture, self->image, self->halved);
    rh_compare_picture_set_mask(pane->picture, self->image != NULL ? self->mask : NULL);
    g_signal_connect_object(pane->picture, "view-changed", G_CALLBACK(view_changed), self, G_CONNECT_SWAPPED);
    gtk_size_group_add_widget(self->headings, GTK_WIDGET(heading));
    gtk_size_group_add_widget(self->predictions, GTK_WIDGET(pane->prediction));
    gtk_size_group_add_widget(self->scores, GTK_WIDGET(pane->scores));
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(heading));
    gtk_box_append(GTK_BOX(box), picture_with_scale(pane));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(pane->prediction));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(pane->scores));
    g_ptr_array_add(self->panes, pane);
    return box;
}

static void remove_panes(RhCompareView *self)
{
    rh_even_grid_remove_all(self->grid);
    g_ptr_array_set_size(self->panes, 0);
}

void rh_compare_view_set_runs(RhCompareView *self, const char *const *names, guint count)
{
    remove_panes(self);
    for (guint i = 0; i < count; i++)
        rh_even_grid_append(self->grid, pane_new(self, names[i]));
    gtk_widget_set_visible(GTK_WIDGET(self->empty), count == 0);
}

void rh_compare_view_show(RhCompareView *self, guint place, const RhSaliencyResult *result,
                          const char *prediction, const char *scores)
{
    Pane *pane = self->panes->pdata[place];
    if (result != NULL) {
        g_free(pane->result.values);
        pane->result = *result;
        pane->result.values =
            g_memdup2(result->values, sizeof(float) * pane->result.height * pane->result.width);
    }
    gtk_label_set_text(pane->prediction, prediction);
    gtk_label_set_text(pane->scores, scores);
    paint_all(self);
}

/* ── The image ── */

static void halve_in_thread(GTask *task, gpointer source, gpointer image, GCancellable *cancellable)
{
    g_task_return_pointer(task, rh_pyramid_of_image(image, SMALLEST_LEVEL),
                          (GDestroyNotify)g_ptr_array_unref);
}

static void halved(GObject *source, GAsyncResult *result, gpointer data)
{
    RhCompareView *self = RH_COMPARE_VIEW(source);
    GPtrArray *levels = g_task_propagate_pointer(G_TASK(result), NULL);
    if (levels == NULL)
        return; /* another image is shown by now */
    self->halved = levels;
    for (guint i = 0; i < self->panes->len; i++)
        rh_compare_picture_set_halved(((Pane *)self->panes->pdata[i])->picture, levels);
}

static void begin_halving(RhCompareView *self)
{
    self->halving = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, self->halving, halved, NULL);
    g_task_set_task_data(task, rh_image_ref(self->image), (GDestroyNotify)rh_image_unref);
    g_task_run_in_thread(task, halve_in_thread);
}

static void drop_image(RhCompareView *self)
{
    if (self->halving != NULL)
        g_cancellable_cancel(self->halving);
    g_clear_object(&self->halving);
    g_clear_pointer(&self->halved, g_ptr_array_unref);
    g_clear_pointer(&self->image, rh_image_unref);
    self->mask = NULL;
}

void rh_compare_view_set_image(RhCompareView *self, RhImage *image)
{
    drop_image(self);
    if (image != NULL) {
        self->image = rh_image_ref(image);
        if (image->width != self->view.image_width || image->height != self->view.image_height)
            rh_canvas_view_set_image(&self->view, image->width, image->height);
        begin_halving(self);
    }
    for (guint i = 0; i < self->panes->len; i++) {
        Pane *pane = self->panes->pdata[i];
        g_clear_pointer(&pane->result.values, g_free);
        rh_compare_picture_set_image(pane->picture, image, NULL);
    }
}

void rh_compare_view_set_mask(RhCompareView *self, const RhMask *mask)
{
    self->mask = mask;
    for (guint i = 0; i < self->panes->len; i++)
        rh_compare_picture_set_mask(((Pane *)self->panes->pdata[i])->picture, mask);
}

/* ── The widget ── */

static void scale_chosen(RhCompareView *self)
{
    paint_all(self);
    g_object_notify(G_OBJECT(self), "one-scale");
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_ONE_SCALE)
        g_value_set_boolean(value, gtk_check_button_get_active(RH_COMPARE_VIEW(object)->shared));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_ONE_SCALE)
        gtk_check_button_set_active(RH_COMPARE_VIEW(object)->shared, g_value_get_boolean(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

void rh_compare_view_set_display(RhCompareView *self, const RhCanvasDisplay *display)
{
    self->display = *display;
    for (guint i = 0; i < self->panes->len; i++)
        rh_compare_picture_set_display(((Pane *)self->panes->pdata[i])->picture, display);
}

static void dispose(GObject *object)
{
    RhCompareView *self = RH_COMPARE_VIEW(object);
    drop_image(self);
    if (self->grid != NULL)
        remove_panes(self);
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_compare_view_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhCompareView *self = RH_COMPARE_VIEW(object);
    g_ptr_array_unref(self->panes);
    g_object_unref(self->headings);
    g_object_unref(self->predictions);
    g_object_unref(self->scores);
    G_OBJECT_CLASS(rh_compare_view_parent_class)->finalize(object);
}

static void rh_compare_view_class_init(RhCompareViewClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    g_type_ensure(RH_TYPE_EVEN_GRID);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    g_object_class_install_property(
        object_class, PROP_ONE_SCALE,
        g_param_spec_boolean("one-scale", NULL, NULL, TRUE,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/compare-view.ui");
    gtk_widget_class_bind_template_child(widget_class, RhCompareView, shared);
    gtk_widget_class_bind_template_child(widget_class, RhCompareView, empty);
    gtk_widget_class_bind_template_child(widget_class, RhCompareView, grid);
    gtk_widget_class_bind_template_callback(widget_class, scale_chosen);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_compare_view_init(RhCompareView *self)
{
    self->panes = g_ptr_array_new_with_free_func(pane_free);
    self->headings = gtk_size_group_new(GTK_SIZE_GROUP_VERTICAL);
    self->predictions = gtk_size_group_new(GTK_SIZE_GROUP_VERTICAL);
    self->scores = gtk_size_group_new(GTK_SIZE_GROUP_VERTICAL);
    self->display = rh_canvas_display_default();
    self->view.zoom = 1;
    self->view.fit = TRUE;
    gtk_widget_init_template(GTK_WIDGET(self));
}
