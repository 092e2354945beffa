/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/import-private.h"
#include "study/study-private.h"

#define FILES_MAX 1000000u
#define DEPTH_MAX 12u

RhImportRow *rh_import_row_new(void)
{
    RhImportRow *row = g_new0(RhImportRow, 1);
    row->label = g_strdup("");
    row->label_name = g_strdup("");
    row->confounder = g_strdup("");
    row->group = g_strdup("");
    row->split = g_strdup("");
    row->mask = g_strdup("");
    return row;
}

static void free_row(RhImportRow *row)
{
    g_free(row->path);
    g_free(row->label);
    g_free(row->label_name);
    g_free(row->confounder);
    g_free(row->group);
    g_free(row->split);
    g_free(row->mask);
    g_free(row);
}

void rh_import_listing_free(RhImportListing *listing)
{
    if (listing == NULL)
        return;
    g_free(listing->source);
    g_free(listing->table_path);
    g_free(listing->confounder_name);
    g_ptr_array_unref(listing->rows);
    g_free(listing);
}

static gboolean has_suffix(const char *name, const char *const *suffixes)
{
    const char *dot = strrchr(name, '.');
    for (; dot != NULL && *suffixes != NULL; suffixes++)
        if (g_ascii_strcasecmp(dot + 1, *suffixes) == 0)
            return TRUE;
    return FALSE;
}

/* The table named, or images.csv, metadata.csv, or the only one. NULL without an error: there is none. */
static char *find_table(const char *source, const RhImportSettings *settings, GError **error)
{
    static const char *const suffixes[] = {"csv", "tsv", NULL};
    if (settings->table != NULL)
        return g_canonicalize_filename(settings->table, source);
    static const char *const usual[] = {"images.csv", "metadata.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(usual); i++) {
        g_autofree char *path = g_build_filename(source, usual[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&path);
    }
    g_autoptr(GDir) folder = g_dir_open(source, 0, error);
    g_autofree char *found = NULL;
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        if (!has_suffix(name, suffixes))
            continue;
        if (found != NULL) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                        _("“%s” has several tables, “%s” and “%s” among them; choose one."), source, found,
                        name);
            return NULL;
        }
        found = g_strdup(name);
    }
    return found == NULL ? NULL : g_build_filename(source, found, NULL);
}

typedef struct {
    RhImportListing *listing;
    GHashTable *masks; /* id of the image → path relative to the source */
    GPtrArray *notes;
    GCancellable *cancellable;
    guint files;
} Walk;

static gboolean is_mask_folder(const char *name)
{
    static const char *const names[] = {"masks", "mask", "segmentations", "segmentation"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(name, names[i]) == 0)
            return TRUE;
    return FALSE;
}

/* An image is known by its content; a file that is called one and is none deserves a word. */
static void walk_file(Walk *walk, const char *relative, const char *path, gboolean masks)
{
    static const char *const suffixes[] = {"png", "jpg", "jpeg", NULL};
    g_autoptr(GError) error = NULL;
    guint width = 0, height = 0;
    const gboolean image = rh_image_size(path, &width, &height, &error);
    if (!image && !has_suffix(path, suffixes))
        return;
    if (masks) {
        g_hash_table_insert(walk->masks, rh_study_id_of_path(path), g_strdup(relative));
        return;
    }
    RhImportRow *row = rh_import_row_new();
    if (image)
        row->path = g_strdup(relative);
    else
        rh_note(walk->notes, _("%s The file is left out."), error->message);
    g_ptr_array_add(walk->listing->rows, row);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *sorted_names(const char *path, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, error);
    if (folder == NULL)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;)
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

static gboolean walk_folder(Walk *walk, const char *relative, guint depth, gboolean masks, GError **error)
{
    g_autofree char *here = g_build_filename(walk->listing->source, relative, NULL);
    if (depth > 0 && rh_study_is_one(here))
        return TRUE;
    g_autoptr(GPtrArray) names = sorted_names(here, error);
    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *below =
            relative[0] == '\0' ? g_strdup(name) : g_build_filename(relative, name, NULL);
        g_autofree char *path = g_build_filename(here, name, NULL);
        if (g_cancellable_set_error_if_cancelled(walk->cancellable, error))
            return FALSE;
        if (++walk->files > FILES_MAX) {
            g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                        _("“%s” has more than %u files; choose a smaller folder."), walk->listing->source,
                        FILES_MAX);
            return FALSE;
        }
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            walk_file(walk, below, path, masks);
        else if (depth < DEPTH_MAX && g_file_test(path, G_FILE_TEST_IS_DIR) &&
                 !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
                 !walk_folder(walk, below, depth + 1, masks || is_mask_folder(name), error))
            return FALSE;
    }
    return TRUE;
}

/* Two folders of images are two classes; more or fewer say nothing. */
static void label_by_folder(const RhImportListing *listing)
{
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < listing->rows->len; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        if (row->path != NULL)
            g_hash_table_add(folders, g_path_get_dirname(row->path));
    }
    if (g_hash_table_size(folders) != 2 || g_hash_table_contains(folders, "."))
        return;
    for (guint i = 0; i < listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(listing->rows, i);
        if (row->path == NULL)
            continue;
        g_autofree char *folder = g_path_get_dirname(row->path);
        g_free(row->label);
        row->label = g_path_get_basename(folder);
    }
}

static void match_masks(const Walk *walk)
{
    for (guint i = 0; i < walk->listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(walk->listing->rows, i);
        g_autofree char *id = row->path != NULL ? rh_study_id_of_path(row->path) : NULL;
        const char *mask = id != NULL ? g_hash_table_lookup(walk->masks, id) : NULL;
        if (mask == NULL)
            continue;
        g_free(row->mask);
        row->mask = g_strdup(mask);
    }
}

gboolean rh_import_list_folder(RhImportListing *listing, GPtrArray *notes, GCancellable *cancellable,
                               GError **error)
{
    g_autoptr(GHashTable) masks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Walk walk = {.listing = listing, .masks = masks, .notes = notes, .cancellable = cancellable};
    if (!walk_folder(&walk, "", 0, FALSE, error))
        return FALSE;
    if (listing->rows->len == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” has neither images (PNG or JPEG) nor a table of them; choose another folder."),
                    listing->source);
        return FALSE;
    }
    label_by_folder(listing);
    match_masks(&walk);
    return TRUE;
}

RhImportListing *rh_import_list(const char *source, const RhImportSettings *settings, GPtrArray *notes,
                                GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportListing) listing = g_new0(RhImportListing, 1);
    listing->source = g_canonicalize_filename(source, NULL);
    listing->rows = g_ptr_array_new_with_free_func((GDestroyNotify)free_row);
    if (!g_file_test(source, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, _("There is no folder “%s”; choose one with images."),
                    source);
        return NULL;
    }
    g_autoptr(GError) reason = NULL;
    listing->table_path = find_table(listing->source, settings, &reason);
    if (reason != NULL) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    gboolean ok = listing->table_path != NULL ? rh_import_list_table(listing, settings, notes, error)
                                              : rh_import_list_folder(listing, notes, cancellable, error);
    return ok ? g_steal_pointer(&listing) : NULL;
}
