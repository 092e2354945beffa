/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shift-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "chart-view.h"
#include "text.h"

struct _RhShiftPanel {
    GtkWidget parent_instance;
    RhChartView *view;
    GtkAdjustment *level_adjustment;
    GtkLabel *level_text, *values;
    GListModel *runs;
    GPtrArray *shown; /* the items whose curves are in the chart, in its order */
    GPtrArray *watched;
    const char *measure;
    double level;
};

G_DEFINE_FINAL_TYPE(RhShiftPanel, rh_shift_panel, GTK_TYPE_WIDGET)

enum { PROP_MEASURE = 1, PROP_LEVEL, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

/* What can be drawn against the level. */
typedef struct {
    const char *id, *title;
    goffset value, low, high; /* in RhShiftPoint */
} Measure;

static const Measure measures[] = {
    {"accuracy", N_("accuracy"), G_STRUCT_OFFSET(RhShiftPoint, accuracy),
     G_STRUCT_OFFSET(RhShiftPoint, accuracy_low), G_STRUCT_OFFSET(RhShiftPoint, accuracy_high)},
    {"auc", N_("AUC"), G_STRUCT_OFFSET(RhShiftPoint, auc), G_STRUCT_OFFSET(RhShiftPoint, auc_low),
     G_STRUCT_OFFSET(RhShiftPoint, auc_high)},
};

static const Measure *find_measure(const char *id)
{
    for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
        if (g_strcmp0(measures[i].id, id) == 0)
            return &measures[i];
    return NULL;
}

static void read_off(RhShiftPanel *panel)
{
    g_autofree char *level = g_strdup_printf("%.2f", panel->level);
    gtk_label_set_text(panel->level_text, level);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < panel->shown->len; i++) {
        RhRunItem *item = panel->shown->pdata[i];
        double accuracy, auc;
        if (!rh_run_item_get_visible(item) || !rh_run_item_read(item, panel->level, &accuracy, &auc))
            continue;
        /* Translators: the values of a run, "baseline-small-1234: accuracy 0.02, AUC 0.00" */
        g_string_append_printf(text, _("%s%s: accuracy %.2f, AUC %.2f"), text->len > 0 ? "\n" : "",
                               rh_run_item_get_name(item), accuracy, auc);
    }
    if (text->len == 0)
        g_string_append(text, _("No run is finished yet: train one to see how it holds under shift."));
    rh_text_show_value(panel->values, _("Shift values"), text->str);
    rh_chart_view_set_cursor(panel->view, panel->shown->len > 0 ? panel->level : NAN);
}

static void add_curve(RhChart *chart, RhRunItem *item, const Measure *measure)
{
    const RhShiftPoint *points = rh_run_item_get_curve(item);
    double levels[RH_SHIFT_LEVELS], values[RH_SHIFT_LEVELS], low[RH_SHIFT_LEVELS], high[RH_SHIFT_LEVELS];
    for (guint i = 0; i < RH_SHIFT_LEVELS; i++) {
        levels[i] = points[i].level;
        values[i] = G_STRUCT_MEMBER(double, &points[i], measure->value);
        low[i] = G_STRUCT_MEMBER(double, &points[i], measure->low);
        high[i] = G_STRUCT_MEMBER(double, &points[i], measure->high);
    }
    guint series = rh_chart_add_series(chart, rh_run_item_get_name(item), rh_run_item_get_style(item), levels,
                                       values, low, high, RH_SHIFT_LEVELS);
    rh_chart_set_visible(chart, series, rh_run_item_get_visible(item));
}

static void refresh(RhShiftPanel *panel)
{
    const Measure *measure = find_measure(panel->measure);
    RhChart *chart = rh_chart_view_get_chart(panel->view);
    RhChartAxis level_axis = {.title = _("shift level"), .low = 0, .high = 1};
    RhChartAxis value_axis = {.title = _(measure->title), .low = 0, .high = 1};
    rh_chart_set_axes(chart, &level_axis, &value_axis);
    rh_chart_clear(chart);
    g_ptr_array_set_size(panel->shown, 0);
    for (guint i = 0; i < panel->watched->len; i++) {
        RhRunItem *item = panel->watched->pdata[i];
        if (rh_run_item_get_curve(item) == NULL)
            continue;
        add_curve(chart, item, measure);
        g_ptr_array_add(panel->shown, g_object_ref(item));
    }
    read_off(panel);
}

static void unwatch(RhShiftPanel *panel)
{
    for (guint i = 0; i < panel->watched->len; i++)
        g_signal_handlers_disconnect_by_func(panel->watched->pdata[i], refresh, panel);
    g_ptr_array_set_size(panel->watched, 0);
}

static void items_changed(RhShiftPanel *panel)
{
    unwatch(panel);
    guint n = panel->runs != NULL ? g_list_model_get_n_items(panel->runs) : 0;
    for (guint i = 0; i < n; i++) {
        RhRunItem *item = g_list_model_get_item(panel->runs, i);
        g_signal_connect_object(item, "changed", G_CALLBACK(refresh), panel, G_CONNECT_SWAPPED);
        g_ptr_array_add(panel->watched, item);
    }
    refresh(panel);
}

void rh_shift_panel_set_runs(RhShiftPanel *panel, GListModel *runs)
{
    if (panel->runs != NULL)
        g_signal_handlers_disconnect_by_func(panel->runs, items_changed, panel);
    g_set_object(&panel->runs, runs);
    if (runs != NULL)
        g_signal_connect_object(runs, "items-changed", G_CALLBACK(items_changed), panel, G_CONNECT_SWAPPED);
    items_changed(panel);
}

static void set_level(RhShiftPanel *panel, double level)
{
    if (level == panel->level)
        return;
    panel->level = level;
    gtk_adjustment_set_value(panel->level_adjustment, level);
    read_off(panel);
    g_object_notify_by_pspec(G_OBJECT(panel), properties[PROP_LEVEL]);
}

static void slider_moved(GtkAdjustment *adjustment, RhShiftPanel *panel)
{
    set_level(panel, gtk_adjustment_get_value(adjustment));
}

static void picked(RhChartView *view, double x, RhShiftPanel *panel)
{
    if (isfinite(x))
        set_level(panel, CLAMP(round(x * 100) / 100, 0.0, 1.0));
}

static void series_toggled(RhChartView *view, guint series, gboolean visible, RhShiftPanel *panel)
{
    if (series < panel->shown->len)
        rh_run_item_set_visible(panel->shown->pdata[series], visible);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    RhShiftPanel *panel = RH_SHIFT_PANEL(object);
    switch (id) {
    case PROP_MEASURE:
        g_value_set_string(value, panel->measure);
        break;
    case PROP_LEVEL:
        g_value_set_double(value, panel->level);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    RhShiftPanel *panel = RH_SHIFT_PANEL(object);
    const Measure *measure;
    switch (id) {
    case PROP_MEASURE:
        measure = find_measure(g_value_get_string(value));
        if (measure == NULL || measure->id == panel->measure)
            break;
        panel->measure = measure->id;
        refresh(panel);
        g_object_notify_by_pspec(object, pspec);
        break;
    case PROP_LEVEL:
        set_level(panel, g_value_get_double(value));
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void dispose(GObject *object)
{
    RhShiftPanel *panel = RH_SHIFT_PANEL(object);
    unwatch(panel);
    g_ptr_array_set_size(panel->shown, 0);
    g_clear_object(&panel->runs);
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(panel))) != NULL)
        gtk_widget_unparent(child);
    G_OBJECT_CLASS(rh_shift_panel_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhShiftPanel *panel = RH_SHIFT_PANEL(object);
    g_ptr_array_unref(panel->shown);
    g_ptr_array_unref(panel->watched);
    G_OBJECT_CLASS(rh_shift_panel_parent_class)->finalize(object);
}

static void rh_shift_panel_class_init(RhShiftPanelClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
    properties[PROP_MEASURE] = g_param_spec_string("measure", NULL, NULL, "accuracy", flags);
    properties[PROP_LEVEL] = g_param_spec_double("level", NULL, NULL, 0, 1, 1, flags);
    g_object_class_install_properties(object_class, N_PROPERTIES, properties);

    g_type_ensure(RH_TYPE_CHART_VIEW);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/shift-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhShiftPanel, view);
    gtk_widget_class_bind_template_child(widget_class, RhShiftPanel, level_adjustment);
    gtk_widget_class_bind_template_child(widget_class, RhShiftPanel, level_text);
    gtk_widget_class_bind_template_child(widget_class, RhShiftPanel, values);
    gtk_widget_class_bind_template_callback(widget_class, slider_moved);
    gtk_widget_class_bind_template_callback(widget_class, picked);
    gtk_widget_class_bind_template_callback(widget_class, series_toggled);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_shift_panel_init(RhShiftPanel *panel)
{
    panel->shown = g_ptr_array_new_with_free_func(g_object_unref);
    panel->watched = g_ptr_array_new_with_free_func(g_object_unref);
    panel->measure = measures[0].id;
    panel->level = 1;
    gtk_widget_init_template(GTK_WIDGET(panel));
    rh_chart_set_title(rh_chart_view_get_chart(panel->view), ""); /* the heading above says it */
    gtk_adjustment_set_value(panel->level_adjustment, panel->level);
    refresh(panel);
}
