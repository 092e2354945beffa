/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary.h"

#define LOCK_AGAIN 20000u /* µs */
#define LOCK_TRIES 1500u  /* half a minute */

static const char *const failures[] = {
    [RH_FILE_OPEN] = N_("Could not open “%s”: %s. Check that it is there and may be read."),
    [RH_FILE_READ] = N_("Could not read “%s”: %s. Try again, or restore it."),
    [RH_FILE_WRITE] = N_("Could not write “%s”: %s. Make room or give write permission."),
    [RH_FILE_CREATE] = N_("Could not create “%s”: %s. Make room or give write permission."),
    [RH_FILE_REPLACE] = N_("Could not replace “%s”: %s. Make room or give write permission."),
    [RH_FILE_REMOVE] = N_("Could not remove “%s”: %s. Give write permission."),
    [RH_FILE_RENAME] = N_("Could not rename “%s”: %s. Give write permission."),
};

/* The format is one of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
gboolean rh_file_fail(GError **error, RhFileDeed deed, const char *path)
{
    int code = errno;
    g_autofree char *name = rh_temporary_display_path(path);
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), _(failures[deed]), name,
                g_strerror(code));
    return FALSE;
}
#pragma GCC diagnostic pop

/* `path` is what it is called in messages. */
static gboolean sync_descriptor(int descriptor, const char *path, GError **error)
{
    return fsync(descriptor) == 0 || rh_file_fail(error, RH_FILE_WRITE, path);
}

/* So that the name a file in it was given lasts. */
static gboolean sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_WRITE, path);
    const gboolean ok = sync_descriptor(descriptor, path, error);
    close(descriptor);
    return ok;
}

static gboolean rename_synced(const char *temporary, const char *path, GError **error)
{
    if (g_rename(temporary, path) != 0)
        return rh_file_fail(error, RH_FILE_REPLACE, path);
    return sync_folder_of(path, error);
}

gboolean rh_file_replace_with(const char *path, RhFileWriter write, gpointer data, GError **error)
{
    g_autofree char *temporary = g_strconcat(path, RH_TEMPORARY_SUFFIX, NULL);
    const int descriptor = rh_temporary_file(temporary);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_WRITE, path);
    const gboolean ok = write(temporary, data, error) && sync_descriptor(descriptor, path, error) &&
                        rename_synced(temporary, path, error);
    if (!ok)
        g_unlink(temporary);
    close(descriptor);
    return ok;
}

typedef struct {
    const char *path; /* for messages */
    const char *bytes;
    gsize length;
} Content;

static gboolean write_content(const char *path, gpointer data, GError **error)
{
    const Content *content = data;
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_WRITE, content->path);
    gsize done = 0;
    while (done < content->length) {
        gssize written = write(descriptor, content->bytes + done, content->length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            rh_file_fail(error, RH_FILE_WRITE, content->path);
            close(descriptor);
            return FALSE;
        }
        done += (gsize)written;
    }
    return close(descriptor) == 0 || rh_file_fail(error, RH_FILE_WRITE, content->path);
}

gboolean rh_file_put(const char *path, const void *data, gsize length, GError **error)
{
    Content content = {.path = path, .bytes = data, .length = length};
    return write_content(path, &content, error);
}

gboolean rh_file_replace(const char *path, const void *data, gsize length, GError **error)
{
    Content content = {.path = path, .bytes = data, .length = length};
    return rh_file_replace_with(path, write_content, &content, error);
}

/* Size of an open regular file within the limit. A pipe or device has no size that could be trusted. */
static gboolean bounded_size(int descriptor, const char *path, gsize limit, gsize *size, GError **error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return rh_file_fail(error, RH_FILE_READ, path);
    g_autofree char *name = g_filename_display_name(path);
    if (!S_ISREG(status.st_mode)) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT, _("“%s” is no ordinary file; choose a file."), name);
        return FALSE;
    }
    if ((guint64)status.st_size > limit) {
        g_autofree char *is = g_format_size((guint64)status.st_size);
        g_autofree char *may = g_format_size(limit);
        g_set_error(error, RH_ERROR, RH_ERROR_LIMIT,
                    _("“%s” has %s, more than the %s that are read; choose a smaller file."), name, is, may);
        return FALSE;
    }
    *size = (gsize)status.st_size;
    return TRUE;
}

static gboolean read_all(int descriptor, const char *path, gsize limit, char **content, gsize *length,
                         GError **error)
{
    gsize size = 0;
    if (!bounded_size(descriptor, path, limit, &size, error))
        return FALSE;
    g_autofree char *bytes = g_try_malloc(size + 1);
    if (bytes == NULL) {
        errno = ENOMEM;
        return rh_file_fail(error, RH_FILE_READ, path);
    }
    gsize done = 0;
    while (done < size) {
        gssize got = read(descriptor, bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rh_file_fail(error, RH_FILE_READ, path);
        if (got == 0)
            break; /* the file became shorter while it was read */
        done += (gsize)got;
    }
    bytes[done] = '\0';
    *content = g_steal_pointer(&bytes);
    if (length != NULL)
        *length = done;
    return TRUE;
}

gboolean rh_file_read(const char *path, gsize limit, char **content, gsize *length, GError **error)
{
    /* O_NONBLOCK: opening a named pipe must not wait for somebody to write into it. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_OPEN, path);
    gboolean ok = read_all(descriptor, path, limit, content, length, error);
    close(descriptor);
    return ok;
}

gboolean rh_file_remove(const char *path, GError **error)
{
    return g_unlink(path) == 0 || errno == ENOENT || rh_file_fail(error, RH_FILE_REMOVE, path);
}

RhFileStamp rh_file_stamp(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return (RhFileStamp){0};
    return (RhFileStamp){.inode = status.st_ino,
                         .size = status.st_size,
                         .seconds = status.st_mtim.tv_sec,
                         .nanoseconds = status.st_mtim.tv_nsec};
}

gboolean rh_file_stamp_equal(const RhFileStamp *one, const RhFileStamp *other)
{
    return one->inode == other->inode && one->size == other->size && one->seconds == other->seconds &&
           one->nanoseconds == other->nanoseconds;
}

static gboolean wait_for_lock(int descriptor, const char *folder, GError **error)
{
    for (guint tries = 0; flock(descriptor, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return TRUE; /* there are no locks here */
        if (tries == LOCK_TRIES) {
            g_autofree char *name = g_filename_display_name(folder);
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                        _("Another program is writing into “%s” and does not end; close it there."), name);
            return FALSE;
        }
        g_usleep(LOCK_AGAIN);
    }
    return TRUE;
}

/* A file, for a folder has no lock on network file systems. */
gboolean rh_folder_lock(const char *folder, int *lock, GError **error)
{
    g_autofree char *path = g_build_filename(folder, ".lock", NULL);
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (*lock < 0 || wait_for_lock(*lock, folder, error))
        return TRUE;
    close(*lock);
    return FALSE;
}

char *rh_file_put_aside(const char *path, GError **error)
{
    g_autofree char *aside = g_strconcat(path, ".broken", NULL);
    for (guint number = 2; g_file_test(aside, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK); number++) {
        g_free(aside);
        aside = g_strdup_printf("%s.broken-%u", path, number);
    }
    if (g_rename(path, aside) == 0)
        return g_steal_pointer(&aside);
    rh_file_fail(error, RH_FILE_RENAME, path);
    return NULL;
}

static void clear_older_drafts(const char *parent, const char *target)
{
    g_autofree char *name = g_path_get_basename(target);
    g_autofree char *stem = g_strconcat(name, RH_TEMPORARY_MARK, NULL);
    rh_temporary_find(parent, NULL, stem, TRUE, NULL);
}

RhFolderDraft *rh_folder_begin(const char *target, GError **error)
{
    if (g_file_test(target, G_FILE_TEST_EXISTS)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("“%s” exists already; choose another name."),
                    target);
        return NULL;
    }
    g_autofree char *parent = g_path_get_dirname(target);
    if (g_mkdir_with_parents(parent, 0777) != 0) {
        rh_file_fail(error, RH_FILE_CREATE, parent);
        return NULL;
    }
    clear_older_drafts(parent, target);
    g_autofree char *path = g_strconcat(target, RH_TEMPORARY_SUFFIX, NULL);
    const int lock = rh_temporary_folder(path);
    if (lock < 0) {
        rh_file_fail(error, RH_FILE_CREATE, target);
        return NULL;
    }
    RhFolderDraft *draft = g_new0(RhFolderDraft, 1);
    draft->path = g_steal_pointer(&path);
    draft->target = g_strdup(target);
    draft->lock = lock;
    return draft;
}

gboolean rh_folder_publish(RhFolderDraft *draft, gboolean synced, GError **error)
{
    if (!synced && syncfs(draft->lock) != 0)
        return rh_file_fail(error, RH_FILE_WRITE, draft->target);
    if (g_rename(draft->path, draft->target) != 0)
        return rh_file_fail(error, RH_FILE_REPLACE, draft->target);
    g_clear_pointer(&draft->path, g_free); /* it is there, whatever becomes of the folder above */
    return sync_folder_of(draft->target, error);
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

static gboolean remove_below(int parent, const char *name, const char *path, GError **error)
{
    if (unlinkat(parent, name, 0) == 0)
        return TRUE;
    if (errno != EISDIR && errno != EPERM)
        return rh_file_fail(error, RH_FILE_REMOVE, path);
    g_autoptr(GDir) folder = g_dir_open(path, 0, error);
    if (folder == NULL)
        return FALSE;
    int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_REMOVE, path);
    gboolean ok = TRUE;
    for (const char *entry; ok && (entry = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *below = g_build_filename(path, entry, NULL);
        ok = remove_below(descriptor, entry, below, error);
    }
    close(descriptor);
    return ok && (unlinkat(parent, name, AT_REMOVEDIR) == 0 || rh_file_fail(error, RH_FILE_REMOVE, path));
}

gboolean rh_folder_remove(const char *path, GError **error)
{
    return remove_below(AT_FDCWD, path, path, error);
}

char *rh_file_checksum(const char *path, GError **error)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        rh_file_fail(error, RH_FILE_OPEN, path);
        return NULL;
    }
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 block[1 << 16];
    gssize length;
    while ((length = read(file, block, sizeof block)) > 0 || (length < 0 && errno == EINTR))
        if (length > 0)
            g_checksum_update(sum, block, length);
    if (length < 0)
        rh_file_fail(error, RH_FILE_READ, path);
    close(file);
    return length < 0 ? NULL : g_strdup(g_checksum_get_string(sum));
}

char *rh_path_inside(const char *folder, const char *relative, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(relative, "/", -1);
    gboolean outside = g_path_is_absolute(relative) || *relative == '\0';
    for (char **part = parts; *part != NULL; part++)
        outside |= strcmp(*part, "..") == 0;
    if (outside) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            _("The path “%s” leads outside the folder it should be in; give a path below that folder."),
            relative);
        return NULL;
    }
    return g_build_filename(folder, relative, NULL);
}
