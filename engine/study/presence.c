/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/presence.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/paths.h"
#include "study/ini-private.h"

#define RENEW_AFTER 60  /* seconds */
#define GONE_AFTER  300 /* seconds without being renewed */
#define OTHERS_MAX  20u /* files looked at */
#define HOST_MAX    64  /* characters of a name shown */

struct _RhPresence {
    char *folder, *path; /* of the study's ".open", and of one's own file in it */
    gint64 since;        /* seconds of Unix time */
    gint64 renewed;      /* by this computer's clock that never goes back, µs; 0: never */
};

RhPresence *rh_presence_new(const char *study_folder)
{
    RhPresence *presence = g_new0(RhPresence, 1);
    g_autofree char *host = g_strdelimit(g_strdup(g_get_host_name()), G_DIR_SEPARATOR_S, '-');
    g_autofree char *name = g_strdup_printf("%s-%d.ini", host, (int)getpid());
    presence->folder = rh_path_own(study_folder, ".open");
    presence->path = g_build_filename(presence->folder, name, NULL);
    presence->since = g_get_real_time() / G_USEC_PER_SEC;
    return presence;
}

static gboolean is_own_folder(const RhPresence *presence)
{
    return g_file_test(presence->folder, G_FILE_TEST_IS_DIR) &&
           !g_file_test(presence->folder, G_FILE_TEST_IS_SYMLINK);
}

/* That it cannot be written is nobody's trouble: the others do not know of this program then. */
static void renew(RhPresence *presence)
{
    const gint64 now = g_get_monotonic_time();
    if (presence->renewed != 0 && now - presence->renewed < RENEW_AFTER * G_TIME_SPAN_SECOND &&
        g_file_test(presence->path, G_FILE_TEST_EXISTS))
        return;
    g_mkdir(presence->folder, 0777);
    if (!is_own_folder(presence))
        return;
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_key_file_set_string(keys, "open", "host", g_get_host_name());
    g_key_file_set_integer(keys, "open", "pid", (int)getpid());
    g_key_file_set_int64(keys, "open", "since", presence->since);
    g_autofree char *text = g_key_file_to_data(keys, NULL, NULL);
    if (rh_file_replace(presence->path, text, strlen(text), NULL))
        presence->renewed = now;
}

/* By the clock of the disk that both files are on, where there is one's own to compare with. */
static gint64 seconds_since_renewed(const RhPresence *presence, const char *path)
{
    const RhFileStamp own = rh_file_stamp(presence->path), other = rh_file_stamp(path);
    return (own.seconds != 0 ? own.seconds : g_get_real_time() / G_USEC_PER_SEC) - other.seconds;
}

static gboolean is_running(guint64 pid)
{
    return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

static char *describe(const char *host, gint64 since)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(since);
    g_autofree char *when = time != NULL ? g_date_time_format(time, "%F %R") : g_strdup("?");
    g_autofree char *name = g_utf8_strlen(host, -1) > HOST_MAX ? g_utf8_substring(host, 0, HOST_MAX) : NULL;
    return g_str_equal(host, g_get_host_name())
               ? g_strdup_printf(_("Also open in another window since %s"), when)
               : g_strdup_printf(_("Also open on %s since %s"), name != NULL ? name : host, when);
}

/* What there is to say of the program that keeps that file; NULL: it is gone. */
static char *describe_other(const RhPresence *presence, const char *path)
{
    if (seconds_since_renewed(presence, path) > GONE_AFTER) {
        g_unlink(path);
        return NULL;
    }
    g_autoptr(RhIni) ini = rh_ini_open(path, NULL);
    if (ini == NULL)
        return NULL;
    g_autofree char *host = rh_ini_string(ini, "open", "host");
    const guint64 pid = rh_ini_integer(ini, "open", "pid", 1, G_MAXINT);
    const guint64 since = rh_ini_integer(ini, "open", "since", 0, G_MAXINT64);
    if (!rh_ini_check(ini, NULL))
        return NULL;
    if (g_str_equal(host, g_get_host_name()) && !is_running(pid)) {
        g_unlink(path); /* it was killed */
        return NULL;
    }
    return describe(host, (gint64)since);
}

char *rh_presence_look(RhPresence *presence)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    renew(presence);
    g_autoptr(GDir) folder = is_own_folder(presence) ? g_dir_open(presence->folder, 0, NULL) : NULL;
    const char *name;
    for (guint i = 0; folder != NULL && i < OTHERS_MAX && (name = g_dir_read_name(folder)) != NULL; i++) {
        g_autofree char *path = g_build_filename(presence->folder, name, NULL);
        g_autofree char *line = g_str_has_suffix(name, ".ini") && !g_str_equal(path, presence->path)
                                    ? describe_other(presence, path)
                                    : NULL;
        if (line != NULL)
            g_string_append_printf(lines, "%s%s", lines->len > 0 ? "\n" : "", line);
    }
    return g_string_free(g_steal_pointer(&lines), FALSE);
}

void rh_presence_free(RhPresence *presence)
{
    if (presence == NULL)
        return;
    if (is_own_folder(presence)) {
        g_unlink(presence->path);
        g_rmdir(presence->folder); /* stays while others are in it */
    }
    g_free(presence->folder);
    g_free(presence->path);
    g_free(presence);
}
