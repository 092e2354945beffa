/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>

#include "base/error.h"
#include "base/files.h"
#include "compare/history-frame.h"
#include "image/animation.h"
#include "window/window-private.h"

/* The epochs of the chosen run as pictures to take home: one animated PNG, or a PNG an epoch. */

#define PICTURE_MS      200
#define LAST_PICTURE_MS 1500
#define LOOK_MS         100 /* how often progress is shown */

/* What the thread needs, all copies. */
typedef struct {
    char *path; /* the file, or the folder */
    gboolean animation, modest;
    char *run, *class_names[2];
    guint label;
    double mask_opacity, heat_opacity;
    RhImage *image;
    RhMapSubject subject;
    GPtrArray *wishes, *scores, *names; /* RhMapWish; what is said of each; its file in a sequence */
    gint done;                          /* atomic */
} Export;

static void export_free(gpointer data)
{
    Export *export = data;
    g_free(export->path);
    g_free(export->run);
    g_free(export->class_names[0]);
    g_free(export->class_names[1]);
    g_clear_pointer(&export->image, rh_image_unref);
    rh_map_subject_clear(&export->subject);
    g_ptr_array_unref(export->wishes);
    g_ptr_array_unref(export->scores);
    g_ptr_array_unref(export->names);
    g_free(export);
}

/* ── On the thread ── */

/* Where a run has kept no weights there is nothing to see. */
static gboolean leave_out_epochs_without_weights(Export *export, GError **error)
{
    for (guint i = export->wishes->len; i-- > 0;) {
        if (rh_map_wish_has_weights(g_ptr_array_index(export->wishes, i)))
            continue;
        g_ptr_array_remove_index(export->wishes, i);
        g_ptr_array_remove_index(export->scores, i);
        g_ptr_array_remove_index(export->names, i);
    }
    if (export->wishes->len > 0)
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "%s",
                _("The run has kept no epoch's weights, so that there are no maps to save; train it anew."));
    return FALSE;
}

static guint32 *paint(Export *export, guint place, RhMapMaker *maker, RhHistoryFrame *frame,
                      GCancellable *cancellable, GError **error)
{
    g_autoptr(RhMadeMap) made = rh_map_maker_make(
        maker, &export->subject, g_ptr_array_index(export->wishes, place), cancellable, error);
    if (made == NULL)
        return NULL;
    g_autofree char *prediction =
        rh_saliency_result_describe(&made->result, export->class_names, export->label);
    g_autofree char *map = g_strdup_printf(_("Map: %s, scaled to the strongest pixel of each epoch"),
                                           _(export->subject.map->title));
    const char *const lines[] = {export->run, g_ptr_array_index(export->scores, place),           prediction,
                                 map,         _("For research and teaching, not for diagnosis."), NULL};
    return rh_history_frame_paint(frame, &made->result, lines);
}

static gboolean save(GBytes *content, const char *path, GError **error)
{
    gsize length;
    const char *bytes = g_bytes_get_data(content, &length);
    return rh_file_replace(path, bytes, length, error);
}

static gboolean save_in_sequence(const Export *export, guint place, const RhHistoryFrame *frame,
                                 const guint32 *pixels, GError **error)
{
    g_autofree char *path = g_build_filename(export->path, g_ptr_array_index(export->names, place), NULL);
    g_autoptr(GBytes) png =
        rh_png_encode(pixels, rh_history_frame_width(frame), rh_history_frame_height(frame));
    return save(png, path, error);
}

static gboolean save_all(Export *export, RhMapMaker *maker, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhHistoryFrame) frame =
        rh_history_frame_new(export->image, export->subject.mask, export->mask_opacity, export->heat_opacity);
    const guint count = export->wishes->len;
    g_autoptr(RhAnimation) animation =
        rh_animation_new(rh_history_frame_width(frame), rh_history_frame_height(frame), count);
    for (guint i = 0; i < count; i++) {
        g_autofree guint32 *pixels = paint(export, i, maker, frame, cancellable, error);
        if (pixels == NULL)
            return FALSE;
        if (export->animation)
            rh_animation_add(animation, pixels, i + 1 < count ? PICTURE_MS : LAST_PICTURE_MS);
        else if (!save_in_sequence(export, i, frame, pixels, error))
            return FALSE;
        g_atomic_int_inc(&export->done);
    }
    if (!export->animation)
        return TRUE;
    g_autoptr(GBytes) content = rh_animation_finish(animation);
    return save(content, export->path, error);
}

static void export_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Export *export = data;
    GError *error = NULL;
    RhPool *pool = export->modest ? NULL : rh_pool_new(0);
    RhMapMaker *maker = rh_map_maker_new(pool);
    gboolean saved =
        leave_out_epochs_without_weights(export, &error) && save_all(export, maker, cancellable, &error);
    rh_map_maker_free(maker);
    g_clear_pointer(&pool, rh_pool_free);
    if (saved)
        g_task_return_int(task, (gssize) export->wishes->len);
    else
        g_task_return_error(task, error);
}

/* ── Progress ── */

typedef struct {
    Export *export;      /* the task's */
    GtkWidget *dialog;   /* NULL: closed, which has cancelled the export */
    GtkProgressBar *bar; /* the dialog's */
    guint timer;
    guint total;
} Progress;

static gboolean show_progress(gpointer data)
{
    Progress *progress = data;
    if (progress->dialog != NULL)
        gtk_progress_bar_set_fraction(progress->bar,
                                      (double)g_atomic_int_get(&progress->export->done) / progress->total);
    return G_SOURCE_CONTINUE;
}

static Progress *progress_new(RhWindow *self, Export *export, GCancellable *cancellable)
{
    Progress *progress = g_new0(Progress, 1);
    progress->export = export;
    progress->total = export->wishes->len;
    progress->dialog = adw_message_dialog_new(GTK_WINDOW(self), _("Saving Epochs"), NULL);
    progress->bar = GTK_PROGRESS_BAR(gtk_progress_bar_new());
    gtk_accessible_update_property(GTK_ACCESSIBLE(progress->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Epochs saved"), -1);
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(progress->dialog), GTK_WIDGET(progress->bar));
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(progress->dialog), "cancel", _("_Cancel"));
    g_signal_connect_object(progress->dialog, "response", G_CALLBACK(g_cancellable_cancel), cancellable,
                            G_CONNECT_SWAPPED);
    gtk_window_present(GTK_WINDOW(progress->dialog));
    g_object_add_weak_pointer(G_OBJECT(progress->dialog), (gpointer *)&progress->dialog);
    progress->timer = g_timeout_add(LOOK_MS, show_progress, progress);
    return progress;
}

static void progress_free(Progress *progress)
{
    g_source_remove(progress->timer);
    if (progress->dialog != NULL) {
        g_object_remove_weak_pointer(G_OBJECT(progress->dialog), (gpointer *)&progress->dialog);
        gtk_window_destroy(GTK_WINDOW(progress->dialog));
    }
    g_free(progress);
}

static void exported(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    const Export *export = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    gssize count = g_task_propagate_int(G_TASK(result), &error);
    progress_free(data);
    if (error == NULL) {
        g_autofree char *place = g_path_get_basename(export->path);
        g_autofree char *text = g_strdup_printf(
            g_dngettext(NULL, "%d epoch saved in “%s”", "%d epochs saved in “%s”", (gulong)count), (int)count,
            place);
        rh_window_toast(self, text);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        rh_window_report(self, _("The epochs could not be saved"), error->message);
}

/* ── Actions ── */

static Export *export_new(RhWindow *self, const RhRun *run, gboolean animation, char *path)
{
    const RhCase *item = rh_study_find_case(self->study, self->image_id);
    Export *export = g_new0(Export, 1);
    export->path = path;
    export->animation = animation;
    export->modest = self->training != NULL;
    export->run = g_strdup(run->title);
    export->class_names[0] = g_strdup(self->study->class_names[0]);
    export->class_names[1] = g_strdup(self->study->class_names[1]);
    export->label = item->label;
    g_object_get(self->canvas, "mask-opacity", &export->mask_opacity, "heat-opacity", &export->heat_opacity,
                 NULL);
    export->image = rh_image_ref(self->image);
    rh_map_cache_copy_subject(self->maps, &export->subject);
    export->wishes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_map_wish_free);
    export->scores = g_ptr_array_new_with_free_func(g_free);
    export->names = g_ptr_array_new_with_free_func(g_free);
    for (guint epoch = 1; epoch <= run->metrics->len; epoch++) {
        g_ptr_array_add(export->wishes, rh_window_history_wish(self, run, epoch));
        g_ptr_array_add(export->scores, rh_window_history_scores(run, epoch));
        g_ptr_array_add(export->names, g_strdup_printf("%s-%s-%04u.png", run->name, self->image_id, epoch));
    }
    return export;
}

static void place_chosen(GtkNativeDialog *dialog, int response, RhWindow *self)
{
    RhRunItem *item = rh_runs_list_get_chosen(self->runs_list);
    gboolean animation =
        gtk_file_chooser_get_action(GTK_FILE_CHOOSER(dialog)) == GTK_FILE_CHOOSER_ACTION_SAVE;
    g_autoptr(GFile) file =
        response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
    char *path = file != NULL ? g_file_get_path(file) : NULL;
    gtk_native_dialog_destroy(dialog);
    g_object_unref(dialog);
    if (path == NULL || item == NULL || self->image == NULL) {
        g_free(path);
        return;
    }
    Export *export = export_new(self, rh_run_item_get_run(item), animation, path);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, cancellable, exported, progress_new(self, export, cancellable));
    g_task_set_task_data(task, export, export_free);
    g_task_run_in_thread(task, export_in_thread);
}

static void export_history(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    RhRunItem *item = rh_runs_list_get_chosen(self->runs_list);
    gboolean animation = g_str_equal(g_variant_get_string(parameter, NULL), "animation");
    if (item == NULL || self->image == NULL || rh_run_item_get_run(item)->metrics->len == 0)
        return;
    GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
        animation ? _("Save as Animated PNG") : _("Folder for the Pictures"), GTK_WINDOW(self),
        animation ? GTK_FILE_CHOOSER_ACTION_SAVE : GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
    if (animation) {
        g_autofree char *name = g_strdup_printf("%s-%s.png", rh_run_item_get_id(item), self->image_id);
        gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
    }
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    g_signal_connect_object(dialog, "response", G_CALLBACK(place_chosen), self, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

const GActionEntry rh_window_history_actions[] = {{"export-history", export_history, "s"}};
const guint rh_window_n_history_actions = G_N_ELEMENTS(rh_window_history_actions);
