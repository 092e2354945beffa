/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/run-panel.h"

#include <glib/gi18n.h>

#include "common/children.h"
#include "common/text.h"
#include "runs/setting-row.h"
#include "runs/settings-window.h"

/* At most, of what a method does and of what it lacks. */
#define SUMMARY_LINES 2
#define ADVICE_LINES  4

struct _RhRunPanel {
    GtkWidget parent_instance;
    GtkDropDown *method, *network;
    GtkEntry *weight, *seeds;
    GtkSpinButton *epochs;
    GtkLabel *summary, *complaint, *status;
    GtkButton *train;
    GtkProgressBar *progress;
    RhRunSetup *setup;
    char *advice;     /* NULL: none */
    gboolean showing; /* fields are being set, not used */
};

G_DEFINE_FINAL_TYPE(RhRunPanel, rh_run_panel, GTK_TYPE_WIDGET)

enum { SETTINGS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

RhRunSetup *rh_run_panel_get_setup(RhRunPanel *panel)
{
    return panel->setup;
}

RhRunSettings rh_run_panel_get_settings(RhRunPanel *panel, const RhStudy *study)
{
    gtk_spin_button_update(panel->epochs); /* what is written and not yet taken */
    return *rh_run_setup_get_settings(panel->setup);
}

/* ── From the setup to the fields ── */

static void show_summary(RhRunPanel *panel)
{
    const RhMethod *method = rh_run_setup_get_settings(panel->setup)->method;
    gtk_label_set_text(panel->summary, panel->advice != NULL ? panel->advice : _(method->summary));
    gtk_label_set_lines(panel->summary, panel->advice != NULL ? ADVICE_LINES : SUMMARY_LINES);
    gtk_widget_set_css_classes(
        GTK_WIDGET(panel->summary),
        (const char *[]){"caption", panel->advice != NULL ? "warning" : "dim-label", NULL});
}

static void show_choices(RhRunPanel *panel, const RhRunSettings *settings)
{
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        if (rh_methods()[i] == settings->method)
            gtk_drop_down_set_selected(panel->method, i);
    for (guint i = 0; rh_network_kinds()[i] != NULL; i++)
        if (rh_network_kinds()[i] == settings->network)
            gtk_drop_down_set_selected(panel->network, i);
    show_summary(panel);
}

void rh_run_panel_show_advice(RhRunPanel *panel, const char *advice)
{
    if (g_strcmp0(panel->advice, advice) == 0)
        return;
    g_free(panel->advice);
    panel->advice = g_strdup(advice);
    show_summary(panel);
}

/* The first thing that is wrong, told below the fields; the field itself is marked. */
static char *complain(RhRunPanel *panel)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    g_autofree char *of_seeds = rh_run_setup_complain_of_seeds(panel->setup);
    if (of_seeds != NULL)
        return g_strdup_printf("%s: %s", _("Seeds"), of_seeds);
    for (guint i = 0; i < count; i++) {
        g_autofree char *complaint = rh_form_complain(RH_FORM(panel->setup), &table[i]);
        if (complaint != NULL && rh_form_applies(RH_FORM(panel->setup), &table[i]))
            return g_strdup_printf("%s: %s", _(table[i].title), complaint);
    }
    return NULL;
}

static void show_complaints(RhRunPanel *panel)
{
    g_autofree char *of_weight = rh_form_complain(RH_FORM(panel->setup), rh_setting_find("lambda"));
    g_autofree char *of_seeds = rh_run_setup_complain_of_seeds(panel->setup);
    g_autofree char *first = complain(panel);
    rh_setting_row_mark(GTK_WIDGET(panel->weight), of_weight);
    rh_setting_row_mark(GTK_WIDGET(panel->seeds), of_seeds);
    gtk_label_set_text(panel->complaint, first != NULL ? first : "");
    gtk_widget_set_visible(GTK_WIDGET(panel->complaint), first != NULL);
}

static void refresh(RhRunPanel *panel)
{
    const RhRunSettings *settings = rh_run_setup_get_settings(panel->setup);
    const RhSetting *weight = rh_setting_find("lambda");
    const char *seeds = rh_run_setup_read_seeds(panel->setup);
    panel->showing = TRUE;
    show_choices(panel, settings);
    rh_setting_row_show_text(GTK_EDITABLE(panel->weight), RH_FORM(panel->setup), weight);
    gtk_widget_set_sensitive(GTK_WIDGET(panel->weight), rh_form_applies(RH_FORM(panel->setup), weight));
    gtk_spin_button_set_value(panel->epochs, settings->epochs);
    if (!g_str_equal(gtk_editable_get_text(GTK_EDITABLE(panel->seeds)), seeds))
        gtk_editable_set_text(GTK_EDITABLE(panel->seeds), seeds);
    panel->showing = FALSE;
    show_complaints(panel);
    g_signal_emit(panel, signals[SETTINGS_CHANGED], 0);
}

/* ── From the fields to the setup ── */

static void method_chosen(RhRunPanel *panel)
{
    if (!panel->showing)
        rh_run_setup_set_method(panel->setup, rh_methods()[gtk_drop_down_get_selected(panel->method)]);
}

static void network_chosen(RhRunPanel *panel)
{
    if (!panel->showing)
        rh_run_setup_set_network(panel->setup,
                                 rh_network_kinds()[gtk_drop_down_get_selected(panel->network)]);
}

static void weight_written(RhRunPanel *panel)
{
    if (!panel->showing)
        rh_form_write(RH_FORM(panel->setup), rh_setting_find("lambda"),
                      gtk_editable_get_text(GTK_EDITABLE(panel->weight)));
}

static void seeds_written(RhRunPanel *panel)
{
    if (!panel->showing)
        rh_run_setup_write_seeds(panel->setup, gtk_editable_get_text(GTK_EDITABLE(panel->seeds)));
}

static void epochs_changed(RhRunPanel *panel)
{
    g_autofree char *text = g_strdup_printf("%d", gtk_spin_button_get_value_as_int(panel->epochs));
    if (!panel->showing)
        rh_form_write(RH_FORM(panel->setup), rh_setting_find("epochs"), text);
}

static void show_all(GtkWidget *widget, const char *action, GVariant *parameter)
{
    RhRunPanel *panel = RH_RUN_PANEL(widget);
    GtkRoot *root = gtk_widget_get_root(widget);
    gtk_window_present(GTK_WINDOW(rh_settings_window_new(panel->setup, GTK_WINDOW(root))));
}

void rh_run_panel_show_status(RhRunPanel *panel, const char *status, double fraction)
{
    rh_text_show_value(panel->status, _("Training status"), status);
    gtk_widget_set_opacity(GTK_WIDGET(panel->progress), fraction >= 0 ? 1 : 0); /* keeps its place */
    gtk_progress_bar_set_fraction(panel->progress, CLAMP(fraction, 0.0, 1.0));
}

static void show_estimate(RhRunPanel *panel)
{
    g_autofree char *label = rh_run_setup_describe_train(panel->setup);
    gtk_button_set_label(panel->train, label);
}

void rh_run_panel_save(RhRunPanel *panel, GKeyFile *file, const char *group)
{
    rh_run_setup_save(panel->setup, file, group);
}

void rh_run_panel_restore(RhRunPanel *panel, const RhStudy *study, GKeyFile *file, const char *group)
{
    const RhRunSettings *settings = rh_run_setup_get_settings(panel->setup);
    rh_run_setup_set_validation(
        panel->setup, rh_run_settings_default(settings->method, settings->network, study).validation);
    rh_run_setup_restore(panel->setup, file, group);
}

static void dispose(GObject *object)
{
    rh_drop_children(GTK_WIDGET(object));
    g_clear_object(&RH_RUN_PANEL(object)->setup);
    G_OBJECT_CLASS(rh_run_panel_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    g_free(RH_RUN_PANEL(object)->advice);
    G_OBJECT_CLASS(rh_run_panel_parent_class)->finalize(object);
}

static void rh_run_panel_class_init(RhRunPanelClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/redherring/RedHerring/ui/run-panel.ui");
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, method);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, network);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, weight);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, seeds);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, epochs);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, summary);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, complaint);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, train);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, status);
    gtk_widget_class_bind_template_child(widget_class, RhRunPanel, progress);
    gtk_widget_class_bind_template_callback(widget_class, method_chosen);
    gtk_widget_class_bind_template_callback(widget_class, network_chosen);
    gtk_widget_class_bind_template_callback(widget_class, weight_written);
    gtk_widget_class_bind_template_callback(widget_class, seeds_written);
    gtk_widget_class_bind_template_callback(widget_class, epochs_changed);
    gtk_widget_class_install_action(widget_class, "run-panel.show-all", NULL, show_all);
    signals[SETTINGS_CHANGED] = g_signal_new("settings-changed", RH_TYPE_RUN_PANEL, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void rh_run_panel_init(RhRunPanel *panel)
{
    panel->setup = rh_run_setup_new();
    panel->showing = TRUE; /* filling a list chooses its first entry */
    gtk_widget_init_template(GTK_WIDGET(panel));
    /* How long it takes is cut where there is no room, rather than widening the window. */
    gtk_label_set_ellipsize(GTK_LABEL(gtk_button_get_child(panel->train)), PANGO_ELLIPSIZE_END);
    g_autoptr(GtkStringList) methods = gtk_string_list_new(NULL);
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        gtk_string_list_append(methods, _(rh_methods()[i]->title));
    gtk_drop_down_set_model(panel->method, G_LIST_MODEL(methods));
    g_autoptr(GtkStringList) networks = gtk_string_list_new(NULL);
    for (guint i = 0; rh_network_kinds()[i] != NULL; i++)
        gtk_string_list_append(networks, _(rh_network_kinds()[i]->title));
    gtk_drop_down_set_model(panel->network, G_LIST_MODEL(networks));
    g_signal_connect_object(panel->setup, "changed", G_CALLBACK(refresh), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(panel->setup, "estimated", G_CALLBACK(show_estimate), panel, G_CONNECT_SWAPPED);
    refresh(panel);
    rh_run_panel_show_status(panel, _("Ready"), -1);
}
