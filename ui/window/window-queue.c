/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

/* A queue for the expert: what is said of the image in view, how long it was looked at, and which comes next.
 */

#define SAVE_EVERY 60 /* seconds on an image: what a crash may lose of them */

static RhCase *in_view(RhWindow *self)
{
    return self->image_id != NULL && self->study != NULL ? rh_study_find_case(self->study, self->image_id)
                                                         : NULL;
}

void rh_window_update_queue(RhWindow *self)
{
    const RhCase *item = in_view(self);
    GAction *nothing = g_action_map_lookup_action(G_ACTION_MAP(self), "nothing-to-mark");
    g_simple_action_set_state(G_SIMPLE_ACTION(nothing),
                              g_variant_new_boolean(item != NULL && item->nothing_to_mark));
    rh_window_set_enabled(self, "nothing-to-mark", item != NULL && self->editor != NULL && !item->has_mask);
    rh_window_set_enabled(self, "next-to-mark", self->study != NULL);
    rh_queue_panel_show(self->queue, item);
}

/* ── Time ── */

static void keep_time(RhWindow *self, RhCase *item)
{
    if (item == NULL || self->watch.seconds == item->seconds)
        return;
    item->seconds = self->kept_seconds = self->watch.seconds;
    rh_mask_keeper_readings_changed(self->keeper);
}

void rh_window_queue_enter(RhWindow *self)
{
    const RhCase *item = in_view(self);
    self->kept_seconds = item->seconds;
    rh_stopwatch_start(&self->watch, item->seconds, g_get_monotonic_time());
    rh_queue_panel_show_time(self->queue, self->watch.seconds);
    rh_window_update_queue(self);
}

/* Time somebody else spent on the image comes on top of what is counted here. */
void rh_window_queue_refreshed(RhWindow *self)
{
    const RhCase *item = in_view(self);
    if (item != NULL) {
        self->watch.seconds += item->seconds - self->kept_seconds;
        self->kept_seconds = item->seconds;
    }
    rh_window_update_queue(self);
}

void rh_window_queue_keep_time(RhWindow *self)
{
    rh_stopwatch_sign(&self->watch, g_get_monotonic_time());
    keep_time(self, in_view(self));
}

void rh_window_queue_leave(RhWindow *self)
{
    rh_window_queue_keep_time(self);
    rh_stopwatch_stop(&self->watch, g_get_monotonic_time());
}

/* Any event of the window is a sign of life. */
static gboolean sign_of_life(GtkEventControllerLegacy *controller, GdkEvent *event, RhWindow *self)
{
    double before = self->watch.seconds;
    RhCase *item = in_view(self);
    rh_stopwatch_sign(&self->watch, g_get_monotonic_time());
    if (item == NULL || (gint64)before == (gint64)self->watch.seconds)
        return GDK_EVENT_PROPAGATE;
    rh_queue_panel_show_time(self->queue, self->watch.seconds);
    if (self->watch.seconds - item->seconds > SAVE_EVERY)
        keep_time(self, item);
    return GDK_EVENT_PROPAGATE;
}

/* ── What is said ── */

/* Of the day, not of the running program: who said it last is told between computers by it. */
static gint64 now(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static void noted(RhQueuePanel *panel, const char *note, RhWindow *self)
{
    RhCase *item = in_view(self);
    if (item == NULL || g_str_equal(item->note, note))
        return;
    g_free(item->note);
    item->note = g_strdup(note);
    item->said = now();
    rh_mask_keeper_readings_changed(self->keeper);
    rh_image_list_case_changed(self->images, item->id);
}

/* What of the image's values is seen as black and as white while something is said of it: another window may
 * show what this one hides. */
static gboolean note_window(RhWindow *self, RhCase *item)
{
    const RhCanvasDisplay *display = rh_canvas_display(self->canvas);
    const double range = self->image->white - self->image->black;
    const double black = self->image->black + (display->inverted ? display->white : display->black) * range;
    const double white = self->image->black + (display->inverted ? display->black : display->white) * range;
    const gboolean is_new = item->black != black || item->white != white;
    item->black = black;
    item->white = white;
    return is_new;
}

static void mask_drawn(RhWindow *self)
{
    RhCase *item = in_view(self);
    if (item != NULL && self->image != NULL && note_window(self, item))
        rh_mask_keeper_readings_changed(self->keeper);
}

static void answer(GSimpleAction *action, GVariant *state, gpointer data)
{
    RhWindow *self = data;
    RhCase *item = in_view(self);
    if (item == NULL || item->has_mask || item->nothing_to_mark == g_variant_get_boolean(state))
        return;
    item->nothing_to_mark = g_variant_get_boolean(state);
    item->said = now();
    if (self->image != NULL)
        note_window(self, item);
    rh_mask_keeper_readings_changed(self->keeper);
    rh_image_list_case_changed(self->images, item->id);
    rh_window_update_queue(self);
}

static void next_to_mark(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (rh_image_list_select_next_to_mark(self->images))
        return;
    rh_window_toast(self, rh_image_list_count_to_mark(self->images) > 0
                              ? _("This is the last image to mark among those listed")
                              : _("No image is left to mark among those listed"));
}

static void edit_note(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    adw_flap_set_reveal_flap(RH_WINDOW(data)->flap, TRUE);
    rh_queue_panel_edit_note(RH_WINDOW(data)->queue);
}

static const GActionEntry actions[] = {
    {"nothing-to-mark", NULL, NULL, "false", answer},
    {"next-to-mark", next_to_mark},
    {"edit-note", edit_note},
};

void rh_window_queue_init(RhWindow *self)
{
    g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
    g_signal_connect_object(self->queue, "noted", G_CALLBACK(noted), self, 0);
    g_signal_connect_object(self->canvas, "mask-changed", G_CALLBACK(mask_drawn), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->queue, "left", G_CALLBACK(gtk_widget_grab_focus), self->canvas,
                            G_CONNECT_SWAPPED);
    GtkEventController *events = gtk_event_controller_legacy_new();
    gtk_event_controller_set_propagation_phase(events, GTK_PHASE_CAPTURE);
    g_signal_connect_object(events, "event", G_CALLBACK(sign_of_life), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self), events);
    rh_window_update_queue(self);
}
