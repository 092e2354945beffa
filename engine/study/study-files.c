/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "data/join.h"
#include "study/ini-private.h"
#include "study/leftovers-private.h"
#include "study/study-private.h"

/* The three files that a study keeps in memory, and how they are written though others write them too: under
 * a lock they are read again, joined with what was changed here (data/join.h), and written. */

#define CONFLICTS_MAX (16u << 20) /* bytes */

static const struct {
    const char *name;
    gsize bytes_max;
    gboolean is_told; /* what a reader told of patients: may be missing, and is its owner's alone to read */
    char *(*text)(const RhStudy *study);
} kinds[RH_N_STUDY_FILES] = {
    [RH_STUDY_IMAGES] = {"images.csv", RH_TABLE_BYTES_MAX, FALSE, rh_study_images_text},
    [RH_STUDY_INI] = {"study.ini", RH_INI_BYTES_MAX, FALSE, rh_study_ini_text},
    [RH_STUDY_READINGS] = {"reading.csv", RH_TABLE_BYTES_MAX, TRUE, rh_study_readings_text},
};

static const RhJoinColumn image_columns[] = {{"split", RH_JOIN_WHOLE}, {NULL}};
static const RhJoinColumn reading_columns[] = {{"seconds", RH_JOIN_SUM},
                                               {"black", RH_JOIN_QUIETLY},
                                               {"white", RH_JOIN_QUIETLY},
                                               {"time", RH_JOIN_LATEST},
                                               {NULL}};

static char *id_of_row(const RhTable *table, guint row)
{
    const int path = rh_table_find_column(table, "path");
    return path >= 0 ? rh_study_id_of_path(rh_table_cell(table, row, (guint)path)) : g_strdup("");
}

static const RhJoinRules image_rules = {"id", id_of_row, image_columns};
static const RhJoinRules reading_rules = {"id", NULL, reading_columns};

/* ── What is on disk ── */

typedef struct {
    char *paths[RH_N_STUDY_FILES], *shown[RH_N_STUDY_FILES]; /* shown: for people */
    RhFileStamp stamps[RH_N_STUDY_FILES]; /* of before it was read: of a later change another one tells */
    char *texts[RH_N_STUDY_FILES];        /* NULL: there is no such file */
    gsize lengths[RH_N_STUDY_FILES];
    RhTable *tables[RH_N_STUDY_FILES]; /* NULL: likewise, or it is no table */
} Files;

static void files_clear(Files *files)
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        g_free(files->paths[i]);
        g_free(files->shown[i]);
        g_free(files->texts[i]);
        g_clear_pointer(&files->tables[i], rh_table_free);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static gboolean is_there(const Files *files, guint file)
{
    const RhFileStamp none = {0};
    return !rh_file_stamp_equal(&files->stamps[file], &none);
}

static gboolean read_one(Files *files, guint i, GError **error)
{
    files->stamps[i] = rh_file_stamp(files->paths[i]);
    if (!is_there(files, i))
        return TRUE;
    if (!rh_file_read(files->paths[i], kinds[i].bytes_max, &files->texts[i], &files->lengths[i], error))
        return FALSE;
    if (i != RH_STUDY_INI)
        files->tables[i] = rh_table_parse(files->texts[i], files->lengths[i], files->shown[i], error);
    return i == RH_STUDY_INI || files->tables[i] != NULL;
}

/* All of them, though one is broken. */
static gboolean read_files(Files *files, const char *folder, GError **error)
{
    GError *failure = NULL;
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        files->paths[i] = rh_path_own(folder, kinds[i].name);
        files->shown[i] = rh_path_shown(files->paths[i]);
        read_one(files, i, failure == NULL ? &failure : NULL);
    }
    if (failure != NULL)
        g_propagate_error(error, failure);
    return failure == NULL;
}

/* What study.ini and images.csv say. */
static RhStudy *parse_tables(const Files *files, const char *folder, GError **error)
{
    g_autoptr(RhStudy) study = rh_study_new(folder);
    if (!rh_study_parse_ini(study, files->shown[RH_STUDY_INI], files->texts[RH_STUDY_INI],
                            files->lengths[RH_STUDY_INI], error) ||
        !rh_study_parse_images(study, files->tables[RH_STUDY_IMAGES], files->shown[RH_STUDY_IMAGES], error))
        return NULL;
    return g_steal_pointer(&study);
}

static gboolean parse_answers(RhStudy *study, const Files *files, GError **error)
{
    const RhTable *readings = files->tables[RH_STUDY_READINGS];
    return readings == NULL ||
           rh_study_parse_readings(study, readings, files->shown[RH_STUDY_READINGS], error);
}

/* What all three say, and nothing else. */
static RhStudy *parse_files(const Files *files, const char *folder, GError **error)
{
    g_autoptr(RhStudy) study = parse_tables(files, folder, error);
    return study != NULL && parse_answers(study, files, error) ? g_steal_pointer(&study) : NULL;
}

static void know_text(RhStudy *study, guint file)
{
    char *text = kinds[file].text(study);
    g_clear_pointer(&study->known[file].text, g_bytes_unref);
    study->known[file].text = g_bytes_new_take(text, strlen(text) + 1);
}

static void know(RhStudy *study, const Files *files)
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        know_text(study, i);
        study->known[i].stamp = files->stamps[i];
    }
}

/* The study as it is. Where images.csv disagrees with masks/, as after a kill between the two, that counts as
 * a change made here, and the next save writes it. */
static RhStudy *parse_study(const Files *files, const char *folder, GError **error)
{
    g_autoptr(RhStudy) study = parse_tables(files, folder, error);
    if (study == NULL)
        return NULL;
    know_text(study, RH_STUDY_IMAGES);
    g_autoptr(GBytes) told = g_bytes_ref(study->known[RH_STUDY_IMAGES].text);
    rh_study_find_masks(study);
    if (!parse_answers(study, files, error))
        return NULL;
    know(study, files);
    g_bytes_unref(study->known[RH_STUDY_IMAGES].text);
    study->known[RH_STUDY_IMAGES].text = g_steal_pointer(&told);
    return g_steal_pointer(&study);
}

static gboolean refuse_missing(const Files *files, GError **error)
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        if (!is_there(files, i) && !kinds[i].is_told) {
            errno = ENOENT;
            return rh_file_fail(error, RH_FILE_OPEN, files->paths[i]);
        }
    return TRUE;
}

RhStudy *rh_study_read(const char *folder, GError **error)
{
    if (!rh_study_is_one(folder)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("“%s” is no study: it has no study.ini; make a study of the images first."), folder);
        return NULL;
    }
    g_autofree char *whole = g_canonicalize_filename(folder, NULL);
    g_auto(Files) files = {0};
    if (!read_files(&files, whole, error) || !refuse_missing(&files, error))
        return NULL;
    RhStudy *study = parse_study(&files, whole, error);
    if (study == NULL)
        return NULL;
    rh_study_note_links(study);
    return study;
}

RhStudy *rh_study_open(const char *folder, GError **error)
{
    RhStudy *study = rh_study_read(folder, error);
    if (study != NULL)
        rh_study_find_leftovers(study->folder, TRUE, NULL);
    return study;
}

gboolean rh_study_is_changed_elsewhere(const char *folder, const RhStudyKnown known[RH_N_STUDY_FILES])
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        g_autofree char *path = g_build_filename(folder, kinds[i].name, NULL);
        const RhFileStamp now = rh_file_stamp(path);
        if (!rh_file_stamp_equal(&now, &known[i].stamp))
            return TRUE;
    }
    return FALSE;
}

/* ── What could not be joined ── */

static char *describe(const RhClash *clash, const char *file)
{
    if (*clash->column == '\0')
        return g_strdup_printf(
            _("Another program removed the row “%s” of %s, which was changed here; it is there again."),
            clash->row, file);
    return clash->is_ours ? g_strdup_printf(
                                _("Another program also changed “%s” of “%s” in %s: what was written here is "
                                  "kept, the other in conflicts.csv."),
                                clash->column, clash->row, file)
                          : g_strdup_printf(
                                _("Another program also changed “%s” of “%s” in %s, and later: that is kept, "
                                  "what was written here in conflicts.csv."),
                                clash->column, clash->row, file);
}

static void append_row(GString *out, const char *const *cells)
{
    for (guint i = 0; cells[i] != NULL; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        rh_cell_append(out, cells[i]);
    }
    g_string_append_c(out, '\n');
}

/* Adds them to conflicts.csv. */
static gboolean keep_clashes(RhStudy *study, GPtrArray *const clashes[RH_N_STUDY_FILES], GError **error)
{
    g_autofree char *path = rh_path_own(study->folder, "conflicts.csv"), *before = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format_iso8601(now);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint file = 0; file < RH_N_STUDY_FILES; file++)
        for (guint i = 0; i < clashes[file]->len; i++) {
            const RhClash *clash = g_ptr_array_index(clashes[file], i);
            append_row(out, (const char *const[]){time, kinds[file].name, clash->row, clash->column,
                                                  clash->kept, clash->other, NULL});
            g_ptr_array_add(study->clashes, describe(clash, kinds[file].name));
        }
    if (out->len == 0)
        return TRUE;
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !rh_file_read(path, CONFLICTS_MAX, &before, NULL, error))
        return FALSE;
    g_string_prepend(out, before != NULL ? before : "time,file,row,column,kept,other\n");
    return rh_file_replace_private(path, out->str, out->len, error);
}

/* ── Joining ── */

/* Of a text of the program's own; NULL of none. */
static RhTable *table_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    RhTable *table = text != NULL ? rh_table_parse(text, strlen(text), "", &error) : NULL;
    g_assert_no_error(error);
    return table;
}

static GKeyFile *keys_of(const char *text)
{
    if (text == NULL)
        return NULL;
    GKeyFile *keys = g_key_file_new();
    g_key_file_load_from_data(keys, text, strlen(text), G_KEY_FILE_KEEP_COMMENTS, NULL);
    return keys;
}

/* A file's text as it is to be; base and theirs are NULL where there was or is none. */
static char *join_texts(guint file, const Files *now, const char *base, const char *ours, const char *theirs,
                        GPtrArray *clashes)
{
    if (theirs == NULL)
        return g_strdup(ours);
    if (base != NULL && g_str_equal(base, ours))
        return now->texts[file] != NULL ? g_strdup(now->texts[file]) : g_strdup("");
    if (file == RH_STUDY_INI) {
        g_autoptr(GKeyFile) base_keys = keys_of(base), our_keys = keys_of(ours);
        g_autoptr(GKeyFile) their_keys = keys_of(theirs), keys = keys_of(now->texts[file]);
        rh_join_keys(base_keys, our_keys, their_keys, keys, "split", clashes);
        return g_key_file_to_data(keys, NULL, NULL);
    }
    g_autoptr(RhTable) base_table = table_of(base), our_table = table_of(ours),
                       their_table = table_of(theirs);
    return rh_join_tables(base_table, our_table, their_table, now->tables[file],
                          file == RH_STUDY_IMAGES ? &image_rules : &reading_rules, clashes);
}

/* Nothing but the names of its columns, or not even those. */
static gboolean says_nothing(const char *text)
{
    const char *end = strchr(text, '\n');
    return end == NULL || end[1] == '\0';
}

static gboolean write_text(guint file, const Files *now, const char *text, GError **error)
{
    if (g_strcmp0(text, now->texts[file]) == 0)
        return TRUE;
    if (kinds[file].is_told && says_nothing(text))
        return now->texts[file] == NULL || rh_file_remove(now->paths[file], error);
    return (kinds[file].is_told ? rh_file_replace_private : rh_file_replace)(now->paths[file], text,
                                                                             strlen(text), error);
}

/* Whether the files say anything that the study did not know of. */
static gboolean is_news(const RhStudy *study, char *const theirs[RH_N_STUDY_FILES])
{
    gboolean news = FALSE;
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        news |= theirs[i] != NULL && study->known[i].text != NULL &&
                !g_str_equal(theirs[i], g_bytes_get_data(study->known[i].text, NULL));
    return news;
}

static gboolean is_changed_here(const RhStudy *study, guint file)
{
    g_autofree char *ours = kinds[file].text(study);
    return study->known[file].text == NULL ||
           !g_str_equal(ours, g_bytes_get_data(study->known[file].text, NULL));
}

static gboolean is_any_changed_here(const RhStudy *study)
{
    gboolean changed = FALSE;
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        changed |= is_changed_here(study, i);
    return changed;
}

static char *join_file(const RhStudy *study, guint file, const Files *now, const char *theirs,
                       GPtrArray *clashes)
{
    g_autofree char *ours = kinds[file].text(study);
    const char *base =
        study->known[file].text != NULL ? g_bytes_get_data(study->known[file].text, NULL) : NULL;
    return join_texts(file, now, base, ours, theirs, clashes);
}

static gboolean join_and_write(RhStudy *study, const Files *now, char *const theirs[RH_N_STUDY_FILES],
                               GError **error)
{
    GPtrArray *clashes[RH_N_STUDY_FILES];
    char *texts[RH_N_STUDY_FILES];
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        clashes[i] = g_ptr_array_new_with_free_func((GDestroyNotify)rh_clash_free);
        texts[i] = join_file(study, i, now, theirs[i], clashes[i]);
    }
    gboolean ok = keep_clashes(study, clashes, error); /* before what they tell of is gone */
    for (guint i = 0; i < RH_N_STUDY_FILES; i++) {
        ok = ok && write_text(i, now, texts[i], error);
        g_ptr_array_unref(clashes[i]);
        g_free(texts[i]);
    }
    return ok;
}

/* While images.csv or study.ini is in a state that cannot be read, as in the middle of somebody's editing,
 * what the expert says is saved all the same, and only that. Takes the failure, which is the error if
 * something else was changed here, or nothing at all. */
static gboolean save_answers(RhStudy *study, const Files *now, GError *failure, GError **error)
{
    g_autoptr(RhStudy) read = rh_study_copy(study);
    g_autoptr(GPtrArray) clashes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_clash_free);
    const RhTable *table = now->tables[RH_STUDY_READINGS];
    const gboolean broken = is_there(now, RH_STUDY_READINGS) && table == NULL;
    const gboolean had_changes = is_any_changed_here(study);
    rh_study_forget_readings(read);
    if (!broken &&
        (table == NULL || rh_study_parse_readings(read, table, now->paths[RH_STUDY_READINGS], NULL))) {
        g_autofree char *theirs = kinds[RH_STUDY_READINGS].text(read);
        g_autofree char *text = join_file(study, RH_STUDY_READINGS, now, theirs, clashes);
        if (clashes->len == 0 && write_text(RH_STUDY_READINGS, now, text, NULL))
            know_text(study, RH_STUDY_READINGS);
    }
    const gboolean is_failed = !had_changes || is_any_changed_here(study);
    if (is_failed)
        g_propagate_error(error, failure);
    else
        g_error_free(failure);
    return !is_failed;
}

static gboolean save_over(RhStudy *study, const Files *now, const RhStudy *read, GError **error)
{
    g_auto(Files) after = {0};
    char *theirs[RH_N_STUDY_FILES] = {NULL};
    for (guint i = 0; i < RH_N_STUDY_FILES && read != NULL; i++)
        theirs[i] = kinds[i].text(read);
    const gboolean news = is_news(study, theirs);
    gboolean ok = join_and_write(study, now, theirs, error) && read_files(&after, study->folder, error);
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        g_free(theirs[i]);
    RhStudy *fresh = ok && news ? parse_study(&after, study->folder, error) : NULL;
    if (fresh != NULL)
        rh_study_take(study, fresh);
    else if (ok && !news)
        know(study, &after);
    return ok && (!news || fresh != NULL);
}

static gboolean save_locked(RhStudy *study, GError **error)
{
    g_auto(Files) now = {0};
    g_autoptr(RhStudy) read = NULL;
    GError *failure = NULL;
    if (read_files(&now, study->folder, &failure) && is_there(&now, RH_STUDY_INI) &&
        is_there(&now, RH_STUDY_IMAGES))
        read = parse_files(&now, study->folder, &failure);
    return failure != NULL ? save_answers(study, &now, failure, error) : save_over(study, &now, read, error);
}

/* The study's own folder is never made anew: it is gone with the disk it is on, and what is written in its
 * place would lie where nobody looks for it. */
static gboolean refuse_gone(const RhStudy *study, GError **error)
{
    g_autofree char *name = g_filename_display_name(study->folder);
    if (g_file_test(study->folder, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                _("The study's folder “%s” is gone; put it back, or connect the disk it is on."), name);
    return FALSE;
}

gboolean rh_study_save(RhStudy *study, GError **error)
{
    int lock;
    if (!refuse_gone(study, error) || !rh_folder_lock(study->folder, &lock, error))
        return FALSE;
    const gboolean ok = save_locked(study, error);
    if (lock >= 0)
        close(lock);
    return ok;
}

void rh_study_rebase(RhStudy *study)
{
    for (guint i = 0; i < RH_N_STUDY_FILES; i++)
        know_text(study, i);
}
