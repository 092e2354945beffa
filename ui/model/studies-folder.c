/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/studies-folder.h"

char *rh_studies_folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "redherring", "studies", NULL);
}

char *rh_studies_of_folder(const char *source)
{
    g_autofree char *studies = rh_studies_folder();
    g_autofree char *base = g_path_get_basename(source);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, source, -1);
    g_autofree char *name = g_strdup_printf("%s-%.8s", base, sum);
    return g_build_filename(studies, name, NULL);
}

/* “numbered-1” and so on, so that the place says nothing of the folder. The keys have a folder of their own,
 * and the name of a key tells whose study it is. */
void rh_studies_numbered(const char *source, char **study, char **key)
{
    g_autofree char *studies = rh_studies_folder();
    g_autofree char *keys = g_build_filename(g_get_user_data_dir(), "redherring", "keys", NULL);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, source, -1);
    g_mkdir_with_parents(keys, 0700); /* if that fails, writing the key tells */
    for (guint number = 1;; number++) {
        g_autofree char *name = g_strdup_printf("numbered-%u", number);
        g_autofree char *file = g_strdup_printf("%s-%.8s.csv", name, sum);
        g_autofree char *place = g_build_filename(studies, name, NULL);
        g_autofree char *key_place = g_build_filename(keys, file, NULL);
        const gboolean has_study = g_file_test(place, G_FILE_TEST_EXISTS),
                       has_key = g_file_test(key_place, G_FILE_TEST_EXISTS);
        if (has_study != has_key) /* of another folder, or a key whose study is gone */
            continue;
        *study = g_steal_pointer(&place);
        *key = g_steal_pointer(&key_place);
        return;
    }
}

char *rh_studies_films(const char *confounder)
{
    g_autofree char *studies = rh_studies_folder();
    g_autofree char *name = g_strdup_printf("chest-films-%s", confounder);
    return g_build_filename(studies, name, NULL);
}
