/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "base/files.h"
#include "study/data-identity.h"
#include "study/queue.h"
#include "study/run-settings.h"

/* The runs of the study: listed and scored on a worker, chosen, hidden; each by the rule that is chosen for
 * which of its epochs counts. Which of them wait to be trained is read with them. */

typedef struct {
    RhRun *run;
    RhShift *shift;
    char *complaint; /* why it has no results by the rule; NULL */
} Scored;

static void scored_free(gpointer data)
{
    Scored *scored = data;
    g_clear_pointer(&scored->run, rh_run_free);
    g_free(scored->shift);
    g_free(scored->complaint);
    g_free(scored);
}

static Scored *scored_new(RhRun *run, RhSelection selection)
{
    g_autoptr(GError) error = NULL;
    Scored *scored = g_new0(Scored, 1);
    scored->run = run;
    if (!rh_run_select(run, selection, &error))
        scored->complaint = g_strdup(error->message);
    else
        scored->complaint = g_strdup(run->fault);
    scored->shift = rh_run_shift(run);
    return scored;
}

RhRunItem *rh_window_find_run(RhWindow *self, const char *id)
{
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (g_strcmp0(rh_run_item_get_id(item), id) == 0)
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

/* That of runs with equal settings, or a new one. */
guint rh_window_group_of(RhWindow *self, const RhRun *run)
{
    guint next = 0;
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (rh_run_settings_alike(&rh_run_item_get_run(item)->settings, &run->settings))
            return rh_run_item_get_group(item);
        next = MAX(next, rh_run_item_get_group(item) + 1);
    }
    return next;
}

static RhRunItem *append(RhWindow *self, RhRun *run, RhShift *shift)
{
    guint style = 0;
    while (style_is_used(self, style))
        style++;
    g_autoptr(RhRunItem) item = rh_run_item_new(run, shift, style);
    rh_run_item_set_group(item, rh_window_group_of(self, run));
    g_list_store_append(self->runs, item);
    return item;
}

RhRunItem *rh_window_add_run(RhWindow *self, RhRun *run)
{
    return append(self, run, NULL);
}

/* ── Listing ── */

typedef struct {
    RhStudy *study;
    RhSelection selection;
} Listing;

static void listing_free(Listing *listing)
{
    rh_study_free(listing->study);
    g_free(listing);
}

typedef struct {
    GPtrArray *notes;      /* char *, on runs that could not be read */
    GPtrArray *runs;       /* Scored */
    char **waiting;        /* NULL: what the study says of it is broken, */
    GError *waiting_error; /* and how, */
    char *waiting_aside;   /* and where it is now; NULL: where it was */
} Listed;

static void listed_free(gpointer data)
{
    Listed *listed = data;
    g_ptr_array_unref(listed->notes);
    g_ptr_array_unref(listed->runs);
    g_strfreev(listed->waiting);
    g_clear_error(&listed->waiting_error);
    g_free(listed->waiting_aside);
    g_free(listed);
}

static void list_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Listing *listing = task_data;
    rh_runs_bring_back(listing->study);
    Listed *listed = g_new0(Listed, 1);
    listed->notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) runs = rh_run_list(listing->study, listed->notes);
    listed->runs = g_ptr_array_new_with_free_func(scored_free);
    for (guint i = 0; i < runs->len; i++) {
        RhRun *run = g_steal_pointer(&runs->pdata[i]);
        g_ptr_array_add(listed->runs, scored_new(run, listing->selection));
    }
    listed->waiting = rh_queue_read(listing->study->folder, &listed->waiting_error);
    if (listed->waiting == NULL) {
        g_autofree char *path = rh_queue_path(listing->study->folder);
        listed->waiting_aside =
            rh_file_put_aside(path, NULL); /* a study that cannot be written stays as it is */
    }
    g_task_return_pointer(task, listed, listed_free);
}

/* ── Whether runs are of the study's data ── */

static void compare_in_thread(GTask *task, gpointer source, gpointer study, GCancellable *cancellable)
{
    GError *error = NULL;
    char *hash = rh_study_images_hash(study, NULL, NULL, cancellable, &error);
    if (hash != NULL)
        g_task_return_pointer(task, hash, g_free);
    else
        g_task_return_error(task, error);
}

static void compared(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    const RhStudy *study = g_task_get_task_data(G_TASK(result));
    g_autofree char *hash = g_task_propagate_pointer(G_TASK(result), NULL);
    if (hash == NULL || self->study == NULL || !g_str_equal(study->folder, self->study->folder))
        return;
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        rh_run_item_set_other_data(item,
                                   rh_run_data_identity(rh_run_item_get_run(item), hash) == RH_DATA_OTHER);
    }
}

/* Reads the images where they have changed since they were last compared, and else none. */
static void compare_data(RhWindow *self)
{
    if (self->comparing != NULL)
        g_cancellable_cancel(self->comparing);
    g_clear_object(&self->comparing);
    self->comparing = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, self->comparing, compared, NULL);
    g_task_set_task_data(task, rh_study_copy(self->study), (GDestroyNotify)rh_study_free);
    g_task_run_in_thread(task, compare_in_thread);
}

static void append_listed(RhWindow *self, GPtrArray *runs)
{
    for (guint i = 0; i < runs->len; i++) {
        Scored *scored = runs->pdata[i];
        if (rh_window_find_run(self, scored->run->name) != NULL)
            continue;
        RhRunItem *item = append(self, g_steal_pointer(&scored->run), g_steal_pointer(&scored->shift));
        rh_run_item_set_complaint(item, scored->complaint);
    }
}

static void report_unread(RhWindow *self, GPtrArray *notes)
{
    if (notes->len == 0)
        return;
    g_ptr_array_add(notes, NULL);
    g_autofree char *message = g_strjoinv("\n", (char **)notes->pdata);
    rh_window_show_details(self, _("Some runs of the study could not be read"), message);
}

static void runs_listed(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    const Listing *listing = g_task_get_task_data(G_TASK(result));
    Listed *listed = g_task_propagate_pointer(G_TASK(result), NULL);
    if (self->study != NULL && g_str_equal(listing->study->folder, self->study->folder)) {
        append_listed(self, listed->runs);
        if (listed->runs->len > 0)
            compare_data(self);
        report_unread(self, listed->notes);
        if (listed->waiting_error != NULL)
            rh_window_report_broken(self, _("The queue of runs could not be read, so that none waits"),
                                    listed->waiting_error->message, listed->waiting_aside);
        rh_window_state_restore_runs(self, listed->waiting);
    }
    listed_free(listed);
}

void rh_window_load_runs(RhWindow *self)
{
    Listing *listing = g_new0(Listing, 1);
    listing->study = rh_study_copy(self->study);
    listing->selection = self->selection;
    g_autoptr(GTask) task = g_task_new(self, NULL, runs_listed, NULL);
    g_task_set_task_data(task, listing, (GDestroyNotify)listing_free);
    g_task_run_in_thread(task, list_in_thread);
}

/* ── One run as it has become ── */

typedef struct {
    char *folder;
    RhSelection selection;
} Reload;

static void reload_free(Reload *reload)
{
    g_free(reload->folder);
    g_free(reload);
}

static void reload_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Reload *reload = task_data;
    GError *error = NULL;
    RhRun *run = rh_run_open(reload->folder, &error);
    if (run != NULL)
        g_task_return_pointer(task, scored_new(run, reload->selection), scored_free);
    else
        g_task_return_error(task, error);
}

static void reloaded(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(RhRunItem) item = data;
    g_autoptr(GError) error = NULL;
    const Reload *reload = g_task_get_task_data(G_TASK(result));
    Scored *scored = g_task_propagate_pointer(G_TASK(result), &error);
    if (scored == NULL) {
        rh_window_toast(self, error->message);
        return;
    }
    if (rh_run_item_get_training(item) || reload->selection != self->selection) {
        scored_free(scored); /* older than what the item has or will have */
        return;
    }
    rh_run_item_take(item, g_steal_pointer(&scored->run), g_steal_pointer(&scored->shift));
    rh_run_item_set_complaint(item, scored->complaint);
    scored_free(scored);
    if (rh_runs_list_get_chosen(self->runs_list) == item)
        rh_window_follow_run(self);
    rh_window_update_training(self);
    rh_window_show_idle_status(self);
}

void rh_window_reload_run(RhWindow *self, RhRunItem *item)
{
    Reload *reload = g_new0(Reload, 1);
    reload->folder = g_strdup(rh_run_item_get_run(item)->folder);
    reload->selection = self->selection;
    g_autoptr(GTask) task = g_task_new(self, NULL, reloaded, g_object_ref(item));
    g_task_set_task_data(task, reload, (GDestroyNotify)reload_free);
    g_task_run_in_thread(task, reload_in_thread);
}

/* ── Which epoch of each run counts ── */

static const struct {
    RhSelection selection;
    const char *title;
} selections[] = {
    {RH_SELECT_AS_TRAINED, N_("As trained")},
    {RH_SELECT_SHIFTED, N_("Lowest loss, shifted")},
    {RH_SELECT_LIKE_TRAINING, N_("Lowest loss, like training")},
    {RH_SELECT_BALANCED, N_("Lowest loss, balanced")},
    {RH_SELECT_WORST_GROUP, N_("Lowest loss, worst group")},
    {RH_SELECT_LAST, N_("Last epoch")},
};

static void selection_chosen(RhWindow *self)
{
    self->selection = selections[gtk_drop_down_get_selected(self->select_by)].selection;
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (!rh_run_item_get_training(item))
            rh_window_reload_run(self, item);
    }
    rh_window_state_changed(self);
}

void rh_window_select_by(RhWindow *self, RhSelection selection)
{
    for (guint i = 0; i < G_N_ELEMENTS(selections); i++)
        if (selections[i].selection == selection)
            gtk_drop_down_set_selected(self->select_by, i);
}

static void fill_selections(RhWindow *self)
{
    g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(selections); i++)
        gtk_string_list_append(titles, _(selections[i].title));
    gtk_drop_down_set_model(self->select_by, G_LIST_MODEL(titles));
    g_signal_connect_object(self->select_by, "notify::selected", G_CALLBACK(selection_chosen), self,
                            G_CONNECT_SWAPPED);
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

static void select_by(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhSelection selection;
    if (rh_selection_parse(g_variant_get_string(parameter, NULL), &selection))
        rh_window_select_by(data, selection);
}

const GActionEntry rh_window_runs_actions[] = {
    {"select-by", select_by, "s"},
    {"choose-run", choose_run, "s"},
    {"delete-run", rh_window_delete_run, "s"},
    {"undo-delete-run", rh_window_undo_delete_run, "s"},
    {"rename-run", rh_window_rename_run, "s"},
    {"duplicate-run", rh_window_duplicate_run, "s"},
};
const guint rh_window_n_runs_actions = G_N_ELEMENTS(rh_window_runs_actions);

void rh_window_runs_init(RhWindow *self)
{
    fill_selections(self);
    rh_runs_list_set_runs(self->runs_list, G_LIST_MODEL(self->runs));
    rh_learning_panel_set_runs(self->learning, G_LIST_MODEL(self->runs));
    g_autoptr(GListModel) shown = rh_window_live_with_runs(self);
    rh_shift_panel_set_runs(self->shift, shown);
    g_signal_connect_object(self->runs_list, "chosen", G_CALLBACK(run_chosen), self, 0);
}
