/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "charts/chart-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "charts/chart-curves.h"
#include "charts/chart-export.h"
#include "charts/chart-theme.h"
#include "common/children.h"

#define FONT_SIZE     8.5 /* points: the charts are small */
#define SMOOTHING_MAX 999
/* A pointer that rests longer than this reads no more. */
#define READING_SECONDS 10

struct _RhChartView {
    GtkWidget parent_instance;
    GtkMenuButton *menu_button;
    GMenu *curves_menu;
    RhChartCurves curves;
    char *title;
    RhChart *chart;                  /* the owner's, with the newest data */
    RhChart *kept;                   /* what is shown while held or read; NULL: the chart itself is shown */
    gboolean held, reading, waiting; /* waiting: there are newer data than those shown */
    gint64 moved_at;                 /* of the pointer, monotonic */
    guint reading_timeout;
    double mark; /* stays; NaN: none */
    double at;   /* what is read off now */
    int wished;  /* height, when the data last changed */
    int focus;   /* series in the legend; −1: none */
    guint smoothing;
    gboolean logarithmic_x, logarithmic_y;
    cairo_surface_t *data; /* all but what follows cursor and focus, as last drawn; NULL: to be drawn */
};

G_DEFINE_FINAL_TYPE(RhChartView, rh_chart_view, GTK_TYPE_WIDGET)

enum { PROP_TITLE = 1, PROP_SMOOTHING, PROP_LOGARITHMIC_X, PROP_LOGARITHMIC_Y, PROP_HELD, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];
enum { SERIES_TOGGLED, PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

static RhChart *shown(RhChartView *view)
{
    return view->kept != NULL ? view->kept : view->chart;
}

/* ── What is shown ── */

/* The curves of a panel, told after its title where there are several. */
static void add_values(RhChartView *view, guint panel, GString *text)
{
    const RhChart *chart = shown(view);
    const char *title = rh_chart_n_panels(chart) > 1 ? rh_chart_panel_title(chart, panel) : NULL;
    for (guint i = 0; i < rh_chart_n_series(chart); i++) {
        if (!rh_chart_is_in_panel(chart, i, panel))
            continue;
        double value = isnan(view->at) ? NAN : rh_chart_value(chart, panel, i, view->at);
        g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? "; " : "", title != NULL ? title : "",
                               title != NULL ? ": " : "", rh_chart_label(chart, i));
        if (!rh_chart_get_visible(chart, i))
            g_string_append_printf(text, " (%s)", _("hidden"));
        else if (!isnan(value))
            g_string_append_printf(text, " %.3g", value);
        title = NULL;
    }
}

static void describe(RhChartView *view)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < rh_chart_n_panels(shown(view)); i++)
        add_values(view, i, text);
    if (!isnan(view->at))
        g_string_append_printf(text, _("; at %.4g"), view->at);
    if (view->focus >= 0 && view->focus < (int)rh_chart_n_series(shown(view)))
        g_string_append_printf(text, _("; chosen in the legend: %s"),
                               rh_chart_label(shown(view), (guint)view->focus));
    if (view->logarithmic_x)
        g_string_append(text, _("; horizontal axis logarithmic"));
    if (view->logarithmic_y)
        g_string_append(text, _("; vertical axis logarithmic"));
    if (view->smoothing > 1)
        g_string_append_printf(text, _("; smoothed, mean of %u points"), view->smoothing);
    if (view->kept != NULL && (view->held || view->waiting))
        g_string_append(text, view->waiting ? _("; held, newer data wait") : _("; held"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

/* What lies above the data: cursor, legend values, focus, notice. */
static void update_reading(RhChartView *view)
{
    const char *notice = NULL;
    if (view->kept != NULL && view->waiting)
        notice = view->held ? _("Held; newer data wait") : _("Held while you read");
    else if (view->kept != NULL && view->held)
        notice = _("Held");
    rh_chart_set_notice(shown(view), notice);
    rh_chart_set_cursor(shown(view), view->at);
    int n = (int)rh_chart_n_series(shown(view));
    rh_chart_set_focus(shown(view), view->focus < n ? view->focus : -1);
    describe(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* How much larger than usual the person wants text. */
static double text_scale(GtkWidget *widget)
{
    double resolution = pango_cairo_context_get_resolution(gtk_widget_get_pango_context(widget));
    return resolution > 0 ? resolution / 96 : 1;
}

static RhChartStyle style_of(RhChartView *view)
{
    RhChartStyle style = rh_chart_style_default();
    style.theme = rh_chart_theme();
    style.font_size = FONT_SIZE * text_scale(GTK_WIDGET(view));
    return style;
}

static int wished_height(RhChartView *view, int width)
{
    RhChartStyle style = style_of(view);
    return (int)ceil(rh_chart_wished_height(shown(view), width, &style));
}

static void update_all(RhChartView *view)
{
    g_clear_pointer(&view->data, cairo_surface_destroy);
    rh_chart_curves_show(&view->curves, shown(view));
    int wished = wished_height(view, gtk_widget_get_width(GTK_WIDGET(view)));
    if (view->wished != wished)
        gtk_widget_queue_resize(GTK_WIDGET(view));
    view->wished = wished;
    update_reading(view);
}

static void keep(RhChartView *view)
{
    g_clear_pointer(&view->kept, rh_chart_free);
    view->waiting = FALSE;
    if (view->held || view->reading)
        view->kept = rh_chart_copy(view->chart);
}

/* Held or read now, or no longer. */
static void update_hold(RhChartView *view)
{
    gboolean was_kept = view->kept != NULL;
    if ((view->held || view->reading) != was_kept)
        keep(view);
    /* A copy begins with the places of what it copies; the chart itself has to be drawn again. */
    (was_kept && view->kept == NULL ? update_all : update_reading)(view);
}

static void set_visible(RhChart *chart, const char *label, gboolean visible)
{
    for (guint i = 0; i < rh_chart_n_series(chart); i++)
        if (g_str_equal(rh_chart_label(chart, i), label))
            rh_chart_set_visible(chart, i, visible);
}

RhChart *rh_chart_view_get_chart(RhChartView *view)
{
    return view->chart;
}

void rh_chart_view_changed(RhChartView *view)
{
    view->waiting = view->kept != NULL;
    for (guint i = 0; view->kept != NULL && i < rh_chart_n_series(view->chart); i++) /* hiding is no data */
        set_visible(view->kept, rh_chart_label(view->chart, i), rh_chart_get_visible(view->chart, i));
    update_all(view);
}

void rh_chart_view_replaced(RhChartView *view)
{
    keep(view);
    update_all(view);
}

void rh_chart_view_set_cursor(RhChartView *view, double x)
{
    view->mark = view->at = x;
    update_reading(view);
}

static void draw_data(RhChartView *view, int width, int height, const RhChartStyle *style)
{
    int scale = gtk_widget_get_scale_factor(GTK_WIDGET(view)), across = width * scale, down = height * scale;
    if (view->data != NULL && cairo_image_surface_get_width(view->data) == across &&
        cairo_image_surface_get_height(view->data) == down)
        return;
    g_clear_pointer(&view->data, cairo_surface_destroy);
    view->data = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, across, down);
    cairo_surface_set_device_scale(view->data, scale, scale);
    cairo_t *cr = cairo_create(view->data);
    rh_chart_draw_data(shown(view), cr, width, height, style);
    cairo_destroy(cr);
}

static GtkSizeRequestMode get_request_mode(GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Of several panels those that do not fit into a row make another; a long legend leaves the plot its room. */
static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
    RhChartView *view = RH_CHART_VIEW(widget);
    gtk_widget_measure(GTK_WIDGET(view->menu_button), orientation, -1, minimum, natural, NULL, NULL);
    if (orientation == GTK_ORIENTATION_HORIZONTAL)
        return;
    *minimum = MAX(*minimum, wished_height(view, for_size >= 0 ? for_size : gtk_widget_get_width(widget)));
    *natural = MAX(*natural, *minimum);
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    gtk_widget_size_allocate(GTK_WIDGET(RH_CHART_VIEW(widget)->menu_button),
                             &(GtkAllocation){0, 0, width, height}, -1);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *shot)
{
    RhChartView *view = RH_CHART_VIEW(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    RhChartStyle style = style_of(view);
    draw_data(view, width, height, &style);
    cairo_t *cr = gtk_snapshot_append_cairo(shot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    cairo_set_source_surface(cr, view->data, 0, 0);
    cairo_paint(cr);
    rh_chart_draw_cursor(shown(view), cr, &style);
    cairo_destroy(cr);
    gtk_widget_snapshot_child(widget, GTK_WIDGET(view->menu_button), shot);
}

static void look_changed(RhChartView *view)
{
    g_clear_pointer(&view->data, cairo_surface_destroy);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* ── By hand ── */

static void toggle(const char *label, gpointer data)
{
    RhChartView *view = data;
    gboolean visible = TRUE;
    for (guint i = 0; i < rh_chart_n_series(shown(view)); i++)
        if (g_str_equal(rh_chart_label(shown(view), i), label))
            visible = !rh_chart_get_visible(shown(view), i);
    set_visible(view->chart, label, visible);
    if (view->kept != NULL)
        set_visible(view->kept, label, visible);
    update_all(view);
    g_signal_emit(view, signals[SERIES_TOGGLED], 0, label, visible);
}

static void toggle_series(RhChartView *view, guint series)
{
    g_autofree char *label = g_strdup(rh_chart_label(shown(view), series)); /* the owner may make it anew */
    toggle(label, view);
}

static void stop_reading(RhChartView *view)
{
    g_clear_handle_id(&view->reading_timeout, g_source_remove);
    view->reading = FALSE;
    update_hold(view);
}

static gboolean look_whether_it_rests(gpointer data)
{
    RhChartView *view = data;
    if (g_get_monotonic_time() - view->moved_at < READING_SECONDS * G_USEC_PER_SEC)
        return G_SOURCE_CONTINUE;
    view->reading_timeout = 0;
    stop_reading(view);
    return G_SOURCE_REMOVE;
}

static void moved(GtkEventControllerMotion *motion, double x, double y, RhChartView *view)
{
    view->moved_at = g_get_monotonic_time();
    if (view->reading_timeout == 0)
        view->reading_timeout = g_timeout_add_seconds(1, look_whether_it_rests, view);
    view->reading = TRUE;
    gboolean over_legend = rh_chart_legend_at(shown(view), x, y) >= 0;
    gtk_widget_set_cursor_from_name(GTK_WIDGET(view), over_legend ? "pointer" : NULL);
    view->at = over_legend ? view->mark : rh_chart_x_at(shown(view), x, y);
    update_hold(view);
}

static void left(GtkEventControllerMotion *motion, RhChartView *view)
{
    view->at = view->mark;
    stop_reading(view);
}

static void clicked(GtkGestureClick *click, int presses, double x, double y, RhChartView *view)
{
    int series = rh_chart_legend_at(shown(view), x, y);
    double at = rh_chart_x_at(shown(view), x, y);
    gtk_widget_grab_focus(GTK_WIDGET(view));
    if (series >= 0)
        toggle_series(view, (guint)series);
    else if (!isnan(at))
        g_signal_emit(view, signals[PICKED], 0, at);
}

static void clicked_right(GtkGestureClick *click, int presses, double x, double y, RhChartView *view)
{
    gtk_menu_button_popup(view->menu_button);
}

/* ── By the keyboard ── */

static void move_along_curves(RhChartView *view, double from, int step)
{
    double next = rh_chart_next_x(shown(view), from, step);
    if (isnan(next))
        return;
    view->at = next;
    update_reading(view);
    g_signal_emit(view, signals[PICKED], 0, next);
}

static void move_along_legend(RhChartView *view, int step)
{
    int n = (int)rh_chart_n_series(shown(view));
    view->focus = CLAMP(view->focus + step, n > 0 ? 0 : -1, n - 1);
    update_reading(view);
}

static void forget_choice(RhChartView *view)
{
    view->focus = -1;
    view->at = view->mark;
    update_reading(view);
}

static void set_held(RhChartView *view, gboolean held)
{
    if (view->held == held)
        return;
    view->held = held;
    update_hold(view);
    g_object_notify_by_pspec(G_OBJECT(view), properties[PROP_HELD]);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                            RhChartView *view)
{
    const gboolean chosen = view->focus >= 0 && view->focus < (int)rh_chart_n_series(shown(view));
    if (!gtk_widget_has_focus(GTK_WIDGET(view)) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
        return GDK_EVENT_PROPAGATE;
    switch (key) {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
        move_along_curves(view, view->at, key == GDK_KEY_Left ? -1 : 1);
        return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_End:
        move_along_curves(view, NAN, key == GDK_KEY_Home ? 1 : -1);
        return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
        move_along_legend(view, key == GDK_KEY_Up ? -1 : 1);
        return GDK_EVENT_STOP;
    case GDK_KEY_space:
        if (chosen)
            toggle_series(view, (guint)view->focus);
        else
            set_held(view, !view->held);
        return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
        if (!chosen)
            return GDK_EVENT_PROPAGATE;
        forget_choice(view);
        return GDK_EVENT_STOP;
    case GDK_KEY_Menu:
        gtk_menu_button_popup(view->menu_button);
        return GDK_EVENT_STOP;
    default:
        return GDK_EVENT_PROPAGATE;
    }
}

static void save(GtkWidget *widget, const char *action, GVariant *format)
{
    rh_chart_export(widget, rh_chart_copy(shown(RH_CHART_VIEW(widget))), g_variant_get_string(format, NULL));
}

/* ── The object ── */

static void set_title(RhChartView *view, const char *title)
{
    g_free(view->title);
    view->title = g_strdup(title != NULL ? title : "");
    rh_chart_set_title(view->chart, view->title);
    /* Translators: the button in a chart's corner, "Loss: menu" */
    g_autofree char *button = g_strdup_printf(_("%s: menu"), view->title);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, view->title, -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, button,
                                   -1);
    update_all(view);
}

/* Smoothing and axes, of what is shown and of what is to come. */
static void apply_choices(RhChartView *view)
{
    RhChart *charts[] = {view->chart, view->kept};
    for (guint i = 0; i < G_N_ELEMENTS(charts) && charts[i] != NULL; i++) {
        rh_chart_set_smoothing(charts[i], view->smoothing);
        rh_chart_set_logarithmic(charts[i], view->logarithmic_x, view->logarithmic_y);
    }
    update_all(view);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    RhChartView *view = RH_CHART_VIEW(object);
    switch (id) {
    case PROP_SMOOTHING:
        g_value_set_uint(value, view->smoothing);
        break;
    case PROP_LOGARITHMIC_X:
        g_value_set_boolean(value, view->logarithmic_x);
        break;
    case PROP_LOGARITHMIC_Y:
        g_value_set_boolean(value, view->logarithmic_y);
        break;
    case PROP_HELD:
        g_value_set_boolean(value, view->held);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    RhChartView *view = RH_CHART_VIEW(object);
    switch (id) {
    case PROP_TITLE:
        set_title(view, g_value_get_string(value));
        return;
    case PROP_SMOOTHING:
        view->smoothing =
            g_value_get_uint(value) < 2 ? 0 : g_value_get_uint(value) | 1; /* both sides alike */
        break;
    case PROP_LOGARITHMIC_X:
        view->logarithmic_x = g_value_get_boolean(value);
        break;
    case PROP_LOGARITHMIC_Y:
        view->logarithmic_y = g_value_get_boolean(value);
        break;
    case PROP_HELD:
        set_held(view, g_value_get_boolean(value));
        return;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
        return;
    }
    apply_choices(view);
    g_object_notify_by_pspec(object, pspec);
}

static void dispose(GObject *object)
{
    RhChartView *view = RH_CHART_VIEW(object);
    g_clear_handle_id(&view->reading_timeout, g_source_remove);
    rh_chart_curves_clear(&view->curves);
    rh_drop_children(GTK_WIDGET(view));
    G_OBJECT_CLASS(rh_chart_view_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhChartView *view = RH_CHART_VIEW(object);
    rh_chart_free(view->chart);
    rh_chart_free(view->kept);
    g_clear_pointer(&view->data, cairo_surface_destroy);
    g_free(view->title);
    G_OBJECT_CLASS(rh_chart_view_parent_class)->finalize(object);
}

static void install_properties(GObjectClass *class)
{
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
    properties[PROP_TITLE] =
        g_param_spec_string("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
    properties[PROP_SMOOTHING] = g_param_spec_uint("smoothing", NULL, NULL, 0, SMOOTHING_MAX, 0, flags);
    properties[PROP_LOGARITHMIC_X] = g_param_spec_boolean("logarithmic-x", NULL, NULL, FALSE, flags);
    properties[PROP_LOGARITHMIC_Y] = g_param_spec_boolean("logarithmic-y", NULL, NULL, FALSE, flags);
    properties[PROP_HELD] = g_param_spec_boolean("held", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(class, N_PROPERTIES, properties);
}

static void rh_chart_view_class_init(RhChartViewClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    widget_class->get_request_mode = get_request_mode;
    widget_class->measure = measure;
    widget_class->size_allocate = size_allocate;
    widget_class->snapshot = snapshot;
    install_properties(object_class);
    gtk_widget_class_set_css_name(widget_class, "chart");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/chart-view.ui");
    gtk_widget_class_bind_template_child(widget_class, RhChartView, menu_button);
    gtk_widget_class_bind_template_child_full(widget_class, "curves", FALSE,
                                              G_STRUCT_OFFSET(RhChartView, curves_menu));
    gtk_widget_class_install_action(widget_class, "chart.save", "s", save);
    static const char *const choices[] = {"smoothing", "logarithmic-x", "logarithmic-y", "held"};
    for (guint i = 0; i < G_N_ELEMENTS(choices); i++) {
        g_autofree char *action = g_strconcat("chart.", choices[i], NULL);
        gtk_widget_class_install_property_action(widget_class, action, choices[i]);
    }
    signals[SERIES_TOGGLED] = g_signal_new("series-toggled", RH_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
    signals[PICKED] = g_signal_new("picked", RH_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void add_controllers(RhChartView *view)
{
    GtkWidget *widget = GTK_WIDGET(view);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "enter", G_CALLBACK(moved), view);
    g_signal_connect(motion, "motion", G_CALLBACK(moved), view);
    g_signal_connect(motion, "leave", G_CALLBACK(left), view);
    gtk_widget_add_controller(widget, motion);
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "released", G_CALLBACK(clicked), view);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
    GtkGesture *right = gtk_gesture_click_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(right), GDK_BUTTON_SECONDARY);
    g_signal_connect(right, "pressed", G_CALLBACK(clicked_right), view);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(right));
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), view);
    gtk_widget_add_controller(widget, keys);
    GtkEventController *focus = gtk_event_controller_focus_new();
    g_signal_connect_swapped(focus, "leave", G_CALLBACK(forget_choice), view);
    gtk_widget_add_controller(widget, focus);
}

static void rh_chart_view_init(RhChartView *view)
{
    view->mark = view->at = NAN;
    view->focus = -1;
    view->chart = rh_chart_new("");
    gtk_widget_init_template(GTK_WIDGET(view));
    /* Charts go from left to right in every language, so the corner that is kept free is the right one. */
    gtk_widget_set_direction(GTK_WIDGET(view->menu_button), GTK_TEXT_DIR_LTR);
    rh_chart_curves_init(&view->curves, view->curves_menu, GTK_WIDGET(view), toggle, view);
    add_controllers(view);
    rh_chart_theme_follow(GTK_WIDGET(view), G_CALLBACK(look_changed));
}
