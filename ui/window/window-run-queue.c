/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "study/run-kernels.h"

/* The queue of runs: made on a worker when Train is pressed, one a seed, trained one after the other; paused,
 * stopped and gone on with one by one. A run is on disk before it waits, and who waits is kept with the study
 * (study/queue.h), so that nothing is lost by closing. */

/* ── The next one ── */

static void begin_waiting(RhWindow *self)
{
    g_autoptr(RhRunItem) item = rh_run_queue_take_next(self->run_queue);
    if (item == NULL) {
        rh_window_show_idle_status(self);
        return;
    }
    gboolean follow = self->followed || rh_runs_list_get_chosen(self->runs_list) == NULL;
    self->followed = FALSE;
    rh_window_begin_training(self, item);
    if (follow)
        rh_runs_list_choose(self->runs_list, item);
    rh_window_follow_run(self);
}

void rh_window_begin_next(RhWindow *self)
{
    if (self->training != NULL || self->when_quiet != NULL || self->closing || self->study == NULL ||
        !rh_run_queue_can_take(self->run_queue))
        return;
    rh_run_panel_show_status(self->run_panel, _("Saving masks"), -1);
    rh_window_when_quiet(self, begin_waiting);
}

/* ── New runs ── */

typedef struct {
    RhStudy *study;
    RhRunSettings settings;
    GArray *seeds;
} Wanted;

static void wanted_free(Wanted *wanted)
{
    rh_study_free(wanted->study);
    g_array_unref(wanted->seeds);
    g_free(wanted);
}

static void create_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Wanted *wanted = task_data;
    g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)rh_run_free);
    GError *error = NULL;
    for (guint i = 0; i < wanted->seeds->len && error == NULL; i++) {
        wanted->settings.seed = g_array_index(wanted->seeds, guint64, i);
        RhRun *run = rh_run_create(wanted->study, &wanted->settings, NULL, &error);
        if (run != NULL)
            g_ptr_array_add(runs, run);
    }
    for (guint i = 0; i < runs->len && error != NULL; i++)
        rh_run_delete(runs->pdata[i], NULL); /* all or none */
    if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, g_steal_pointer(&runs), (GDestroyNotify)g_ptr_array_unref);
}

static void created(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    const Wanted *wanted = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) runs = g_task_propagate_pointer(G_TASK(result), &error);
    if (runs == NULL) {
        rh_window_report(self, _("The run could not be made"), error->message);
        rh_window_show_idle_status(self);
        return;
    }
    if (self->closing || self->study == NULL || !g_str_equal(wanted->study->folder, self->study->folder))
        return; /* they are listed when that study is opened again */
    self->followed = self->training == NULL;
    for (guint i = 0; i < runs->len; i++)
        rh_run_queue_add(self->run_queue, rh_window_add_run(self, g_steal_pointer(&runs->pdata[i])));
    rh_window_begin_next(self);
}

static void train(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    Wanted *wanted = g_new0(Wanted, 1);
    wanted->study = rh_study_copy(self->study);
    wanted->settings = rh_run_panel_get_settings(self->run_panel, self->study);
    wanted->seeds = rh_run_setup_get_seeds(rh_run_panel_get_setup(self->run_panel));
    g_autoptr(GTask) task = g_task_new(self, NULL, created, NULL);
    g_task_set_task_data(task, wanted, (GDestroyNotify)wanted_free);
    g_task_run_in_thread(task, create_in_thread);
    rh_window_state_changed(self);
}

/* ── One run ── */

void rh_window_pause_run(RhWindow *self, RhRunItem *item)
{
    if (item == self->training_item)
        rh_training_task_pause(self->training);
    else
        rh_run_queue_hold(self->run_queue, item, TRUE);
}

static void kernels_answered(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    RhRunItem *item = g_object_get_data(G_OBJECT(dialog), "run");
    if (!g_str_equal(response, "go-on"))
        return;
    rh_run_item_allow_any_kernels(item);
    rh_window_resume_run(self, item);
}

/* TRUE if the run needs kernels that are lacking here; whoever is there is asked whether it may take others.
 */
static gboolean ask_for_kernels(RhWindow *self, RhRunItem *item)
{
    g_autoptr(GError) lacking = NULL;
    if (rh_run_kernels(rh_run_item_get_run(item), rh_run_item_get_any_kernels(item), &lacking) != NULL)
        return FALSE;
    GtkWidget *dialog =
        adw_message_dialog_new(GTK_WINDOW(self), _("Go On With Other Kernels?"), lacking->message);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "go-on", _("_Go On"),
                                     NULL);
    adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
    g_object_set_data_full(G_OBJECT(dialog), "run", g_object_ref(item), g_object_unref);
    g_signal_connect_object(dialog, "response", G_CALLBACK(kernels_answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
    return TRUE;
}

void rh_window_resume_run(RhWindow *self, RhRunItem *item)
{
    if (item == self->training_item) {
        rh_training_task_resume(self->training);
        return;
    }
    if (!rh_run_item_is_unfinished(item) && rh_run_item_get_activity(item) != RH_RUN_HELD)
        return;
    if (ask_for_kernels(self, item))
        return;
    rh_run_queue_add(self->run_queue, item);
    self->followed = self->followed || self->training == NULL;
    rh_window_begin_next(self);
}

void rh_window_stop_run(RhWindow *self, RhRunItem *item)
{
    if (item == self->training_item)
        rh_training_task_stop(self->training);
    else
        rh_run_queue_remove(self->run_queue, item);
}

static void act_on_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    static const struct {
        const char *action;
        void (*act)(RhWindow *window, RhRunItem *item);
    } acts[] = {
        {"pause-run", rh_window_pause_run},
        {"resume-run", rh_window_resume_run},
        {"stop-run", rh_window_stop_run},
    };
    RhWindow *self = data;
    RhRunItem *item = rh_window_find_run(self, g_variant_get_string(parameter, NULL));
    for (guint i = 0; item != NULL && i < G_N_ELEMENTS(acts); i++)
        if (g_str_equal(acts[i].action, g_action_get_name(G_ACTION(action))))
            acts[i].act(self, item);
}

static void show_trouble(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = rh_window_find_run(self, g_variant_get_string(parameter, NULL));
    if (item == NULL || rh_run_item_get_trouble(item) == NULL)
        return;
    if (!rh_run_item_is_unfinished(item) || !ask_for_kernels(self, item))
        rh_window_report(self, _("The training ended with an error"), rh_run_item_get_trouble(item));
}

/* ── The run that trains, or the chosen one ── */

static void pause_training(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_training_task_pause(RH_WINDOW(data)->training);
}

static void resume_training(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    gboolean paused =
        self->training != NULL && rh_training_task_get_state(self->training) == RH_TRAINING_PAUSED;
    RhRunItem *item = paused ? self->training_item : rh_runs_list_get_chosen(self->runs_list);
    if (item != NULL)
        rh_window_resume_run(self, item);
}

static void stop_training(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_training_task_stop(RH_WINDOW(data)->training);
}

/* Those that wait keep their order; the others that are unfinished come after them in that of the list. */
static void resume_all(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (self->training != NULL)
        rh_training_task_resume(self->training);
    rh_run_queue_hold_none(self->run_queue);
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (rh_run_item_is_unfinished(item))
            rh_run_queue_add(self->run_queue, item);
    }
    self->followed = self->followed || self->training == NULL;
    rh_window_begin_next(self);
}

const GActionEntry rh_window_training_actions[] = {
    {"train", train},
    {"pause", pause_training},
    {"resume", resume_training},
    {"stop", stop_training},
    {"pause-run", act_on_run, "s"},
    {"resume-run", act_on_run, "s"},
    {"stop-run", act_on_run, "s"},
    {"resume-all", resume_all},
    {"show-trouble", show_trouble, "s"},
};
const guint rh_window_n_training_actions = G_N_ELEMENTS(rh_window_training_actions);

/* ── From one time to the next ── */

char **rh_window_waiting_runs(RhWindow *self)
{
    const guint n = rh_run_queue_get_length(self->run_queue);
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    if (n > 0 && self->training != NULL && rh_training_task_get_state(self->training) != RH_TRAINING_STOPPING)
        g_strv_builder_add(ids, rh_run_item_get_id(self->training_item));
    for (guint i = 0; i < n; i++)
        g_strv_builder_add(ids, rh_run_item_get_id(rh_run_queue_get(self->run_queue, i)));
    return g_strv_builder_end(ids);
}

/* Held, so that none begins, not even after another that is trained meanwhile, before it is resumed. */
void rh_window_restore_waiting_runs(RhWindow *self, char *const *ids)
{
    for (; *ids != NULL; ids++) {
        RhRunItem *item = rh_window_find_run(self, *ids);
        if (item == NULL || !rh_run_item_is_unfinished(item))
            continue; /* it was deleted or trained elsewhere, or waits already */
        rh_run_queue_add(self->run_queue, item);
        rh_run_queue_hold(self->run_queue, item, TRUE);
    }
}

static void queue_changed(RhWindow *self)
{
    rh_window_update_training(self);
    rh_window_state_changed(self);
}

void rh_window_run_queue_init(RhWindow *self)
{
    self->run_queue = rh_run_queue_new();
    g_signal_connect_object(self->run_queue, "changed", G_CALLBACK(queue_changed), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->run_panel, "settings-changed", G_CALLBACK(rh_window_update_training), self,
                            G_CONNECT_SWAPPED);
}
