/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "runs/settings-window.h"

#include <glib/gi18n.h>

#include "common/accessible.h"
#include "runs/setting-row.h"

struct _RhSettingsWindow {
    AdwWindow parent_instance;
    AdwPreferencesPage *page;
    AdwComboRow *preset, *method, *network;
    AdwActionRow *seeds_row;
    GtkEntry *seeds;
    GtkButton *train;
    RhRunSetup *setup;
    AdwPreferencesGroup *groups[RH_N_SETTINGS_GROUPS];
    guint n_filled, rows_idle; /* how many groups have their rows; fills the next one */
    gboolean showing;          /* fields are being set, not used */
};

G_DEFINE_FINAL_TYPE(RhSettingsWindow, rh_settings_window, ADW_TYPE_WINDOW)

/* ── The choices above the table of settings ── */

static void show_choices(RhSettingsWindow *window)
{
    const RhRunSettings *settings = rh_run_setup_get_settings(window->setup);
    const RhRunPreset *preset = rh_run_setup_get_preset(window->setup);
    guint chosen = 0;
    for (guint i = 0; rh_run_presets()[i] != NULL; i++)
        if (rh_run_presets()[i] == preset)
            chosen = i + 1;
    adw_combo_row_set_selected(window->preset, chosen);
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        if (rh_methods()[i] == settings->method)
            adw_combo_row_set_selected(window->method, i);
    for (guint i = 0; rh_network_kinds()[i] != NULL; i++)
        if (rh_network_kinds()[i] == settings->network)
            adw_combo_row_set_selected(window->network, i);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(window->method), _(settings->method->summary));
    adw_action_row_set_subtitle(ADW_ACTION_ROW(window->network), _(settings->network->description));
}

static void show_seeds(RhSettingsWindow *window)
{
    const char *text = rh_run_setup_read_seeds(window->setup);
    g_autofree char *complaint = rh_run_setup_complain_of_seeds(window->setup);
    if (!g_str_equal(gtk_editable_get_text(GTK_EDITABLE(window->seeds)), text))
        gtk_editable_set_text(GTK_EDITABLE(window->seeds), text);
    adw_action_row_set_subtitle(
        window->seeds_row,
        complaint != NULL
            ? complaint
            : _("The same seed gives the same run, to the last bit. Several, as in 1, 2, 3 or 1-5, "
                "make a run of each and show how much is chance."));
    rh_setting_row_mark(GTK_WIDGET(window->seeds), complaint);
}

static gboolean any_applies(RhSettingsWindow *window, RhSettingsGroup group)
{
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++)
        if (table[i].group == group && rh_form_applies(RH_FORM(window->setup), &table[i]))
            return TRUE;
    return FALSE;
}

static void refresh(RhSettingsWindow *window)
{
    window->showing = TRUE;
    show_choices(window);
    show_seeds(window);
    for (guint i = 0; i < RH_N_SETTINGS_GROUPS; i++)
        gtk_widget_set_visible(GTK_WIDGET(window->groups[i]), any_applies(window, i));
    window->showing = FALSE;
}

static void preset_chosen(RhSettingsWindow *window)
{
    const guint chosen = adw_combo_row_get_selected(window->preset);
    if (!window->showing)
        rh_run_setup_set_preset(window->setup, chosen > 0 ? rh_run_presets()[chosen - 1] : NULL);
}

static void method_chosen(RhSettingsWindow *window)
{
    if (!window->showing)
        rh_run_setup_set_method(window->setup, rh_methods()[adw_combo_row_get_selected(window->method)]);
}

static void network_chosen(RhSettingsWindow *window)
{
    if (!window->showing)
        rh_run_setup_set_network(window->setup,
                                 rh_network_kinds()[adw_combo_row_get_selected(window->network)]);
}

static void seeds_written(RhSettingsWindow *window)
{
    if (!window->showing)
        rh_run_setup_write_seeds(window->setup, gtk_editable_get_text(GTK_EDITABLE(window->seeds)));
}

static void take_paper_seeds(RhSettingsWindow *window)
{
    guint count;
    const guint64 *seeds = rh_paper_seeds(&count);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "", seeds[i]);
    rh_run_setup_write_seeds(window->setup, text->str);
}

static void show_whether_to_train(RhSettingsWindow *window)
{
    GtkWindow *parent = gtk_window_get_transient_for(GTK_WINDOW(window));
    gtk_widget_set_sensitive(GTK_WIDGET(window->train),
                             g_action_group_get_action_enabled(G_ACTION_GROUP(parent), "train"));
}

/* As the button of the window it belongs to. */
static void train(RhSettingsWindow *window)
{
    GtkWindow *parent = gtk_window_get_transient_for(GTK_WINDOW(window));
    gtk_widget_activate_action(GTK_WIDGET(parent), "win.train", NULL);
    gtk_window_close(GTK_WINDOW(window));
}

static void show_estimate(RhSettingsWindow *window)
{
    g_autofree char *label = rh_run_setup_describe_train(window->setup);
    gtk_button_set_label(window->train, label);
}

/* ── Making it ── */

static void add_title(GtkSignalListItemFactory *factory, GtkListItem *item)
{
    gtk_list_item_set_child(item, gtk_label_new(NULL));
}

static void show_title(GtkSignalListItemFactory *factory, GtkListItem *item)
{
    const char *title = gtk_string_object_get_string(GTK_STRING_OBJECT(gtk_list_item_get_item(item)));
    gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(item)), title);
}

static void add_entry(GtkSignalListItemFactory *factory, GtkListItem *item)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *title = gtk_label_new(NULL);
    gtk_widget_set_hexpand(title, TRUE);
    gtk_label_set_xalign(GTK_LABEL(title), 0);
    gtk_box_append(GTK_BOX(box), title);
    gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("object-select-symbolic"));
    gtk_list_item_set_child(item, box);
}

static void mark_chosen(AdwComboRow *row, GParamSpec *property, GtkListItem *item)
{
    GtkWidget *mark = gtk_widget_get_last_child(gtk_list_item_get_child(item));
    gtk_widget_set_opacity(mark,
                           gtk_list_item_get_item(item) == adw_combo_row_get_selected_item(row) ? 1 : 0);
}

static void show_entry(GtkSignalListItemFactory *factory, GtkListItem *item, AdwComboRow *row)
{
    const char *title = gtk_string_object_get_string(GTK_STRING_OBJECT(gtk_list_item_get_item(item)));
    gtk_label_set_text(GTK_LABEL(gtk_widget_get_first_child(gtk_list_item_get_child(item))), title);
    g_signal_connect_object(row, "notify::selected-item", G_CALLBACK(mark_chosen), item, 0);
    mark_chosen(row, NULL, item);
}

static void forget_entry(GtkSignalListItemFactory *factory, GtkListItem *item, AdwComboRow *row)
{
    g_signal_handlers_disconnect_by_func(row, mark_chosen, item);
}

/* What is chosen keeps its width: beside a long subtitle the row's own label shrinks to three dots. So do the
 * entries of its list: two presets are the same up to the dots. */
static void show_titles_whole(AdwComboRow *row)
{
    g_autoptr(GtkListItemFactory) chosen = gtk_signal_list_item_factory_new();
    g_signal_connect(chosen, "setup", G_CALLBACK(add_title), NULL);
    g_signal_connect(chosen, "bind", G_CALLBACK(show_title), NULL);
    g_autoptr(GtkListItemFactory) entries = gtk_signal_list_item_factory_new();
    g_signal_connect(entries, "setup", G_CALLBACK(add_entry), NULL);
    g_signal_connect(entries, "bind", G_CALLBACK(show_entry), row);
    g_signal_connect(entries, "unbind", G_CALLBACK(forget_entry), row);
    adw_combo_row_set_list_factory(row, entries);
    adw_combo_row_set_factory(row, chosen);
}

static void fill_choices(RhSettingsWindow *window)
{
    AdwComboRow *const rows[] = {window->preset, window->method, window->network};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        show_titles_whole(rows[i]);
    g_autoptr(GtkStringList) presets = gtk_string_list_new(NULL);
    gtk_string_list_append(presets, _("This program's defaults"));
    for (guint i = 0; rh_run_presets()[i] != NULL; i++)
        gtk_string_list_append(presets, _(rh_run_presets()[i]->title));
    adw_combo_row_set_model(window->preset, G_LIST_MODEL(presets));
    g_autoptr(GtkStringList) methods = gtk_string_list_new(NULL);
    for (guint i = 0; rh_methods()[i] != NULL; i++)
        gtk_string_list_append(methods, _(rh_methods()[i]->title));
    adw_combo_row_set_model(window->method, G_LIST_MODEL(methods));
    g_autoptr(GtkStringList) networks = gtk_string_list_new(NULL);
    for (guint i = 0; rh_network_kinds()[i] != NULL; i++)
        gtk_string_list_append(networks, _(rh_network_kinds()[i]->title));
    adw_combo_row_set_model(window->network, G_LIST_MODEL(networks));
}

static void add_groups(RhSettingsWindow *window)
{
    for (guint group = 0; group < RH_N_SETTINGS_GROUPS; group++) {
        window->groups[group] = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
        adw_preferences_group_set_title(window->groups[group], _(rh_settings_group_title(group)));
        adw_preferences_page_add(window->page, window->groups[group]);
    }
}

/* A group at a time: all rows at once would hold up the main loop for longer than a frame. */
static gboolean add_rows(gpointer data)
{
    RhSettingsWindow *window = data;
    guint count;
    const RhSetting *table = rh_settings(&count);
    for (guint i = 0; i < count; i++)
        if (table[i].group == window->n_filled)
            adw_preferences_group_add(window->groups[window->n_filled],
                                      rh_setting_row_new(RH_FORM(window->setup), &table[i]));
    rh_accessible_name_parts(GTK_WIDGET(window->groups[window->n_filled]));
    if (++window->n_filled < RH_N_SETTINGS_GROUPS)
        return G_SOURCE_CONTINUE;
    window->rows_idle = 0;
    return G_SOURCE_REMOVE;
}

GtkWidget *rh_settings_window_new(RhRunSetup *setup, GtkWindow *parent)
{
    RhSettingsWindow *window = g_object_new(RH_TYPE_SETTINGS_WINDOW, "transient-for", parent, NULL);
    window->setup = g_object_ref(setup);
    window->showing = TRUE; /* filling a list chooses its first entry */
    fill_choices(window);
    add_groups(window);
    window->rows_idle = g_idle_add(add_rows, window);
    g_signal_connect_object(setup, "changed", G_CALLBACK(refresh), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(parent, "action-enabled-changed::train", G_CALLBACK(show_whether_to_train),
                            window, G_CONNECT_SWAPPED);
    g_signal_connect_object(setup, "estimated", G_CALLBACK(show_estimate), window, G_CONNECT_SWAPPED);
    refresh(window);
    show_whether_to_train(window);
    show_estimate(window);
    gtk_widget_grab_focus(GTK_WIDGET(window->preset)); /* not Train, which a second Return would press */
    return GTK_WIDGET(window);
}

static void dispose(GObject *object)
{
    g_clear_handle_id(&RH_SETTINGS_WINDOW(object)->rows_idle, g_source_remove);
    g_clear_object(&RH_SETTINGS_WINDOW(object)->setup);
    G_OBJECT_CLASS(rh_settings_window_parent_class)->dispose(object);
}

static void rh_settings_window_class_init(RhSettingsWindowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/settings-window.ui");
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, page);
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, preset);
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, method);
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, network);
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, seeds_row);
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, seeds);
    gtk_widget_class_bind_template_child(widget_class, RhSettingsWindow, train);
    gtk_widget_class_bind_template_callback(widget_class, preset_chosen);
    gtk_widget_class_bind_template_callback(widget_class, method_chosen);
    gtk_widget_class_bind_template_callback(widget_class, network_chosen);
    gtk_widget_class_bind_template_callback(widget_class, seeds_written);
    gtk_widget_class_bind_template_callback(widget_class, take_paper_seeds);
    gtk_widget_class_bind_template_callback(widget_class, train);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void rh_settings_window_init(RhSettingsWindow *window)
{
    window->showing = TRUE;
    gtk_widget_init_template(GTK_WIDGET(window));
}
