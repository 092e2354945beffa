/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "base/paths.h"

#define RANDOM 6 /* letters and digits behind the mark */
#define LONG_AGO                                                                                             \
    (24 * 60 * 60) /* seconds: where there are no locks, nothing is in the making for so long                \
                    */

/* Locks what was just made. FALSE: somebody took it for a leftover in between and has removed it. */
static gboolean take(int folder, int descriptor, const char *name)
{
    struct stat own, named;
    while (flock(descriptor, LOCK_EX) != 0 && errno == EINTR)
        continue;
    return fstat(descriptor, &own) != 0 || (fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
                                            own.st_dev == named.st_dev && own.st_ino == named.st_ino);
}

static void choose_name(char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char *end = name + strlen(name);
    for (char *c = end - RANDOM; c < end; c++)
        *c = letters[g_random_int_range(0, (gint32)strlen(letters))];
}

static int make_file(int folder, const char *name, mode_t mode)
{
    return openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

static int make_folder(int folder, const char *name, mode_t mode)
{
    if (mkdirat(folder, name, mode) != 0)
        return -1;
    const int descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const int code = errno;
    if (descriptor < 0)
        unlinkat(folder, name, AT_REMOVEDIR);
    errno = code;
    return descriptor;
}

static int make(int folder, char *name, mode_t mode, int (*make_one)(int, const char *, mode_t))
{
    g_assert(g_str_has_suffix(name, RH_TEMPORARY_SUFFIX));
    while (TRUE) {
        choose_name(name);
        const int descriptor = make_one(folder, name, mode);
        if (descriptor >= 0 && take(folder, descriptor, name))
            return descriptor;
        if (descriptor < 0 && errno != EEXIST)
            return -1;
        if (descriptor >= 0)
            close(descriptor);
    }
}

int rh_temporary_file(int folder, char *name, mode_t mode)
{
    return make(folder, name, mode, make_file);
}

int rh_temporary_folder(int folder, char *name)
{
    return make(folder, name, 0777, make_folder);
}

gboolean rh_temporary_is_name(const char *name)
{
    const gsize length = strlen(name), tail = strlen(RH_TEMPORARY_MARK) + RANDOM;
    if (length <= tail || !g_str_has_prefix(name + length - tail, RH_TEMPORARY_MARK))
        return FALSE;
    for (const char *c = name + length - RANDOM; *c != '\0'; c++)
        if (!g_ascii_isalnum(*c))
            return FALSE;
    return TRUE;
}

char *rh_temporary_display_path(const char *path)
{
    g_autofree char *shown = g_filename_display_name(path);
    g_auto(GStrv) parts = g_strsplit(shown, "/", -1);
    for (char **part = parts; *part != NULL; part++)
        if (rh_temporary_is_name(*part))
            (*part)[strlen(*part) - strlen(RH_TEMPORARY_SUFFIX)] = '\0';
    return g_strjoinv("/", parts);
}

/* Whether nobody makes it any more; the lock is held until the descriptor is closed. */
static gboolean is_left(int descriptor)
{
    struct stat status;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    return errno != EWOULDBLOCK && fstat(descriptor, &status) == 0 &&
           time(NULL) - status.st_mtim.tv_sec > LONG_AGO;
}

/* For writing, as network file systems lock no others; a folder for reading. */
static int open_entry(int folder, const char *name)
{
    const int flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const int descriptor = openat(folder, name, O_RDWR | flags);
    return descriptor >= 0 || errno != EISDIR ? descriptor
                                              : openat(folder, name, O_RDONLY | O_DIRECTORY | flags);
}

static void remove_entry(int folder, const char *name, const char *path)
{
    g_autoptr(GError) ignored = NULL; /* it is tried again the next time */
    if (unlinkat(folder, name, 0) != 0 && errno == EISDIR)
        rh_folder_remove(path, &ignored);
}

void rh_temporary_find(const char *folder, const char *below, const char *stem, gboolean remove,
                       GPtrArray *found)
{
    g_autofree char *path = below != NULL ? rh_path_own(folder, below) : g_strdup(folder);
    g_autoptr(GPtrArray) names = rh_folder_names(path, NULL);
    const int descriptor = names != NULL ? rh_path_open_folder(path) : -1;
    for (guint i = 0; descriptor >= 0 && i < names->len; i++) {
        const char *name = names->pdata[i];
        if (!rh_temporary_is_name(name) || (stem != NULL && !g_str_has_prefix(name, stem)))
            continue;
        const int entry = open_entry(descriptor, name);
        if (entry >= 0 && is_left(entry)) {
            g_autofree char *full = g_build_filename(path, name, NULL);
            if (remove)
                remove_entry(descriptor, name, full);
            if (found != NULL)
                g_ptr_array_add(found, below != NULL ? g_build_filename(below, name, NULL) : g_strdup(name));
        }
        if (entry >= 0)
            close(entry);
    }
    if (descriptor >= 0)
        close(descriptor);
}
