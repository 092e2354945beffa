/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

/* A folder that is opened again: what it has that its study has not is looked for in the background, and
 * offered. What is taken is written as another program would write it, and shows like anything such. */

typedef struct {
    char *folder, *source; /* of the study, and what it was made of */
    char *key;             /* of its pseudonyms; NULL: there are none */
    RhImportTake take;
    RhImportChanges changes; /* that were found */
} Look;

static void look_free(Look *look)
{
    g_free(look->folder);
    g_free(look->source);
    g_free(look->key);
    g_free(look);
}

static Look *look_copy(const Look *look, RhImportTake take)
{
    Look *copy = g_memdup2(look, sizeof *look);
    copy->folder = g_strdup(look->folder);
    copy->source = g_strdup(look->source);
    copy->key = g_strdup(look->key);
    copy->take = take;
    return copy;
}

static void look_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Look *look = task_data;
    GError *error = NULL;
    RhImportSettings settings = rh_import_settings_default();
    settings.pseudonyms = look->key != NULL;
    settings.key = look->key;
    g_autoptr(RhStudy) study = rh_study_open(look->folder, &error);
    if (study != NULL && rh_study_import_again(study, look->source, &settings, look->take, &look->changes,
                                               NULL, cancellable, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void look_at(RhWindow *self, Look *look, GAsyncReadyCallback done)
{
    g_autoptr(GTask) task = g_task_new(self, self->looking_again, done, NULL);
    g_task_set_task_data(task, look, (GDestroyNotify)look_free);
    g_task_run_in_thread(task, look_in_thread);
}

static void taken(GObject *object, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(object);
    g_autoptr(GError) error = NULL;
    const Look *look = g_task_get_task_data(G_TASK(result));
    if (!g_task_propagate_boolean(G_TASK(result), &error)) {
        if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            rh_window_report(self, _("What is new in the folder could not be taken"), error->message);
        return;
    }
    if ((look->take & RH_IMPORT_TAKE_IMAGES) != 0 && self->study != NULL &&
        self->study->split.kind != RH_SPLIT_GIVEN)
        rh_window_toast(self, _("The new images are not used until “rh split” divides all images anew"));
}

static RhImportTake take_of(const char *response)
{
    return g_str_equal(response, "images")   ? RH_IMPORT_TAKE_IMAGES
           : g_str_equal(response, "labels") ? RH_IMPORT_TAKE_LABELS
           : g_str_equal(response, "both")   ? RH_IMPORT_TAKE_IMAGES | RH_IMPORT_TAKE_LABELS
                                             : RH_IMPORT_TAKE_NOTHING;
}

static void answered(AdwMessageDialog *dialog, const char *response, RhWindow *self)
{
    const RhImportTake take = take_of(response);
    if (take != RH_IMPORT_TAKE_NOTHING)
        look_at(self, look_copy(g_object_get_data(G_OBJECT(dialog), "look"), take), taken);
}

static char *describe(const Look *look)
{
    const RhImportChanges *changes = &look->changes;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, _("New images: %u. Changed labels: %u."), changes->images, changes->labels);
    if (changes->kept_labels > 0) {
        g_string_append_c(text, '\n');
        g_string_append_printf(
            text, _("Labels that differ but may have been corrected in the study, and stay as they are: %u."),
            changes->kept_labels);
    }
    if (look->key != NULL && changes->images > 0)
        g_string_append_printf(text, "\n%s",
                               _("Images cannot be added to a study that has numbers for names; make a new "
                                 "study of the folder."));
    g_string_append_printf(text, "\n%s",
                           _("Values of the confounder, and masks of images that the study has already, "
                             "are not compared with the folder."));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void offer(RhWindow *self, const Look *look)
{
    const guint images = look->key == NULL ? look->changes.images : 0, labels = look->changes.labels;
    g_autofree char *body = describe(look);
    g_autofree char *add =
        g_strdup_printf(g_dngettext(NULL, "_Add %u New Image", "_Add %u New Images", images), images);
    g_autofree char *take = g_strdup_printf(
        g_dngettext(NULL, "_Take %u Changed Label", "_Take %u Changed Labels", labels), labels);
    GtkWidget *dialog =
        adw_message_dialog_new(GTK_WINDOW(self), _("The Folder Has Changed Since This Study Was Made"), body);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "keep", _("_Keep as It Is"));
    if (images > 0)
        adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "images", add);
    if (labels > 0)
        adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "labels", take);
    if (images > 0 && labels > 0)
        adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "both", _("Take _Both"));
    adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "keep");
    g_object_set_data_full(G_OBJECT(dialog), "look", look_copy(look, RH_IMPORT_TAKE_NOTHING),
                           (GDestroyNotify)look_free);
    g_signal_connect_object(dialog, "response", G_CALLBACK(answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

/* A folder that is not there any more, or cannot be read as it was then, has nothing to offer. */
static void looked(GObject *object, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(object);
    g_autoptr(GError) error = NULL;
    const Look *look = g_task_get_task_data(G_TASK(result));
    if (!g_task_propagate_boolean(G_TASK(result), &error)) {
        if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            g_debug("told: %s", error->message);
        return;
    }
    if (self->study != NULL && g_str_equal(self->study->folder, look->folder) &&
        look->changes.images + look->changes.labels > 0)
        offer(self, look);
}

void rh_window_stop_looking_again(RhWindow *self)
{
    if (self->looking_again != NULL)
        g_cancellable_cancel(self->looking_again);
    g_clear_object(&self->looking_again);
}

void rh_window_look_again(RhWindow *self, const char *source, const char *key)
{
    rh_window_stop_looking_again(self);
    self->looking_again = g_cancellable_new();
    Look *look = g_new0(Look, 1);
    look->folder = g_strdup(self->study->folder);
    look->source = g_strdup(source);
    look->key = g_strdup(key);
    look_at(self, look, looked);
}
