/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window-private.h"

#include <glib/gi18n.h>

/* The runs of the study: listed and scored on a worker, chosen, hidden, deleted with a way back. */

typedef struct {
    RhRun *run;
    GArray *curve;
} Scored;

static void scored_free(gpointer data)
{
    Scored *scored = data;
    g_clear_pointer(&scored->run, rh_run_free);
    g_clear_pointer(&scored->curve, g_array_unref);
    g_free(scored);
}

static Scored *scored_new(RhRun *run)
{
    Scored *scored = g_new0(Scored, 1);
    scored->run = run;
    scored->curve = rh_run_item_compute_curve(run);
    return scored;
}

RhRunItem *rh_window_find_run(RhWindow *self, const char *name)
{
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (g_strcmp0(rh_run_item_get_name(item), name) == 0)
            return item; /* the store's */
    }
    return NULL;
}

static gboolean style_is_used(RhWindow *self, guint style)
{
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (rh_run_item_get_style(item) == style)
            return TRUE;
    }
    return FALSE;
}

static RhRunItem *append(RhWindow *self, RhRun *run, GArray *curve)
{
    guint style = 0;
    while (style_is_used(self, style))
        style++;
    g_autoptr(RhRunItem) item = rh_run_item_new(run, curve, style);
    g_list_store_append(self->runs, item);
    return item;
}

RhRunItem *rh_window_add_run(RhWindow *self, RhRun *run)
{
    return append(self, run, NULL);
}

/* ── Listing ── */

static void list_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const RhStudy *study = task_data;
    g_autoptr(GPtrArray) runs = rh_run_list(study, NULL);
    GPtrArray *list = g_ptr_array_new_with_free_func(scored_free);
    for (guint i = 0; i < runs->len; i++) {
        RhRun *run = g_steal_pointer(&runs->pdata[i]);
        g_ptr_array_add(list, scored_new(run));
    }
    g_ptr_array_set_free_func(runs, NULL); /* all are taken */
    g_task_return_pointer(task, list, (GDestroyNotify)g_ptr_array_unref);
}

static void listed(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    const RhStudy *study = g_task_get_task_data(G_TASK(result));
    g_autoptr(GPtrArray) list = g_task_propagate_pointer(G_TASK(result), NULL);
    if (list == NULL || self->study == NULL || !g_str_equal(study->folder, self->study->folder))
        return;
    for (guint i = 0; i < list->len; i++) {
        Scored *scored = list->pdata[i];
        if (rh_window_find_run(self, scored->run->name) == NULL)
            append(self, g_steal_pointer(&scored->run), g_steal_pointer(&scored->curve));
    }
    rh_window_state_restore_runs(self);
}

void rh_window_load_runs(RhWindow *self)
{
    g_autoptr(GTask) task = g_task_new(self, NULL, listed, NULL);
    g_task_set_task_data(task, rh_study_copy(self->study), (GDestroyNotify)rh_study_free);
    g_task_run_in_thread(task, list_in_thread);
}

/* ── One run as it has become ── */

static void reload_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    GError *error = NULL;
    RhRun *run = rh_run_open(task_data, &error);
    if (run != NULL)
        g_task_return_pointer(task, scored_new(run), scored_free);
    else
        g_task_return_error(task, error);
}

static void reloaded(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(RhRunItem) item = data;
    g_autoptr(GError) error = NULL;
    Scored *scored = g_task_propagate_pointer(G_TASK(result), &error);
    if (scored == NULL) {
        rh_window_toast(self, error->message);
        return;
    }
    rh_run_item_take(item, g_steal_pointer(&scored->run), g_steal_pointer(&scored->curve));
    scored_free(scored);
    if (rh_runs_list_get_chosen(self->runs_list) == item)
        rh_window_follow_run(self);
    rh_window_update_training(self);
    rh_window_show_idle_status(self);
}

void rh_window_reload_run(RhWindow *self, RhRunItem *item)
{
    g_autoptr(GTask) task = g_task_new(self, NULL, reloaded, g_object_ref(item));
    g_task_set_task_data(task, g_strdup(rh_run_item_get_run(item)->folder), g_free);
    g_task_run_in_thread(task, reload_in_thread);
}

/* ── Deleting ── */

static void delete_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    GError *error = NULL;
    g_autoptr(RhRun) run = rh_run_open(task_data, &error);
    if (run != NULL && rh_run_delete(run, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void deletion_done(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(GError) error = NULL;
    if (!g_task_propagate_boolean(G_TASK(result), &error) && !self->closing)
        rh_window_toast(self, error->message);
    g_application_release(g_application_get_default());
}

static void delete_for_good(RhWindow *self, const char *name)
{
    RhRunItem *item = g_hash_table_lookup(self->deleted, name);
    if (item == NULL)
        return;
    g_application_hold(g_application_get_default()); /* not to be cut short by closing the window */
    g_autoptr(GTask) task = g_task_new(self, NULL, deletion_done, NULL);
    g_task_set_task_data(task, g_strdup(rh_run_item_get_run(item)->folder), g_free);
    g_task_run_in_thread(task, delete_in_thread);
    g_hash_table_remove(self->deleted, name);
}

void rh_window_delete_hidden_runs(RhWindow *self)
{
    g_autoptr(GList) names = g_hash_table_get_keys(self->deleted);
    for (GList *each = names; each != NULL; each = each->next)
        delete_for_good(self, each->data);
}

static void toast_gone(AdwToast *toast, RhWindow *self)
{
    delete_for_good(self, g_object_get_data(G_OBJECT(toast), "run"));
}

static void delete_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const char *name = g_variant_get_string(parameter, NULL);
    RhRunItem *item = rh_window_find_run(self, name);
    guint place;
    if (item == NULL || item == self->training_item || !g_list_store_find(self->runs, item, &place))
        return;
    g_hash_table_insert(self->deleted, g_strdup(name), g_object_ref(item));
    g_list_store_remove(self->runs, place);
    g_autofree char *text = g_strdup_printf(_("%s deleted"), name);
    AdwToast *toast = adw_toast_new(text);
    adw_toast_set_button_label(toast, _("_Undo"));
    adw_toast_set_action_name(toast, "win.undo-delete-run");
    adw_toast_set_action_target(toast, "s", name);
    g_object_set_data_full(G_OBJECT(toast), "run", g_strdup(name), g_free);
    g_signal_connect_object(toast, "dismissed", G_CALLBACK(toast_gone), self, 0);
    adw_toast_overlay_add_toast(self->toasts, toast);
}

static void undo_delete_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const char *name = g_variant_get_string(parameter, NULL);
    RhRunItem *item = g_hash_table_lookup(self->deleted, name);
    if (item == NULL)
        return;
    g_list_store_append(self->runs, item);
    g_hash_table_remove(self->deleted, name);
}

/* ── Choosing ── */

static void run_chosen(RhRunsList *list, RhRunItem *item, RhWindow *self)
{
    rh_learning_panel_set_run(self->learning, item);
    rh_window_live_leave(self);
    rh_window_history_leave(self);
    rh_window_follow_run(self);
    rh_window_update_training(self);
    rh_window_show_idle_status(self);
    rh_window_state_changed(self);
}

static void choose_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = rh_window_find_run(self, g_variant_get_string(parameter, NULL));
    if (item != NULL)
        rh_runs_list_choose(self->runs_list, item);
}

const GActionEntry rh_window_runs_actions[] = {
    {"choose-run", choose_run, "s"},
    {"delete-run", delete_run, "s"},
    {"undo-delete-run", undo_delete_run, "s"},
};
const guint rh_window_n_runs_actions = G_N_ELEMENTS(rh_window_runs_actions);

void rh_window_runs_init(RhWindow *self)
{
    rh_runs_list_set_runs(self->runs_list, G_LIST_MODEL(self->runs));
    rh_learning_panel_set_runs(self->learning, G_LIST_MODEL(self->runs));
    g_autoptr(GListModel) shown = rh_window_live_with_runs(self);
    rh_shift_panel_set_runs(self->shift, shown);
    g_signal_connect_object(self->runs_list, "chosen", G_CALLBACK(run_chosen), self, 0);
}
