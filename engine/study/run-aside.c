/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/run-private.h"

/* A run set aside lies in runs/.deleted-NAME, where no list of runs finds it. */
#define ASIDE ".deleted-"

static char *aside_path(const char *folder)
{
    g_autofree char *runs = g_path_get_dirname(folder);
    g_autofree char *name = g_path_get_basename(folder);
    return g_strdup_printf("%s/" ASIDE "%s", runs, name);
}

gboolean rh_run_is_aside(const char *folder)
{
    g_autofree char *aside = aside_path(folder);
    return g_file_test(aside, G_FILE_TEST_EXISTS);
}

static gboolean move(const char *from, const char *to, GError **error)
{
    int code = g_file_test(to, G_FILE_TEST_EXISTS) ? EEXIST : 0;
    if (code == 0 && g_rename(from, to) != 0)
        code = errno;
    if (code != 0)
        g_set_error(
            error, G_FILE_ERROR, g_file_error_from_errno(code),
            _("Could not move “%s” to “%s”: %s. Check that the second name is free and its folder may "
              "be written to."),
            from, to, g_strerror(code));
    return code == 0;
}

gboolean rh_run_set_aside(const RhRun *run, GError **error)
{
    g_autoptr(RhRunLock) lock = rh_run_lock(run->folder, error);
    g_autofree char *aside = aside_path(run->folder);
    return lock != NULL && move(run->folder, aside, error);
}

gboolean rh_run_bring_back(const char *folder, GError **error)
{
    g_autofree char *aside = aside_path(folder);
    return move(aside, folder, error);
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
