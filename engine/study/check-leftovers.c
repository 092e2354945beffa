/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/files.h"
#include "base/paths.h"
#include "study/check-private.h"
#include "study/leftovers-private.h"

#define RANDOM   6         /* letters and digits */
#define LONG_AGO (60 * 60) /* seconds: a file is not written for so long */

/* Earlier versions called a file in the making NAME.XXXXXX. What people call alike, NAME.backup or NAME.2024,
 * is left alone: there must be small and capital letters, and not only the first one a capital. */
static gboolean is_older_name(const char *name, const char *const *patterns)
{
    const char *dot = strrchr(name, '.');
    if (dot == NULL || strlen(dot + 1) != RANDOM)
        return FALSE;
    gboolean small = FALSE, capital = FALSE;
    for (const char *c = dot + 1; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c))
            return FALSE;
        small |= g_ascii_islower(*c);
        capital |= g_ascii_isupper(*c) && c > dot + 1;
    }
    g_autofree char *base = g_strndup(name, (gsize)(dot - name));
    for (; small && capital && *patterns != NULL; patterns++)
        if (g_pattern_match_simple(*patterns, base))
            return TRUE;
    return FALSE;
}

static void check_older(RhCheck *check, const char *relative, const char *const *patterns)
{
    g_autofree char *path = g_build_filename(check->folder, relative, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        GStatBuf status;
        g_autofree char *full = g_build_filename(path, name, NULL);
        if (!is_older_name(name, patterns) || g_lstat(full, &status) != 0 || !S_ISREG(status.st_mode) ||
            time(NULL) - status.st_mtime < LONG_AGO)
            continue;
        g_autofree char *file = *relative != '\0' ? g_build_filename(relative, name, NULL) : g_strdup(name);
        rh_check_add(check, file, check->repair && g_unlink(full) == 0,
                     _("A program of an earlier version that was killed left it."));
    }
}

/* A start that was killed by an earlier version left an empty folder. */
static void check_empty(RhCheck *check, const char *run)
{
    g_autofree char *path = g_build_filename(check->folder, run, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    if (folder != NULL && g_dir_read_name(folder) == NULL)
        rh_check_add(check, run, check->repair && g_rmdir(path) == 0,
                     _("The folder is empty: a training that was killed at its start left it."));
}

static void check_older_runs(RhCheck *check)
{
    static const char *const in_run[] = {"run.ini",       "metrics.csv",  "test.csv", "validation.csv",
                                         "*.safetensors", "best.pending", NULL};
    g_autofree char *path = g_build_filename(check->folder, "runs", NULL);
    if (g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *run = g_build_filename("runs", name, NULL);
        g_autofree char *full = g_build_filename(path, name, NULL);
        g_autofree char *history = g_build_filename(run, "history", NULL);
        if (*name == '.' || g_file_test(full, G_FILE_TEST_IS_SYMLINK))
            continue;
        check_older(check, run, in_run);
        check_older(check, history, in_run);
        check_empty(check, run);
    }
}

/* Images that an earlier version was adding to the study, without a lock that tells who does. */
static void check_older_adding(RhCheck *check)
{
    g_autofree char *path = rh_path_own(check->folder, ".adding");
    GStatBuf status;
    if (g_lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && time(NULL) - status.st_mtime >= LONG_AGO)
        rh_check_add(check, ".adding", check->repair && rh_folder_remove(path, NULL),
                     _("A program of an earlier version that was killed left it."));
}

void rh_check_leftovers(RhCheck *check)
{
    static const char *const in_study[] = {"study.ini", "images.csv", "reading.csv",
                                           "queue.ini", "shift.png",  NULL};
    static const char *const in_masks[] = {"*.png", NULL};
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    rh_study_find_leftovers(check->folder, check->repair, found);
    for (guint i = 0; i < found->len; i++) {
        g_autofree char *path = g_build_filename(check->folder, found->pdata[i], NULL);
        rh_check_add(check, found->pdata[i], check->repair && !g_file_test(path, G_FILE_TEST_EXISTS),
                     _("A program that was killed left it."));
    }
    check_older(check, "", in_study);
    check_older(check, "masks", in_masks);
    check_older_runs(check);
    check_older_adding(check);
}
