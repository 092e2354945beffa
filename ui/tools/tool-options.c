/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tools/tool-options.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "tools/tool.h"

struct _RhToolOptions {
    GtkWidget parent_instance;
    RhCanvas *canvas;
    GtkWidget *size_box, *tolerance_box, *range_box;
    GtkMenuButton *tip;
    GtkLabel *hint; /* how the tool is used, where it has no options */
    GtkAdjustment *size, *tolerance, *low, *high;
    GtkCheckButton *square, *soft, *pressure;
};

enum { PROP_CANVAS = 1 };

G_DEFINE_FINAL_TYPE(RhToolOptions, rh_tool_options, GTK_TYPE_WIDGET)

static void show_tool(RhToolOptions *self)
{
    RhCanvasTool tool;
    g_object_get(self->canvas, "tool", &tool, NULL);
    const guint options = rh_tool(tool)->options;
    gtk_label_set_text(self->hint, _(rh_tool(tool)->hint));
    gtk_widget_set_visible(GTK_WIDGET(self->hint), options == 0);
    gtk_widget_set_visible(self->size_box, (options & RH_TOOL_SIZE) != 0);
    gtk_widget_set_visible(GTK_WIDGET(self->tip), (options & RH_TOOL_SIZE) != 0);
    gtk_widget_set_visible(self->tolerance_box, (options & RH_TOOL_TOLERANCE) != 0);
    gtk_widget_set_visible(self->range_box, (options & RH_TOOL_RANGE) != 0);
}

static void bind(RhToolOptions *self, const char *property, gpointer object, const char *of_object)
{
    g_object_bind_property(self->canvas, property, object, of_object,
                           G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

static void set_canvas(RhToolOptions *self, RhCanvas *canvas)
{
    self->canvas = canvas;
    if (canvas == NULL)
        return;
    bind(self, "brush-size", self->size, "value");
    bind(self, "tolerance", self->tolerance, "value");
    bind(self, "range-low", self->low, "value");
    bind(self, "range-high", self->high, "value");
    bind(self, "square-tip", self->square, "active");
    bind(self, "soft-edge", self->soft, "active");
    bind(self, "pen-pressure", self->pressure, "active");
    g_signal_connect_object(canvas, "notify::tool", G_CALLBACK(show_tool), self, G_CONNECT_SWAPPED);
    show_tool(self);
}

void rh_tool_options_set_image(RhToolOptions *self, RhImage *image, RhMaskEditor *editor)
{
    g_return_if_fail(RH_IS_TOOL_OPTIONS(self));
    gtk_adjustment_set_upper(self->size, G_MAXUINT16); /* while the canvas adapts its brush */
    rh_canvas_set_image(self->canvas, image, editor);
    gtk_adjustment_set_upper(self->size, rh_canvas_brush_max(self->canvas));
}

static void rh_tool_options_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == PROP_CANVAS)
        g_value_set_object(value, RH_TOOL_OPTIONS(object)->canvas);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rh_tool_options_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == PROP_CANVAS)
        set_canvas(RH_TOOL_OPTIONS(object), g_value_get_object(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rh_tool_options_dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    RH_TOOL_OPTIONS(object)->canvas = NULL;
    G_OBJECT_CLASS(rh_tool_options_parent_class)->dispose(object);
}

static void rh_tool_options_class_init(RhToolOptionsClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    object_class->get_property = rh_tool_options_get_property;
    object_class->set_property = rh_tool_options_set_property;
    object_class->dispose = rh_tool_options_dispose;
    g_object_class_install_property(object_class, PROP_CANVAS,
                                    g_param_spec_object("canvas", NULL, NULL, RH_TYPE_CANVAS,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/tool-options.ui");
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, size_box);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, tolerance_box);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, range_box);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, tip);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, hint);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, size);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, tolerance);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, low);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, high);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, square);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, soft);
    gtk_widget_class_bind_template_child(widget_class, RhToolOptions, pressure);
}

static void rh_tool_options_init(RhToolOptions *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
