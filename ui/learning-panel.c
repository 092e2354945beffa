/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "learning-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "chart-view.h"
#include "run-curves.h"
#include "run-watch.h"

struct _RhLearningPanel {
    GtkWidget parent_instance;
    GtkDropDown *choice;
    RhChartView *view;
    RhRunWatch watch;
    RhRunItem *item;   /* the one run */
    GPtrArray *curves; /* RhRunCurve: those of all runs that are drawn; NULL: of one run */
    guint subject;     /* see below */
    gboolean seeds_together;
};

G_DEFINE_FINAL_TYPE(RhLearningPanel, rh_learning_panel, GTK_TYPE_WIDGET)

enum { PROP_SUBJECT = 1, PROP_SEEDS_TOGETHER, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

/* ── What can be drawn: first the bundles, of one run, then each curve, of all runs ── */

typedef enum { LOSSES, SCORES, N_BUNDLES } Bundle;

static const struct {
    const char *id, *title, *unit;
} bundles[N_BUNDLES] = {
    [LOSSES] = {"losses", N_("Losses of one run"), N_("loss")},
    [SCORES] = {"scores", N_("Accuracy and AUC of one run"), N_("share")},
};

/* A curve: a column of the metrics. A term is drawn for methods that have it. */
typedef struct {
    Bundle bundle;
    const char *id, *title, *all, *unit;
    goffset column;
    RhMethodNeeds needs;
} Curve;

#define COLUMN(name) G_STRUCT_OFFSET(RhEpochMetrics, name)

static const Curve curves[] = {
    {LOSSES, "train-loss", N_("Training"), N_("Training loss of all runs"), N_("training loss (nats)"),
     COLUMN(train_classification), RH_METHOD_PLAIN},
    {LOSSES, "valid-loss", N_("Validation"), N_("Validation loss of all runs"), N_("validation loss (nats)"),
     COLUMN(valid_loss), RH_METHOD_PLAIN},
    {LOSSES, "penalty", N_("Penalty"), N_("Penalty of all runs"), N_("penalty, weighted"),
     COLUMN(train_penalty), RH_METHOD_WEIGHTED},
    {LOSSES, "discriminator", N_("Discriminator"), N_("Discriminator loss of all runs"),
     N_("discriminator loss (nats)"), COLUMN(train_discriminator), RH_METHOD_DISCRIMINATOR},
    {SCORES, "train-accuracy", N_("Accuracy, training"), N_("Training accuracy of all runs"),
     N_("training accuracy"), COLUMN(train_accuracy), RH_METHOD_PLAIN},
    {SCORES, "valid-accuracy", N_("Accuracy, validation"), N_("Validation accuracy of all runs"),
     N_("validation accuracy"), COLUMN(valid_accuracy), RH_METHOD_PLAIN},
    {SCORES, "valid-auc", N_("AUC, validation"), N_("Validation AUC of all runs"), N_("validation AUC"),
     COLUMN(valid_auc), RH_METHOD_PLAIN},
    {SCORES, "test-auc-aligned", N_("AUC, aligned"), N_("Test AUC, aligned, of all runs"),
     N_("test AUC, aligned"), COLUMN(test_auc_aligned), RH_METHOD_PLAIN},
    {SCORES, "test-auc-conflicting", N_("AUC, conflicting"), N_("Test AUC, conflicting, of all runs"),
     N_("test AUC, conflicting"), COLUMN(test_auc_conflicting), RH_METHOD_PLAIN},
};

#define N_SUBJECTS (N_BUNDLES + G_N_ELEMENTS(curves))

static const char *subject_id(guint subject)
{
    return subject < N_BUNDLES ? bundles[subject].id : curves[subject - N_BUNDLES].id;
}

static const char *subject_title(guint subject)
{
    return subject < N_BUNDLES ? _(bundles[subject].title) : _(curves[subject - N_BUNDLES].all);
}

static const char *subject_unit(guint subject)
{
    return subject < N_BUNDLES ? _(bundles[subject].unit) : _(curves[subject - N_BUNDLES].unit);
}

static gboolean is_share(guint subject)
{
    return (subject < N_BUNDLES ? subject : curves[subject - N_BUNDLES].bundle) == SCORES;
}

/* ── Drawing them ── */

static gboolean has_term(const RhRun *run, const Curve *curve)
{
    return curve->needs == RH_METHOD_PLAIN || (run->settings.method->needs & curve->needs) != 0;
}

/* Points over epochs: mean and bounds. */
typedef struct {
    guint n;
    double *epochs, *values, *low, *high;
} Points;

static Points points_new(guint most)
{
    return (Points){0, g_new(double, most + 1), g_new(double, most + 1), g_new(double, most + 1),
                    g_new(double, most + 1)};
}

static void points_add(Points *points, double epoch, RhInterval value)
{
    points->epochs[points->n] = epoch;
    points->values[points->n] = value.mean;
    points->low[points->n] = value.low;
    points->high[points->n++] = value.high;
}

static void points_clear(Points *points)
{
    g_free(points->epochs);
    g_free(points->values);
    g_free(points->low);
    g_free(points->high);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Points, points_clear)

static gboolean have_value(const Points *points)
{
    for (guint i = 0; i < points->n; i++)
        if (isfinite(points->values[i]))
            return TRUE;
    return FALSE;
}

/* The column of an epoch, for rh_run_curve_mean. */
typedef struct {
    const Curve *curve;
    guint place;
} Cell;

static double cell_value(RhRunItem *item, gpointer data)
{
    const Cell *cell = data;
    const RhEpochMetrics *metrics =
        &g_array_index(rh_run_item_get_run(item)->metrics, RhEpochMetrics, cell->place);
    return G_STRUCT_MEMBER(double, metrics, cell->curve->column);
}

/* A mean goes as far as the shortest of its runs, so that it is over as many everywhere. Gives the series, −1
 * if there is none. */
static int add_curve(RhChart *chart, const RhRunCurve *of, const Curve *curve, const char *label, guint style)
{
    guint n = G_MAXUINT;
    for (guint i = 0; i < of->counted->len; i++)
        n = MIN(n, rh_run_item_get_run(of->counted->pdata[i])->metrics->len);
    g_auto(Points) points = points_new(n);
    const GArray *metrics = rh_run_item_get_run(of->counted->pdata[0])->metrics;
    for (guint i = 0; i < n; i++)
        points_add(&points, g_array_index(metrics, RhEpochMetrics, i).epoch,
                   rh_run_curve_mean(of, cell_value, &(Cell){curve, i}));
    if (n > 0 && !have_value(&points)) /* there is no such thing in this study */
        return -1;
    gboolean banded = of->counted->len > 1;
    return (int)rh_chart_add_series(chart, label, style, points.epochs, points.values,
                                    banded ? points.low : NULL, banded ? points.high : NULL, points.n);
}

static void fill_with_one_run(RhLearningPanel *panel, RhChart *chart)
{
    const RhRun *run = rh_run_item_get_run(panel->item);
    g_autoptr(GPtrArray) own = g_ptr_array_new(), one = NULL;
    g_ptr_array_add(own, panel->item);
    one = rh_run_curves(own, FALSE);
    for (guint i = 0; i < G_N_ELEMENTS(curves); i++)
        if (curves[i].bundle == panel->subject && has_term(run, &curves[i]))
            add_curve(chart, one->pdata[0], &curves[i], _(curves[i].title),
                      i); /* the chart remembers what is hidden */
    g_autofree char *title = g_strdup_printf("%s: %s", run->title, subject_title(panel->subject));
    rh_chart_set_title(chart, title);
    rh_chart_set_note(chart, run->title);
}

static void fill_with_all_runs(RhLearningPanel *panel, RhChart *chart)
{
    const Curve *curve = &curves[panel->subject - N_BUNDLES];
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    for (guint i = 0; i < panel->watch.items->len; i++)
        if (has_term(rh_run_item_get_run(panel->watch.items->pdata[i]), curve))
            g_ptr_array_add(items, panel->watch.items->pdata[i]);
    panel->curves = rh_run_curves(items, panel->seeds_together);
    for (guint i = 0; i < panel->curves->len; i++) {
        const RhRunCurve *of = panel->curves->pdata[i];
        int series = add_curve(chart, of, curve, of->label, of->style);
        if (series >= 0)
            rh_chart_set_visible(chart, (guint)series, of->visible);
    }
    rh_chart_set_title(chart, subject_title(panel->subject));
    rh_chart_set_note(chart, rh_run_curves_have_seeds(panel->curves)
                                 ? _("Band: 95 % t interval of the mean over n seeds")
                                 : NULL);
}

static double last_epoch(RhLearningPanel *panel)
{
    guint most = 1;
    if (panel->subject < N_BUNDLES)
        return panel->item != NULL ? MAX(rh_run_item_get_run(panel->item)->settings.epochs, 1) : 1;
    for (guint i = 0; i < panel->watch.items->len; i++)
        most = MAX(most, rh_run_item_get_run(panel->watch.items->pdata[i])->settings.epochs);
    return most;
}

static void fill(RhLearningPanel *panel)
{
    RhChart *chart = rh_chart_view_get_chart(panel->view);
    RhChartAxis epochs = {.title = _("epoch"), .low = 0, .high = last_epoch(panel)};
    RhChartAxis values = {.title = subject_unit(panel->subject), .high = is_share(panel->subject) ? 1 : 0};
    rh_chart_set_axes(chart, &epochs, &values);
    rh_chart_set_title(chart, subject_title(panel->subject));
    rh_chart_set_note(chart, NULL);
    rh_chart_clear(chart);
    g_clear_pointer(&panel->curves, g_ptr_array_unref);
    if (panel->subject >= N_BUNDLES)
        fill_with_all_runs(panel, chart);
    else if (panel->item != NULL)
        fill_with_one_run(panel, chart);
}

static void refresh(RhLearningPanel *panel)
{
    fill(panel);
    rh_chart_view_changed(panel->view);
}

static void runs_changed(gpointer data)
{
    RhLearningPanel *panel = data;
    if (panel->subject >= N_BUNDLES) /* else the one run tells by itself */
        refresh(panel);
}

static void show_another(RhLearningPanel *panel)
{
    fill(panel);
    rh_chart_view_replaced(panel->view);
}

void rh_learning_panel_set_runs(RhLearningPanel *panel, GListModel *runs)
{
    rh_run_watch_set_runs(&panel->watch, runs);
}

void rh_learning_panel_set_run(RhLearningPanel *panel, RhRunItem *item)
{
    if (item == panel->item)
        return;
    if (panel->item != NULL)
        g_signal_handlers_disconnect_by_func(panel->item, refresh, panel);
    g_set_object(&panel->item, item);
    if (item != NULL)
        g_signal_connect_object(item, "changed", G_CALLBACK(refresh), panel, G_CONNECT_SWAPPED);
    if (panel->subject < N_BUNDLES)
        show_another(panel);
}

/* ── By hand ── */

static void set_subject(RhLearningPanel *panel, guint subject)
{
    if (subject >= N_SUBJECTS || subject == panel->subject)
        return;
    panel->subject = subject;
    gtk_drop_down_set_selected(panel->choice, subject);
    show_another(panel);
    g_object_notify_by_pspec(G_OBJECT(panel), properties[PROP_SUBJECT]);
}

static void chosen(RhLearningPanel *panel)
{
    set_subject(panel, gtk_drop_down_get_selected(panel->choice));
}

static void series_toggled(RhChartView *view, const char *label, gboolean visible, RhLearningPanel *panel)
{
    if (panel->curves != NULL)
        rh_run_curves_set_visible(panel->curves, label, visible);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    RhLearningPanel *panel = RH_LEARNING_PANEL(object);
    switch (id) {
    case PROP_SUBJECT:
        g_value_set_string(value, subject_id(panel->subject));
        break;
    case PROP_SEEDS_TOGETHER:
        g_value_set_boolean(value, panel->seeds_together);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    RhLearningPanel *panel = RH_LEARNING_PANEL(object);
    switch (id) {
    case PROP_SUBJECT:
        for (guint i = 0; i < N_SUBJECTS; i++)
            if (g_strcmp0(g_value_get_string(value), subject_id(i)) == 0)
                set_subject(panel, i);
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
    RhLearningPanel *panel = RH_LEARNING_PANEL(object);
    rh_run_watch_clear(&panel->watch);
    if (panel->item != NULL)
        g_signal_handlers_disconnect_by_func(panel->item, refresh, panel);
    g_clear_object(&panel->item);
    g_clear_pointer(&panel->curves, g_ptr_array_unref);
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(panel))) != NULL)
        gtk_widget_unparent(child);
    G_OBJECT_CLASS(rh_learning_panel_parent_class)->dispose(object);
}

static void rh_learning_panel_class_init(RhLearningPanelClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->dispose = dispose;
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
    properties[PROP_SUBJECT] = g_param_spec_string("subject", NULL, NULL, "losses", flags);
    properties[PROP_SEEDS_TOGETHER] = g_param_spec_boolean("seeds-together", NULL, NULL, TRUE, flags);
    g_object_class_install_properties(object_class, N_PROPERTIES, properties);
    g_type_ensure(RH_TYPE_CHART_VIEW);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/learning-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhLearningPanel, choice);
    gtk_widget_class_bind_template_child(widget_class, RhLearningPanel, view);
    gtk_widget_class_bind_template_callback(widget_class, chosen);
    gtk_widget_class_bind_template_callback(widget_class, series_toggled);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_learning_panel_init(RhLearningPanel *panel)
{
    panel->seeds_together = TRUE;
    rh_run_watch_init(&panel->watch, runs_changed, panel);
    gtk_widget_init_template(GTK_WIDGET(panel));
    rh_chart_set_heading_elsewhere(rh_chart_view_get_chart(panel->view), TRUE);
    g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
    for (guint i = 0; i < N_SUBJECTS; i++)
        gtk_string_list_append(titles, subject_title(i));
    gtk_drop_down_set_model(panel->choice, G_LIST_MODEL(titles));
    show_another(panel);
}
