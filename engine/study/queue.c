/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/queue.h"

#include "base/paths.h"
#include "study/ini-private.h"

#define GROUP "queue"
#define KEY   "runs"

char *rh_queue_path(const char *study_folder)
{
    return rh_path_own(study_folder, "queue.ini");
}

char *rh_queue_text(const char *const *runs)
{
    const guint count = g_strv_length((char **)runs);
    if (count == 0)
        return NULL;
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_key_file_set_string_list(keys, GROUP, KEY, runs, MIN(count, RH_QUEUE_MAX));
    return g_key_file_to_data(keys, NULL, NULL);
}

char **rh_queue_read(const char *study_folder, GError **error)
{
    g_autofree char *path = rh_queue_path(study_folder);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_new0(char *, 1);
    g_autoptr(RhIni) ini = rh_ini_open(path, error);
    if (ini == NULL)
        return NULL;
    g_auto(GStrv) runs = rh_ini_list(ini, GROUP, KEY, RH_QUEUE_MAX);
    return rh_ini_check(ini, error) ? g_steal_pointer(&runs) : NULL;
}
