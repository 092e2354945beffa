/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chart-view.h"

#include <adwaita.h>
#include <math.h>

#define FONT_SIZE 8.5 /* points: the charts are small */

struct _RhChartView {
    GtkWidget parent_instance;
    RhChart *chart;
    char *title;
    double cursor; /* stays; NaN: none */
    gboolean drawn;
};

G_DEFINE_FINAL_TYPE(RhChartView, rh_chart_view, GTK_TYPE_WIDGET)

enum { PROP_TITLE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];
enum { SERIES_TOGGLED, PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void describe(RhChartView *view)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < rh_chart_n_series(view->chart); i++) {
        double value = isnan(view->cursor) ? NAN : rh_chart_value(view->chart, i, view->cursor);
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", rh_chart_label(view->chart, i));
        if (!isnan(value))
            g_string_append_printf(text, " %.3g", value);
    }
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *shot)
{
    RhChartView *view = RH_CHART_VIEW(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    RhChartStyle style = rh_chart_style_default();
    style.dark = adw_style_manager_get_dark(adw_style_manager_get_default());
    style.font_size = FONT_SIZE;
    cairo_t *cr = gtk_snapshot_append_cairo(shot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    rh_chart_draw(view->chart, cr, width, height, &style);
    cairo_destroy(cr);
    view->drawn = TRUE;
}

static void moved(GtkEventControllerMotion *motion, double x, double y, RhChartView *view)
{
    if (!view->drawn)
        return;
    gboolean over_legend = rh_chart_legend_at(view->chart, x, y) >= 0;
    gtk_widget_set_cursor_from_name(GTK_WIDGET(view), over_legend ? "pointer" : NULL);
    rh_chart_set_cursor(view->chart, over_legend ? view->cursor : rh_chart_x_at(view->chart, x));
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void left(GtkEventControllerMotion *motion, RhChartView *view)
{
    rh_chart_set_cursor(view->chart, view->cursor);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void clicked(GtkGestureClick *click, int presses, double x, double y, RhChartView *view)
{
    if (!view->drawn)
        return;
    int series = rh_chart_legend_at(view->chart, x, y);
    if (series >= 0) {
        gboolean visible = !rh_chart_get_visible(view->chart, (guint)series);
        rh_chart_set_visible(view->chart, (guint)series, visible);
        rh_chart_view_changed(view);
        g_signal_emit(view, signals[SERIES_TOGGLED], 0, (guint)series, visible);
    } else {
        g_signal_emit(view, signals[PICKED], 0, rh_chart_x_at(view->chart, x));
    }
}

GtkWidget *rh_chart_view_new(const char *title)
{
    return g_object_new(RH_TYPE_CHART_VIEW, "title", title, NULL);
}

RhChart *rh_chart_view_get_chart(RhChartView *view)
{
    return view->chart;
}

void rh_chart_view_changed(RhChartView *view)
{
    describe(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

void rh_chart_view_set_cursor(RhChartView *view, double x)
{
    view->cursor = x;
    rh_chart_set_cursor(view->chart, x);
    rh_chart_view_changed(view);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    RhChartView *view = RH_CHART_VIEW(object);
    if (id != PROP_TITLE) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
        return;
    }
    g_free(view->title);
    view->title = g_value_dup_string(value);
    rh_chart_set_title(view->chart, view->title);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   view->title != NULL ? view->title : "", -1);
}

static void finalize(GObject *object)
{
    RhChartView *view = RH_CHART_VIEW(object);
    rh_chart_free(view->chart);
    g_free(view->title);
    G_OBJECT_CLASS(rh_chart_view_parent_class)->finalize(object);
}

static void rh_chart_view_class_init(RhChartViewClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->set_property = set_property;
    object_class->finalize = finalize;
    widget_class->snapshot = snapshot;
    gtk_widget_class_set_css_name(widget_class, "chart");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    properties[PROP_TITLE] =
        g_param_spec_string("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, N_PROPERTIES, properties);
    signals[SERIES_TOGGLED] = g_signal_new("series-toggled", RH_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
    signals[PICKED] = g_signal_new("picked", RH_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void rh_chart_view_init(RhChartView *view)
{
    view->cursor = NAN;
    view->chart = rh_chart_new("");
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "enter", G_CALLBACK(moved), view);
    g_signal_connect(motion, "motion", G_CALLBACK(moved), view);
    g_signal_connect(motion, "leave", G_CALLBACK(left), view);
    gtk_widget_add_controller(GTK_WIDGET(view), motion);
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "released", G_CALLBACK(clicked), view);
    gtk_widget_add_controller(GTK_WIDGET(view), GTK_EVENT_CONTROLLER(click));
    g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                            G_CALLBACK(gtk_widget_queue_draw), view, G_CONNECT_SWAPPED);
}
