/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/studies-folder.h"
#include "present/present.h"
#include "window/window-private.h"

#include <glib/gi18n.h>

/* Presenting the study that is open, or, if none is, the built-in chest films. What was shown last is kept,
 * with the step it had come to and what goes on in the background, until another study is presented. */

static void run_finished(RhPresentShow *show, const char *name, RhWindow *self)
{
    RhRunItem *item = self->study != NULL ? rh_window_find_run(self, name) : NULL;
    if (self->study == NULL || !g_str_equal(self->study->folder, rh_present_show_folder(show)))
        return;
    if (item != NULL)
        rh_window_reload_run(self, item);
    else
        rh_window_load_runs(self);
}

static void look_around(RhPresent *present, const char *folder, RhWindow *self)
{
    if (self->study == NULL || !g_str_equal(self->study->folder, folder))
        rh_window_open(self, folder);
}

static void left(RhPresent *present, RhWindow *self)
{
    gtk_window_present(GTK_WINDOW(self));
}

void rh_window_present_clear(RhWindow *self)
{
    if (self->present != NULL)
        rh_present_end(self->present);
    g_clear_object(&self->present);
}

static void present_folder(RhWindow *self, const char *folder)
{
    RhPresentShow *shown = self->present != NULL ? rh_present_get_show(self->present) : NULL;
    if (shown != NULL &&
        (!g_str_equal(rh_present_show_folder(shown), folder) || rh_present_show_trouble(shown) != NULL))
        rh_window_present_clear(self);
    if (self->present == NULL) {
        g_autoptr(RhPresentShow) show = rh_present_show_new(folder);
        self->present = rh_present_new(GTK_WINDOW(self), show);
        g_signal_connect_object(show, "run-finished", G_CALLBACK(run_finished), self, 0);
        g_signal_connect_object(self->present, "look-around", G_CALLBACK(look_around), self, 0);
        g_signal_connect_object(self->present, "left", G_CALLBACK(left), self, 0);
    }
    rh_present_begin(self->present);
}

static void present_films(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    g_autofree char *films = rh_studies_films(rh_phantom_study_settings_default().film.confounder->id);
    present_folder(data, films);
}

static void present(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    if (self->study != NULL)
        present_folder(self, self->study->folder);
    else
        present_films(action, parameter, data);
}

const GActionEntry rh_window_present_actions[] = {{"present", present}, {"present-films", present_films}};
const guint rh_window_n_present_actions = G_N_ELEMENTS(rh_window_present_actions);
