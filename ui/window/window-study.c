/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "common/text.h"
#include "model/studies-folder.h"
#include "start/films-window.h"
#include "start/import-questions.h"

/* Opening studies: a worker opens, imports or generates; only when that has succeeded is the study that is
 * open put away and the new one shown. */

typedef struct {
    char *path;                    /* of the study */
    char *source;                  /* folder to import if there is no study yet; NULL */
    char **answers;                /* option and value by turns; NULL: nothing was asked yet */
    char *key;                     /* of the pseudonyms it is imported under; NULL: there are none */
    RhSyntheticSettings synthetic; /* likewise, if variant is not NULL */
    RhPhantomStudySettings films;  /* likewise, if film.confounder is not NULL */
} Wish;

typedef struct {
    RhStudy *study;           /* NULL: questions are to be answered first */
    GPtrArray *questions;     /* RhImportQuestion; NULL: nothing is to be asked */
    RhImportSummary *summary; /* NULL unless something was imported */
    char *source, *key;       /* the folder it was imported from before, and its key; NULL */
} Opened;

static void wish_free(Wish *wish)
{
    g_free(wish->path);
    g_free(wish->source);
    g_free(wish->key);
    g_strfreev(wish->answers);
    g_free(wish);
}

static void opened_free(Opened *opened)
{
    g_clear_pointer(&opened->study, rh_study_free);
    g_clear_pointer(&opened->summary, rh_import_summary_free);
    g_clear_pointer(&opened->questions, g_ptr_array_unref);
    g_free(opened->source);
    g_free(opened->key);
    g_free(opened);
}

/* ── In the worker ── */

/* A study made of a folder bears the folder's name, unless names are to be left out. */
static RhStudy *import_folder(const Wish *wish, RhImportSummary **summary, GCancellable *cancellable,
                              GError **error)
{
    RhImportSettings settings = rh_import_settings_default();
    settings.pseudonyms = wish->key != NULL;
    settings.key = wish->key;
    for (char **answer = wish->answers; answer != NULL && *answer != NULL; answer += 2)
        rh_import_answer(&settings, answer[0], answer[1]);
    g_autoptr(RhStudy) study =
        rh_study_new_from_folder(wish->path, wish->source, &settings, summary, cancellable, error);
    if (study == NULL || settings.pseudonyms)
        return g_steal_pointer(&study);
    g_free(study->name);
    study->name = g_path_get_basename(wish->source);
    return rh_study_save(study, error) ? g_steal_pointer(&study) : NULL;
}

/* What is to be asked first; NULL: nothing. What is amiss with the folder the import tells. */
static GPtrArray *questions_of(const Wish *wish, GCancellable *cancellable)
{
    const RhImportSettings settings = rh_import_settings_default();
    g_autoptr(GPtrArray) questions =
        wish->answers == NULL ? rh_import_questions(wish->source, &settings, cancellable, NULL) : NULL;
    return questions != NULL && questions->len > 0 ? g_steal_pointer(&questions) : NULL;
}

static void open_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Wish *wish = task_data;
    Opened *opened = g_new0(Opened, 1);
    GError *error = NULL;
    if (rh_study_is_one(wish->path)) {
        opened->study = rh_study_open(wish->path, &error);
        opened->source = g_strdup(wish->source);
        opened->key = g_strdup(wish->key);
    } else if (wish->source == NULL && wish->synthetic.variant == NULL &&
               wish->films.film.confounder == NULL) {
        opened->study = rh_study_open(wish->path, &error); /* says what is missing */
    } else if (wish->source != NULL) {
        opened->questions = questions_of(wish, cancellable);
        if (opened->questions == NULL)
            opened->study = import_folder(wish, &opened->summary, cancellable, &error);
    } else if (wish->films.film.confounder != NULL) {
        opened->study = rh_study_new_phantom(wish->path, &wish->films, NULL, NULL, cancellable, &error);
    } else {
        opened->study = rh_study_new_synthetic(wish->path, &wish->synthetic, &error);
    }
    if (opened->study != NULL || opened->questions != NULL) {
        g_task_return_pointer(task, opened, (GDestroyNotify)opened_free);
    } else {
        opened_free(opened);
        g_task_return_error(task, error);
    }
}

/* ── Changing from one study to the next ── */

static char *describe_failure(RhWindow *self, const char *message)
{
    return self->keeper != NULL && rh_mask_keeper_has_unsaved(self->keeper)
               ? g_strdup_printf(_("Not saved yet: %s It is tried again every few seconds."), message)
               : g_strdup_printf(_("What another program has written cannot be shown: %s"), message);
}

/* Why something is not saved, or not read, in sight until it is; NULL: all is. */
static void note_failure(RhWindow *self, const char *message)
{
    g_autofree char *text = message != NULL ? describe_failure(self, message) : g_strdup("");
    g_free(self->mask_failure);
    self->mask_failure = g_strdup(message);
    gtk_widget_set_visible(GTK_WIDGET(self->unsaved), message != NULL);
    rh_text_show_value(self->unsaved, _("Not saved"), text);
}

static void mask_saved(RhMaskKeeper *keeper, const char *id, RhWindow *self)
{
    if (!rh_mask_keeper_has_unsaved(keeper)) /* else what failed may still be waiting */
        note_failure(self, NULL);
    if (*id != '\0')
        rh_image_list_case_changed(self->images, id);
    rh_window_update_queue(self);
    rh_window_update_advice(self);
    rh_window_look_if_quiet(self);
}

static void mask_failed(RhMaskKeeper *keeper, const char *id, const char *message, RhWindow *self)
{
    note_failure(self, message);
    rh_window_look_if_quiet(self);
}

static void mask_joined(RhMaskKeeper *keeper, const char *id, RhWindow *self)
{
    g_autofree char *text = g_strdup_printf(
        _("Another program has changed the mask of %s: both are kept, and undo takes its part back"), id);
    rh_window_toast(self, text);
}

/* Another program has written the study's tables. An image in view that it has removed goes, the next one of
 * the list comes; every other stays as it is. */
static void study_refreshed(RhMaskKeeper *keeper, RhWindow *self)
{
    if (self->image_id != NULL && rh_study_find_case(self->study, self->image_id) == NULL)
        rh_window_show_image(self, NULL);
    adw_window_title_set_title(self->heading, self->study->name);
    rh_image_list_study_changed(self->images);
    rh_window_check_split(self);
    rh_window_queue_refreshed(self);
    rh_window_describe_image(self);
    rh_window_update_training(self);
    rh_window_update_advice(self);
    rh_window_update_estimate(self);
}

static void study_shared(RhMaskKeeper *keeper, const char *lines, RhWindow *self)
{
    gtk_widget_set_visible(GTK_WIDGET(self->shared), *lines != '\0');
    rh_text_show_value(self->shared, _("Others at this study"), lines);
}

static void study_clashed(RhMaskKeeper *keeper, const char *sentence, RhWindow *self)
{
    rh_window_add_study_toast(self, rh_text_toast(sentence));
}

void rh_window_study_cleared(RhWindow *self)
{
    rh_window_dismiss_study_toasts(self);
    rh_window_show_image(self, NULL);
    rh_image_list_set_study(self->images, NULL);
    rh_live_saliency_show(self->live, NULL);
    rh_learning_panel_set_run(self->learning, NULL);
    rh_run_queue_clear(self->run_queue);
    g_list_store_remove_all(self->runs);
    if (self->keeper != NULL) {
        g_signal_handlers_disconnect_by_data(self->keeper, self);
        g_object_run_dispose(G_OBJECT(self->keeper)); /* saves; it may be telling of a save just now */
    }
    g_clear_object(&self->keeper);
    note_failure(self, NULL);
    gtk_widget_set_visible(GTK_WIDGET(self->shared), FALSE);
    g_clear_pointer(&self->study, rh_study_free);
    rh_window_stop_looking_again(self);
    rh_window_check_split(self);
    rh_window_live_study_changed(self);
}

static void show_study(RhWindow *self, RhStudy *study)
{
    self->study = study;
    self->keeper = rh_mask_keeper_new(study);
    g_signal_connect_object(self->keeper, "saved", G_CALLBACK(mask_saved), self, 0);
    g_signal_connect_object(self->keeper, "failed", G_CALLBACK(mask_failed), self, 0);
    g_signal_connect_object(self->keeper, "joined", G_CALLBACK(mask_joined), self, 0);
    g_signal_connect_object(self->keeper, "refreshed", G_CALLBACK(study_refreshed), self, 0);
    g_signal_connect_object(self->keeper, "shared", G_CALLBACK(study_shared), self, 0);
    g_signal_connect_object(self->keeper, "clashed", G_CALLBACK(study_clashed), self, 0);
    g_signal_connect_object(self->keeper, "operated", G_CALLBACK(rh_window_operated), self, 0);
    adw_window_title_set_title(self->heading, study->name);
    rh_image_list_set_study(self->images, study);
    rh_window_check_split(self);
    rh_window_state_restore_study(self);
    rh_window_live_study_changed(self);
    rh_window_load_runs(self);
    rh_window_update_training(self);
    rh_window_show_idle_status(self);
    gtk_widget_grab_focus(GTK_WIDGET(self->canvas)); /* keys draw at once */
}

void rh_window_drop_next_study(RhWindow *self)
{
    g_clear_pointer(&self->next_study, rh_study_free);
    g_clear_pointer(&self->next_summary, rh_import_summary_free);
    g_clear_pointer(&self->next_source, g_free);
    g_clear_pointer(&self->next_key, g_free);
}

static void change_study(RhWindow *self)
{
    if (self->study != NULL) {
        rh_window_state_save(self);
        rh_window_delete_hidden_runs(self);
        rh_window_study_cleared(self);
    }
    show_study(self, g_steal_pointer(&self->next_study));
    if (self->next_summary != NULL)
        rh_window_tell_import(self, self->next_summary);
    else if (self->study->notes->len > 0)
        rh_window_tell_notes(self);
    if (self->next_source != NULL)
        rh_window_look_again(self, self->next_source, self->next_key);
    g_clear_pointer(&self->next_source, g_free);
    g_clear_pointer(&self->next_key, g_free);
    g_clear_pointer(&self->next_summary, rh_import_summary_free);
}

static void begin_opening(RhWindow *self, Wish *wish, const char *waiting);

/* Of a folder to import. */
static Wish *copy_wish(const Wish *wish)
{
    Wish *copy = g_new0(Wish, 1);
    copy->path = g_strdup(wish->path);
    copy->source = g_strdup(wish->source);
    copy->key = g_strdup(wish->key);
    return copy;
}

static void questions_answered(GtkWidget *dialog, const char *response, RhWindow *self)
{
    const Wish *wish = g_object_get_data(G_OBJECT(dialog), "wish");
    if (!g_str_equal(response, "import")) {
        if (self->study == NULL)
            rh_window_start(self);
        return;
    }
    Wish *answered = copy_wish(wish);
    answered->answers = rh_import_questions_answers(dialog);
    begin_opening(self, answered, _("Reading the folder…"));
}

/* Takes the questions. */
static void ask_questions(RhWindow *self, const Wish *wish, GPtrArray *questions)
{
    GtkWidget *dialog = rh_import_questions_dialog(GTK_WINDOW(self), questions);
    rh_window_update_training(self); /* nothing is read until there is an answer */
    g_object_set_data_full(G_OBJECT(dialog), "wish", copy_wish(wish), (GDestroyNotify)wish_free);
    g_signal_connect_object(dialog, "response", G_CALLBACK(questions_answered), self, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void opening_done(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(GError) error = NULL;
    Opened *opened = g_task_propagate_pointer(G_TASK(result), &error);
    if (g_task_get_cancellable(G_TASK(result)) == self->opening)
        g_clear_object(&self->opening);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (opened != NULL && opened->questions != NULL) {
        ask_questions(self, g_task_get_task_data(G_TASK(result)), g_steal_pointer(&opened->questions));
        opened_free(opened);
    } else if (opened != NULL) {
        rh_window_drop_next_study(self);
        self->next_study = g_steal_pointer(&opened->study);
        self->next_summary = g_steal_pointer(&opened->summary);
        self->next_source = g_steal_pointer(&opened->source);
        self->next_key = g_steal_pointer(&opened->key);
        opened_free(opened);
        rh_window_when_quiet(self, change_study);
    } else if (self->study != NULL) {
        rh_window_update_training(self);
        rh_window_report(self, _("The folder could not be opened"), error->message);
    } else {
        rh_window_update_training(self);
        g_autofree char *markup = g_markup_escape_text(error->message, -1);
        adw_status_page_set_description(self->trouble, markup);
        gtk_stack_set_visible_child_name(self->pages, "trouble");
    }
}

/* Takes the wish. */
static void begin_opening(RhWindow *self, Wish *wish, const char *waiting)
{
    if (self->opening != NULL)
        g_cancellable_cancel(self->opening);
    g_clear_object(&self->opening);
    self->opening = g_cancellable_new();
    gtk_stack_set_visible_child_name(self->pages, "work");
    if (self->training == NULL)
        adw_window_title_set_subtitle(self->heading, waiting);
    g_autoptr(GTask) task = g_task_new(self, self->opening, opening_done, NULL);
    g_task_set_task_data(task, wish, (GDestroyNotify)wish_free);
    g_task_run_in_thread(task, open_in_thread);
}

/* ── Which study ── */

void rh_window_open(RhWindow *self, const char *path)
{
    Wish *wish = g_new0(Wish, 1);
    g_autofree char *folder = g_canonicalize_filename(path, NULL);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_autofree char *message =
            g_strdup_printf(_("%s is no folder: choose the folder that holds the images."), folder);
        wish_free(wish);
        rh_window_report(self, _("The folder could not be opened"), message);
        if (self->study == NULL)
            rh_window_start(self);
        return;
    }
    if (rh_study_is_one(folder)) {
        wish->path = g_steal_pointer(&folder);
        begin_opening(self, wish, _("Opening the study…"));
    } else {
        wish->source = g_steal_pointer(&folder);
        if (self->settings != NULL && g_settings_get_boolean(self->settings, "pseudonyms"))
            rh_studies_numbered(wish->source, &wish->path, &wish->key);
        else
            wish->path = rh_studies_of_folder(wish->source);
        begin_opening(self, wish, _("Reading the folder…"));
    }
}

static void open_synthetic(RhWindow *self, const char *name, const RhSyntheticSettings *settings)
{
    g_autofree char *studies = rh_studies_folder();
    Wish *wish = g_new0(Wish, 1);
    wish->path = g_build_filename(studies, name, NULL);
    wish->synthetic = *settings;
    begin_opening(self, wish, _("Preparing the synthetic study…"));
}

void rh_window_start(RhWindow *self)
{
    g_autofree char *latest = rh_window_latest_study(self);
    if (latest != NULL && rh_study_is_one(latest)) {
        rh_window_open(self, latest);
        return;
    }
    if (latest == NULL && rh_window_welcome(self))
        return;
    if (latest != NULL) {
        g_autofree char *text = g_strdup_printf(_("%s is not there; this is the built-in study"), latest);
        rh_window_toast(self, text);
    }
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    open_synthetic(self, "synthetic", &settings);
}

/* ── Actions ── */

static void folder_chosen(GtkNativeDialog *dialog, int response, RhWindow *self)
{
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
        g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
        if (path != NULL)
            rh_window_open(self, path);
    }
    g_object_unref(dialog);
}

static void choose_folder(RhWindow *self, const char *title, const char *start)
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        title, GTK_WINDOW(self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Open"), NULL);
    if (start != NULL) {
        g_autoptr(GFile) folder = g_file_new_for_path(start);
        gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(chooser), folder, NULL);
    }
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    g_signal_connect_object(chooser, "response", G_CALLBACK(folder_chosen), self, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* Begins beside the images that are open, or at home. */
static void open_folder(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhWindow *self = data;
    const gboolean own = self->study != NULL && !g_str_equal(self->study->image_folder, self->study->folder);
    g_autofree char *beside = own ? g_path_get_dirname(self->study->image_folder) : NULL;
    choose_folder(self, _("Open a Folder of Images or a Study"), own ? beside : g_get_home_dir());
}

/* Begins where studies are made unless told otherwise. */
static void open_study(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    g_autofree char *studies = rh_studies_folder();
    choose_folder(data, _("Open a Study"), g_file_test(studies, G_FILE_TEST_IS_DIR) ? studies : NULL);
}

static void open_path(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    rh_window_open(data, g_variant_get_string(parameter, NULL));
}

static void built_in(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    open_synthetic(data, "synthetic", &settings);
}

/* A set of the authors' kind from a seed of its own. Seeds are three apart because each study draws from
 * three. */
static void new_synthetic(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    g_autoptr(GError) error = NULL;
    settings.variant = rh_synthetic_variant_find(g_variant_get_string(parameter, NULL), &error);
    if (settings.variant == NULL) {
        rh_window_report(data, _("No new study was made"), error->message);
        return;
    }
    g_autofree char *studies = rh_studies_folder();
    for (guint number = 2;; number++) {
        g_autofree char *name = g_strdup_printf("synthetic-%s-%u", settings.variant->id, number);
        g_autofree char *path = g_build_filename(studies, name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        settings.seed = 1 + 3 * (number - 1);
        open_synthetic(data, name, &settings);
        return;
    }
}

/* The chest films whose confounder is named: made the first time. */
static void open_films(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    RhPhantomStudySettings settings = rh_phantom_study_settings_default();
    g_autoptr(GError) error = NULL;
    settings.film.confounder = rh_phantom_confounder_find(g_variant_get_string(parameter, NULL), &error);
    if (settings.film.confounder == NULL) {
        rh_window_report(data, _("No new study was made"), error->message);
        return;
    }
    Wish *wish = g_new0(Wish, 1);
    wish->path = rh_studies_films(settings.film.confounder->id);
    wish->films = settings;
    begin_opening(data, wish, _("Drawing the chest films…"));
}

static void films_made(RhFilmsWindow *window, const char *folder, RhWindow *self)
{
    rh_window_open(self, folder);
}

static void new_films(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    g_autofree char *studies = rh_studies_folder();
    GtkWidget *window = rh_films_window_new(data, studies);
    g_signal_connect_object(window, "made", G_CALLBACK(films_made), data, 0);
    gtk_window_present(GTK_WINDOW(window));
}

const GActionEntry rh_window_study_actions[] = {
    {"open-folder", open_folder},
    {"open-study", open_study},
    {"open", open_path, "s"},
    {"built-in-study", built_in},
    {"new-synthetic", new_synthetic, "s"},
    {"chest-films", open_films, "s"},
    {"new-films", new_films},
};
const guint rh_window_n_study_actions = G_N_ELEMENTS(rh_window_study_actions);
