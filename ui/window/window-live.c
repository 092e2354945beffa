/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

/* "Retrain while I draw": what the masks do to a network, shown as soon as they are drawn. The network is in
 * memory alone; in the charts it stands beside the runs, with the one before the last stroke. */

/* One colour, whole and dashed, that no run gets before the seventh. */
#define STYLE_NOW    22
#define STYLE_BEFORE 14

static void show_curves(RhWindow *self, RhRunItem *now, RhRunItem *before)
{
    RhRunItem *items[] = {now, before};
    for (guint i = 0; i < G_N_ELEMENTS(items); i++)
        if (items[i] != NULL)
            rh_run_item_set_apart(items[i]);
    guint old = g_list_model_get_n_items(G_LIST_MODEL(self->live_runs));
    guint count = now == NULL ? 0 : before == NULL ? 1 : 2;
    g_list_store_splice(self->live_runs, 0, old, (gpointer *)items, count);
}

/* How long the person waited, from the last stroke on. */
static void note_wait(const char *what, gint64 stroke)
{
    if (stroke != 0)
        g_debug("live %s %.2f s after the last stroke", what,
                (double)(g_get_monotonic_time() - stroke) / G_USEC_PER_SEC);
}

void rh_window_live_map_shown(RhWindow *self)
{
    note_wait("map", self->live_stroke_map);
    self->live_stroke_map = 0;
}

/* keep: as those of before the last stroke. */
static void drop_weights(RhWindow *self, gboolean keep)
{
    g_clear_pointer(&self->live_weights_before, rh_parameters_unref);
    if (keep)
        self->live_weights_before = g_steal_pointer(&self->live_weights);
    g_clear_pointer(&self->live_weights, rh_parameters_unref);
}

RhParameters *rh_window_live_weights(RhWindow *self, RhRunItem *item)
{
    guint place;
    if (!g_list_store_find(self->live_runs, item, &place))
        return NULL;
    return place == 0 ? self->live_weights : self->live_weights_before;
}

static RhShift *copy_shift(const RhShift *shift)
{
    return g_memdup2(shift, sizeof *shift); /* NULL: NULL */
}

static void show_result(RhLiveTraining *live, const RhLiveResult *result, RhWindow *self)
{
    g_autoptr(RhRunItem) old = g_list_model_get_item(G_LIST_MODEL(self->live_runs), 0);
    g_autoptr(RhRunItem) before = NULL;
    if (old != NULL && result->masks_only) {
        RhRun *run = rh_run_copy(rh_run_item_get_run(old), _("before your last stroke"));
        before = rh_run_item_new(run, copy_shift(rh_run_item_get_shift(old)), STYLE_BEFORE);
    }
    RhRun *run = rh_run_copy(result->run, result->run->name);
    g_autoptr(RhRunItem) now = rh_run_item_new(run, copy_shift(result->shift), STYLE_NOW);
    drop_weights(self, before != NULL);
    self->live_weights = rh_parameters_ref(result->weights);
    show_curves(self, now, before);
    self->live_in_view = TRUE;
    rh_window_history_leave(self);
    guint epochs = run->metrics->len;
    g_autofree char *status = g_strdup_printf(
        g_dngettext(NULL, "%s, %u epoch, trained in %.1f s", "%s, %u epochs, trained in %.1f s", epochs),
        _(run->settings.method->title), epochs, result->seconds);
    rh_live_bar_show_status(self->live_bar, status);
    rh_window_follow_run(self);
    note_wait("curve", self->live_stroke);
    self->live_stroke_map = self->live_stroke;
    self->live_stroke = 0;
}

static const char *why_untouched(RhWindow *self)
{
    RhRunItem *now = g_list_model_get_item(G_LIST_MODEL(self->live_runs), 0);
    const RhMethod *method = now != NULL ? rh_run_item_get_run(now)->settings.method : NULL;
    g_clear_object(&now); /* the store has it */
    if (method != NULL && !rh_method_uses_masks(method))
        return _("Nothing to retrain: the method does not use masks");
    return _("Nothing to retrain: no training image's mask is another at the network's size");
}

static void show_state(RhWindow *self)
{
    guint epoch, epochs;
    g_autofree char *progress = NULL;
    switch (rh_live_training_get_state(self->live_training)) {
    case RH_LIVE_OFF:
        rh_live_bar_show_status(self->live_bar, "");
        break;
    case RH_LIVE_LOADING:
        rh_live_bar_show_status(self->live_bar, _("Reading images"));
        break;
    case RH_LIVE_RETRAINING:
        rh_live_training_get_progress(self->live_training, &epoch, &epochs);
        progress = g_strdup_printf(_("Retraining: epoch %u of %u"), epoch, epochs);
        rh_live_bar_show_status(self->live_bar, progress);
        break;
    case RH_LIVE_HELD:
        rh_live_bar_show_status(self->live_bar, _("Waits until the training has ended"));
        break;
    case RH_LIVE_UNTOUCHED:
        rh_live_bar_show_status(self->live_bar, why_untouched(self));
        break;
    case RH_LIVE_DONE:
        break; /* said with the result */
    }
}

static void show_failure(RhLiveTraining *live, const char *message, RhWindow *self)
{
    rh_live_bar_show_status(self->live_bar, message);
}

static void put_away(RhWindow *self)
{
    rh_live_training_set_study(self->live_training, NULL);
    show_curves(self, NULL, NULL);
    drop_weights(self, FALSE);
    self->live_in_view = FALSE;
}

/* Brings the training into line with the switch, the study and the settings chosen. */
static void arrange(RhWindow *self)
{
    if (self->study == NULL)
        return;
    RhRunSettings settings = rh_run_panel_get_settings(self->run_panel, self->study);
    gboolean quick = g_str_equal(settings.network->id, "small");
    rh_live_bar_set_obstacle(self->live_bar,
                             quick ? NULL : _("Only with the network “Small”: larger ones take minutes"));
    gboolean wanted = quick && rh_live_bar_get_active(self->live_bar);
    gboolean on = rh_live_training_get_state(self->live_training) != RH_LIVE_OFF;
    if (wanted && !on)
        rh_live_training_set_study(self->live_training, self->study);
    if (wanted)
        rh_live_training_set_settings(self->live_training, &settings);
    else if (on) {
        put_away(self);
        rh_window_follow_run(self);
    }
}

static void note_stroke(RhWindow *self)
{
    self->live_stroke = g_get_monotonic_time();
}

static void mask_saved(RhMaskKeeper *keeper, const char *id, RhWindow *self)
{
    if (*id != '\0')
        rh_live_training_mask_saved(self->live_training, id);
}

gboolean rh_window_live_follow(RhWindow *self)
{
    RhRunItem *now = g_list_model_get_item(G_LIST_MODEL(self->live_runs), 0);
    gboolean shown = now != NULL && self->live_in_view && self->training == NULL;
    if (shown)
        rh_live_saliency_show_weights(self->live, rh_run_item_get_run(now), self->live_weights);
    g_clear_object(&now);
    return shown;
}

void rh_window_live_leave(RhWindow *self)
{
    self->live_in_view = FALSE;
}

void rh_window_live_hold(RhWindow *self)
{
    rh_live_training_hold(self->live_training, self->training != NULL);
}

void rh_window_live_study_changed(RhWindow *self)
{
    put_away(self);
    if (self->keeper != NULL)
        g_signal_connect_object(self->keeper, "saved", G_CALLBACK(mask_saved), self, 0);
    arrange(self);
}

void rh_window_live_init(RhWindow *self)
{
    self->live_training = rh_live_training_new(_("with your masks now"));
    self->live_runs = g_list_store_new(RH_TYPE_RUN_ITEM);
    g_signal_connect_object(self->live_training, "result", G_CALLBACK(show_result), self, 0);
    g_signal_connect_object(self->live_training, "changed", G_CALLBACK(show_state), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->live_training, "failed", G_CALLBACK(show_failure), self, 0);
    g_signal_connect_object(self->live_bar, "notify::active", G_CALLBACK(arrange), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->run_panel, "settings-changed", G_CALLBACK(arrange), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->canvas, "mask-changed", G_CALLBACK(note_stroke), self, G_CONNECT_SWAPPED);
}

GListModel *rh_window_live_with_runs(RhWindow *self)
{
    GListStore *both = g_list_store_new(G_TYPE_LIST_MODEL);
    g_list_store_append(both, self->runs);
    g_list_store_append(both, self->live_runs);
    return G_LIST_MODEL(gtk_flatten_list_model_new(G_LIST_MODEL(both)));
}

void rh_window_live_clear(RhWindow *self)
{
    if (self->live_training != NULL)
        g_signal_handlers_disconnect_by_data(self->live_training, self);
    g_clear_object(&self->live_training);
    g_clear_object(&self->live_runs);
    drop_weights(self, FALSE);
}
