/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "start/films-window.h"

#include <glib/gi18n.h>

#include "model/films-form.h"
#include "runs/setting-row.h"
#include "start/films-preview.h"

#define PROGRESS_INTERVAL 100 /* ms */

struct _RhFilmsWindow {
    AdwWindow parent_instance;
    AdwPreferencesPage *page;
    RhFilmsPreview *preview;
    GtkWidget *form_area, *make;
    AdwActionRow *name_row, *place_row;
    GtkEntry *name;
    GtkLabel *status;
    GtkProgressBar *progress;
    RhFilmsForm *form;
    GCancellable *making; /* NULL: nothing is being made */
    guint progress_timeout;
    guint n_groups, groups_idle; /* how many groups of settings are shown; adds the next one */
};

G_DEFINE_FINAL_TYPE(RhFilmsWindow, rh_films_window, ADW_TYPE_WINDOW)

enum { MADE, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ── Making, on a thread ── */

typedef struct {
    char *folder;
    RhPhantomStudySettings settings;
    guint done, total; /* atomic */
} Work;

static void work_free(gpointer data)
{
    Work *work = data;
    g_free(work->folder);
    g_free(work);
}

static void count(guint done, guint total, gpointer data)
{
    Work *work = data;
    g_atomic_int_set(&work->total, total);
    g_atomic_int_set(&work->done, done);
}

static void make_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Work *work = data;
    GError *error = NULL;
    RhStudy *study = rh_study_new_phantom(work->folder, &work->settings, count, work, cancellable, &error);
    if (study == NULL) {
        g_task_return_error(task, error);
        return;
    }
    rh_study_free(study);
    g_task_return_boolean(task, TRUE);
}

/* ── Showing ── */

static void refresh(RhFilmsWindow *window)
{
    g_autofree char *complaint = rh_films_form_complain_of_name(window->form);
    const gboolean making = window->making != NULL;
    adw_action_row_set_subtitle(window->name_row, complaint != NULL ? complaint : "");
    rh_setting_row_mark(GTK_WIDGET(window->name_row), complaint);
    rh_setting_row_mark(GTK_WIDGET(window->name), complaint);
    adw_action_row_set_subtitle(window->place_row, rh_films_form_get_parent(window->form));
    gtk_widget_set_sensitive(window->form_area, !making);
    gtk_widget_set_sensitive(window->make, !making && rh_films_form_is_right(window->form));
    gtk_widget_set_visible(GTK_WIDGET(window->progress), making);
    rh_films_preview_show(window->preview, &rh_films_form_get_settings(window->form)->film);
}

static void say(RhFilmsWindow *window, const char *text, gboolean is_wrong)
{
    gtk_label_set_text(window->status, text);
    gtk_widget_set_visible(GTK_WIDGET(window->status), *text != '\0');
    if (is_wrong)
        gtk_widget_add_css_class(GTK_WIDGET(window->status), "error");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(window->status), "error");
}

static gboolean show_progress(gpointer task)
{
    RhFilmsWindow *window = RH_FILMS_WINDOW(g_task_get_source_object(task));
    Work *work = g_task_get_task_data(task);
    const guint done = (guint)g_atomic_int_get(&work->done), total = (guint)g_atomic_int_get(&work->total);
    g_autofree char *text = g_strdup_printf(_("Film %u of %u"), done, total);
    if (total > 0) {
        gtk_progress_bar_set_fraction(window->progress, (double)done / total);
        say(window, text, FALSE);
    }
    return G_SOURCE_CONTINUE;
}

static void made(GObject *source, GAsyncResult *result, gpointer data)
{
    RhFilmsWindow *window = RH_FILMS_WINDOW(source);
    const Work *work = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    const gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
    if (g_task_get_cancellable(G_TASK(result)) != window->making)
        return; /* it is closed */
    g_clear_handle_id(&window->progress_timeout, g_source_remove);
    g_clear_object(&window->making);
    if (ok) {
        g_signal_emit(window, signals[MADE], 0, work->folder);
        gtk_window_close(GTK_WINDOW(window));
        return;
    }
    say(window, g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "" : error->message, TRUE);
    refresh(window);
    gtk_widget_grab_focus(window->make);
}

/* ── What is pressed and written ── */

static void make_films(RhFilmsWindow *window)
{
    Work *work = g_new0(Work, 1);
    work->folder = rh_films_form_folder(window->form);
    work->settings = *rh_films_form_get_settings(window->form);
    window->making = g_cancellable_new();
    gtk_progress_bar_set_fraction(window->progress, 0);
    gtk_window_set_focus(GTK_WINDOW(window), NULL); /* before the fields go out of use */
    say(window, "", FALSE);
    refresh(window);
    g_autoptr(GTask) task = g_task_new(window, window->making, made, NULL);
    g_task_set_task_data(task, work, work_free);
    window->progress_timeout = g_timeout_add_full(G_PRIORITY_DEFAULT, PROGRESS_INTERVAL, show_progress,
                                                  g_object_ref(task), g_object_unref);
    g_task_run_in_thread(task, make_in_thread);
}

/* Stops the making, or closes if there is none. */
static void cancel(RhFilmsWindow *window)
{
    if (window->making != NULL)
        g_cancellable_cancel(window->making);
    else
        gtk_window_close(GTK_WINDOW(window));
}

static void name_written(RhFilmsWindow *window)
{
    rh_films_form_write_name(window->form, gtk_editable_get_text(GTK_EDITABLE(window->name)));
}

static void place_chosen(GtkNativeDialog *dialog, int response, RhFilmsWindow *window)
{
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && path != NULL)
        rh_films_form_set_parent(window->form, path);
    g_object_unref(dialog);
}

static void choose_place(RhFilmsWindow *window)
{
    GtkFileChooserNative *chooser =
        gtk_file_chooser_native_new(_("Where to Save the Films"), GTK_WINDOW(window),
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    g_signal_connect_object(chooser, "response", G_CALLBACK(place_chosen), window, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ── Making the window ── */

/* One at a time: all rows at once would hold up the main loop for longer than a frame. */
static gboolean add_next_group(gpointer data)
{
    RhFilmsWindow *window = data;
    guint n_settings;
    const RhSetting *table = rh_phantom_settings(&n_settings);
    const char *title = rh_phantom_group_title(window->n_groups),
               *help = rh_phantom_group_help(window->n_groups);
    AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
    adw_preferences_group_set_title(group, _(title));
    adw_preferences_group_set_description(group, help != NULL ? _(help) : NULL);
    for (guint i = 0; i < n_settings; i++)
        if (table[i].group == window->n_groups)
            adw_preferences_group_add(group, rh_setting_row_new(RH_FORM(window->form), &table[i]));
    adw_preferences_page_add(window->page, group);
    if (++window->n_groups < RH_N_PHANTOM_GROUPS)
        return G_SOURCE_CONTINUE;
    window->groups_idle = 0;
    return G_SOURCE_REMOVE;
}

GtkWidget *rh_films_window_new(GtkWindow *parent, const char *studies)
{
    RhFilmsWindow *window = g_object_new(RH_TYPE_FILMS_WINDOW, "transient-for", parent, NULL);
    window->form = rh_films_form_new(studies);
    add_next_group(window);
    window->groups_idle = g_idle_add(add_next_group, window);
    gtk_editable_set_text(GTK_EDITABLE(window->name), rh_films_form_get_name(window->form));
    g_signal_connect_object(window->name, "changed", G_CALLBACK(name_written), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(window->form, "changed", G_CALLBACK(refresh), window, G_CONNECT_SWAPPED);
    refresh(window);
    return GTK_WIDGET(window);
}

/* What is still made is not told of any more. */
static void stop_making(RhFilmsWindow *window)
{
    g_cancellable_cancel(window->making);
    g_clear_object(&window->making);
    g_clear_handle_id(&window->progress_timeout, g_source_remove);
}

static gboolean close_request(GtkWindow *window)
{
    stop_making(RH_FILMS_WINDOW(window));
    return GTK_WINDOW_CLASS(rh_films_window_parent_class)->close_request(window);
}

static void dispose(GObject *object)
{
    RhFilmsWindow *window = RH_FILMS_WINDOW(object);
    stop_making(window);
    g_clear_handle_id(&window->groups_idle, g_source_remove);
    g_clear_object(&window->form);
    G_OBJECT_CLASS(rh_films_window_parent_class)->dispose(object);
}

static void rh_films_window_class_init(RhFilmsWindowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WINDOW_CLASS(class)->close_request = close_request;
    signals[MADE] = g_signal_new("made", RH_TYPE_FILMS_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
    g_type_ensure(RH_TYPE_FILMS_PREVIEW);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/redherring/RedHerring/ui/films-window.ui");
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, page);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, preview);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, form_area);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, make);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, name_row);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, place_row);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, name);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, status);
    gtk_widget_class_bind_template_child(widget_class, RhFilmsWindow, progress);
    gtk_widget_class_bind_template_callback(widget_class, make_films);
    gtk_widget_class_bind_template_callback(widget_class, cancel);
    gtk_widget_class_bind_template_callback(widget_class, choose_place);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void rh_films_window_init(RhFilmsWindow *window)
{
    gtk_widget_init_template(GTK_WIDGET(window));
}
