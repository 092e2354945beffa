/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "window/window-private.h"

/* A slider over the epochs of the chosen run: heatmap, prediction and scores as they were after each. */

#define STEP_MS 200 /* between epochs while playing */
/* Epochs made in advance, forth and back. */
#define AHEAD  48u
#define BEHIND 16u

static const RhRun *chosen_run(RhWindow *self)
{
    RhRunItem *item = rh_runs_list_get_chosen(self->runs_list);
    return item != NULL ? rh_run_item_get_run(item) : NULL;
}

static gboolean is_training(RhWindow *self)
{
    return self->training != NULL && self->training_item != NULL &&
           rh_runs_list_get_chosen(self->runs_list) == self->training_item;
}

/* The epoch whose maps are in view without going back. */
static guint present_epoch(RhWindow *self, const RhRun *run)
{
    return is_training(self) || run->best_epoch == 0 ? run->metrics->len : run->best_epoch;
}

static char *key_of(const RhRun *run, guint epoch)
{
    return g_strdup_printf("%s %" G_GINT64_FORMAT " %u", run->name, run->created, epoch);
}

/* ── What is said of an epoch ── */

char *rh_window_history_scores(const RhRun *run, guint epoch)
{
    const RhEpochMetrics *row = &g_array_index(run->metrics, RhEpochMetrics, epoch - 1);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, _("Epoch %u of %u"), epoch, run->metrics->len);
    if (epoch == run->best_epoch)
        g_string_append(text, _(", the best"));
    if (!isnan(row->valid_auc))
        g_string_append_printf(text, _(": validation AUC %.2f"), row->valid_auc);
    if (isnan(row->test_auc_aligned))
        return g_string_free(text, FALSE);
    g_string_append_printf(text, _(", test AUC %.2f"), row->test_auc_aligned);
    if (!isnan(row->test_auc_conflicting))
        g_string_append_printf(text, _(" as in training, %.2f reversed"), row->test_auc_conflicting);
    return g_string_free(text, FALSE);
}

static void show_bar(RhWindow *self)
{
    const RhRun *run = chosen_run(self);
    if (run == NULL || run->metrics->len == 0) {
        rh_history_bar_show(self->history.bar, 0, 0, "");
        return;
    }
    guint epoch = self->history.epoch != 0 ? self->history.epoch : present_epoch(self, run);
    g_autofree char *scores = rh_window_history_scores(run, epoch);
    rh_history_bar_show(self->history.bar, run->metrics->len, epoch, scores);
}

/* ── Wishes ── */

/* The image's place among those of its split that have a label, as scores are stored. */
static void find_place(RhWindow *self, RhMapWish *wish)
{
    const RhCase *item = rh_study_find_case(self->study, self->image_id);
    wish->split = item->label < 2 ? item->split : RH_SPLIT_NONE;
    for (guint i = 0; i < self->study->cases->len; i++) {
        const RhCase *other = g_ptr_array_index(self->study->cases, i);
        if (other == item)
            wish->place = wish->images;
        wish->images += other->split == item->split && other->label < 2;
    }
}

RhMapWish *rh_window_history_wish(RhWindow *self, const RhRun *run, guint epoch)
{
    RhMapWish *wish = g_new0(RhMapWish, 1);
    wish->key = key_of(run, epoch);
    wish->network = run->settings.network;
    wish->network_width = run->settings.width;
    wish->path = rh_run_history_path(run, epoch);
    if (epoch == run->best_epoch &&
        run->selected_epoch == 0) /* best.safetensors is of the epoch as trained */
        wish->otherwise = rh_run_path(run, "best.safetensors");
    find_place(self, wish);
    return wish;
}

/* The epoch in view, then those around it, the nearest first. */
static void wish(RhWindow *self, const RhRun *run)
{
    if (rh_window_compare_is_on(self))
        return; /* the maps are others' */
    GPtrArray *wishes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_map_wish_free);
    guint epoch = self->history.epoch, last = run->metrics->len;
    g_ptr_array_add(wishes, rh_window_history_wish(self, run, epoch));
    for (guint step = 1; step <= AHEAD; step++) {
        if (epoch + step <= last)
            g_ptr_array_add(wishes, rh_window_history_wish(self, run, epoch + step));
        if (step <= BEHIND && step < epoch)
            g_ptr_array_add(wishes, rh_window_history_wish(self, run, epoch - step));
    }
    rh_map_cache_set_modest(self->maps, self->training != NULL);
    rh_map_cache_wish(self->maps, wishes);
}

/* ── Showing ── */

static void note_painted(GdkFrameClock *clock, RhWindow *self)
{
    g_signal_handlers_disconnect_by_func(clock, note_painted, self);
    if (self->history.stepped == 0)
        return;
    g_debug("history step painted after %.1f ms",
            (double)(g_get_monotonic_time() - self->history.stepped) / 1e3);
    self->history.stepped = 0;
}

static void measure_step(RhWindow *self)
{
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(self));
    if (clock == NULL || self->history.stepped == 0)
        return;
    g_signal_handlers_disconnect_by_func(clock, note_painted, self);
    g_signal_connect_object(clock, "after-paint", G_CALLBACK(note_painted), self, 0);
}

/* TRUE: what is in view is of the epoch. */
static gboolean show_epoch(RhWindow *self, const RhRun *run)
{
    g_autofree char *key = key_of(run, self->history.epoch);
    const RhSaliencyResult *result = rh_map_cache_get(self->maps, key);
    const char *failure = rh_map_cache_get_failure(self->maps, key);
    g_autofree char *note = NULL;
    if (result != NULL && result->values != NULL)
        note = g_strdup_printf(_("after epoch %u"), self->history.epoch);
    else if (result != NULL)
        note = g_strdup_printf(_("after epoch %u, no weights kept: no heatmap"), self->history.epoch);
    if (result != NULL)
        rh_window_show_map(self, result, note);
    else if (failure != NULL)
        rh_window_show_no_map(self, failure);
    if (result == NULL && failure == NULL)
        return FALSE;
    measure_step(self);
    return TRUE;
}

static void map_ready(RhMapCache *maps, const char *key, RhWindow *self)
{
    const RhRun *run = chosen_run(self);
    if (self->history.epoch == 0 || run == NULL || self->image == NULL)
        return;
    g_autofree char *wanted = key_of(run, self->history.epoch);
    if (g_str_equal(key, wanted))
        show_epoch(self, run);
}

gboolean rh_window_history_follow(RhWindow *self)
{
    const RhRun *run = chosen_run(self);
    show_bar(self);
    if (self->history.epoch == 0 || run == NULL)
        return FALSE;
    rh_live_saliency_show(self->live, NULL);
    if (self->image == NULL)
        return TRUE;
    if (!show_epoch(self, run)) {
        gtk_label_set_text(self->map_note, _("computing"));
        g_debug("history step waits for its map");
    }
    wish(self, run);
    return TRUE;
}

/* ── Moving ── */

static void go_to(RhWindow *self, guint epoch)
{
    const RhRun *run = chosen_run(self);
    if (run == NULL || run->metrics->len == 0)
        return;
    epoch = CLAMP(epoch, 1, run->metrics->len);
    self->history.stepped = g_get_monotonic_time();
    self->history.epoch = is_training(self) && epoch == run->metrics->len ? 0 : epoch;
    rh_window_live_leave(self);
    rh_window_follow_run(self);
}

static void stop_playing(RhWindow *self)
{
    g_clear_handle_id(&self->history.timer, g_source_remove);
    rh_history_bar_set_playing(self->history.bar, FALSE);
}

/* The next epoch, once the one in view is there. */
static gboolean play_on(gpointer data)
{
    RhWindow *self = data;
    const RhRun *run = chosen_run(self);
    if (run == NULL || self->history.epoch == 0 || self->history.epoch >= run->metrics->len) {
        self->history.timer = 0;
        rh_history_bar_set_playing(self->history.bar, FALSE);
        return G_SOURCE_REMOVE;
    }
    g_autofree char *key = key_of(run, self->history.epoch);
    if (rh_map_cache_get(self->maps, key) != NULL || rh_map_cache_get_failure(self->maps, key) != NULL)
        go_to(self, self->history.epoch + 1);
    return G_SOURCE_CONTINUE;
}

static void playing_changed(RhHistoryBar *bar, gboolean playing, RhWindow *self)
{
    const RhRun *run = chosen_run(self);
    g_clear_handle_id(&self->history.timer, g_source_remove);
    if (!playing || run == NULL)
        return;
    gboolean from_start = self->history.epoch == 0 || self->history.epoch == run->metrics->len;
    go_to(self, from_start ? 1 : self->history.epoch);
    self->history.timer = g_timeout_add(STEP_MS, play_on, self);
}

static void moved(RhHistoryBar *bar, guint epoch, RhWindow *self)
{
    stop_playing(self);
    go_to(self, epoch);
}

/* ── For the window ── */

void rh_window_history_leave(RhWindow *self)
{
    stop_playing(self);
    self->history.epoch = 0;
    show_bar(self);
}

void rh_window_history_epochs_changed(RhWindow *self)
{
    const RhRun *run = chosen_run(self);
    if (run != NULL && self->history.epoch > run->metrics->len)
        self->history.epoch = 0;
    show_bar(self);
}

void rh_window_history_init(RhWindow *self)
{
    g_signal_connect_object(self->maps, "ready", G_CALLBACK(map_ready), self, 0);
    g_signal_connect_object(self->history.bar, "moved", G_CALLBACK(moved), self, 0);
    g_signal_connect_object(self->history.bar, "playing", G_CALLBACK(playing_changed), self, 0);
}

void rh_window_history_clear(RhWindow *self)
{
    g_clear_handle_id(&self->history.timer, g_source_remove);
}
