/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"

#define RANDOM 6 /* letters and digits behind the mark */
#define LONG_AGO                                                                                             \
    (24 * 60 * 60) /* seconds: where there are no locks, nothing is in the making for so long                \
                    */

/* Locks what was just made. FALSE: somebody took it for a leftover in between and has removed it. */
static gboolean take(int descriptor, const char *path)
{
    struct stat own, named;
    while (flock(descriptor, LOCK_EX) != 0 && errno == EINTR)
        continue;
    return fstat(descriptor, &own) != 0 ||
           (stat(path, &named) == 0 && own.st_dev == named.st_dev && own.st_ino == named.st_ino);
}

static int make(char *path, gboolean folder)
{
    g_assert(g_str_has_suffix(path, RH_TEMPORARY_SUFFIX));
    while (TRUE) {
        g_autofree char *name = g_strdup(path);
        int descriptor = -1;
        if (!folder)
            descriptor = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0666);
        else if (g_mkdtemp_full(name, 0777) != NULL)
            descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor >= 0 && take(descriptor, name)) {
            strcpy(path, name);
            return descriptor;
        }
        if (descriptor < 0) {
            const int code = errno;
            g_rmdir(name); /* made, and not opened */
            errno = code;
            return -1;
        }
        close(descriptor);
    }
}

int rh_temporary_file(char *path)
{
    return make(path, FALSE);
}

int rh_temporary_folder(char *path)
{
    return make(path, TRUE);
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

static int open_below(const char *folder, const char *below)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_auto(GStrv) parts = g_strsplit(below != NULL ? below : "", "/", -1);
    for (char **part = parts; *part != NULL && descriptor >= 0; part++) {
        const int parent = descriptor;
        descriptor = openat(parent, *part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(parent);
    }
    return descriptor;
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
    const int descriptor = open_below(folder, below);
    if (descriptor < 0)
        return;
    g_autofree char *path = g_build_filename(folder, below, NULL);
    g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
    for (const char *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
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
    close(descriptor);
}
