/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/paths.h"
#include "base/temporary.h"

gboolean rh_folder_make(const char *path, GError **error)
{
    g_autofree char *name = NULL;
    const int parent = rh_path_open_to_change(path, &name);
    const gboolean ok =
        (parent >= 0 && mkdirat(parent, name, 0777) == 0) || rh_file_fail(error, RH_FILE_CREATE, path);
    if (parent >= 0)
        close(parent);
    return ok;
}

gboolean rh_folder_ensure(const char *path, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (rh_folder_make(path, &reason))
        return TRUE;
    if (!g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_EXIST)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return TRUE;
    g_autofree char *shown = rh_path_shown(path);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                _("“%s” is to be a folder, but something else has that name; rename or remove that."), shown);
    return FALSE;
}

GPtrArray *rh_folder_names(const char *path, GError **error)
{
    const int descriptor = rh_path_open_folder(path);
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (folder == NULL) {
        rh_file_fail(error, RH_FILE_OPEN, path);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (!g_str_equal(entry->d_name, ".") && !g_str_equal(entry->d_name, ".."))
            g_ptr_array_add(names, g_strdup(entry->d_name));
    closedir(folder);
    return names;
}

static void clear_older_drafts(const char *parent, const char *target)
{
    g_autofree char *name = g_path_get_basename(target);
    g_autofree char *stem = g_strconcat(name, RH_TEMPORARY_MARK, NULL);
    rh_temporary_find(parent, NULL, stem, TRUE, NULL);
}

/* Of an own path the last alone, for the study itself is there. */
static gboolean make_folders_above(const char *parent, GError **error)
{
    if (rh_path_is_own(parent))
        return rh_folder_ensure(parent, error);
    return g_mkdir_with_parents(parent, 0777) == 0 || rh_file_fail(error, RH_FILE_CREATE, parent);
}

RhFolderDraft *rh_folder_begin(const char *target, GError **error)
{
    if (g_file_test(target, G_FILE_TEST_EXISTS)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("“%s” exists already; choose another name."),
                    target);
        return NULL;
    }
    g_autofree char *parent = g_path_get_dirname(target);
    if (!make_folders_above(parent, error))
        return NULL;
    clear_older_drafts(parent, target);
    g_autofree char *name = NULL;
    const int folder = rh_path_open_to_change(target, &name);
    g_autofree char *temporary = g_strconcat(name, RH_TEMPORARY_SUFFIX, NULL);
    const int lock = folder >= 0 ? rh_temporary_folder(folder, temporary) : -1;
    if (lock < 0)
        rh_file_fail(error, RH_FILE_CREATE, target);
    if (folder >= 0)
        close(folder);
    if (lock < 0)
        return NULL;
    RhFolderDraft *draft = g_new0(RhFolderDraft, 1);
    draft->path = g_build_filename(parent, temporary, NULL);
    draft->target = g_strdup(target);
    draft->lock = lock;
    return draft;
}

static gboolean sync_parent(const char *path, GError **error)
{
    g_autofree char *name = NULL;
    const int folder = rh_path_open_parent(path, &name);
    const gboolean ok = (folder >= 0 && fsync(folder) == 0) || rh_file_fail(error, RH_FILE_WRITE, path);
    if (folder >= 0)
        close(folder);
    return ok;
}

gboolean rh_folder_publish(RhFolderDraft *draft, gboolean synced, GError **error)
{
    if (!synced && syncfs(draft->lock) != 0)
        return rh_file_fail(error, RH_FILE_WRITE, draft->target);
    if (!rh_file_rename(draft->path, draft->target, error))
        return FALSE;
    g_clear_pointer(&draft->path, g_free); /* it is there, whatever becomes of the folder above */
    return sync_parent(draft->target, error);
}

void rh_folder_draft_free(RhFolderDraft *draft)
{
    if (draft == NULL)
        return;
    g_autoptr(GError) ignored = NULL; /* nothing depends on what is left of a folder nobody knows */
    if (draft->path != NULL)
        rh_folder_remove(draft->path, &ignored);
    close(draft->lock);
    g_free(draft->path);
    g_free(draft->target);
    g_free(draft);
}

/* What is in an open folder, which is closed. `path` is for messages. */
static gboolean remove_content(int descriptor, const char *path, GError **error);

static gboolean remove_below(int parent, const char *name, const char *path, GError **error)
{
    if (unlinkat(parent, name, 0) == 0)
        return TRUE;
    if (errno != EISDIR && errno != EPERM)
        return rh_file_fail(error, RH_FILE_REMOVE, path);
    const int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_REMOVE, path);
    return remove_content(descriptor, path, error) &&
           (unlinkat(parent, name, AT_REMOVEDIR) == 0 || rh_file_fail(error, RH_FILE_REMOVE, path));
}

static gboolean remove_content(int descriptor, const char *path, GError **error)
{
    DIR *folder = fdopendir(descriptor);
    if (folder == NULL) {
        rh_file_fail(error, RH_FILE_OPEN, path);
        close(descriptor);
        return FALSE;
    }
    gboolean ok = TRUE;
    for (const struct dirent *entry; ok && (entry = readdir(folder)) != NULL;) {
        if (g_str_equal(entry->d_name, ".") || g_str_equal(entry->d_name, ".."))
            continue;
        g_autofree char *below = g_build_filename(path, entry->d_name, NULL);
        ok = remove_below(descriptor, entry->d_name, below, error);
    }
    closedir(folder);
    return ok;
}

gboolean rh_folder_remove(const char *path, GError **error)
{
    g_autofree char *name = NULL;
    const int parent = rh_path_open_to_change(path, &name);
    if (parent < 0)
        return rh_file_fail(error, RH_FILE_REMOVE, path);
    const gboolean ok = remove_below(parent, name, path, error);
    close(parent);
    return ok;
}

void rh_folder_remove_empty(const char *path)
{
    g_autofree char *name = NULL;
    const int parent = rh_path_open_to_change(path, &name);
    if (parent < 0)
        return;
    unlinkat(parent, name, AT_REMOVEDIR);
    close(parent);
}
