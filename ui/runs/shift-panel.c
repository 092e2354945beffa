/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/shift-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "charts/chart-view.h"
#include "common/children.h"
#include "common/text.h"
#include "model/run-curves.h"
#include "model/run-watch.h"

struct _RhShiftPanel {
    GtkWidget parent_instance;
    RhChartView *view;
    GtkAdjustment *level_adjustment;
    GtkLabel *level_text, *values;
    RhRunWatch watch;
    GPtrArray *curves; /* RhRunCurve: those in the chart, in its order */
    const char *measure;
    double level;
    gboolean seeds_together;
};

G_DEFINE_FINAL_TYPE(RhShiftPanel, rh_shift_panel, GTK_TYPE_WIDGET)

enum { PROP_MEASURE = 1, PROP_LEVEL, PROP_SEEDS_TOGETHER, PROP_CHART, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

/* What can be drawn against the level. */
typedef struct {
    const char *id, *title, *heading;
    goffset value, low, high; /* in RhShiftPoint */
} Measure;

static const Measure measures[] = {
    {"accuracy", N_("test accuracy"), N_("Accuracy under shift"), G_STRUCT_OFFSET(RhShiftPoint, accuracy),
     G_STRUCT_OFFSET(RhShiftPoint, accuracy_low), G_STRUCT_OFFSET(RhShiftPoint, accuracy_high)},
    {"auc", N_("test AUC"), N_("AUC under shift"), G_STRUCT_OFFSET(RhShiftPoint, auc),
     G_STRUCT_OFFSET(RhShiftPoint, auc_low), G_STRUCT_OFFSET(RhShiftPoint, auc_high)},
};

static const Measure *find_measure(const char *id)
{
    for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
        if (g_strcmp0(measures[i].id, id) == 0)
            return &measures[i];
    return NULL;
}

/* ── Values at the level ── */

/* Of a run itself or, of the seeds of one setting, their mean. */
static RhShiftPoint read_curve(const RhRunCurve *curve, double level)
{
    const guint n = curve->counted->len;
    g_autofree const RhShift **shifts = g_new(const RhShift *, n);
    for (guint i = 0; i < n; i++)
        shifts[i] = rh_run_item_get_shift(curve->counted->pdata[i]);
    return rh_shift_read(shifts, n, level);
}

/* "0.53 (0.40–0.66)" */
static char *describe(const RhShiftPoint *point, const Measure *measure)
{
    return rh_interval_text((RhInterval){G_STRUCT_MEMBER(double, point, measure->value),
                                         G_STRUCT_MEMBER(double, point, measure->low),
                                         G_STRUCT_MEMBER(double, point, measure->high)});
}

/* The images of each class that decide at a level: "64 + 64"; of several seeds that all see the same ones. */
static char *describe_images(const RhRunCurve *curve, double level)
{
    const RhShift *shift = rh_run_item_get_shift(curve->counted->pdata[0]);
    return g_strdup_printf("%u + %u", rh_shift_images(shift, 0, level), rh_shift_images(shift, 1, level));
}

static void read_off(RhShiftPanel *panel)
{
    g_autofree char *level = g_strdup_printf("%.2f", panel->level);
    gtk_label_set_text(panel->level_text, level);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < panel->curves->len; i++) {
        const RhRunCurve *curve = panel->curves->pdata[i];
        if (!curve->visible)
            continue;
        const RhShiftPoint point = read_curve(curve, panel->level);
        g_autofree char *accuracy = describe(&point, &measures[0]), *auc = describe(&point, &measures[1]),
                        *images = describe_images(curve, panel->level);
        /* Translators: the values of a run with their intervals, and how many test images of each class they
         * are of: "baseline-small-1234: accuracy 0.02 (0.00–0.08), AUC 0.00 (0.00–0.06), images 64 + 64" */
        g_string_append_printf(text, _("%s%s: accuracy %s, AUC %s, images %s"), text->len > 0 ? "\n" : "",
                               curve->label, accuracy, auc, images);
    }
    if (text->len == 0)
        g_string_append(text, _("No run is finished yet: train one to see how it holds under shift."));
    rh_text_show_value(panel->values, _("Shift values"), text->str);
    rh_chart_view_set_cursor(panel->view, panel->curves->len > 0 ? panel->level : NAN);
}

/* ── Curves ── */

static void add_curve(RhChart *chart, const RhRunCurve *curve, const Measure *measure)
{
    double levels[RH_SHIFT_LEVELS], values[RH_SHIFT_LEVELS], low[RH_SHIFT_LEVELS], high[RH_SHIFT_LEVELS];
    for (guint i = 0; i < RH_SHIFT_LEVELS; i++) {
        const RhShiftPoint point = read_curve(curve, i / (RH_SHIFT_LEVELS - 1.0));
        levels[i] = point.level;
        values[i] = G_STRUCT_MEMBER(double, &point, measure->value);
        low[i] = G_STRUCT_MEMBER(double, &point, measure->low);
        high[i] = G_STRUCT_MEMBER(double, &point, measure->high);
    }
    guint series =
        rh_chart_add_series(chart, curve->label, curve->style, levels, values, low, high, RH_SHIFT_LEVELS);
    rh_chart_set_visible(chart, series, curve->visible);
}

static const char *note_on(const GPtrArray *curves)
{
    gboolean patients = FALSE, single = FALSE, several = FALSE;
    for (guint i = 0; i < curves->len; i++) {
        const RhRunCurve *curve = curves->pdata[i];
        patients |= rh_shift_has_patients(rh_run_item_get_shift(curve->counted->pdata[0]));
        single |= curve->counted->len == 1;
        several |= curve->counted->len > 1;
    }
    return rh_shift_bands(patients, single, several);
}

static void fill(RhShiftPanel *panel)
{
    const Measure *measure = find_measure(panel->measure);
    RhChart *chart = rh_chart_view_get_chart(panel->view);
    RhChartAxis level_axis = {.title = _("shift level"), .low = 0, .high = 1};
    RhChartAxis value_axis = {.title = _(measure->title), .low = 0, .high = 1};
    g_autoptr(GPtrArray) scored = g_ptr_array_new();
    for (guint i = 0; i < panel->watch.items->len; i++)
        if (rh_run_item_get_shift(panel->watch.items->pdata[i]) != NULL)
            g_ptr_array_add(scored, panel->watch.items->pdata[i]);
    g_clear_pointer(&panel->curves, g_ptr_array_unref);
    panel->curves = rh_run_curves(scored, panel->seeds_together);
    rh_chart_set_title(chart, _(measure->heading));
    rh_chart_set_note(chart, note_on(panel->curves));
    rh_chart_set_axes(chart, &level_axis, &value_axis);
    rh_chart_clear(chart);
    for (guint i = 0; i < panel->curves->len; i++)
        add_curve(chart, panel->curves->pdata[i], measure);
}

static void refresh(gpointer data)
{
    RhShiftPanel *panel = data;
    fill(panel);
    rh_chart_view_changed(panel->view);
    read_off(panel);
}

static void show_another(RhShiftPanel *panel)
{
    fill(panel);
    rh_chart_view_replaced(panel->view);
    read_off(panel);
}

void rh_shift_panel_set_runs(RhShiftPanel *panel, GListModel *runs)
{
    rh_run_watch_set_runs(&panel->watch, runs);
}

/* ── By hand ── */

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

static void series_toggled(RhChartView *view, const char *label, gboolean visible, RhShiftPanel *panel)
{
    rh_run_curves_set_visible(panel->curves, label, visible);
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
    case PROP_SEEDS_TOGETHER:
        g_value_set_boolean(value, panel->seeds_together);
        break;
    case PROP_CHART:
        g_value_set_object(value, panel->view);
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
        show_another(panel);
        g_object_notify_by_pspec(object, pspec);
        break;
    case PROP_LEVEL:
        set_level(panel, g_value_get_double(value));
        break;
    case PROP_SEEDS_TOGETHER:
        if (panel->seeds_together == g_value_get_boolean(value))
            break;
        panel->seeds_together = g_value_get_boolean(value);
        show_another(panel);
        g_object_notify_by_pspec(object, pspec);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void dispose(GObject *object)
{
    RhShiftPanel *panel = RH_SHIFT_PANEL(object);
    rh_run_watch_clear(&panel->watch);
    rh_drop_children(GTK_WIDGET(panel));
    G_OBJECT_CLASS(rh_shift_panel_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhShiftPanel *panel = RH_SHIFT_PANEL(object);
    g_ptr_array_unref(panel->curves);
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
    properties[PROP_SEEDS_TOGETHER] = g_param_spec_boolean("seeds-together", NULL, NULL, TRUE, flags);
    properties[PROP_CHART] = g_param_spec_object("chart", NULL, NULL, RH_TYPE_CHART_VIEW,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
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
    rh_run_watch_init(&panel->watch, refresh, panel);
    panel->seeds_together = TRUE;
    panel->measure = measures[0].id;
    panel->level = 1;
    gtk_widget_init_template(GTK_WIDGET(panel));
    rh_chart_set_heading_elsewhere(rh_chart_view_get_chart(panel->view), TRUE);
    gtk_adjustment_set_value(panel->level_adjustment, panel->level);
    show_another(panel);
}
