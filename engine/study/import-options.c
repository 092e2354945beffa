/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "base/files.h"
#include "base/paths.h"
#include "study/import-private.h"
#include "study/ini-private.h"
#include "study/study-private.h"

/* The options of “rh new folder” that say what a folder means. They answer what an import would have to
 * guess, and a study keeps them in imported.ini, so that its folder means the same when it is opened again.
 */

#define PART  "import"
#define ABOVE "confounder-above" /* the one that is a number */

/* What is said anew of one subject is not mixed with what was said of it before. */
typedef enum {
    OF_TABLE,
    OF_LABEL,
    OF_CONFOUNDER,
    OF_GROUP,
    OF_MASK,
    OF_REGION,
    OF_SPLIT,
    N_SUBJECTS
} Subject;

static const struct {
    const char *name;
    Subject subject;
    gsize place; /* of a char* in RhImportSettings */
} options[] = {
    {"table", OF_TABLE, offsetof(RhImportSettings, table)},
    {"image", OF_TABLE, offsetof(RhImportSettings, image_column)},
    {"label", OF_LABEL, offsetof(RhImportSettings, label_column)},
    {"positive", OF_LABEL, offsetof(RhImportSettings, positive)},
    {"negative", OF_LABEL, offsetof(RhImportSettings, negative)},
    {"confounder", OF_CONFOUNDER, offsetof(RhImportSettings, confounder_column)},
    {"confounder-values", OF_CONFOUNDER, offsetof(RhImportSettings, confounder_values)},
    {"group", OF_GROUP, offsetof(RhImportSettings, group_column)},
    {"mask", OF_MASK, offsetof(RhImportSettings, mask_column)},
    {"region", OF_REGION, offsetof(RhImportSettings, region)},
    {"split-column", OF_SPLIT, offsetof(RhImportSettings, split_column)},
};

static const char **setting(RhImportSettings *settings, guint option)
{
    return (const char **)(void *)((char *)settings + options[option].place);
}

void rh_import_answer(RhImportSettings *settings, const char *option, const char *value)
{
    if (value[0] == '\0') /* as without an answer */
        return;
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        if (g_str_equal(option, options[i].name))
            *setting(settings, i) = value;
    if (g_str_equal(option, "split"))
        settings->split_asked = rh_split_kind_parse(value, &settings->split.kind);
}

/* Where a table lies may tell of a patient. */
static gboolean is_kept(const RhImportSettings *settings, guint option)
{
    return !settings->pseudonyms || options[option].place != offsetof(RhImportSettings, table);
}

gboolean rh_import_keep_options(const RhStudy *study, const RhImportSettings *settings, double cut,
                                GError **error)
{
    RhImportSettings said = *settings;
    g_autoptr(GKeyFile) keys = g_key_file_new();
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        if (*setting(&said, i) != NULL && is_kept(settings, i))
            g_key_file_set_string(keys, PART, options[i].name, *setting(&said, i));
    if (!isnan(cut))
        rh_ini_set_number(keys, PART, ABOVE, cut);
    gsize length;
    g_autofree char *text = g_key_file_to_data(keys, &length, NULL);
    g_autofree char *path = rh_path_own(study->folder, RH_IMPORTED_OPTIONS);
    return length == 0 || rh_file_replace(path, text, length, error);
}

static void find_said(RhImportSettings *settings, gboolean said[N_SUBJECTS])
{
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        said[options[i].subject] |= *setting(settings, i) != NULL;
    said[OF_CONFOUNDER] |= !isnan(settings->confounder_above);
}

gboolean rh_import_recall_options(const RhStudy *study, RhImportSettings *settings, GStringChunk *texts,
                                  GError **error)
{
    g_autofree char *path = rh_path_own(study->folder, RH_IMPORTED_OPTIONS);
    const RhFileStamp stamp = rh_file_stamp(path), none = {0};
    if (rh_file_stamp_equal(&stamp, &none)) /* nothing was said, or it was not kept yet */
        return TRUE;
    g_autoptr(RhIni) ini = rh_ini_open(path, error);
    gboolean said[N_SUBJECTS] = {FALSE};
    if (ini == NULL)
        return FALSE;
    find_said(settings, said);
    for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
        if (said[options[i].subject] || !rh_ini_has(ini, PART, options[i].name))
            continue;
        g_autofree char *text = rh_ini_string(ini, PART, options[i].name);
        *setting(settings, i) = g_string_chunk_insert(texts, text);
    }
    if (!said[OF_CONFOUNDER] && rh_ini_has(ini, PART, ABOVE))
        settings->confounder_above = rh_ini_number(ini, PART, ABOVE, -G_MAXDOUBLE, G_MAXDOUBLE);
    return rh_ini_check(ini, error);
}
