/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "common/text.h"

/* The image in view, its mask, and what the network makes of it. */

typedef struct {
    char *id, *path;
    RhImageReading reading;
    guint height, width; /* the network's */
    RhImage *image;
    float *values; /* height×width */
} Loading;

static void loading_free(Loading *loading)
{
    g_free(loading->id);
    g_free(loading->path);
    g_clear_pointer(&loading->image, rh_image_unref);
    g_free(loading->values);
    g_free(loading);
}

static void show_prediction(RhWindow *self, const char *text)
{
    rh_text_show_value(self->prediction, _("Prediction"), text);
}

/* ── The mask ── */

void rh_window_describe_image(RhWindow *self)
{
    if (self->image == NULL)
        return;
    const RhCase *item = rh_study_find_case(self->study, self->image_id);
    const char *class = item->label < 2 ? self->study->class_names[item->label] : _("no label");
    double share = 0;
    if (self->editor != NULL)
        share = 100.0 * (double)rh_mask_count(rh_mask_editor_mask(self->editor)) / self->image->width /
                self->image->height;
    g_autofree char *text = g_strdup_printf(_("Image %s, %s, mask %.1f %% of the image. %s"), self->image_id,
                                            class, share, gtk_label_get_text(self->prediction));
    rh_canvas_set_description(self->canvas, text);
}

static void set_mask(RhWindow *self, RhMaskEditor *editor)
{
    g_autoptr(RhMask) mask = rh_mask_editor_snapshot(editor);
    rh_live_saliency_set_mask(self->live, mask);
    rh_map_cache_set_mask(self->maps, mask);
}

/* A stroke can take minutes: what there is of it is kept. */
static void mask_touched(RhCanvas *canvas, RhWindow *self)
{
    if (self->editor != NULL)
        rh_mask_keeper_changed(self->keeper, self->image_id);
}

static void mask_changed(RhCanvas *canvas, RhWindow *self)
{
    if (self->editor == NULL)
        return;
    rh_mask_keeper_changed(self->keeper, self->image_id);
    set_mask(self, self->editor);
    rh_window_compare_mask_changed(self);
    rh_window_describe_image(self);
}

/* ── The map ── */

static void set_map(RhWindow *self, const RhMapKind *map)
{
    rh_live_saliency_set_map(self->live, map);
    rh_map_cache_set_map(self->maps, map);
}

static void map_chosen(RhWindow *self)
{
    set_map(self, rh_map_kinds()[gtk_drop_down_get_selected(self->map_choice)]);
    rh_window_history_follow(self);
    rh_window_compare_image_changed(self);
    rh_window_state_changed(self);
}

void rh_window_show_map(RhWindow *self, const RhSaliencyResult *result, const char *note)
{
    rh_canvas_set_heatmap(self->canvas, result->values, result->height, result->width, rh_colormaps()[0]);
    const RhCase *item = rh_study_find_case(self->study, self->image_id);
    g_autofree char *prediction = rh_saliency_result_describe(result, self->study->class_names, item->label);
    show_prediction(self, prediction);
    gtk_label_set_text(self->map_note, note);
    rh_window_describe_image(self);
}

void rh_window_show_no_map(RhWindow *self, const char *reason)
{
    rh_canvas_set_heatmap(self->canvas, NULL, 0, 0, NULL);
    show_prediction(self, reason);
    gtk_label_set_text(self->map_note, "");
}

static void map_finished(RhLiveSaliency *live, const RhSaliencyResult *result, RhWindow *self)
{
    if (self->image == NULL)
        return;
    g_autoptr(GString) note = g_string_new(NULL);
    if (result->live)
        g_string_append_printf(note, _("live, after epoch %u"), result->epoch);
    if (result->effort < 1)
        g_string_append_printf(note, _("%s%.0f %% of the full map"), note->len > 0 ? ", " : "",
                               MAX(100 * result->effort, 1));
    rh_window_show_map(self, result, note->str);
    if (result->effort >= 1)
        rh_window_live_map_shown(self);
    if (result->live)
        g_debug("map in %.1f ms, %.1f a second", 1e3 * result->seconds, result->renewals);
}

static void map_failed(RhLiveSaliency *live, const char *message, RhWindow *self)
{
    rh_window_show_no_map(self, message);
}

void rh_window_follow_run(RhWindow *self)
{
    rh_window_history_epochs_changed(self);
    if (rh_window_live_follow(self) || rh_window_history_follow(self))
        return;
    RhRunItem *item = rh_runs_list_get_chosen(self->runs_list);
    gboolean training = item != NULL && item == self->training_item && self->training != NULL;
    gboolean weights = item != NULL && rh_run_item_has_weights(item);
    if (training)
        rh_live_saliency_follow(self->live, self->training, rh_run_item_get_run(item));
    else
        rh_live_saliency_show(self->live, weights ? rh_run_item_get_run(item) : NULL);
    if (training || weights)
        return;
    rh_canvas_set_heatmap(self->canvas, NULL, 0, 0, NULL);
    gtk_label_set_text(self->map_note, "");
    show_prediction(self, item == NULL ? _("No prediction yet: train a run to see where it looks.")
                                       : _("No prediction yet: this run has not kept a model."));
}

/* ── Loading ── */

static void load_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Loading *loading = task_data;
    GError *error = NULL;
    loading->image = rh_image_load_as(loading->path, &loading->reading, &error);
    if (loading->image == NULL) {
        g_task_return_error(task, error);
        return;
    }
    loading->values = g_new(float, (gsize)loading->height * loading->width);
    rh_image_resize(loading->image, loading->width, loading->height, loading->values);
    g_task_return_boolean(task, TRUE);
}

static void set_values(RhWindow *self, const float *values, guint height, guint width)
{
    rh_live_saliency_set_image(self->live, values, height, width);
    rh_map_cache_set_image(self->maps, values, height, width);
}

static void empty_view(RhWindow *self)
{
    rh_window_queue_leave(self);
    rh_canvas_set_image(self->canvas, NULL, NULL);
    rh_canvas_set_description(self->canvas, "");
    set_values(self, NULL, 0, 0);
    g_clear_pointer(&self->image_id, g_free);
    g_clear_pointer(&self->image, rh_image_unref);
    self->editor = NULL;
    rh_window_update_queue(self);
    rh_window_compare_image_changed(self);
}

static void show_loaded(RhWindow *self, Loading *loading, RhMaskEditor *editor)
{
    rh_canvas_finish_stroke(self->canvas);
    empty_view(self);
    self->image_id = g_strdup(loading->id);
    self->image = rh_image_ref(loading->image);
    self->editor = editor;
    rh_tool_options_set_image(self->tool_options, self->image, self->editor);
    set_values(self, loading->values, loading->height, loading->width);
    if (editor != NULL)
        set_mask(self, editor);
    rh_window_history_follow(self);
    rh_window_compare_image_changed(self);
    rh_window_describe_image(self);
    rh_window_queue_enter(self);
}

/* ── A mask's file that cannot be read ── */

static void put_mask_aside(RhWindow *self, const char *id)
{
    const RhCase *item = rh_study_find_case(self->study, id);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = item != NULL ? rh_study_mask_path(self->study, item) : NULL;
    g_autofree char *aside = path != NULL ? rh_file_put_aside(path, &error) : NULL;
    if (aside == NULL) {
        if (error != NULL)
            rh_window_report(self, _("The mask cannot be shown or changed"), error->message);
        return;
    }
    g_autofree char *name = g_filename_display_basename(aside);
    g_autofree char *text = g_strdup_printf(_("The former mask is kept as masks/%s"), name);
    rh_window_toast(self, text);
    rh_window_show_image(self, id);
}

static void new_mask_answered(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    const char *id = g_object_get_data(G_OBJECT(dialog), "image");
    if (g_str_equal(response, "anew") && self->study != NULL && g_strcmp0(id, self->image_id) == 0 &&
        self->editor == NULL)
        put_mask_aside(self, id);
}

/* As after a crash that left a file of no bytes: the image can be drawn on again, and nothing is thrown away.
 */
static void offer_new_mask(RhWindow *self, const char *reason)
{
    g_autofree char *message = g_strdup_printf(
        "%s\n\n%s", reason,
        _("You can begin with an empty mask; the file is kept under another name beside it."));
    GtkWidget *dialog =
        adw_message_dialog_new(GTK_WINDOW(self), _("The mask cannot be shown or changed"), message);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"), "anew",
                                     _("_Begin Anew"), NULL);
    g_object_set_data_full(G_OBJECT(dialog), "image", g_strdup(self->image_id), g_free);
    g_signal_connect_object(dialog, "response", G_CALLBACK(new_mask_answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void mask_opened(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GTask) task = data; /* the image's */
    RhWindow *self = g_task_get_source_object(task);
    g_autoptr(GError) error = NULL;
    RhMaskEditor *editor = rh_mask_keeper_open_finish(RH_MASK_KEEPER(source), result, &error);
    if (g_cancellable_is_cancelled(g_task_get_cancellable(task)))
        return;
    show_loaded(self, g_task_get_task_data(task), editor);
    if (editor == NULL)
        offer_new_mask(self, error->message);
}

/* Nothing is in view but the reason, which is that of all images if their folder is missing. */
static void show_unreadable(RhWindow *self, const char *id, const char *reason)
{
    g_autoptr(GError) missing = NULL;
    const char *message = rh_study_check_images(self->study, &missing) ? reason : missing->message;
    g_autofree char *description = g_strdup_printf(_("Image %s cannot be shown. %s"), id, message);
    empty_view(self);
    show_prediction(self, message);
    rh_canvas_set_description(self->canvas, description);
    rh_window_toast(self, message);
}

static void loaded(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    GTask *task = G_TASK(result);
    const Loading *loading = g_task_get_task_data(task);
    g_autoptr(GError) error = NULL;
    gboolean ok = g_task_propagate_boolean(task, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (ok) {
        RhCase *item = rh_study_find_case(self->study, loading->id);
        rh_mask_keeper_open(self->keeper, item, loading->image->width, loading->image->height,
                            g_task_get_cancellable(task), mask_opened, g_object_ref(task));
    } else {
        show_unreadable(self, loading->id, error->message);
    }
}

void rh_window_show_image(RhWindow *self, const char *id)
{
    if (self->image_loading != NULL)
        g_cancellable_cancel(self->image_loading);
    g_clear_object(&self->image_loading);
    const RhCase *item = id != NULL && self->study != NULL ? rh_study_find_case(self->study, id) : NULL;
    if (item == NULL) {
        rh_canvas_finish_stroke(self->canvas);
        empty_view(self);
        return;
    }
    Loading *loading = g_new0(Loading, 1);
    loading->id = g_strdup(id);
    loading->path = rh_study_image_path(self->study, item);
    loading->reading = self->study->reading;
    loading->height = self->study->height;
    loading->width = self->study->width;
    self->image_loading = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, self->image_loading, loaded, NULL);
    g_task_set_task_data(task, loading, (GDestroyNotify)loading_free);
    g_task_run_in_thread(task, load_in_thread);
}

static void image_selected(RhWindow *self)
{
    rh_window_show_image(self, rh_image_list_get_selected(self->images));
    rh_window_state_changed(self);
}

void rh_window_image_init(RhWindow *self)
{
    self->maps = rh_map_cache_new();
    g_autoptr(GtkStringList) maps = gtk_string_list_new(NULL);
    for (guint i = 0; rh_map_kinds()[i] != NULL; i++)
        gtk_string_list_append(maps, _(rh_map_kinds()[i]->title));
    gtk_drop_down_set_model(self->map_choice, G_LIST_MODEL(maps));
    g_signal_connect_object(self->map_choice, "notify::selected", G_CALLBACK(map_chosen), self,
                            G_CONNECT_SWAPPED);
    set_map(self, rh_map_kinds()[0]);
    g_signal_connect_object(self->images, "notify::selected-id", G_CALLBACK(image_selected), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->canvas, "mask-touched", G_CALLBACK(mask_touched), self, 0);
    g_signal_connect_object(self->canvas, "mask-changed", G_CALLBACK(mask_changed), self, 0);
    g_signal_connect_object(self->live, "result", G_CALLBACK(map_finished), self, 0);
    g_signal_connect_object(self->live, "failed", G_CALLBACK(map_failed), self, 0);
}
