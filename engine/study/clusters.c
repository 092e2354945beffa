/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/clusters.h"

#include "data/table.h"
#include "study/study-private.h"

struct _RhClusters {
    GHashTable *groups;  /* char* to char*: of the images that have one */
    GHashTable *numbers; /* char* to guint: "group\nNAME" or "image\nID" */
};

static RhClusters *clusters_new(void)
{
    RhClusters *clusters = g_new0(RhClusters, 1);
    clusters->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    clusters->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return clusters;
}

static void add(RhClusters *clusters, const char *id, const char *group)
{
    if (group != NULL && group[0] != '\0')
        g_hash_table_insert(clusters->groups, g_strdup(id), g_strdup(group));
}

RhClusters *rh_clusters_new(const RhStudy *study)
{
    RhClusters *clusters = clusters_new();
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        add(clusters, item->id, item->group);
    }
    return clusters;
}

RhClusters *rh_clusters_read(const char *study_folder)
{
    RhClusters *clusters = clusters_new();
    g_autofree char *path = g_build_filename(study_folder, "images.csv", NULL);
    g_autoptr(RhTable) table = rh_table_load(path, NULL);
    const int group = table != NULL ? rh_table_find_column(table, "group") : -1;
    const int id = table != NULL ? rh_table_find_column(table, "id") : -1;
    const int image = table != NULL ? rh_table_find_column(table, "path") : -1;
    for (guint row = 0; group >= 0 && row < rh_table_rows(table); row++) {
        const char *given = id >= 0 ? rh_table_cell(table, row, (guint)id) : "";
        g_autofree char *name = given[0] == '\0' && image >= 0
                                    ? rh_study_id_of_path(rh_table_cell(table, row, (guint)image))
                                    : g_strdup(given);
        add(clusters, name, rh_table_cell(table, row, (guint)group));
    }
    return clusters;
}

void rh_clusters_free(RhClusters *clusters)
{
    if (clusters == NULL)
        return;
    g_hash_table_unref(clusters->groups);
    g_hash_table_unref(clusters->numbers);
    g_free(clusters);
}

guint32 rh_clusters_number(RhClusters *clusters, const char *id)
{
    const char *group = g_hash_table_lookup(clusters->groups, id);
    g_autofree char *name =
        g_strconcat(group != NULL ? "group\n" : "image\n", group != NULL ? group : id, NULL);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(clusters->numbers, name));
    if (number == 0) {
        number = g_hash_table_size(clusters->numbers) + 1;
        g_hash_table_insert(clusters->numbers, g_steal_pointer(&name), GUINT_TO_POINTER(number));
    }
    return number;
}
