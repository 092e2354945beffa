/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

/* The recent studies: in the menu, and as a list where there is no study to show. */

/* A menu takes an underline for the letter that chooses an entry. */
static char *without_mnemonic(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "_", -1);
    return g_strjoinv("__", parts);
}

/* Studies of one name are told apart by where they lie. */
static char *menu_label(RhRecentStudies *recent, RhRecentStudy *study)
{
    GListModel *list = rh_recent_studies_get_list(recent);
    const char *name = rh_recent_study_get_name(study);
    guint alike = 0;
    for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
        g_autoptr(RhRecentStudy) other = g_list_model_get_item(list, i);
        alike += g_str_equal(rh_recent_study_get_name(other), name);
    }
    g_autofree char *label =
        alike > 1 ? g_strdup_printf("%s — %s", name, rh_recent_study_get_folder(study)) : g_strdup(name);
    /* Translators: an entry of the list of recent studies whose folder is not there any more */
    g_autofree char *full = rh_recent_study_is_missing(study) ? g_strdup_printf(_("%s (missing)"), label)
                                                              : g_steal_pointer(&label);
    return without_mnemonic(full);
}

static void fill_menu(RhWindow *self)
{
    GListModel *list = rh_recent_studies_get_list(self->recent);
    g_menu_remove_all(self->recent_menu);
    for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
        g_autoptr(RhRecentStudy) study = g_list_model_get_item(list, i);
        g_autofree char *label = menu_label(self->recent, study);
        g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
        g_menu_item_set_action_and_target(item, "win.open-recent", "s", rh_recent_study_get_folder(study));
        g_menu_append_item(self->recent_menu, item);
    }
}

static void missing_answered(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    if (g_str_equal(response, "remove"))
        rh_recent_studies_forget(self->recent, g_object_get_data(G_OBJECT(dialog), "folder"));
}

static void offer_to_forget(RhWindow *self, const char *folder)
{
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), _("The study is not there"), NULL);
    adw_message_dialog_format_body(ADW_MESSAGE_DIALOG(dialog),
                                   _("There is no study in %s: it was moved, deleted, or lies on a disk that "
                                     "is not plugged in."),
                                   folder);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "keep", _("_Keep in the List"), "remove",
                                     _("_Remove from the List"), NULL);
    g_object_set_data_full(G_OBJECT(dialog), "folder", g_strdup(folder), g_free);
    g_signal_connect_object(dialog, "response", G_CALLBACK(missing_answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void open_recent(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const char *folder = g_variant_get_string(parameter, NULL);
    if (rh_study_is_one(folder))
        rh_window_open(self, folder);
    else
        offer_to_forget(self, folder);
    rh_recent_studies_look(self->recent);
}

static void forget_study(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_recent_studies_forget(RH_WINDOW(data)->recent, g_variant_get_string(parameter, NULL));
}

const GActionEntry rh_window_recent_actions[] = {
    {"open-recent", open_recent, "s"},
    {"forget-study", forget_study, "s"},
};
const guint rh_window_n_recent_actions = G_N_ELEMENTS(rh_window_recent_actions);

/* A disk may have been plugged in or out while the window was behind others. */
static void look_when_active(RhWindow *self)
{
    if (gtk_window_is_active(GTK_WINDOW(self)))
        rh_recent_studies_look(self->recent);
}

void rh_window_recent_init(RhWindow *self)
{
    self->recent = rh_recent_studies_new(self->settings);
    rh_recent_list_set_studies(self->recent_list, self->recent);
    g_signal_connect_object(rh_recent_studies_get_list(self->recent), "items-changed", G_CALLBACK(fill_menu),
                            self, G_CONNECT_SWAPPED);
    g_signal_connect(self, "notify::is-active", G_CALLBACK(look_when_active), NULL);
    fill_menu(self);
    rh_recent_studies_look(self->recent);
}

char *rh_window_latest_study(RhWindow *self)
{
    g_autoptr(RhRecentStudy) latest = g_list_model_get_item(rh_recent_studies_get_list(self->recent), 0);
    return latest != NULL ? g_strdup(rh_recent_study_get_folder(latest)) : NULL;
}
