/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "study/import-private.h"
#include "study/study-private.h"

/* A folder that a study was made of before: which of its images are new, and which labels are others than
 * they were. What the folder said then is kept in imported.csv of the study, so that a label that was
 * corrected here is told from one that was corrected there. */

#define ADDING "adding" /* in the study: a draft of the new images, until they are in its table */

typedef struct {
    RhStudy *study;
    RhImportListing *listing;
    GHashTable *cases;   /* char* original file → RhCase; those found in the listing are taken out */
    GHashTable *by_size; /* gint64 bytes → GPtrArray of char*, the images of the study that are so long */
    GHashTable *before;  /* char* id → char* label that the folder gave it; NULL: that is not known */
    RhTwoSides labels;
    gboolean has_labels; /* and their names are those of the study's classes */
    RhImportChanges *changes;
} Again;

static const char *class_name(const RhStudy *study, guint8 label)
{
    return label < 2 ? study->class_names[label] : "";
}

/* The place of a name in a pair; RH_UNKNOWN: it is none of the two. Classes, and a confounder's values, are
 * told by their names, for other settings, or other images, may put them in another order. */
static guint8 place_of(const char *name, char *const names[2])
{
    return g_strcmp0(name, names[0]) == 0 ? 0 : g_strcmp0(name, names[1]) == 0 ? 1 : RH_UNKNOWN;
}

/* ── imported.csv ── */

static void append_label(GString *text, const char *id, const char *label)
{
    rh_cell_append(text, id);
    g_string_append_c(text, ',');
    rh_cell_append(text, label);
    g_string_append_c(text, '\n');
}

/* `before`: id → label; NULL: the labels are those that the study has now. */
static gboolean save_labels(const RhStudy *study, GHashTable *before, GError **error)
{
    g_autoptr(GString) text = g_string_new("id,label\n");
    g_autofree char *path = rh_path_own(study->folder, RH_IMPORTED_TABLE);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        const char *label =
            before != NULL ? g_hash_table_lookup(before, item->id) : class_name(study, item->label);
        if (label != NULL)
            append_label(text, item->id, label);
    }
    return rh_file_replace(path, text->str, text->len, error);
}

gboolean rh_import_keep_labels(const RhStudy *study, GError **error)
{
    return save_labels(study, NULL, error);
}

/* NULL: there is no such file, or it says nothing. */
static GHashTable *read_labels(const RhStudy *study)
{
    g_autofree char *path = g_build_filename(study->folder, RH_IMPORTED_TABLE, NULL);
    g_autoptr(RhTable) table = rh_table_load(path, NULL);
    const int id = table != NULL ? rh_table_find_column(table, "id") : -1,
              label = table != NULL ? rh_table_find_column(table, "label") : -1;
    return id >= 0 && label >= 0 ? rh_table_pairs(table, (guint)id, (guint)label) : NULL;
}

/* ── What is other than before ── */

/* The images of the study by their size: only files of one size can be of one content. */
static void group_by_size(Again *again)
{
    GHashTableIter each;
    gpointer path;
    g_hash_table_iter_init(&each, again->cases);
    while (g_hash_table_iter_next(&each, &path, NULL)) {
        const gint64 size = rh_file_stamp(path).size;
        GPtrArray *paths = g_hash_table_lookup(again->by_size, &size);
        if (paths == NULL) {
            paths = g_ptr_array_new_with_free_func(g_free);
            g_hash_table_insert(again->by_size, g_memdup2(&size, sizeof size), paths);
        }
        g_ptr_array_add(paths, g_strdup(path));
    }
}

/* Original file → case: by where its image is or, under pseudonyms, by the key. */
static gboolean find_cases(Again *again, const RhImportSettings *settings, GError **error)
{
    RhStudy *study = again->study;
    g_autoptr(GHashTable) originals = NULL;
    if (settings->pseudonyms) {
        g_autofree char *key = rh_pseudonyms_key_path(study->folder, settings);
        originals = rh_pseudonyms_read(key, error);
        if (originals == NULL)
            return FALSE;
    }
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        const char *original = originals != NULL ? g_hash_table_lookup(originals, item->id) : NULL;
        if (originals == NULL)
            g_hash_table_insert(again->cases, rh_study_image_path(study, item), item);
        else if (original != NULL)
            g_hash_table_insert(again->cases, g_build_filename(again->listing->files->source, original, NULL),
                                item);
    }
    group_by_size(again);
    return TRUE;
}

/* Nobody's correction here is undone: only a label that is still as the folder had it follows the folder. */
static void look_at_label(Again *again, const RhImportRow *row, RhCase *item, gboolean take)
{
    const char *before = again->before != NULL ? g_hash_table_lookup(again->before, item->id) : NULL;
    const guint8 side = again->has_labels ? rh_two_sides_place(&again->labels, row->label) : RH_UNKNOWN;
    const guint8 label =
        side < 2 ? place_of(again->labels.names[side], again->study->class_names) : RH_UNKNOWN;
    const char *now = class_name(again->study, label), *here = class_name(again->study, item->label);
    if (!again->has_labels || g_str_equal(now, here) || g_strcmp0(now, before) == 0)
        return;
    if (before == NULL || !g_str_equal(before, here)) {
        again->changes->kept_labels++;
        return;
    }
    again->changes->labels++;
    if (!take)
        return;
    item->label = label;
    g_hash_table_replace(again->before, g_strdup(item->id), g_strdup(now));
}

/* Of a picture that is there twice the listing has one file, which need not be that of the study. */
static gboolean is_copy(const Again *again, const char *path)
{
    const gint64 size = rh_file_stamp(path).size;
    const GPtrArray *others = g_hash_table_lookup(again->by_size, &size);
    g_autofree char *sum = others != NULL ? rh_file_checksum(path, NULL) : NULL;
    gboolean copy = FALSE;
    for (guint i = 0; others != NULL && i < others->len && !copy; i++) {
        g_autofree char *of_other = rh_file_checksum(g_ptr_array_index(others, i), NULL);
        copy = of_other != NULL && g_strcmp0(sum, of_other) == 0;
    }
    return copy;
}

/* An image that cannot be opened was left out before, and would be again. */
static gboolean is_new(const Again *again, const char *path)
{
    guint width, height;
    return rh_image_size(path, &width, &height, NULL) && !is_copy(again, path);
}

/* `known`: paths of what is in the study, or is to stay out of it. */
static void look_at_rows(Again *again, GHashTable *known, gboolean take_labels)
{
    const GPtrArray *rows = again->listing->rows;
    for (guint i = 0; i < rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(rows, i);
        g_autofree char *path = g_build_filename(again->listing->files->source, row->file->path, NULL);
        RhCase *item = g_hash_table_lookup(again->cases, path);
        if (item == NULL)
            continue;
        look_at_label(again, row, item, take_labels);
        g_hash_table_add(known, g_strdup(row->file->path));
        g_hash_table_remove(again->cases, path);
    }
    for (guint i = 0; i < rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(rows, i);
        g_autofree char *path = g_build_filename(again->listing->files->source, row->file->path, NULL);
        if (g_hash_table_contains(known, row->file->path))
            continue;
        if (is_new(again, path))
            again->changes->images++;
        else
            g_hash_table_add(known, g_strdup(row->file->path));
    }
}

/* ── New images ── */

static char *unused_id(const RhStudy *study, const char *id)
{
    g_autofree char *name = g_strdup(id);
    for (guint number = 2; rh_study_find_case(study, name) != NULL; number++) {
        g_free(name);
        name = g_strdup_printf("%s-%u", id, number);
    }
    return g_steal_pointer(&name);
}

static guint8 confounder_of(const RhStudy *study, const RhStudy *added, const RhCase *new)
{
    const gboolean both =
        study->confounder_kind == RH_CONFOUNDER_COLUMN && added->confounder_kind == RH_CONFOUNDER_COLUMN;
    return both && new->confounder < 2
               ? place_of(added->confounder_values[new->confounder], study->confounder_values)
               : RH_UNKNOWN;
}

static gboolean add_case(Again *again, const RhStudy *added, const RhCase *new, GError **error)
{
    RhStudy *study = again->study;
    RhCase *item = rh_case_copy(new);
    g_free(item->id);
    item->id = unused_id(study, new->id);
    if (!g_str_equal(study->image_folder, added->image_folder)) {
        g_free(item->path);
        item->path = rh_study_image_path(added, new);
    }
    if (study->split.kind != RH_SPLIT_GIVEN)
        item->split = RH_SPLIT_NONE;
    char *const *names = again->has_labels ? again->labels.names : added->class_names;
    item->label = new->label < 2 ? place_of(names[new->label], study->class_names) : RH_UNKNOWN;
    item->confounder = confounder_of(study, added, new);
    g_ptr_array_add(study->cases, item);
    if (again->before != NULL)
        g_hash_table_replace(again->before, g_strdup(item->id), g_strdup(class_name(study, item->label)));
    if (!new->has_mask)
        return TRUE;
    g_autofree char *from = rh_study_mask_path(added, new), *to = rh_study_mask_path(study, item);
    g_autofree char *masks = rh_path_own(study->folder, "masks");
    return rh_folder_ensure(masks, error) && rh_file_rename(from, to, error);
}

/* They are imported as a study of their own, in a draft within this one, and then joined to it. The draft is
 * removed whatever happens; what a kill leaves of it is found as other leftovers are, and by the next adding.
 */
static gboolean add_images(Again *again, GHashTable *known, const RhImportSettings *settings,
                           RhImportSummary **summary, GCancellable *cancellable, GError **error)
{
    g_autofree char *place = rh_path_own(again->study->folder, ADDING);
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(place, error);
    if (draft == NULL)
        return FALSE;
    g_autofree char *folder = g_build_filename(draft->path, "study", NULL);
    RhImportSettings others = *settings;
    others.known = known;
    g_autoptr(RhStudy) added =
        rh_study_new_from_folder(folder, again->listing->files->source, &others, summary, cancellable, error);
    gboolean ok = added != NULL;
    for (guint i = 0; ok && i < added->cases->len; i++)
        ok = add_case(again, added, g_ptr_array_index(added->cases, i), error);
    if (ok)
        again->study->reading.upright |= added->reading.upright;
    return ok;
}

static gboolean refuse_numbered(GError **error)
{
    g_set_error_literal(error, RH_ERROR, RH_ERROR_USAGE,
                        _("Images cannot be added to a study that has numbers for names; make a new study of "
                          "the folder, with a key of its own."));
    return FALSE;
}

static gboolean take(Again *again, RhImportTake what, const RhImportSettings *settings,
                     RhImportSummary **summary, GCancellable *cancellable, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    look_at_rows(again, known, (what & RH_IMPORT_TAKE_LABELS) != 0);
    const gboolean add = (what & RH_IMPORT_TAKE_IMAGES) != 0 && again->changes->images > 0,
                   relabel = (what & RH_IMPORT_TAKE_LABELS) != 0 && again->changes->labels > 0;
    if (add && settings->pseudonyms)
        return refuse_numbered(error);
    if (add && !add_images(again, known, settings, summary, cancellable, error))
        return FALSE;
    return (!add && !relabel) || (rh_study_save(again->study, error) &&
                                  (again->before == NULL || save_labels(again->study, again->before, error)));
}

/* "not edema" is "nicht edema" where the study was made in another language: the side that has no values of
 * its own is told by the other one. */
static gboolean find_labels(Again *again, const RhImportSettings *settings, RhImportSummary *told)
{
    char *const *classes = again->study->class_names;
    RhTwoSides *sides = &again->labels;
    if (!rh_import_find_labels(again->listing, settings, sides, told, NULL))
        return FALSE;
    const guint8 named = sides->rest < 2 ? place_of(sides->names[!sides->rest], classes) : RH_UNKNOWN;
    if (named < 2) {
        g_free(sides->names[sides->rest]);
        sides->names[sides->rest] = g_strdup(classes[!named]);
    }
    return place_of(sides->names[0], classes) != RH_UNKNOWN &&
           place_of(sides->names[1], classes) != RH_UNKNOWN;
}

gboolean rh_study_import_again(RhStudy *study, const char *source, const RhImportSettings *settings,
                               RhImportTake what, RhImportChanges *changes, RhImportSummary **summary,
                               GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportSummary) told = rh_import_summary_new();
    g_autoptr(GStringChunk) texts = g_string_chunk_new(256);
    RhImportSettings all = *settings;
    if (!rh_import_recall_options(study, &all, texts, error))
        return FALSE;
    g_autoptr(RhImportListing) listing = rh_import_list(source, &all, told, cancellable, error);
    if (listing == NULL)
        return FALSE;
    *changes = (RhImportChanges){0};
    Again again = {.study = study, .listing = listing, .before = read_labels(study), .changes = changes};
    again.cases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    again.by_size =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    again.has_labels = find_labels(&again, &all, told);
    const gboolean ok =
        find_cases(&again, &all, error) && take(&again, what, &all, summary, cancellable, error);
    rh_two_sides_clear(&again.labels);
    g_hash_table_unref(again.cases);
    g_hash_table_unref(again.by_size);
    g_clear_pointer(&again.before, g_hash_table_unref);
    return ok;
}
