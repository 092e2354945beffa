/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/files.h"
#include "base/paths.h"
#include "study/run-private.h"

/* A run set aside lies in runs/.deleted-NAME, where no list of runs finds it. */
#define ASIDE ".deleted-"

static char *aside_path(const char *folder)
{
    g_autofree char *runs = g_path_get_dirname(folder);
    g_autofree char *name = g_path_get_basename(folder);
    g_autofree char *aside = g_strdup_printf("%s/" ASIDE "%s", runs, name);
    return rh_run_own_folder(aside);
}

gboolean rh_run_is_aside(const char *folder)
{
    g_autofree char *aside = aside_path(folder);
    return g_file_test(aside, G_FILE_TEST_EXISTS);
}

/* Never over something that is there. */
static gboolean move(const char *from, const char *to, GError **error)
{
    if (!g_file_test(to, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        return rh_file_rename(from, to, error);
    g_autofree char *source = rh_path_shown(from), *target = rh_path_shown(to);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                _("Could not move “%s” to “%s”: there is something of that name. Rename or remove it."),
                source, target);
    return FALSE;
}

gboolean rh_run_set_aside(const RhRun *run, GError **error)
{
    g_autoptr(RhRunLock) lock = rh_run_lock(run->folder, error);
    g_autofree char *aside = aside_path(run->folder), *folder = rh_run_own_folder(run->folder);
    return lock != NULL && move(folder, aside, error);
}

gboolean rh_run_bring_back(const char *folder, GError **error)
{
    g_autofree char *aside = aside_path(folder), *back = rh_run_own_folder(folder);
    return move(aside, back, error);
}

gboolean rh_run_delete_aside(const char *folder, GError **error)
{
    g_autofree char *aside = aside_path(folder);
    return rh_folder_remove(aside, error);
}

void rh_runs_bring_back(const RhStudy *study)
{
    g_autofree char *runs = g_build_filename(study->folder, "runs", NULL);
    g_autoptr(GDir) folder = g_dir_open(runs, 0, NULL);
    g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;)
        if (g_str_has_prefix(name, ASIDE))
            g_ptr_array_add(left, g_build_filename(runs, name + strlen(ASIDE), NULL));
    for (guint i = 0; i < left->len; i++)
        rh_run_bring_back(left->pdata[i], NULL); /* one whose name is taken stays aside */
}
