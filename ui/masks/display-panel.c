/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "masks/display-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "common/children.h"

#define BARS 128u

struct _RhDisplayPanel {
    GtkWidget parent_instance;
    RhCanvas *canvas; /* a weak reference */
    GtkDrawingArea *histogram;
    GtkAdjustment *black, *white;
    GtkDropDown *preset, *mask_style, *mask_colour;
    GtkCheckButton *inverted, *grid, *minimap;
};

G_DEFINE_FINAL_TYPE(RhDisplayPanel, rh_display_panel, GTK_TYPE_WIDGET)

/* ── The histogram: bars over the image's range, what is shown black or white of it shaded ── */

typedef struct {
    double black, white; /* the image's range */
    double scale;        /* bars a unit of value */
} Axis;

static guint bar_of(const Axis *axis, double value)
{
    return (guint)CLAMP((value - axis->black) * axis->scale, 0, BARS - 1.0);
}

/* Heights of 0 … 1; roots, so that rare values are seen beside a black border. */
static void fill_bars(const RhHistogram *histogram, const Axis *axis, double bars[BARS])
{
    double width = (histogram->high - histogram->low) / RH_HISTOGRAM_BINS, most = 1;
    for (guint i = 0; i < BARS; i++)
        bars[i] = 0;
    for (guint i = 0; i < RH_HISTOGRAM_BINS; i++)
        bars[bar_of(axis, histogram->low + width * (i + 0.5))] += histogram->counts[i];
    for (guint i = 0; i < BARS; i++)
        most = MAX(most, bars[i]);
    for (guint i = 0; i < BARS; i++)
        bars[i] = sqrt(bars[i] / most);
}

static void draw_histogram(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    RhDisplayPanel *panel = data;
    const RhHistogram *histogram = panel->canvas != NULL ? rh_canvas_get_histogram(panel->canvas) : NULL;
    double bars[BARS], black, white;
    GdkRGBA colour;
    if (histogram == NULL)
        return;
    Axis axis = {.black = rh_canvas_get_image(panel->canvas)->black,
                 .white = rh_canvas_get_image(panel->canvas)->white};
    axis.scale = BARS / MAX(axis.white - axis.black, 1e-30);
    fill_bars(histogram, &axis, bars);
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
    gdk_cairo_set_source_rgba(cr, &colour);
    for (guint i = 0; i < BARS; i++)
        cairo_rectangle(cr, (double)i * width / BARS, height * (1 - bars[i]), (double)width / BARS,
                        height * bars[i]);
    cairo_fill(cr);
    g_object_get(panel->canvas, "black", &black, "white", &white, NULL);
    colour.alpha = 0.25f;
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_rectangle(cr, 0, 0, CLAMP(black, 0, 1) * width, height);
    cairo_rectangle(cr, CLAMP(white, 0, 1) * width, 0, (1 - CLAMP(white, 0, 1)) * width, height);
    cairo_fill(cr);
}

static void describe(RhDisplayPanel *panel)
{
    const RhHistogram *histogram = rh_canvas_get_histogram(panel->canvas);
    g_autofree char *text = NULL;
    if (histogram != NULL)
        text = g_strdup_printf(_("Values from %g to %g, half of them below %g"), histogram->low,
                               histogram->high, rh_histogram_quantile(histogram, 0.5));
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->histogram), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   text != NULL ? text : "", -1);
    gtk_widget_set_tooltip_text(GTK_WIDGET(panel->histogram), text);
    gtk_widget_queue_draw(GTK_WIDGET(panel->histogram));
}

void rh_display_panel_set_canvas(RhDisplayPanel *panel, RhCanvas *canvas)
{
    g_return_if_fail(RH_IS_DISPLAY_PANEL(panel) && panel->canvas == NULL);
    const struct {
        const char *name;
        gpointer object;
        const char *property;
    } bound[] = {
        {"black", panel->black, "value"},
        {"white", panel->white, "value"},
        {"window-preset", panel->preset, "selected"},
        {"inverted", panel->inverted, "active"},
        {"pixel-grid", panel->grid, "active"},
        {"minimap", panel->minimap, "active"},
        {"mask-style", panel->mask_style, "selected"},
        {"mask-colour", panel->mask_colour, "selected"},
    };
    g_set_weak_pointer(&panel->canvas, canvas);
    for (guint i = 0; i < G_N_ELEMENTS(bound); i++)
        g_object_bind_property(canvas, bound[i].name, bound[i].object, bound[i].property,
                               G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
    g_signal_connect_object(canvas, "picture-changed", G_CALLBACK(describe), panel, G_CONNECT_SWAPPED);
}

static void rh_display_panel_dispose(GObject *object)
{
    g_clear_weak_pointer(&RH_DISPLAY_PANEL(object)->canvas);
    rh_drop_children(GTK_WIDGET(object));
    G_OBJECT_CLASS(rh_display_panel_parent_class)->dispose(object);
}

static void rh_display_panel_class_init(RhDisplayPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = rh_display_panel_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/display-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, histogram);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, black);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, white);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, preset);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, inverted);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, grid);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, minimap);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, mask_style);
    gtk_widget_class_bind_template_child(widget_class, RhDisplayPanel, mask_colour);
}

static void rh_display_panel_init(RhDisplayPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(panel));
    gtk_orientable_set_orientation(GTK_ORIENTABLE(layout), GTK_ORIENTATION_VERTICAL);
    gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(layout), 6);
    gtk_drawing_area_set_draw_func(panel->histogram, draw_histogram, panel, NULL);
}
