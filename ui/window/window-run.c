/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "common/text.h"
#include "runs/settings-window.h"

/* What is done to one run: renamed, repeated with other settings, deleted with a way back. */

#define TITLE_MAX 80 /* characters */

static RhRunItem *named(RhWindow *self, GVariant *parameter)
{
    return rh_window_find_run(self, g_variant_get_string(parameter, NULL));
}

/* ── Deleting: set aside at once, gone when the study is left ── */

static void aside_in_thread(GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
    GError *error = NULL;
    g_autoptr(RhRun) run = rh_run_open(folder, &error);
    if (run != NULL && rh_run_set_aside(run, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void back_in_thread(GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
    GError *error = NULL;
    if (rh_run_bring_back(folder, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void delete_in_thread(GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
    GError *error = NULL;
    if (rh_run_delete_aside(folder, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void in_thread(RhWindow *self, RhRunItem *item, GTaskThreadFunc work, GAsyncReadyCallback done)
{
    g_application_hold(g_application_get_default()); /* not to be cut short by closing the window */
    g_autoptr(GTask) task = g_task_new(self, NULL, done, g_object_ref(item));
    g_task_set_task_data(task, g_strdup(rh_run_item_get_run(item)->folder), g_free);
    g_task_run_in_thread(task, work);
}

/* Tells of an error; TRUE if there was none. */
static gboolean succeeded(RhWindow *self, GAsyncResult *result)
{
    g_autoptr(GError) error = NULL;
    g_application_release(g_application_get_default());
    if (g_task_propagate_boolean(G_TASK(result), &error))
        return TRUE;
    if (!self->closing)
        rh_window_toast(self, error->message);
    return FALSE;
}

/* Whether its study is still the one that is open. */
static gboolean is_of_study(RhWindow *self, RhRunItem *item)
{
    g_autofree char *runs = g_path_get_dirname(rh_run_item_get_run(item)->folder);
    g_autofree char *folder = g_path_get_dirname(runs);
    return self->study != NULL && g_str_equal(folder, self->study->folder);
}

static void list_again(RhWindow *self, RhRunItem *item)
{
    if (!is_of_study(self, item))
        return;
    rh_run_item_set_group(item, rh_window_group_of(self, rh_run_item_get_run(item)));
    g_list_store_append(self->runs, item);
}

static void deleted(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(RhRunItem) item = data;
    succeeded(RH_WINDOW(source), result);
}

/* The one with that id of those that can be brought back; NULL: there is none. */
static RhRunItem *find_deleted(RhWindow *self, const char *id, guint *place)
{
    for (*place = 0; *place < self->deleted->len; (*place)++)
        if (g_str_equal(rh_run_item_get_id(self->deleted->pdata[*place]), id))
            return self->deleted->pdata[*place];
    return NULL;
}

void rh_window_delete_hidden_runs(RhWindow *self)
{
    for (guint i = 0; i < self->deleted->len; i++)
        in_thread(self, self->deleted->pdata[i], delete_in_thread, deleted);
    g_ptr_array_set_size(self->deleted, 0);
    rh_window_update_undo(self);
}

static void offer_undo(RhWindow *self, RhRunItem *item)
{
    g_autofree char *text = g_strdup_printf(_("%s deleted"), rh_run_item_get_name(item));
    AdwToast *toast = rh_text_toast(text);
    adw_toast_set_button_label(toast, _("_Undo"));
    /* Not to wait behind a failure that nobody puts away. */
    adw_toast_set_priority(toast, ADW_TOAST_PRIORITY_HIGH);
    adw_toast_set_action_name(toast, "win.undo-delete-run");
    adw_toast_set_action_target(toast, "s", rh_run_item_get_id(item));
    rh_window_add_study_toast(self, toast);
}

static void set_aside(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(RhRunItem) item = data;
    if (!succeeded(self, result)) {
        list_again(self, item);
        return;
    }
    g_ptr_array_add(self->deleted, g_object_ref(item));
    if (self->closing || !is_of_study(self, item)) {
        rh_window_delete_hidden_runs(self);
        return;
    }
    offer_undo(self, item);
    rh_window_update_undo(self);
}

void rh_window_delete_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = named(self, parameter);
    guint place;
    if (item == NULL || rh_run_item_get_activity(item) != RH_RUN_IDLE ||
        !g_list_store_find(self->runs, item, &place))
        return;
    in_thread(self, item, aside_in_thread, set_aside);
    g_list_store_remove(self->runs, place);
}

static void brought_back(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(RhRunItem) item = data;
    if (succeeded(self, result))
        list_again(self, item);
}

static void bring_back(RhWindow *self, guint place)
{
    g_autoptr(RhRunItem) item = g_ptr_array_steal_index(self->deleted, place);
    in_thread(self, item, back_in_thread, brought_back);
    rh_window_update_undo(self);
}

void rh_window_undo_delete_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    guint place;
    if (find_deleted(data, g_variant_get_string(parameter, NULL), &place) != NULL)
        bring_back(data, place);
}

gboolean rh_window_can_undo_deletion(RhWindow *self)
{
    GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(self));
    return self->deleted->len > 0 &&
           (g_list_model_get_n_items(G_LIST_MODEL(self->runs)) == 0 ||
            (focus != NULL && gtk_widget_is_ancestor(focus, GTK_WIDGET(self->runs_list))));
}

void rh_window_undo_last_deletion(RhWindow *self)
{
    bring_back(self, self->deleted->len - 1);
}

/* ── Renaming ── */

typedef struct {
    char *folder, *title;
} NewTitle;

static void new_title_free(NewTitle *new)
{
    g_free(new->folder);
    g_free(new->title);
    g_free(new);
}

static void rename_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const NewTitle *new = task_data;
    GError *error = NULL;
    g_autoptr(RhRun) run = rh_run_open(new->folder, &error);
    if (run != NULL && rh_run_rename(run, new->title, &error))
        g_task_return_pointer(task, g_strdup(run->title), g_free);
    else
        g_task_return_error(task, error);
}

static void renamed(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(RhRunItem) item = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *title = g_task_propagate_pointer(G_TASK(result), &error);
    if (title == NULL)
        rh_window_toast(self, error->message);
    else
        rh_run_item_set_title(item, title);
    rh_window_show_idle_status(self);
}

/* Why a title cannot be given, a sentence; NULL: it can. */
static char *complain_of_title(RhWindow *self, RhRunItem *item, const char *title)
{
    if (g_utf8_strlen(title, -1) > TITLE_MAX)
        return g_strdup_printf(_("Write at most %u characters."), TITLE_MAX);
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) other = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (other != item && g_str_equal(rh_run_item_get_name(other), title))
            return g_strdup(_("Another run has this name."));
    }
    return NULL;
}

static void title_written(GtkEditable *entry, AdwMessageDialog *dialog)
{
    RhWindow *self = RH_WINDOW(gtk_window_get_transient_for(GTK_WINDOW(dialog)));
    RhRunItem *item = g_object_get_data(G_OBJECT(dialog), "run");
    g_autofree char *complaint = complain_of_title(self, item, gtk_editable_get_text(entry));
    adw_message_dialog_set_response_enabled(dialog, "rename", complaint == NULL);
    adw_message_dialog_set_body(dialog, complaint != NULL ? complaint : "");
    if (complaint != NULL)
        gtk_widget_add_css_class(GTK_WIDGET(entry), "error");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(entry), "error");
}

static void rename_answered(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    RhRunItem *item = g_object_get_data(G_OBJECT(dialog), "run");
    if (!g_str_equal(response, "rename"))
        return;
    NewTitle *new = g_new0(NewTitle, 1);
    new->folder = g_strdup(rh_run_item_get_run(item)->folder);
    new->title =
        g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(adw_message_dialog_get_extra_child(dialog)))));
    g_autoptr(GTask) task = g_task_new(self, NULL, renamed, g_object_ref(item));
    g_task_set_task_data(task, new, (GDestroyNotify)new_title_free);
    g_task_run_in_thread(task, rename_in_thread);
}

void rh_window_rename_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = named(self, parameter);
    if (item == NULL)
        return;
    AdwMessageDialog *dialog =
        ADW_MESSAGE_DIALOG(adw_message_dialog_new(GTK_WINDOW(self), _("Rename Run"), ""));
    GtkWidget *entry = gtk_entry_new();
    gtk_editable_set_text(GTK_EDITABLE(entry), rh_run_item_get_name(item));
    gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the run"),
                                   -1);
    adw_message_dialog_set_extra_child(dialog, entry);
    adw_message_dialog_add_responses(dialog, "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
    adw_message_dialog_set_response_appearance(dialog, "rename", ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response(dialog, "rename");
    g_object_set_data_full(G_OBJECT(dialog), "run", g_object_ref(item), g_object_unref);
    g_signal_connect_object(entry, "changed", G_CALLBACK(title_written), dialog, 0);
    g_signal_connect_object(dialog, "response", G_CALLBACK(rename_answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
    gtk_widget_grab_focus(entry);
}

/* ── Repeating with other settings ── */

void rh_window_duplicate_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = named(self, parameter);
    if (item == NULL)
        return;
    RhRunSetup *setup = rh_run_panel_get_setup(self->run_panel);
    rh_run_setup_take(setup, &rh_run_item_get_run(item)->settings);
    gtk_window_present(GTK_WINDOW(rh_settings_window_new(setup, GTK_WINDOW(self))));
}
