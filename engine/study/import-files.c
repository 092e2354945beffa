/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "study/import-private.h"

#define FILES_MAX  1000000u
#define DEPTH_MAX  16u
#define HEAD_BYTES 160u

typedef struct {
    RhImportFiles *files;
    RhImportSummary *summary;
    GCancellable *cancellable;
    GHashTable *folders; /* "device:inode" of those looked through, so that a link leads nowhere twice */
    guint seen;
} Walk;

static void free_file(RhImportFile *file)
{
    g_free(file->path);
    g_free(file->key);
    g_free(file);
}

void rh_import_files_free(RhImportFiles *files)
{
    if (files == NULL)
        return;
    g_free(files->source);
    g_hash_table_unref(files->tails);
    g_ptr_array_unref(files->all);
    g_free(files);
}

char *rh_import_key(const char *path)
{
    g_autofree char *valid = g_utf8_make_valid(path, -1);
    g_autofree char *composed = g_utf8_normalize(g_strdelimit(valid, "\\", '/'), -1, G_NORMALIZE_NFC);
    return g_utf8_casefold(composed, -1);
}

char *rh_import_stem(const char *path)
{
    char *stem = g_strdup(path);
    char *name = strrchr(stem, '/');
    char *dot = strrchr(stem, '.');
    name = name != NULL ? name + 1 : stem;
    if (dot > name)
        *dot = '\0';
    return stem;
}

static gsize read_head(const char *path, guint8 *head)
{
    const int file = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    const gssize length = file >= 0 ? read(file, head, HEAD_BYTES) : 0;
    if (file >= 0)
        close(file);
    return length > 0 ? (gsize)length : 0;
}

static void add_file(Walk *walk, const char *relative, const char *path, guint64 size, gboolean masks)
{
    guint8 head[HEAD_BYTES];
    const char *format = rh_import_format(relative, head, size > 0 ? read_head(path, head) : 0);
    if (format == NULL)
        return;
    const RhImportSubject subject = masks ? RH_IMPORT_MASKS : RH_IMPORT_IMAGES;
    g_autofree char *shown = g_filename_display_name(relative);
    guint *found = masks ? &walk->summary->mask_files : &walk->summary->found;
    if (!g_utf8_validate(relative, -1, NULL)) {
        (*found)++;
        rh_import_tell(walk->summary, subject, N_("name is not UTF-8"),
                       _("The name of “%s” is not UTF-8 and cannot stand in a table; rename the file."),
                       shown);
        return;
    }
    RhImportFile *file = g_new0(RhImportFile, 1);
    file->path = g_strdup(relative);
    file->key = rh_import_key(relative);
    file->format = format;
    file->size = size;
    file->in_mask_folder = masks;
    g_ptr_array_add(walk->files->all, file);
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

static gboolean walk_folder(Walk *walk, const char *relative, guint depth, gboolean masks, GError **error);

static gboolean walk_below(Walk *walk, const char *relative, const GStatBuf *status, guint depth,
                           gboolean masks, GError **error)
{
    g_autofree char *name = g_path_get_basename(relative), *shown = g_filename_display_name(relative);
    g_autofree char *identity = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                                (guint64)status->st_dev, (guint64)status->st_ino);
    g_autofree char *path = g_build_filename(walk->files->source, relative, NULL);
    if (rh_study_is_one(path))
        return TRUE;
    if (depth > DEPTH_MAX || !g_hash_table_add(walk->folders, g_steal_pointer(&identity))) {
        rh_import_tell(walk->summary, RH_IMPORT_WORD, "folder",
                       depth > DEPTH_MAX
                           ? _("The folder “%s” lies too deep and is passed over.")
                           : _("The folder “%s” is one that was looked through already; it is passed over."),
                       shown);
        return TRUE;
    }
    g_autoptr(GError) reason = NULL;
    if (walk_folder(walk, relative, depth, masks || rh_import_is_mask_folder(name), &reason))
        return TRUE;
    if (reason->domain != G_FILE_ERROR) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    rh_import_tell(walk->summary, RH_IMPORT_WORD, "unreadable folder",
                   _("The folder “%s” cannot be read and is passed over: %s."), shown, reason->message);
    return TRUE;
}

static gboolean walk_entry(Walk *walk, const char *relative, guint depth, gboolean masks, GError **error)
{
    g_autofree char *path = g_build_filename(walk->files->source, relative, NULL);
    GStatBuf status;
    if (g_cancellable_set_error_if_cancelled(walk->cancellable, error))
        return FALSE;
    if (++walk->seen > FILES_MAX) {
        g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                    _("“%s” has more than %u files; choose a smaller folder."), walk->files->source,
                    FILES_MAX);
        return FALSE;
    }
    if (g_stat(path, &status) != 0) {
        g_autofree char *shown = g_filename_display_name(relative);
        rh_import_tell(walk->summary, RH_IMPORT_WORD, "dangling link",
                       _("“%s” is a link that leads nowhere."), shown);
        return TRUE;
    }
    if (S_ISREG(status.st_mode))
        add_file(walk, relative, path, (guint64)status.st_size, masks);
    else if (S_ISDIR(status.st_mode))
        return walk_below(walk, relative, &status, depth + 1, masks, error);
    return TRUE;
}

static gboolean walk_folder(Walk *walk, const char *relative, guint depth, gboolean masks, GError **error)
{
    g_autofree char *here = g_build_filename(walk->files->source, relative, NULL);
    g_autoptr(GPtrArray) names = sorted_names(here, error);
    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *below =
            relative[0] == '\0' ? g_strdup(name) : g_build_filename(relative, name, NULL);
        if (!walk_entry(walk, below, depth, masks, error))
            return FALSE;
    }
    return TRUE;
}

static void add_tail(RhImportFiles *files, const char *tail, RhImportFile *file)
{
    GPtrArray *fitting = g_hash_table_lookup(files->tails, tail);
    if (fitting == NULL) {
        fitting = g_ptr_array_new();
        g_hash_table_insert(files->tails, g_strdup(tail), fitting);
    }
    g_ptr_array_add(fitting, file);
}

/* Each file by each end of its path, with and without suffix. */
static void index_tails(RhImportFiles *files)
{
    for (guint i = 0; i < files->all->len; i++) {
        RhImportFile *file = g_ptr_array_index(files->all, i);
        g_autofree char *stem = rh_import_stem(file->key);
        const char *const keys[] = {file->key, stem};
        for (guint k = 0; k < (g_str_equal(stem, file->key) ? 1 : 2); k++)
            for (const char *tail = keys[k]; tail != NULL;) {
                add_tail(files, tail, file);
                tail = strchr(tail, '/');
                tail = tail != NULL ? tail + 1 : NULL;
            }
    }
}

RhImportFiles *rh_import_files_new(const char *source, RhImportSummary *summary, GCancellable *cancellable,
                                   GError **error)
{
    g_autoptr(RhImportFiles) files = g_new0(RhImportFiles, 1);
    files->source = g_strdup(source);
    files->all = g_ptr_array_new_with_free_func((GDestroyNotify)free_file);
    files->tails = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Walk walk = {.files = files, .summary = summary, .cancellable = cancellable, .folders = folders};
    GStatBuf status;
    if (g_stat(source, &status) == 0)
        g_hash_table_add(folders, g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                                  (guint64)status.st_dev, (guint64)status.st_ino));
    if (!walk_folder(&walk, "", 0, FALSE, error))
        return NULL;
    index_tails(files);
    return g_steal_pointer(&files);
}
