/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/paths.h"
#include "base/temporary.h"

#define LOCK_AGAIN 20000u /* µs */
#define LOCK_TRIES 1500u  /* half a minute */
#define LINKS_MAX  40     /* on the way to one file, as for the kernel */

static const char *const failures[] = {
    [RH_FILE_OPEN] = N_("Could not open “%s”: %s."),
    [RH_FILE_READ] = N_("Could not read “%s”: %s."),
    [RH_FILE_WRITE] = N_("Could not write “%s”: %s."),
    [RH_FILE_CREATE] = N_("Could not create “%s”: %s."),
    [RH_FILE_REPLACE] = N_("Could not replace “%s”: %s."),
    [RH_FILE_REMOVE] = N_("Could not remove “%s”: %s."),
    [RH_FILE_RENAME] = N_("Could not rename “%s”: %s."),
};

/* What helps against a reason, whatever was to be done. */
static const char *advice(int code, RhFileDeed deed)
{
    const gboolean reading = deed == RH_FILE_OPEN || deed == RH_FILE_READ;
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return _("Make room on the disk.");
    case EFBIG:
        return _("Make room on the disk, or raise the limit on the size of files.");
    case EACCES:
    case EPERM:
        return reading ? _("Give permission to read it.") : _("Give write permission there.");
    case EROFS:
        return _("Choose a disk that can be written to.");
    case ENOENT:
    case ENOTDIR:
        return reading ? _("Check that it is there.") : _("Check that its folder is still there.");
    case EISDIR:
        return _("Choose the name of a file.");
    case EEXIST:
        return _("Choose another name.");
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return _("Close other programs and try again.");
    default:
        return _("Check the disk and try again.");
    }
}

/* The format is one of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
gboolean rh_file_fail(GError **error, RhFileDeed deed, const char *path)
{
    int code = errno;
    g_autofree char *name = rh_path_shown(path);
    if (code == ELOOP && rh_path_is_own(path)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_LOOP,
                    _("“%s” is, or lies behind, a symbolic link, and nothing in a study is changed through "
                      "links; put the file or folder itself there."),
                    name);
        return FALSE;
    }
    g_autofree char *what = g_strdup_printf(_(failures[deed]), name, g_strerror(code));
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s %s", what, advice(code, deed));
    return FALSE;
}
#pragma GCC diagnostic pop

/* Every link on the way to a file that a person named, followed to where the file is or will be. */
static char *follow(const char *path)
{
    g_autofree char *at = g_strdup(path);
    for (guint links = 0; links < LINKS_MAX; links++) {
        g_autofree char *target = g_file_read_link(at, NULL);
        if (target == NULL)
            break;
        g_autofree char *parent = g_path_get_dirname(at);
        g_free(at);
        at = g_path_is_absolute(target) ? g_strdup(target) : g_build_filename(parent, target, NULL);
    }
    return g_steal_pointer(&at);
}

gboolean rh_file_is_device(const char *path)
{
    struct stat status;
    return !rh_path_is_own(path) && stat(path, &status) == 0 && !S_ISREG(status.st_mode) &&
           !S_ISDIR(status.st_mode);
}

/* What is to be written. */
typedef struct {
    const char *path; /* for messages */
    const char *bytes;
    gsize length;
    mode_t mode; /* of a new file, before the user's mask */
} Content;

static gboolean write_all(int descriptor, const Content *content)
{
    for (gsize done = 0; done < content->length;) {
        const gssize written = write(descriptor, content->bytes + done, content->length - done);
        if (written < 0 && errno != EINTR)
            return FALSE;
        done += (gsize)MAX(written, 0);
    }
    return TRUE;
}

static gboolean write_to_device(const Content *content, GError **error)
{
    const int descriptor = open(content->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return rh_file_fail(error, RH_FILE_WRITE, content->path);
    const gboolean ok = write_all(descriptor, content) || rh_file_fail(error, RH_FILE_WRITE, content->path);
    return close(descriptor) == 0 && ok;
}

/* The file keeps the permissions it had. */
static gboolean keep_mode(int folder, const char *name, int descriptor)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return TRUE;
    return fchmod(descriptor, status.st_mode & 0777) == 0;
}

/* errno tells what went wrong. */
static gboolean replace_in(int folder, const char *name, const Content *content)
{
    g_autofree char *temporary = g_strconcat(name, RH_TEMPORARY_SUFFIX, NULL);
    const int descriptor = rh_temporary_file(folder, temporary, content->mode);
    if (descriptor < 0)
        return FALSE;
    const gboolean renamed = keep_mode(folder, name, descriptor) && write_all(descriptor, content) &&
                             fsync(descriptor) == 0 && renameat(folder, temporary, folder, name) == 0;
    const gboolean ok = renamed && fsync(folder) == 0;
    const int code = errno;
    if (!renamed)
        unlinkat(folder, temporary, 0);
    close(descriptor);
    errno = code;
    return ok;
}

static gboolean replace(Content content, GError **error)
{
    if (rh_file_is_device(content.path))
        return write_to_device(&content, error);
    g_autofree char *target = rh_path_is_own(content.path) ? g_strdup(content.path) : follow(content.path);
    g_autofree char *name = NULL;
    const int folder = rh_path_open_to_change(target, &name);
    const gboolean ok = folder >= 0 && replace_in(folder, name, &content);
    if (!ok)
        rh_file_fail(error, RH_FILE_WRITE, content.path);
    if (folder >= 0)
        close(folder);
    return ok;
}

gboolean rh_file_put(const char *path, const void *data, gsize length, GError **error)
{
    const Content content = {path, data, length, 0666};
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, content.mode);
    gboolean ok = descriptor >= 0 && write_all(descriptor, &content);
    if (!ok)
        rh_file_fail(error, RH_FILE_WRITE, path);
    if (descriptor >= 0 && close(descriptor) != 0 && ok)
        ok = rh_file_fail(error, RH_FILE_WRITE, path);
    return ok;
}

gboolean rh_file_replace(const char *path, const void *data, gsize length, GError **error)
{
    return replace((Content){path, data, length, 0666}, error);
}

gboolean rh_file_replace_private(const char *path, const void *data, gsize length, GError **error)
{
    return replace((Content){path, data, length, 0600}, error);
}

/* Size of an open regular file within the limit. A pipe or device has no size that could be trusted. */
static gboolean bounded_size(int descriptor, const char *path, gsize limit, gsize *size, GError **error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return rh_file_fail(error, RH_FILE_READ, path);
    g_autofree char *name = rh_path_shown(path);
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
    g_autofree char *name = NULL;
    const int folder = rh_path_open_to_change(path, &name);
    const gboolean ok = (folder >= 0 && unlinkat(folder, name, 0) == 0) || errno == ENOENT ||
                        rh_file_fail(error, RH_FILE_REMOVE, path);
    if (folder >= 0)
        close(folder);
    return ok;
}

gboolean rh_file_rename(const char *from, const char *to, GError **error)
{
    g_autofree char *old_name = NULL, *new_name = NULL;
    const int source = rh_path_open_to_change(from, &old_name);
    if (source < 0)
        return rh_file_fail(error, RH_FILE_RENAME, from);
    const int target = rh_path_open_to_change(to, &new_name);
    const gboolean ok = (target >= 0 && renameat(source, old_name, target, new_name) == 0) ||
                        rh_file_fail(error, RH_FILE_REPLACE, to);
    close(source);
    if (target >= 0)
        close(target);
    return ok;
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
    return rh_file_rename(path, aside, error) ? g_steal_pointer(&aside) : NULL;
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
