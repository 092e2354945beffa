/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-panel.h"

#include <glib/gi18n.h>

#include "text.h"

struct _RhRunPanel {
    GtkWidget parent_instance;
    GtkDropDown *method, *network;
    GtkSpinButton *weight, *seed, *epochs;
    GtkLabel *summary, *status;
    GtkProgressBar *progress;
};

G_DEFINE_FINAL_TYPE(RhRunPanel, rh_run_panel, GTK_TYPE_WIDGET)

enum { SETTINGS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const RhMethod *chosen_method(RhRunPanel *panel)
{
    return rh_methods()[gtk_drop_down_get_selected(panel->method)];
}

static const RhNetworkKind *chosen_network(RhRunPanel *panel)
{
    return rh_network_kinds()[gtk_drop_down_get_selected(panel->network)];
}

/* The fields follow the method: its weight, its epochs. */
static void method_changed(RhRunPanel *panel)
{
    const RhMethod *method = chosen_method(panel);
    gboolean weighted = (method->needs & RH_METHOD_WEIGHTED) != 0;
    gtk_label_set_text(panel->summary, _(method->summary));
    gtk_widget_set_sensitive(GTK_WIDGET(panel->weight), weighted);
    gtk_spin_button_set_value(panel->weight, method->defaults.lambda);
    gtk_spin_button_set_value(panel->epochs, method->default_epochs);
}

static void settings_changed(RhRunPanel *panel)
{
    g_signal_emit(panel, signals[SETTINGS_CHANGED], 0);
}

/* A weight spans orders of magnitude: as many digits as it takes. */
static gboolean show_weight(GtkSpinButton *spin, RhRunPanel *panel)
{
    g_autofree char *text = g_strdup_printf("%.6g", gtk_spin_button_get_value(spin));
    gtk_editable_set_text(GTK_EDITABLE(spin), text);
    return TRUE;
}

RhRunSettings rh_run_panel_get_settings(RhRunPanel *panel, const RhStudy *study)
{
    gtk_spin_button_update(panel->weight);
    gtk_spin_button_update(panel->seed);
    gtk_spin_button_update(panel->epochs);
    RhRunSettings settings = rh_run_settings_default(chosen_method(panel), chosen_network(panel), study);
    settings.seed = (guint64)gtk_spin_button_get_value(panel->seed);
    settings.epochs = (guint)gtk_spin_button_get_value_as_int(panel->epochs);
    if (settings.method->needs & RH_METHOD_WEIGHTED)
        settings.method_settings.lambda = gtk_spin_button_get_value(panel->weight);
    return settings;
}

void rh_run_panel_show_status(RhRunPanel *panel, const char *status, double fraction)
{
    rh_text_show_value(panel->status, _("Training status"), status);
    gtk_widget_set_opacity(GTK_WIDGET(panel->progress), fraction >= 0 ? 1 : 0); /* keeps its place */
    gtk_progress_bar_set_fraction(panel->progress, CLAMP(fraction, 0.0, 1.0));
}

void rh_run_panel_save(RhRunPanel *panel, GKeyFile *file, const char *group)
{
    g_key_file_set_string(file, group, "method", chosen_method(panel)->id);
    g_key_file_set_string(file, group, "network", chosen_network(panel)->id);
    g_key_file_set_double(file, group, "weight", gtk_spin_button_get_value(panel->weight));
    g_key_file_set_double(file, group, "seed", gtk_spin_button_get_value(panel->seed));
    g_key_file_set_double(file, group, "epochs", gtk_spin_button_get_value(panel->epochs));
}

static void restore_number(GtkSpinButton *spin, GKeyFile *file, const char *group, const char *key)
{
    g_autoptr(GError) error = NULL;
    double value = g_key_file_get_double(file, group, key, &error);
    if (error == NULL)
        gtk_spin_button_set_value(spin, value);
}

void rh_run_panel_restore(RhRunPanel *panel, GKeyFile *file, const char *group)
{
    g_autofree char *method = g_key_file_get_string(file, group, "method", NULL);
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        if (g_strcmp0(rh_methods()[i]->id, method) == 0)
            gtk_drop_down_set_selected(panel->method, i);
    g_autofree char *network = g_key_file_get_string(file, group, "network", NULL);
    for (guint i = 0; rh_network_kinds()[i] != NULL; i++)
        if (g_strcmp0(rh_network_kinds()[i]->id, network) == 0)
            gtk_drop_down_set_selected(panel->network, i);
    restore_number(panel->weight, file, group, "weight");
    restore_number(panel->seed, file, group, "seed");
    restore_number(panel->epochs, file, group, "epochs");
}

static void dispose(GObject *object)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
        gtk_widget_unparent(child);
    G_OBJECT_CLASS(rh_run_panel_parent_class)->dispose(object);
}

static void rh_run_panel_class_init(RhRunPanelClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->dispose = dispose;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/run-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, method);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, network);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, weight);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, seed);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, epochs);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, summary);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, status);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, progress);
    gtk_widget_class_bind_template_callback(widget_class, show_weight);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    signals[SETTINGS_CHANGED] = g_signal_new("settings-changed", RH_TYPE_RUN_PANEL, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void rh_run_panel_init(RhRunPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    g_autoptr(GtkStringList) methods = gtk_string_list_new(NULL);
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        gtk_string_list_append(methods, _(rh_methods()[i]->title));
    gtk_drop_down_set_model(panel->method, G_LIST_MODEL(methods));
    g_autoptr(GtkStringList) networks = gtk_string_list_new(NULL);
    for (guint i = 0; rh_network_kinds()[i] != NULL; i++)
        gtk_string_list_append(networks, _(rh_network_kinds()[i]->title));
    gtk_drop_down_set_model(panel->network, G_LIST_MODEL(networks));
    g_signal_connect_object(panel->method, "notify::selected", G_CALLBACK(method_changed), panel,
                            G_CONNECT_SWAPPED);
    method_changed(panel);
    GtkSpinButton *const numbers[] = {panel->weight, panel->seed, panel->epochs};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_signal_connect_object(numbers[i], "value-changed", G_CALLBACK(settings_changed), panel,
                                G_CONNECT_SWAPPED);
    g_signal_connect_object(panel->method, "notify::selected", G_CALLBACK(settings_changed), panel,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(panel->network, "notify::selected", G_CALLBACK(settings_changed), panel,
                            G_CONNECT_SWAPPED);
    rh_run_panel_show_status(panel, _("Ready"), -1);
}
