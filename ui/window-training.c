/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window-private.h"

#include <glib/gi18n.h>

#include "text.h"

/* Training from the window: one at a time, with the masks as they are saved. */

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

void rh_window_update_training(RhWindow *self)
{
    RhTrainingTask *training = self->training;
    RhTrainingState state = training != NULL ? rh_training_task_get_state(training) : RH_TRAINING_ENDED;
    rh_window_live_hold(self);
    RhRunItem *chosen = rh_runs_list_get_chosen(self->runs_list);
    gboolean unfinished = chosen != NULL && rh_run_item_is_unfinished(chosen);
    rh_window_set_enabled(self, "train", self->study != NULL && training == NULL);
    rh_window_set_enabled(self, "pause", state == RH_TRAINING_RUNNING);
    rh_window_set_enabled(self, "resume", state == RH_TRAINING_PAUSED || (training == NULL && unfinished));
    rh_window_set_enabled(self, "stop", training != NULL && state != RH_TRAINING_STOPPING);
    rh_window_set_enabled(self, "resume-run", training == NULL);
    if (training == NULL) {
        adw_window_title_set_subtitle(self->heading, "");
        return;
    }
    g_autofree char *status = rh_training_task_describe(training);
    rh_run_panel_show_status(self->run_panel, status, fraction_done(training));
    adw_window_title_set_subtitle(self->heading, status);
}

/* What there is to say of a run while nothing trains. */
static char *describe_run(RhRunItem *item)
{
    const RhRun *run = rh_run_item_get_run(item);
    guint epochs = run->metrics->len;
    if (rh_run_item_is_unfinished(item))
        return g_strdup_printf(_("%s is unfinished, epoch %u of %u: Resume goes on"), run->name, epochs,
                               run->settings.epochs);
    double seconds = epochs > 0 ? g_array_index(run->metrics, RhEpochMetrics, epochs - 1).seconds : 0;
    g_autofree char *took = rh_text_duration(seconds);
    return g_strdup_printf(_("%s is finished: %u epochs in %s"), run->name, epochs, took);
}

void rh_window_show_idle_status(RhWindow *self)
{
    RhRunItem *chosen = rh_runs_list_get_chosen(self->runs_list);
    if (self->training != NULL)
        return;
    g_autofree char *status = chosen != NULL ? describe_run(chosen) : g_strdup(_("Ready"));
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

static void run_created(RhTrainingTask *training, RhWindow *self)
{
    RhRun *run = rh_training_task_take_run(training);
    RhRunItem *item = rh_window_find_run(self, run->name);
    if (item != NULL)
        rh_run_item_take(item, run, NULL);
    else
        item = rh_window_add_run(self, run);
    g_set_object(&self->training_item, item);
    rh_run_item_set_training(item, TRUE);
    rh_runs_list_choose(self->runs_list, item);
    rh_window_follow_run(self);
}

static void epoch_finished(RhTrainingTask *training, const RhEpochMetrics *metrics, gboolean best,
                           RhWindow *self)
{
    if (self->training_item != NULL)
        rh_run_item_add_epoch(self->training_item, metrics, best);
    rh_window_history_epochs_changed(self);
}

static void training_ended(RhTrainingTask *training, gboolean completed, const GError *error, RhWindow *self)
{
    RhRunItem *item = self->training_item;
    GPtrArray *notes = rh_training_task_get_notes(training);
    if (error != NULL)
        rh_window_report(self, _("The training ended with an error"), error->message);
    else if (notes->len > 0)
        rh_window_toast(self, notes->pdata[0]);
    if (item != NULL) {
        rh_run_item_set_training(item, FALSE);
        rh_window_reload_run(self, item);
    }
    g_clear_object(&self->training_item);
    g_signal_handlers_disconnect_by_data(training, self);
    g_clear_object(&self->training);
    rh_window_update_training(self);
    if (item == NULL)
        rh_window_show_idle_status(self); /* else when the run has been read again */
    rh_window_look_if_quiet(self);
}

/* Takes the training. */
static void begin(RhWindow *self, RhTrainingTask *training)
{
    self->training = training;
    g_signal_connect_object(training, "changed", G_CALLBACK(rh_window_update_training), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(training, "run-created", G_CALLBACK(run_created), self, 0);
    g_signal_connect_object(training, "epoch", G_CALLBACK(epoch_finished), self, 0);
    g_signal_connect_object(training, "ended", G_CALLBACK(training_ended), self, 0);
    rh_training_task_begin(training);
    rh_window_update_training(self);
}

/* ── Actions ── */

static void begin_new(RhWindow *self)
{
    RhRunSettings settings = rh_run_panel_get_settings(self->run_panel, self->study);
    begin(self, rh_training_task_new(self->study, &settings));
    rh_window_state_changed(self);
}

static void train(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    rh_run_panel_show_status(self->run_panel, _("Saving masks"), -1);
    rh_window_when_quiet(self, begin_new);
}

void rh_window_resume_run(RhWindow *self, RhRunItem *item)
{
    if (self->training == NULL && rh_run_item_is_unfinished(item))
        begin(self, rh_training_task_new_resumed(self->study, rh_run_item_get_run(item)->folder));
}

static void pause_training(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_training_task_pause(RH_WINDOW(data)->training);
}

static void resume_training(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *chosen = rh_runs_list_get_chosen(self->runs_list);
    if (self->training != NULL)
        rh_training_task_resume(self->training);
    else if (chosen != NULL)
        rh_window_resume_run(self, chosen);
}

static void resume_run(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = rh_window_find_run(self, g_variant_get_string(parameter, NULL));
    if (item != NULL)
        rh_window_resume_run(self, item);
}

static void stop_training(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_training_task_stop(RH_WINDOW(data)->training);
}

const GActionEntry rh_window_training_actions[] = {
    {"train", train},        {"pause", pause_training},       {"resume", resume_training},
    {"stop", stop_training}, {"resume-run", resume_run, "s"},
};
const guint rh_window_n_training_actions = G_N_ELEMENTS(rh_window_training_actions);
