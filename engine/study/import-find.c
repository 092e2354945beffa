/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "study/import-private.h"

#define NEAREST_OF     5000u /* files looked at */
#define COMPARED_BYTES 120u

/* What of a cell is compared: below the source, without "./" before it. NULL: it leads outside. */
static char *clean(const RhImportFiles *files, const char *name)
{
    g_autofree char *slashed = g_strdelimit(g_strdup(name), "\\", '/');
    const char *text = slashed;
    const gsize length = strlen(files->source);
    if (g_str_has_prefix(text, files->source) && text[length] == '/')
        text += length + 1;
    while (g_str_has_prefix(text, "./"))
        text += 2;
    g_auto(GStrv) parts = g_strsplit(text, "/", -1);
    return g_strv_contains((const char *const *)parts, "..") ? NULL : g_strdup(text);
}

/* The one that fits. A mask lies in a folder of masks if one that fits does, and is never the image of a row;
 * an image lies in no such folder, unless its whole path says so. */
static RhImportFile *choose(const GPtrArray *fitting, const char *path, gboolean mask, gboolean *several)
{
    RhImportFile *kept[2] = {NULL, NULL}; /* of the other kind, of the wanted */
    guint counts[2] = {0, 0};
    for (guint i = 0; fitting != NULL && i < fitting->len; i++) {
        RhImportFile *file = g_ptr_array_index(fitting, i);
        if (mask && file->use == RH_FILE_IMAGE)
            continue;
        if (g_str_equal(file->path, path))
            return file;
        const guint wanted = file->in_mask_folder == mask;
        kept[wanted] = file;
        counts[wanted]++;
    }
    const guint kind = counts[1] > 0 || !mask;
    *several |= counts[kind] > 1;
    return counts[kind] == 1 ? kept[kind] : NULL;
}

/* With ever fewer of the first folders, as tables name files that were elsewhere before. */
static RhImportFile *find_end(const RhImportFiles *files, const char *path, const char *key, gboolean mask,
                              gboolean *several)
{
    for (const char *tail = key; tail != NULL && !*several;) {
        RhImportFile *file = choose(g_hash_table_lookup(files->tails, tail), path, mask, several);
        if (file != NULL)
            return file;
        tail = strchr(tail, '/');
        tail = tail != NULL ? tail + 1 : NULL;
    }
    return NULL;
}

RhImportFile *rh_import_files_find(const RhImportFiles *files, const char *name, gboolean mask,
                                   gboolean *several)
{
    gboolean more = FALSE;
    g_autofree char *path = clean(files, name);
    if (path == NULL || path[0] == '\0')
        return NULL;
    g_autofree char *key = rh_import_key(path), *stem = rh_import_stem(key);
    RhImportFile *file = find_end(files, path, key, mask, &more);
    if (file == NULL && !more)
        file = find_end(files, path, stem, mask, &more);
    if (several != NULL)
        *several = more;
    return file;
}

/* Letters to change, add or drop until one name is the other. */
static guint distance(const char *a, const char *b)
{
    const gsize n = MIN(strlen(a), COMPARED_BYTES), m = MIN(strlen(b), COMPARED_BYTES);
    guint row[COMPARED_BYTES + 1];
    for (guint j = 0; j <= m; j++)
        row[j] = j;
    for (guint i = 1; i <= n; i++) {
        guint diagonal = row[0];
        row[0] = i;
        for (guint j = 1; j <= m; j++) {
            const guint changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = MIN(changed, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[m];
}

const RhImportFile *rh_import_files_nearest(const RhImportFiles *files, const char *name)
{
    const RhImportFile *nearest = NULL;
    guint least = G_MAXUINT;
    g_autofree char *key = rh_import_key(name);
    for (guint i = 0; i < MIN(files->all->len, NEAREST_OF); i++) {
        const RhImportFile *file = g_ptr_array_index(files->all, i);
        const guint apart = distance(key, file->key);
        if (apart < least && !file->in_mask_folder) {
            least = apart;
            nearest = file;
        }
    }
    return nearest;
}
