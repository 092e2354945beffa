/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/temporary.h"
#include "study/ini-private.h"
#include "study/leftovers-private.h"
#include "study/run-private.h"

static gboolean is_finished(const char *run_folder)
{
    g_autofree char *path = g_build_filename(run_folder, "run.ini", NULL);
    g_autoptr(RhIni) ini = rh_ini_open(path, NULL);
    g_autofree char *state = ini != NULL ? g_key_file_get_string(ini->keys, "result", "state", NULL) : NULL;
    return g_strcmp0(state, rh_run_state_name(RH_RUN_FINISHED)) == 0;
}

static void add(const char *below, const char *name, GPtrArray *found)
{
    if (found != NULL)
        g_ptr_array_add(found, g_build_filename(below, name, NULL));
}

/* What a finished run needs no more: what it would go on from, and the lock of its trainer. */
static void find_in_finished(const char *study_folder, const char *below, gboolean remove, GPtrArray *found)
{
    g_autofree char *folder = g_build_filename(study_folder, below, NULL);
    g_autofree char *state = g_build_filename(folder, "state.safetensors", NULL);
    const gboolean has_state = g_file_test(state, G_FILE_TEST_EXISTS);
    if ((!has_state && !rh_run_has_lock_file(folder)) || !is_finished(folder))
        return;
    if (has_state)
        add(below, "state.safetensors", found);
    g_autoptr(RhRunLock) lock =
        remove ? rh_run_lock(folder, NULL) : NULL; /* replaces one whose maker is gone */
    g_autofree char *own = rh_run_own_folder(folder);
    g_autofree char *own_state = g_build_filename(own, "state.safetensors", NULL);
    if (lock != NULL && has_state)
        rh_file_remove(own_state, NULL); /* what cannot be removed is tried again the next time */
}

static gboolean is_own_folder(const char *path)
{
    GStatBuf status;
    return g_lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void find_in_runs(const char *folder, gboolean remove, GPtrArray *found)
{
    g_autofree char *runs = g_build_filename(folder, "runs", NULL);
    g_autoptr(GDir) entries = is_own_folder(runs) ? g_dir_open(runs, 0, NULL) : NULL;
    for (const char *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *path = g_build_filename(runs, name, NULL);
        if (*name == '.' || rh_temporary_is_name(name) || !is_own_folder(path))
            continue;
        g_autofree char *below = g_build_filename("runs", name, NULL);
        g_autofree char *history = g_build_filename(below, "history", NULL);
        rh_temporary_find(folder, below, NULL, remove, found);
        rh_temporary_find(folder, history, NULL, remove, found);
        find_in_finished(folder, below, remove, found);
    }
}

void rh_study_find_leftovers(const char *folder, gboolean remove, GPtrArray *found)
{
    static const char *const below[] = {NULL, "masks", "runs", ".open"};
    for (guint i = 0; i < G_N_ELEMENTS(below); i++)
        rh_temporary_find(folder, below[i], NULL, remove, found);
    find_in_runs(folder, remove, found);
}
