/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/files.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "study/ini-private.h"
#include "study/run-private.h"

/* Two locks that complete each other. The kernel's, on the run's folder, ends with the process that holds it,
 * so that nothing is left after a kill; but network file systems keep such locks to one computer, or have
 * none. The file training.lock is seen from every computer; but it stays after a kill. On one computer the
 * kernel decides, and where it has no locks the process that the file names; between computers the file does.
 */
#define FILE_NAME  "training.lock"
#define GROUP      "lock"
#define HOST_SHOWN 64 /* letters */

struct _RhRunLock {
    int folder;
    gboolean has_file;
};

/* Who made a lock file. */
typedef struct {
    char *host, *boot; /* the computer's name, and the start of its kernel, which containers share */
    gint64 process;
    guint64 begun; /* when the process began, by the kernel's clock; numbers of processes are given again */
    char *since;
} Holder;

static void holder_clear(Holder *holder)
{
    g_free(holder->host);
    g_free(holder->boot);
    g_free(holder->since);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Holder, holder_clear)

static char *boot_of_this_kernel(void)
{
    char *text = NULL;
    if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
        return g_strdup("");
    return g_strstrip(text);
}

/* 0 if there is no such process. */
static guint64 begin_of_process(gint64 process)
{
    g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/stat", process);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    const char *behind_name = strrchr(text, ')');
    g_auto(GStrv) fields = g_strsplit(behind_name != NULL ? behind_name : "", " ", 22);
    return g_strv_length(fields) > 20 ? g_ascii_strtoull(fields[20], NULL, 10) : 0;
}

static gboolean is_here(const Holder *holder)
{
    g_autofree char *boot = boot_of_this_kernel();
    return g_str_equal(holder->host, g_get_host_name()) || (*boot != '\0' && g_str_equal(holder->boot, boot));
}

static gboolean is_alive(const Holder *holder)
{
    return (kill((pid_t)holder->process, 0) == 0 || errno == EPERM) &&
           begin_of_process(holder->process) == holder->begun;
}

static char *describe_ourselves(void)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *boot = boot_of_this_kernel(), *since = g_date_time_format_iso8601(now);
    g_key_file_set_string(keys, GROUP, "host", g_get_host_name());
    g_key_file_set_string(keys, GROUP, "boot", boot);
    g_key_file_set_int64(keys, GROUP, "process", getpid());
    g_key_file_set_uint64(keys, GROUP, "begun", begin_of_process(getpid()));
    g_key_file_set_string(keys, GROUP, "since", since);
    return g_key_file_to_data(keys, NULL, NULL);
}

/* FALSE: there is none, or it says nothing that could be understood. */
static gboolean read_holder(const char *path, Holder *holder)
{
    g_autoptr(RhIni) ini = rh_ini_open(path, NULL);
    if (ini == NULL)
        return FALSE;
    g_autofree char *since = rh_ini_string(ini, GROUP, "since");
    holder->host = rh_ini_string(ini, GROUP, "host");
    holder->boot = rh_ini_string(ini, GROUP, "boot");
    holder->process = (gint64)rh_ini_integer(ini, GROUP, "process", 1, G_MAXINT32);
    holder->begun = rh_ini_integer(ini, GROUP, "begun", 0, G_MAXUINT64);
    g_autoptr(GDateTime) utc = g_date_time_new_from_iso8601(since, NULL);
    g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local(utc) : NULL;
    holder->since = local != NULL ? g_date_time_format(local, "%F %R") : NULL;
    return holder->since != NULL && rh_ini_check(ini, NULL);
}

static gboolean write_all(int descriptor, const char *text)
{
    const gssize length = (gssize)strlen(text);
    const gboolean ok = write(descriptor, text, (gsize)length) == length;
    if (!ok && errno == 0)
        errno = ENOSPC;
    return ok;
}

/* Appears with all that is in it, or not at all: a link is made to a temporary file. Where the file system
 * has no links it is made at once. FALSE with errno; EEXIST: there is one. */
static gboolean make_file(int folder)
{
    char temporary[] = FILE_NAME RH_TEMPORARY_SUFFIX;
    g_autofree char *text = describe_ourselves();
    int descriptor = rh_temporary_file(folder, temporary, 0666);
    if (descriptor < 0)
        return FALSE;
    errno = 0;
    gboolean made = write_all(descriptor, text) && linkat(folder, temporary, folder, FILE_NAME, 0) == 0;
    int code = errno;
    unlinkat(folder, temporary, 0);
    close(descriptor);
    if (!made && (code == EPERM || code == EOPNOTSUPP || code == ENOSYS)) {
        descriptor = openat(folder, FILE_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        made = descriptor >= 0 && write_all(descriptor, text);
        code = errno;
        if (descriptor >= 0)
            close(descriptor);
    }
    errno = code;
    return made;
}

static gboolean refuse(const char *folder, const char *path, const Holder *elsewhere, GError **error)
{
    g_autofree char *name = g_path_get_basename(folder);
    if (elsewhere == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                    _("The run “%s” is being trained already; wait for it or stop it there."), name);
        return FALSE;
    }
    const glong shown = MIN(g_utf8_strlen(elsewhere->host, -1), HOST_SHOWN);
    g_autofree char *host = g_utf8_substring(elsewhere->host, 0, shown);
    g_autofree char *process = g_strdup_printf("%" G_GINT64_FORMAT, elsewhere->process);
    g_set_error(
        error, G_IO_ERROR, G_IO_ERROR_BUSY,
        _("The run “%s” has been in training on the computer “%s” since %s, as its process %s; wait for "
          "it or stop it there. If nothing trains it there any more, remove “%s”."),
        name, host, elsewhere->since, process, path);
    return FALSE;
}

/* Makes the lock file, in the place of one whose maker is gone. `kernel`: the kernel's lock is ours. */
static gboolean take_file(RhRunLock *lock, const char *folder, gboolean kernel, GError **error)
{
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    for (guint attempt = 0; attempt < 2; attempt++) {
        g_auto(Holder) holder = {0};
        lock->has_file = make_file(lock->folder);
        /* A folder that cannot be written to is not trained in, from whatever computer; and a run must be
         * deletable when the disk is full. */
        if (lock->has_file || (errno != EEXIST && kernel))
            return TRUE;
        if (errno != EEXIST)
            return rh_file_fail(error, RH_FILE_CREATE, path);
        const gboolean known = read_holder(path, &holder);
        if (known && !is_here(&holder))
            return refuse(folder, path, &holder, error);
        if (known && !kernel && is_alive(&holder))
            break;
        unlinkat(lock->folder, FILE_NAME, 0);
    }
    return refuse(folder, path, NULL, error);
}

RhRunLock *rh_run_lock(const char *folder, GError **error)
{
    g_autofree char *own = rh_run_own_folder(folder);
    const int descriptor = rh_path_open_folder(own);
    if (descriptor < 0) {
        rh_file_fail(error, RH_FILE_OPEN, own);
        return NULL;
    }
    RhRunLock *lock = g_new0(RhRunLock, 1);
    lock->folder = descriptor;
    const gboolean kernel = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    const gboolean held = !kernel && errno == EWOULDBLOCK;
    if (held ? refuse(folder, NULL, NULL, error) : take_file(lock, folder, kernel, error))
        return lock;
    rh_run_unlock(lock);
    return NULL;
}

void rh_run_unlock(RhRunLock *lock)
{
    if (lock == NULL)
        return;
    if (lock->has_file)
        unlinkat(lock->folder, FILE_NAME, 0);
    close(lock->folder);
    g_free(lock);
}

gboolean rh_run_has_lock_file(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}
