/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/learning-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "charts/chart-view.h"
#include "common/children.h"
#include "model/run-curves.h"
#include "model/run-watch.h"

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

enum { PROP_SUBJECT = 1, PROP_SEEDS_TOGETHER, PROP_CHART, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

/* ── What can be drawn: of one run all measures side by side, or one of them; of all runs one curve ── */

typedef enum { LOSS, PENALTY, DISCRIMINATOR, ACCURACY, AUC, N_MEASURES } Measure;

static const struct {
    const char *id, *title, *unit;
    gboolean is_share;
} measures[N_MEASURES] = {
    [LOSS] = {"run-loss", N_("Loss of one run"), N_("loss (nats)"), FALSE},
    [PENALTY] = {"run-penalty", N_("Penalty of one run"), N_("penalty, weighted"), FALSE},
    [DISCRIMINATOR] = {"run-discriminator", N_("Discriminator loss of one run"),
                       N_("discriminator loss (nats)"), FALSE},
    [ACCURACY] = {"run-accuracy", N_("Accuracy of one run"), N_("accuracy"), TRUE},
    [AUC] = {"run-auc", N_("AUC of one run"), N_("AUC"), TRUE},
};

/* Whose values; each looks the same in every panel. */
typedef enum { TRAINING, VALIDATION, ALIGNED, CONFLICTING } Images;

static const char *const images[] = {
    [TRAINING] = N_("Training"),
    [VALIDATION] = N_("Validation"),
    [ALIGNED] = N_("Test, aligned"),
    [CONFLICTING] = N_("Test, conflicting"),
};

/* A curve: a column of the metrics. A term is drawn for methods that have it. */
typedef struct {
    Measure measure;
    Images images;
    const char *id, *all, *unit;
    goffset column;
    RhMethodNeeds needs;
} Curve;

#define COLUMN(name) G_STRUCT_OFFSET(RhEpochMetrics, name)

static const Curve curves[] = {
    {LOSS, TRAINING, "train-loss", N_("Training loss of all runs"), N_("training loss (nats)"),
     COLUMN(train_classification), RH_METHOD_PLAIN},
    {LOSS, VALIDATION, "valid-loss", N_("Validation loss of all runs"), N_("validation loss (nats)"),
     COLUMN(valid_loss), RH_METHOD_PLAIN},
    {PENALTY, TRAINING, "penalty", N_("Penalty of all runs"), N_("penalty, weighted"), COLUMN(train_penalty),
     RH_METHOD_WEIGHTED},
    {DISCRIMINATOR, TRAINING, "discriminator", N_("Discriminator loss of all runs"),
     N_("discriminator loss (nats)"), COLUMN(train_discriminator), RH_METHOD_DISCRIMINATOR},
    {ACCURACY, TRAINING, "train-accuracy", N_("Training accuracy of all runs"), N_("training accuracy"),
     COLUMN(train_accuracy), RH_METHOD_PLAIN},
    {ACCURACY, VALIDATION, "valid-accuracy", N_("Validation accuracy of all runs"), N_("validation accuracy"),
     COLUMN(valid_accuracy), RH_METHOD_PLAIN},
    {AUC, VALIDATION, "valid-auc", N_("Validation AUC of all runs"), N_("validation AUC"), COLUMN(valid_auc),
     RH_METHOD_PLAIN},
    {AUC, ALIGNED, "test-auc-aligned", N_("Test AUC, aligned, of all runs"), N_("test AUC, aligned"),
     COLUMN(test_auc_aligned), RH_METHOD_PLAIN},
    {AUC, CONFLICTING, "test-auc-conflicting", N_("Test AUC, conflicting, of all runs"),
     N_("test AUC, conflicting"), COLUMN(test_auc_conflicting), RH_METHOD_PLAIN},
};

#define SIDE_BY_SIDE  0u
#define FIRST_MEASURE 1u
#define FIRST_CURVE   (FIRST_MEASURE + N_MEASURES)
#define N_SUBJECTS    (FIRST_CURVE + G_N_ELEMENTS(curves))

static const char *subject_id(guint subject)
{
    return subject == SIDE_BY_SIDE ? "run"
           : subject < FIRST_CURVE ? measures[subject - FIRST_MEASURE].id
                                   : curves[subject - FIRST_CURVE].id;
}

static const char *subject_title(guint subject)
{
    return subject == SIDE_BY_SIDE ? _("Learning curves of one run")
           : subject < FIRST_CURVE ? _(measures[subject - FIRST_MEASURE].title)
                                   : _(curves[subject - FIRST_CURVE].all);
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
static int add_curve(RhChart *chart, guint place, const RhRunCurve *of, const Curve *curve, const char *label,
                     guint style)
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
    return (int)rh_chart_add_to_panel(chart, place, label, style, points.epochs, points.values,
                                      banded ? points.low : NULL, banded ? points.high : NULL, points.n);
}

/* Whether the measure is drawn: side by side each that the run's method has. */
static gboolean is_drawn(guint subject, Measure measure, const RhRun *run)
{
    if (subject != SIDE_BY_SIDE)
        return measure == subject - FIRST_MEASURE;
    for (guint i = 0; i < G_N_ELEMENTS(curves); i++)
        if (curves[i].measure == measure)
            return curves[i].needs == RH_METHOD_PLAIN || (run != NULL && has_term(run, &curves[i]));
    return FALSE;
}

static void fill_with_one_run(RhLearningPanel *panel, RhChart *chart)
{
    const RhRun *run = panel->item != NULL ? rh_run_item_get_run(panel->item) : NULL;
    RhChartAxis epochs = {.title = _("epoch"), .high = run != NULL ? MAX(run->settings.epochs, 1) : 1};
    RhChartAxis axes[N_MEASURES];
    guint places[N_MEASURES], count = 0;
    for (guint i = 0; i < N_MEASURES; i++) {
        places[i] = count;
        axes[count] = (RhChartAxis){.title = _(measures[i].unit), .high = measures[i].is_share ? 1 : 0};
        count += is_drawn(panel->subject, i, run) ? 1 : 0;
    }
    rh_chart_set_panels(chart, &epochs, axes, count);
    rh_chart_set_note(chart, run != NULL ? run->title : NULL);
    if (run == NULL)
        return;
    g_autofree char *title = g_strdup_printf("%s: %s", run->title, subject_title(panel->subject));
    rh_chart_set_title(chart, title);
    g_autoptr(GPtrArray) own = g_ptr_array_new(), one = NULL;
    g_ptr_array_add(own, panel->item);
    one = rh_run_curves(own, FALSE);
    for (guint i = 0; i < G_N_ELEMENTS(curves); i++)
        if (is_drawn(panel->subject, curves[i].measure, run) && has_term(run, &curves[i]))
            add_curve(chart, places[curves[i].measure], one->pdata[0], &curves[i],
                      _(images[curves[i].images]), curves[i].images); /* the chart knows what is hidden */
}

static double last_epoch(const GPtrArray *items)
{
    guint most = 1;
    for (guint i = 0; i < items->len; i++)
        most = MAX(most, rh_run_item_get_run(items->pdata[i])->settings.epochs);
    return most;
}

static void fill_with_all_runs(RhLearningPanel *panel, RhChart *chart)
{
    const Curve *curve = &curves[panel->subject - FIRST_CURVE];
    RhChartAxis epochs = {.title = _("epoch"), .high = last_epoch(panel->watch.items)};
    RhChartAxis values = {.title = _(curve->unit), .high = measures[curve->measure].is_share ? 1 : 0};
    rh_chart_set_axes(chart, &epochs, &values);
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    for (guint i = 0; i < panel->watch.items->len; i++)
        if (has_term(rh_run_item_get_run(panel->watch.items->pdata[i]), curve))
            g_ptr_array_add(items, panel->watch.items->pdata[i]);
    panel->curves = rh_run_curves(items, panel->seeds_together);
    for (guint i = 0; i < panel->curves->len; i++) {
        const RhRunCurve *of = panel->curves->pdata[i];
        int series = add_curve(chart, 0, of, curve, of->label, of->style);
        if (series >= 0)
            rh_chart_set_visible(chart, (guint)series, of->visible);
    }
    rh_chart_set_note(
        chart, rh_run_curves_have_seeds(panel->curves) ? _("Band: 95 % t interval over n trainings") : NULL);
}

static void fill(RhLearningPanel *panel)
{
    RhChart *chart = rh_chart_view_get_chart(panel->view);
    rh_chart_clear(chart);
    rh_chart_set_title(chart, subject_title(panel->subject));
    g_clear_pointer(&panel->curves, g_ptr_array_unref);
    (panel->subject < FIRST_CURVE ? fill_with_one_run : fill_with_all_runs)(panel, chart);
}

static void refresh(RhLearningPanel *panel)
{
    fill(panel);
    rh_chart_view_changed(panel->view);
}

static void runs_changed(gpointer data)
{
    RhLearningPanel *panel = data;
    if (panel->subject >= FIRST_CURVE) /* else the one run tells by itself */
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
    if (panel->subject < FIRST_CURVE)
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
    case PROP_CHART:
        g_value_set_object(value, panel->view);
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
    rh_drop_children(GTK_WIDGET(panel));
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
    properties[PROP_SUBJECT] = g_param_spec_string("subject", NULL, NULL, "run-loss", flags);
    properties[PROP_SEEDS_TOGETHER] = g_param_spec_boolean("seeds-together", NULL, NULL, TRUE, flags);
    properties[PROP_CHART] = g_param_spec_object("chart", NULL, NULL, RH_TYPE_CHART_VIEW,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
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
    set_subject(panel, FIRST_MEASURE);
}
