/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "base/files.h"
#include "study/study-private.h"

/* Whether a division keeps apart what it has to: groups, files, and what the files hold. */

/* Labelled cases that lie in a set, by the size of their files; only files of one size can be of one content.
 */
static GHashTable *cases_by_size(const RhStudy *study)
{
    GHashTable *by_size =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        g_autofree char *path = rh_study_image_path(study, item);
        GStatBuf status;
        if (item->split == RH_SPLIT_NONE || item->label > 1 || g_stat(path, &status) != 0)
            continue;
        const gint64 size = status.st_size;
        GPtrArray *cases = g_hash_table_lookup(by_size, &size);
        if (cases == NULL) {
            cases = g_ptr_array_new();
            g_hash_table_insert(by_size, g_memdup2(&size, sizeof size), cases);
        }
        g_ptr_array_add(cases, item);
    }
    return by_size;
}

static gboolean check_contents(const RhStudy *study, const GPtrArray *cases, GError **error)
{
    g_autoptr(GHashTable) first_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint sets = 0;
    for (guint i = 0; i < cases->len; i++)
        sets |= 1u << ((const RhCase *)g_ptr_array_index(cases, i))->split;
    if ((sets & (sets - 1)) == 0) /* all in one */
        return TRUE;
    for (guint i = 0; i < cases->len; i++) {
        RhCase *item = g_ptr_array_index(cases, i);
        g_autofree char *path = rh_study_image_path(study, item);
        g_autofree char *sum = rh_file_checksum(path, NULL); /* what cannot be read is told on loading */
        const RhCase *first = sum != NULL ? g_hash_table_lookup(first_of, sum) : NULL;
        if (first != NULL && first->split != item->split)
            return rh_split_refuse(first, item, NULL, error);
        if (first == NULL && sum != NULL)
            g_hash_table_insert(first_of, g_steal_pointer(&sum), item);
    }
    return TRUE;
}

/* The pictures of the synthetic set, which is drawn into the study's own folder without an import and has no
 * column for its confounder, are so few that some are drawn more than once, each set by itself; no image was
 * put into two.
 */
static gboolean is_synthetic(const RhStudy *study)
{
    g_autofree char *imported = g_build_filename(study->folder, RH_IMPORTED_TABLE, NULL);
    return study->confounder_kind != RH_CONFOUNDER_COLUMN &&
           g_str_equal(study->image_folder, study->folder) && !g_file_test(imported, G_FILE_TEST_EXISTS);
}

gboolean rh_study_check_split(const RhStudy *study, GError **error)
{
    if (!rh_split_check(study->cases, error))
        return FALSE;
    if (is_synthetic(study))
        return TRUE;
    g_autoptr(GHashTable) by_size = cases_by_size(study);
    GHashTableIter each;
    gpointer cases;
    g_hash_table_iter_init(&each, by_size);
    while (g_hash_table_iter_next(&each, NULL, &cases))
        if (!check_contents(study, cases, error))
            return FALSE;
    return TRUE;
}
