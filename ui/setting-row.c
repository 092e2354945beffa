/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting-row.h"

#include <glib/gi18n.h>

struct _RhSettingRow {
    AdwActionRow parent_instance;
    RhRunSetup *setup;
    const RhSetting *setting;
    GtkWidget *field; /* by kind: GtkEntry, GtkSwitch, GtkDropDown */
    gboolean showing; /* the field is being set, not used */
};

G_DEFINE_FINAL_TYPE(RhSettingRow, rh_setting_row, ADW_TYPE_ACTION_ROW)

static const struct {
    RhValidation validation;
    const char *title;
} validations[] = {
    {RH_VALIDATION_SHIFTED, N_("Shifted")},
    {RH_VALIDATION_LIKE_TRAINING, N_("Like training")},
    {RH_VALIDATION_BALANCED, N_("Balanced")},
};

void rh_setting_row_show_text(GtkEditable *entry, RhRunSetup *setup, const RhSetting *setting)
{
    RhRunSettings written = *rh_run_setup_get_settings(setup);
    g_autofree char *text = rh_run_setup_read(setup, setting);
    const char *present = gtk_editable_get_text(entry);
    const gboolean same = rh_setting_parse(setting, present, &written) &&
                          rh_setting_equal(setting, &written, rh_run_setup_get_settings(setup));
    g_autofree char *complaint = rh_run_setup_complain(setup, setting);
    if (complaint != NULL ? !g_str_equal(present, text) : !same)
        gtk_editable_set_text(entry, text);
}

void rh_setting_row_mark(GtkWidget *entry, const char *complaint)
{
    if (complaint != NULL)
        gtk_widget_add_css_class(entry, "error");
    else
        gtk_widget_remove_css_class(entry, "error");
    gtk_widget_set_tooltip_text(entry, complaint);
    gtk_accessible_update_state(
        GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_STATE_INVALID,
        complaint != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void show_value(RhSettingRow *row)
{
    g_autofree char *text = rh_run_setup_read(row->setup, row->setting);
    RhValidation validation = RH_VALIDATION_SHIFTED;
    switch (row->setting->kind) {
    case RH_SETTING_WHOLE:
    case RH_SETTING_REAL:
        rh_setting_row_show_text(GTK_EDITABLE(row->field), row->setup, row->setting);
        break;
    case RH_SETTING_FLAG:
        gtk_switch_set_active(GTK_SWITCH(row->field), g_str_equal(text, "true"));
        break;
    case RH_SETTING_VALIDATION:
        rh_validation_parse(text, &validation);
        for (guint i = 0; i < G_N_ELEMENTS(validations); i++)
            if (validations[i].validation == validation)
                gtk_drop_down_set_selected(GTK_DROP_DOWN(row->field), i);
        break;
    }
}

static void refresh(RhSettingRow *row)
{
    const RhRunSettings *settings = rh_run_setup_get_settings(row->setup);
    g_autofree char *complaint = rh_run_setup_complain(row->setup, row->setting);
    row->showing = TRUE;
    show_value(row);
    row->showing = FALSE;
    gtk_widget_set_visible(GTK_WIDGET(row), rh_setting_applies(row->setting, settings->method));
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), complaint != NULL ? complaint : _(row->setting->help));
    if (complaint != NULL)
        gtk_widget_add_css_class(GTK_WIDGET(row), "error");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(row), "error");
    if (GTK_IS_ENTRY(row->field))
        rh_setting_row_mark(row->field, complaint);
}

static void used(RhSettingRow *row)
{
    if (row->showing)
        return;
    const char *text;
    if (GTK_IS_SWITCH(row->field))
        text = gtk_switch_get_active(GTK_SWITCH(row->field)) ? "true" : "false";
    else if (GTK_IS_DROP_DOWN(row->field))
        text =
            rh_validation_name(validations[gtk_drop_down_get_selected(GTK_DROP_DOWN(row->field))].validation);
    else
        text = gtk_editable_get_text(GTK_EDITABLE(row->field));
    rh_run_setup_write(row->setup, row->setting, text);
}

static GtkWidget *create_drop_down(void)
{
    g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(validations); i++)
        gtk_string_list_append(titles, _(validations[i].title));
    return gtk_drop_down_new(G_LIST_MODEL(g_steal_pointer(&titles)), NULL);
}

static GtkWidget *create_entry(void)
{
    GtkWidget *entry = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(entry), 9);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(entry), 9);
    gtk_editable_set_alignment(GTK_EDITABLE(entry), 1);
    return entry;
}

static GtkWidget *create_field(const RhSetting *setting, const char **signal)
{
    *signal = "changed";
    if (setting->kind == RH_SETTING_WHOLE || setting->kind == RH_SETTING_REAL)
        return create_entry();
    *signal = setting->kind == RH_SETTING_FLAG ? "notify::active" : "notify::selected";
    return setting->kind == RH_SETTING_FLAG ? gtk_switch_new() : create_drop_down();
}

GtkWidget *rh_setting_row_new(RhRunSetup *setup, const RhSetting *setting)
{
    RhSettingRow *row = g_object_new(RH_TYPE_SETTING_ROW, "title", _(setting->title), NULL);
    const char *signal;
    row->setup = g_object_ref(setup);
    row->setting = setting;
    row->field = create_field(setting, &signal);
    gtk_widget_set_valign(row->field, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->field), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(setting->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(setting->help),
                                   -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), row->field);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), row->field);
    g_signal_connect_object(setup, "changed", G_CALLBACK(refresh), row, G_CONNECT_SWAPPED);
    refresh(row);
    g_signal_connect_object(row->field, signal, G_CALLBACK(used), row, G_CONNECT_SWAPPED);
    return GTK_WIDGET(row);
}

static void finalize(GObject *object)
{
    g_clear_object(&RH_SETTING_ROW(object)->setup);
    G_OBJECT_CLASS(rh_setting_row_parent_class)->finalize(object);
}

static void rh_setting_row_class_init(RhSettingRowClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void rh_setting_row_init(RhSettingRow *row)
{
}
