/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "common/text.h"

/* Whether the study's division tears apart what belongs together: looked for in the background, since files
 * are read, and in sight over the canvas for as long as it does. */

static void check_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    GError *error = NULL;
    if (rh_study_check_split(task_data, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void checked(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(GError) error = NULL;
    g_task_propagate_boolean(G_TASK(result), &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_autofree char *text =
        error != NULL
            ? g_strdup_printf(_("%s Nothing is trained until then; “rh split” divides the images anew."),
                              error->message)
            : g_strdup("");
    gtk_widget_set_visible(GTK_WIDGET(self->torn), error != NULL);
    rh_text_show_value(self->torn, _("Split that cannot be used"), text);
}

void rh_window_check_split(RhWindow *self)
{
    if (self->checking_split != NULL)
        g_cancellable_cancel(self->checking_split);
    g_clear_object(&self->checking_split);
    if (self->study == NULL) {
        gtk_widget_set_visible(GTK_WIDGET(self->torn), FALSE);
        return;
    }
    self->checking_split = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, self->checking_split, checked, NULL);
    g_task_set_task_data(task, rh_study_copy(self->study), (GDestroyNotify)rh_study_free);
    g_task_run_in_thread(task, check_in_thread);
}
