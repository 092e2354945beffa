/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "learning-panel.h"

#include <glib/gi18n.h>

#include "chart-view.h"

struct _RhLearningPanel {
    GtkWidget parent_instance;
    RhChartView *losses, *quality;
    RhRunItem *item;
};

G_DEFINE_FINAL_TYPE(RhLearningPanel, rh_learning_panel, GTK_TYPE_WIDGET)

/* A curve: a column of the metrics. A penalty is drawn for methods that have one. */
typedef struct {
    const char *label;
    goffset column;
    RhMethodNeeds needs;
} Curve;

#define COLUMN(name) G_STRUCT_OFFSET(RhEpochMetrics, name)

static const Curve loss_curves[] = {
    {N_("Training"), COLUMN(train_classification), RH_METHOD_PLAIN},
    {N_("Validation"), COLUMN(valid_loss), RH_METHOD_PLAIN},
    {N_("Penalty"), COLUMN(train_penalty), RH_METHOD_WEIGHTED},
};

static const Curve quality_curves[] = {
    {N_("Accuracy, training"), COLUMN(train_accuracy), RH_METHOD_PLAIN},
    {N_("AUC, validation"), COLUMN(valid_auc), RH_METHOD_PLAIN},
    {N_("AUC, aligned"), COLUMN(test_auc_aligned), RH_METHOD_PLAIN},
    {N_("AUC, conflicting"), COLUMN(test_auc_conflicting), RH_METHOD_PLAIN},
};

static void fill(RhChartView *view, const Curve *curves, guint n_curves, const RhRun *run)
{
    RhChart *chart = rh_chart_view_get_chart(view);
    rh_chart_clear(chart);
    guint n = run != NULL ? run->metrics->len : 0;
    g_autofree double *epochs = g_new(double, n + 1), *values = g_new(double, n + 1);
    for (guint c = 0; run != NULL && c < n_curves; c++) {
        if (curves[c].needs != RH_METHOD_PLAIN && !(run->settings.method->needs & curves[c].needs))
            continue;
        for (guint i = 0; i < n; i++) {
            const RhEpochMetrics *metrics = &g_array_index(run->metrics, RhEpochMetrics, i);
            epochs[i] = metrics->epoch;
            values[i] = G_STRUCT_MEMBER(double, metrics, curves[c].column);
        }
        rh_chart_add_series(chart, _(curves[c].label), c, epochs, values, NULL, NULL, n);
    }
    rh_chart_view_changed(view);
}

static void refresh(RhLearningPanel *panel)
{
    const RhRun *run = panel->item != NULL ? rh_run_item_get_run(panel->item) : NULL;
    double epochs = run != NULL ? run->settings.epochs : 1;
    RhChartAxis epoch_axis = {.title = _("epoch"), .low = 0, .high = MAX(epochs, 1)};
    RhChartAxis loss_axis = {.title = ""};
    RhChartAxis quality_axis = {.title = "", .low = 0, .high = 1};
    rh_chart_set_axes(rh_chart_view_get_chart(panel->losses), &epoch_axis, &loss_axis);
    rh_chart_set_axes(rh_chart_view_get_chart(panel->quality), &epoch_axis, &quality_axis);
    fill(panel->losses, loss_curves, G_N_ELEMENTS(loss_curves), run);
    fill(panel->quality, quality_curves, G_N_ELEMENTS(quality_curves), run);
}

void rh_learning_panel_set_run(RhLearningPanel *panel, RhRunItem *item)
{
    if (panel->item != NULL)
        g_signal_handlers_disconnect_by_func(panel->item, refresh, panel);
    g_set_object(&panel->item, item);
    if (item != NULL)
        g_signal_connect_object(item, "changed", G_CALLBACK(refresh), panel, G_CONNECT_SWAPPED);
    refresh(panel);
}

static void dispose(GObject *object)
{
    RhLearningPanel *panel = RH_LEARNING_PANEL(object);
    if (panel->item != NULL)
        g_signal_handlers_disconnect_by_func(panel->item, refresh, panel);
    g_clear_object(&panel->item);
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(panel))) != NULL)
        gtk_widget_unparent(child);
    G_OBJECT_CLASS(rh_learning_panel_parent_class)->dispose(object);
}

static void rh_learning_panel_class_init(RhLearningPanelClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->dispose = dispose;
    g_type_ensure(RH_TYPE_CHART_VIEW);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/learning-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhLearningPanel, losses);
    gtk_widget_class_bind_template_child(widget_class, RhLearningPanel, quality);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_learning_panel_init(RhLearningPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    refresh(panel);
}
