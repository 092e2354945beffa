/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/setting-row.h"

#include <glib/gi18n.h>

struct _RhSettingRow {
    AdwActionRow parent_instance;
    RhForm *form;
    const RhSetting *setting;
    GtkWidget *field; /* by kind: GtkEntry, GtkSwitch, GtkDropDown */
    gboolean showing; /* the field is being set, not used */
};

G_DEFINE_FINAL_TYPE(RhSettingRow, rh_setting_row, ADW_TYPE_ACTION_ROW)

void rh_setting_row_show_text(GtkEditable *entry, RhForm *form, const RhSetting *setting)
{
    g_autofree char *text = rh_form_read(form, setting);
    g_autofree char *complaint = rh_form_complain(form, setting);
    const char *present = gtk_editable_get_text(entry);
    if (complaint != NULL ? !g_str_equal(present, text) : !rh_form_says(form, setting, present))
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

/* The entry a text is the id of, or the last one. */
static const RhChoice *find_choice(const RhSetting *setting, const char *id, guint *place)
{
    const RhChoice *entries = setting->choices->entries;
    for (*place = 0; entries[*place + 1].id != NULL; (*place)++)
        if (g_str_equal(entries[*place].id, id))
            break;
    return &entries[*place];
}

static void show_value(RhSettingRow *row)
{
    g_autofree char *text = rh_form_read(row->form, row->setting);
    guint place;
    switch (row->setting->kind) {
    case RH_SETTING_WHOLE:
    case RH_SETTING_SEED:
    case RH_SETTING_REAL:
        rh_setting_row_show_text(GTK_EDITABLE(row->field), row->form, row->setting);
        break;
    case RH_SETTING_FLAG:
        gtk_switch_set_active(GTK_SWITCH(row->field), g_str_equal(text, "true"));
        break;
    case RH_SETTING_CHOICE:
        find_choice(row->setting, text, &place);
        gtk_drop_down_set_selected(GTK_DROP_DOWN(row->field), place);
        break;
    }
}

/* What is said of the setting, or rather of what is chosen. */
static const char *help(RhSettingRow *row)
{
    if (row->setting->kind != RH_SETTING_CHOICE)
        return _(row->setting->help);
    guint place;
    g_autofree char *text = rh_form_read(row->form, row->setting);
    const RhChoice *choice = find_choice(row->setting, text, &place);
    return choice->explanation != NULL ? _(choice->explanation) : _(row->setting->help);
}

static void refresh(RhSettingRow *row)
{
    g_autofree char *complaint = rh_form_complain(row->form, row->setting);
    row->showing = TRUE;
    show_value(row);
    row->showing = FALSE;
    gtk_widget_set_visible(GTK_WIDGET(row), rh_form_applies(row->form, row->setting));
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), complaint != NULL ? complaint : help(row));
    rh_setting_row_mark(GTK_WIDGET(row), complaint);
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
        text = row->setting->choices->entries[gtk_drop_down_get_selected(GTK_DROP_DOWN(row->field))].id;
    else
        text = gtk_editable_get_text(GTK_EDITABLE(row->field));
    rh_form_write(row->form, row->setting, text);
}

static GtkWidget *create_drop_down(const RhChoice *entries)
{
    g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
    for (; entries->id != NULL; entries++)
        gtk_string_list_append(titles, _(entries->title));
    return gtk_drop_down_new(G_LIST_MODEL(g_steal_pointer(&titles)), NULL);
}

static GtkWidget *create_entry(void)
{
    GtkWidget *entry = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(entry), 9);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(entry), 9);
    gtk_editable_set_alignment(GTK_EDITABLE(entry), 1);
    gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
    return entry;
}

static GtkWidget *create_field(const RhSetting *setting, const char **signal)
{
    switch (setting->kind) {
    case RH_SETTING_FLAG:
        *signal = "notify::active";
        return gtk_switch_new();
    case RH_SETTING_CHOICE:
        *signal = "notify::selected";
        return create_drop_down(setting->choices->entries);
    default:
        *signal = "changed";
        return create_entry();
    }
}

GtkWidget *rh_setting_row_new(RhForm *form, const RhSetting *setting)
{
    RhSettingRow *row =
        g_object_new(RH_TYPE_SETTING_ROW, "use-markup", FALSE, "title", _(setting->title), NULL);
    const char *signal;
    row->form = g_object_ref(form);
    row->setting = setting;
    row->field = create_field(setting, &signal);
    gtk_widget_set_valign(row->field, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->field), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(setting->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(setting->help),
                                   -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), row->field);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), row->field);
    g_signal_connect_object(form, "changed", G_CALLBACK(refresh), row, G_CONNECT_SWAPPED);
    refresh(row);
    g_signal_connect_object(row->field, signal, G_CALLBACK(used), row, G_CONNECT_SWAPPED);
    return GTK_WIDGET(row);
}

static void finalize(GObject *object)
{
    g_clear_object(&RH_SETTING_ROW(object)->form);
    G_OBJECT_CLASS(rh_setting_row_parent_class)->finalize(object);
}

static void rh_setting_row_class_init(RhSettingRowClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void rh_setting_row_init(RhSettingRow *row)
{
}
