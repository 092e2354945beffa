/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

#include "base/files.h"
#include "common/installation.h"
#include "study/queue.h"

/* How the window was left: what is its own in the settings; how a person looks at a study and trains on it in
 * a key file of the person's, with a group for each study; which runs wait in the study itself. */

#define SAVE_SECONDS    2
#define STATE_BYTES_MAX (64u << 20)

static char *state_path(void)
{
    return g_build_filename(g_get_user_state_dir(), "redherring", "studies.ini", NULL);
}

static char *study_group(const char *folder)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, folder, -1);
    return g_strdup_printf("study %.16s", sum);
}

/* ── The window's own ── */

typedef struct {
    const char *key;
    goffset object; /* in RhWindow */
    const char *property;
    const char *part; /* the property of the object that holds what has it; NULL: the object itself */
} Kept;

#define OBJECT(member) G_STRUCT_OFFSET(RhWindow, member)

static const Kept kept[] = {
    {"tool", OBJECT(canvas), "tool", NULL},
    {"brush-share", OBJECT(canvas), "brush-share", NULL},
    {"square-tip", OBJECT(canvas), "square-tip", NULL},
    {"soft-edge", OBJECT(canvas), "soft-edge", NULL},
    {"pen-pressure", OBJECT(canvas), "pen-pressure", NULL},
    {"tolerance", OBJECT(canvas), "tolerance", NULL},
    {"range-low", OBJECT(canvas), "range-low", NULL},
    {"range-high", OBJECT(canvas), "range-high", NULL},
    {"mask-opacity", OBJECT(canvas), "mask-opacity", NULL},
    {"mask-style", OBJECT(canvas), "mask-style", NULL},
    {"mask-colour", OBJECT(canvas), "mask-colour", NULL},
    {"heat-opacity", OBJECT(canvas), "heat-opacity", NULL},
    {"inverted", OBJECT(canvas), "inverted", NULL},
    {"pixel-grid", OBJECT(canvas), "pixel-grid", NULL},
    {"minimap", OBJECT(canvas), "minimap", NULL},
    {"one-colour-scale", OBJECT(compare.view), "one-scale", NULL},
    {"measure", OBJECT(shift), "measure", NULL},
    {"level", OBJECT(shift), "level", NULL},
    {"seeds-together", OBJECT(shift), "seeds-together", NULL},
    {"shift-smoothing", OBJECT(shift), "smoothing", "chart"},
    {"shift-logarithmic-x", OBJECT(shift), "logarithmic-x", "chart"},
    {"shift-logarithmic-y", OBJECT(shift), "logarithmic-y", "chart"},
    {"learning-curves", OBJECT(learning), "subject", NULL},
    {"learning-smoothing", OBJECT(learning), "smoothing", "chart"},
    {"learning-logarithmic-x", OBJECT(learning), "logarithmic-x", "chart"},
    {"learning-logarithmic-y", OBJECT(learning), "logarithmic-y", "chart"},
    {"images-shown", OBJECT(flap), "reveal-flap", NULL},
};

static GObject *kept_object(RhWindow *self, const Kept *what) /* unref it */
{
    GObject *object = G_STRUCT_MEMBER(GObject *, self, what->object), *part;
    if (what->part == NULL)
        return g_object_ref(object);
    g_object_get(object, what->part, &part, NULL);
    return part;
}

static void restore_map(RhWindow *self)
{
    g_autofree char *map = g_settings_get_string(self->settings, "map");
    for (guint i = 0; rh_map_kinds()[i] != NULL; i++)
        if (g_str_equal(rh_map_kinds()[i]->id, map))
            gtk_drop_down_set_selected(self->map_choice, i);
}

static void restore_window(RhWindow *self)
{
    gtk_window_set_default_size(GTK_WINDOW(self), g_settings_get_int(self->settings, "window-width"),
                                g_settings_get_int(self->settings, "window-height"));
    restore_map(self);
    g_autoptr(GSettingsSchema) schema = NULL;
    g_object_get(self->settings, "settings-schema", &schema, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
        if (!g_settings_schema_has_key(schema, kept[i].key)) {
            g_critical("%s is not kept, for it is missing in the settings schema.", kept[i].key);
            continue;
        }
        g_autoptr(GObject) object = kept_object(self, &kept[i]);
        g_autofree char *signal = g_strdup_printf("notify::%s", kept[i].property);
        g_settings_bind(self->settings, kept[i].key, object, kept[i].property, G_SETTINGS_BIND_DEFAULT);
        g_signal_connect_object(object, signal, G_CALLBACK(rh_window_state_changed), self, G_CONNECT_SWAPPED);
    }
}

static void note_window(RhWindow *self)
{
    int width, height;
    gtk_window_get_default_size(GTK_WINDOW(self), &width, &height);
    g_settings_set_int(self->settings, "window-width", width);
    g_settings_set_int(self->settings, "window-height", height);
    g_settings_set_boolean(self->settings, "window-maximized", gtk_window_is_maximized(GTK_WINDOW(self)));
    const RhMapKind *map = rh_map_kinds()[gtk_drop_down_get_selected(self->map_choice)];
    g_settings_set_string(self->settings, "map", map->id);
}

/* ── What belongs to the study ── */

/* A file that is broken gives what stands before the place. */
static gboolean read_state(RhWindow *self, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    return rh_file_read(path, STATE_BYTES_MAX, &text, &length, error) &&
           g_key_file_load_from_data(self->state, text, length, G_KEY_FILE_NONE, error);
}

void rh_window_state_load(RhWindow *self)
{
    g_autofree char *path = state_path();
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700); /* if that fails, writing tells */
    self->state = g_key_file_new();
    if (!read_state(self, path, &self->state_error)) {
        if (g_error_matches(self->state_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) /* the first start */
            g_clear_error(&self->state_error);
        else
            self->state_aside = rh_file_put_aside(path, NULL);
    }
    /* Written together and not at every step of a slider. */
    self->settings = rh_installation_settings();
    if (self->settings == NULL)
        return;
    g_settings_delay(self->settings);
    restore_window(self);
    g_autoptr(GAction) pseudonyms = g_settings_create_action(self->settings, "pseudonyms");
    g_action_map_add_action(G_ACTION_MAP(self), pseudonyms);
}

static gboolean tell_of_broken_state(gpointer data)
{
    RhWindow *self = data;
    if (self->state_error != NULL)
        rh_window_report_broken(self, _("What was kept of your studies could not be read"),
                                self->state_error->message, self->state_aside);
    g_clear_error(&self->state_error);
    return G_SOURCE_REMOVE;
}

/* Once the window is on the screen, for the message is to lie over it. */
static void mapped(RhWindow *self)
{
    if (self->state_error != NULL)
        g_idle_add_full(G_PRIORITY_LOW, tell_of_broken_state, g_object_ref(self), g_object_unref);
}

/* Whether a window fills the screen is a property that is set at construction, to no. */
void rh_window_state_constructed(RhWindow *self)
{
    if (self->settings != NULL && g_settings_get_boolean(self->settings, "window-maximized"))
        gtk_window_maximize(GTK_WINDOW(self));
    g_signal_connect(self, "map", G_CALLBACK(mapped), NULL);
}

/* Which epochs count is a choice made for a study: another one begins with those its runs were trained for.
 */
static void restore_selection(RhWindow *self, const char *group)
{
    g_autofree char *name = g_key_file_get_string(self->state, group, "select-by", NULL);
    RhSelection selection;
    if (name == NULL || !rh_selection_parse(name, &selection))
        selection = RH_SELECT_AS_TRAINED;
    rh_window_select_by(self, selection);
}

void rh_window_state_restore_study(RhWindow *self)
{
    g_autofree char *group = study_group(self->study->folder);
    self->restoring = TRUE; /* until its runs are listed nothing is noted of it */
    rh_run_panel_restore(self->run_panel, self->study, self->state, group);
    restore_selection(self, group);
    g_autofree char *image = g_key_file_get_string(self->state, group, "image", NULL);
    if (image != NULL && rh_study_find_case(self->study, image) != NULL)
        rh_image_list_select(self->images, image);
    else if (self->study->cases->len > 0)
        rh_image_list_select(self->images, ((RhCase *)self->study->cases->pdata[0])->id);
}

void rh_window_state_restore_runs(RhWindow *self, char *const *waiting)
{
    g_autofree char *group = study_group(self->study->folder);
    g_auto(GStrv) hidden = g_key_file_get_string_list(self->state, group, "hidden-runs", NULL, NULL);
    g_autofree char *chosen = g_key_file_get_string(self->state, group, "run", NULL);
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        const char *name = rh_run_item_get_id(item);
        if (hidden != NULL && g_strv_contains((const char *const *)hidden, name))
            rh_run_item_set_visible(item, FALSE);
        if (self->training == NULL && (g_strcmp0(chosen, name) == 0 || (chosen == NULL && i == n - 1)))
            rh_runs_list_choose(self->runs_list, item);
    }
    if (rh_runs_list_get_chosen(self->runs_list) == NULL)
        rh_window_follow_run(self);
    g_free(self->queue_text);
    self->queue_text = waiting != NULL ? rh_queue_text((const char *const *)waiting) : NULL;
    if (waiting != NULL)
        rh_window_restore_waiting_runs(self, waiting);
    self->restoring = FALSE;
    rh_window_state_changed(self); /* some may have come meanwhile */
}

static void note_study(RhWindow *self)
{
    g_autofree char *group = study_group(self->study->folder);
    rh_recent_studies_note(self->recent, self->study->folder, self->study->name);
    rh_run_panel_save(self->run_panel, self->state, group);
    g_key_file_set_string(self->state, group, "select-by", rh_selection_name(self->selection));
    const char *image = rh_image_list_get_selected(self->images);
    if (image != NULL)
        g_key_file_set_string(self->state, group, "image", image);
    RhRunItem *chosen = rh_runs_list_get_chosen(self->runs_list);
    if (chosen != NULL)
        g_key_file_set_string(self->state, group, "run", rh_run_item_get_id(chosen));
    g_autoptr(GPtrArray) hidden = g_ptr_array_new();
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->runs));
    for (guint i = 0; i < n; i++) {
        g_autoptr(RhRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
        if (!rh_run_item_get_visible(item))
            g_ptr_array_add(hidden, (gpointer)rh_run_item_get_id(item));
    }
    g_key_file_set_string_list(self->state, group, "hidden-runs", (const char *const *)hidden->pdata,
                               hidden->len);
}

/* ── To the disk ── */

typedef struct {
    char *path;
    char *text; /* NULL: the file is removed */
} Unwritten;

static void unwritten_free(gpointer data)
{
    Unwritten *file = data;
    g_free(file->path);
    g_free(file->text);
    g_free(file);
}

static void write_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Unwritten *file = task_data;
    GError *error = NULL;
    if (file->text != NULL ? rh_file_replace(file->path, file->text, strlen(file->text), &error)
                           : rh_file_remove(file->path, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void write_next(RhWindow *self);

static void written(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    g_autoptr(GError) error = NULL;
    if (!g_task_propagate_boolean(G_TASK(result), &error) && !self->closing)
        rh_window_toast(self, error->message);
    self->writing = FALSE;
    write_next(self);
    g_application_release(g_application_get_default());
}

/* One at a time, so that an older state never comes last. */
static void write_next(RhWindow *self)
{
    if (self->writing || g_queue_is_empty(&self->unwritten))
        return;
    self->writing = TRUE;
    g_application_hold(g_application_get_default()); /* not to be cut short by closing the window */
    g_autoptr(GTask) task = g_task_new(self, NULL, written, NULL);
    g_task_set_task_data(task, g_queue_pop_head(&self->unwritten), unwritten_free);
    g_task_run_in_thread(task, write_in_thread);
}

/* Takes both. What was to be written to the same place is not worth it any more. */
static void put(RhWindow *self, char *path, char *text)
{
    for (GList *each = self->unwritten.head, *next; each != NULL; each = next) {
        Unwritten *file = each->data;
        next = each->next;
        if (!g_str_equal(file->path, path))
            continue;
        unwritten_free(file);
        g_queue_delete_link(&self->unwritten, each);
    }
    Unwritten *file = g_new(Unwritten, 1);
    *file = (Unwritten){path, text};
    g_queue_push_tail(&self->unwritten, file);
    write_next(self);
}

static void save_queue(RhWindow *self)
{
    g_auto(GStrv) waiting = rh_window_waiting_runs(self);
    g_autofree char *text = rh_queue_text((const char *const *)waiting);
    if (g_strcmp0(text, self->queue_text) == 0)
        return; /* nor is a broken file touched before there is something to say */
    g_free(self->queue_text);
    self->queue_text = g_strdup(text);
    put(self, rh_queue_path(self->study->folder), g_steal_pointer(&text));
}

void rh_window_state_save(RhWindow *self)
{
    g_clear_handle_id(&self->state_timeout, g_source_remove);
    if (self->settings != NULL)
        note_window(self);
    if (self->study != NULL && !self->restoring) {
        note_study(self);
        save_queue(self);
    }
    if (self->settings != NULL)
        g_settings_apply(self->settings);
    put(self, state_path(), g_key_file_to_data(self->state, NULL, NULL));
}

void rh_window_state_clear(RhWindow *self)
{
    g_clear_pointer(&self->state, g_key_file_unref);
    g_clear_error(&self->state_error);
    g_clear_pointer(&self->state_aside, g_free);
    g_clear_pointer(&self->queue_text, g_free);
    g_queue_clear_full(&self->unwritten, unwritten_free);
}

static gboolean save_now(gpointer data)
{
    RhWindow *self = data;
    self->state_timeout = 0;
    rh_window_state_save(self);
    return G_SOURCE_REMOVE;
}

void rh_window_state_changed(RhWindow *self)
{
    if (self->state_timeout == 0 && !self->closing)
        self->state_timeout = g_timeout_add_seconds(SAVE_SECONDS, save_now, self);
}
