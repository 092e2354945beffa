/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-support.h"

#include <stdlib.h>

#include "base/files.h"

int rh_bench_refuse(const char *sentence)
{
    g_printerr("rh: %s\n", sentence);
    return EXIT_FAILURE;
}

RhStudy *rh_bench_study_new(guint size, const guint count[3])
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("rh-bench-XXXXXX", &error);
    g_autofree char *path = folder != NULL ? g_build_filename(folder, "study", NULL) : NULL;
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    settings.size = size;
    for (guint i = 0; i < G_N_ELEMENTS(settings.count); i++)
        settings.count[i] = count[i];
    RhStudy *study = path != NULL ? rh_study_new_synthetic(path, &settings, &error) : NULL;
    if (study == NULL)
        rh_bench_refuse(error->message);
    return study;
}

void rh_bench_study_remove(RhStudy *study)
{
    g_autofree char *folder = g_path_get_dirname(study->folder);
    rh_study_free(study);
    rh_folder_remove(folder, NULL);
}
