/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "base/duration.h"
#include "common/text.h"

/* Training from the window: one run at a time, with the masks as they are saved; window-run-queue.c says
 * which.
 */

static double fraction_done(RhTrainingTask *training)
{
    const RhTrainingProgress *progress = rh_training_task_get_progress(training);
    if (rh_training_task_get_state(training) == RH_TRAINING_LOADING) {
        guint done, total;
        rh_training_task_get_loaded(training, &done, &total);
        return total > 0 ? (double)done / total : 0;
    }
    double within = progress->steps > 0 ? (double)progress->step / progress->steps : 0;
    return progress->epochs > 0 ? (progress->epoch + MIN(within, 1)) / progress->epochs : 0;
}

static gboolean can_go_on(RhRunItem *item)
{
    return rh_run_item_is_unfinished(item) || rh_run_item_get_activity(item) == RH_RUN_HELD;
}

static gboolean any_can_go_on(RhWindow *self)
{
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (can_go_on(item))
            return TRUE;
    }
    return FALSE;
}

const char *rh_window_training_obstacle(RhWindow *self)
{
    const RhStudy *study = self->study;
    gboolean labelled = FALSE, trained[2] = {FALSE, FALSE};
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = study->cases->pdata[i];
        labelled = labelled || item->label < 2;
        if (item->label < 2 && item->split == RH_SPLIT_TRAINING)
            trained[item->label] = TRUE;
    }
    if (!labelled)
        return _(
            "No image has a class, so there is nothing to learn. Open a folder with a table, or with one "
            "sub-folder for each of two classes.");
    return trained[0] && trained[1] ? NULL : _("There are no training images of one of the classes.");
}

/* The buttons beside Train are about the run that trains, or else about the one that is chosen. */
static void update_actions(RhWindow *self)
{
    RhTrainingState state =
        self->training != NULL ? rh_training_task_get_state(self->training) : RH_TRAINING_ENDED;
    RhRunItem *chosen = rh_runs_list_get_chosen(self->runs_list);
    rh_window_set_enabled(self, "train",
                          self->study != NULL && rh_window_training_obstacle(self) == NULL &&
                              rh_run_setup_is_right(rh_run_panel_get_setup(self->run_panel)));
    rh_window_set_enabled(self, "pause", state == RH_TRAINING_RUNNING);
    rh_window_set_enabled(self, "resume",
                          state == RH_TRAINING_PAUSED || (chosen != NULL && can_go_on(chosen)));
    rh_window_set_enabled(self, "resume-all", any_can_go_on(self));
    rh_window_set_enabled(self, "stop", self->training != NULL && state != RH_TRAINING_STOPPING);
}

static char *describe_training(RhWindow *self)
{
    g_autofree char *status = rh_training_task_describe(self->training);
    guint waiting = rh_run_queue_get_length(self->run_queue);
    if (waiting == 0)
        return g_steal_pointer(&status);
    return g_strdup_printf(g_dngettext(NULL, "%s · %u run waiting", "%s · %u runs waiting", waiting), status,
                           waiting);
}

void rh_window_update_advice(RhWindow *self)
{
    g_autofree char *advice =
        self->study != NULL
            ? rh_run_settings_advise(rh_run_setup_get_settings(rh_run_panel_get_setup(self->run_panel)),
                                     self->study)
            : NULL;
    rh_run_panel_show_advice(self->run_panel, advice);
}

void rh_window_update_training(RhWindow *self)
{
    rh_window_update_advice(self);
    rh_window_live_hold(self);
    update_actions(self);
    rh_window_update_estimate(self);
    if (self->training == NULL) {
        adw_window_title_set_subtitle(self->heading, "");
        return;
    }
    g_autofree char *status = describe_training(self);
    rh_run_panel_show_status(self->run_panel, status, fraction_done(self->training));
    adw_window_title_set_subtitle(self->heading, status);
}

/* What there is to say of a run while nothing trains. */
static char *describe_run(RhRunItem *item)
{
    const RhRun *run = rh_run_item_get_run(item);
    guint epochs = run->metrics->len;
    if (epochs == 0)
        return g_strdup_printf(_("%s is not begun: Resume begins it"), run->title);
    if (run->state != RH_RUN_FINISHED)
        return g_strdup_printf(_("%s is unfinished, epoch %u of %u: Resume goes on"), run->title, epochs,
                               run->settings.epochs);
    double seconds = epochs > 0 ? g_array_index(run->metrics, RhEpochMetrics, epochs - 1).seconds : 0;
    g_autofree char *took = rh_duration_text(seconds);
    return g_strdup_printf(_("%s is finished: %u epochs in %s"), run->title, epochs, took);
}

void rh_window_show_idle_status(RhWindow *self)
{
    RhRunItem *chosen = rh_runs_list_get_chosen(self->runs_list);
    if (self->training != NULL)
        return;
    const char *missing = self->study != NULL ? rh_window_training_obstacle(self) : NULL;
    g_autofree char *status =
        chosen != NULL ? describe_run(chosen) : g_strdup(missing != NULL ? missing : _("Ready"));
    rh_run_panel_show_status(self->run_panel, status, -1);
}

/* ── When nothing trains and all masks are saved ── */

static void give_up_quiet(RhWindow *self, const char *message)
{
    self->when_quiet = NULL;
    rh_window_drop_next_study(self);
    rh_window_show_idle_status(self);
    if (self->closing)
        rh_window_closing_failed(self, message);
    else
        rh_window_report(self, _("Masks could not be saved"), message);
}

void rh_window_look_if_quiet(RhWindow *self)
{
    if (self->when_quiet == NULL || self->training != NULL)
        return;
    if (self->keeper != NULL && rh_mask_keeper_has_unsaved(self->keeper)) {
        if (self->mask_failure != NULL)
            give_up_quiet(self, self->mask_failure);
        return; /* "saved" or "failed" comes within a second */
    }
    void (*call)(RhWindow *) = g_steal_pointer(&self->when_quiet);
    call(self);
}

void rh_window_when_quiet(RhWindow *self, void (*call)(RhWindow *))
{
    rh_window_queue_keep_time(self);
    self->when_quiet = call;
    rh_canvas_finish_stroke(self->canvas);
    if (self->training != NULL)
        rh_training_task_stop(self->training);
    rh_window_look_if_quiet(self);
}

/* ── What the training tells ── */

static void begun(RhTrainingTask *training, RhWindow *self)
{
    rh_run_item_take(self->training_item, rh_training_task_take_run(training), NULL);
    if (rh_runs_list_get_chosen(self->runs_list) == self->training_item)
        rh_window_follow_run(self);
}

static void epoch_finished(RhTrainingTask *training, const RhEpochMetrics *metrics, gboolean best,
                           RhWindow *self)
{
    rh_run_item_add_epoch(self->training_item, metrics, best);
    rh_window_history_epochs_changed(self);
}

static void state_changed(RhTrainingTask *training, RhWindow *self)
{
    gboolean paused = rh_training_task_get_state(training) == RH_TRAINING_PAUSED;
    rh_run_item_set_activity(self->training_item, paused ? RH_RUN_PAUSED : RH_RUN_TRAINING, 0);
    rh_window_update_training(self);
}

/* A run that the window has stopped, to leave the study, goes before those that wait behind it. */
static void keep_its_place(RhWindow *self, RhRunItem *item)
{
    if (self->when_quiet != NULL && rh_run_queue_get_length(self->run_queue) > 0)
        rh_run_queue_add_first(self->run_queue, item);
}

/* A failure is told at the run and does not stand in the way of the next one. */
static void show_failure(RhWindow *self, RhRunItem *item, const char *message)
{
    rh_run_item_set_trouble(item, message);
    g_autofree char *text = g_strdup_printf(_("%s could not be trained"), rh_run_item_get_name(item));
    AdwToast *toast = rh_text_toast(text);
    adw_toast_set_timeout(toast, 0);
    adw_toast_set_button_label(toast, _("_Details"));
    adw_toast_set_action_name(toast, "win.show-trouble");
    adw_toast_set_action_target(toast, "s", rh_run_item_get_id(item));
    rh_window_add_study_toast(self, toast);
}

static void training_ended(RhTrainingTask *training, gboolean completed, const GError *error, RhWindow *self)
{
    g_autoptr(RhRunItem) item = g_steal_pointer(&self->training_item);
    GPtrArray *notes = rh_training_task_get_notes(training);
    g_signal_handlers_disconnect_by_data(training, self);
    g_clear_object(&self->training);
    rh_run_item_set_activity(item, RH_RUN_IDLE, 0);
    if (error != NULL)
        show_failure(self, item, error->message);
    else if (notes->len > 0)
        rh_window_toast(self, notes->pdata[0]);
    if (error == NULL && !completed)
        keep_its_place(self, item);
    rh_window_reload_run(self, item);
    rh_window_update_training(self);
    self->followed = rh_runs_list_get_chosen(self->runs_list) == item;
    rh_window_look_if_quiet(self);
    rh_window_begin_next(self);
    rh_window_state_changed(self);
}

void rh_window_begin_training(RhWindow *self, RhRunItem *item)
{
    RhTrainingTask *training = rh_training_task_new_resumed(self->study, rh_run_item_get_run(item)->folder,
                                                            rh_run_item_get_any_kernels(item));
    self->training = training;
    self->training_item = g_object_ref(item);
    rh_run_item_set_trouble(item, NULL);
    rh_run_item_set_activity(item, RH_RUN_TRAINING, 0);
    g_signal_connect_object(training, "changed", G_CALLBACK(state_changed), self, 0);
    g_signal_connect_object(training, "run-created", G_CALLBACK(begun), self, 0);
    g_signal_connect_object(training, "epoch", G_CALLBACK(epoch_finished), self, 0);
    g_signal_connect_object(training, "ended", G_CALLBACK(training_ended), self, 0);
    rh_training_task_begin(training);
    rh_window_update_training(self);
}
