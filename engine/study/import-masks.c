/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "study/import-private.h"

/* Which file is whose mask. An image and a mask belong together by the first rule whose key they share, if no
 * other image and no other mask has it too. */

/* What the name of a mask has after that of its image; the last is of images. */
static const char *const endings[] = {"_mask",         "-mask",  ".mask", ".seg",    "_seg",
                                      "_segmentation", "_label", "_gt",   "_lesion", "_0000"};
#define MASK_ENDINGS (G_N_ELEMENTS(endings) - 1)

/* "with_mask" and "no mask" are what is seen. */
gboolean rh_import_is_mask_folder(const char *name)
{
    static const char *const words[] = {"mask", "masks", "segmentation", "segmentations", "seg",
                                        "segs", "gt",    "groundtruth",  "labelstr",      NULL};
    static const char *const not_so[] = {"with", "without", "no", "non", "not", "face", NULL};
    g_autofree char *folded = g_utf8_strdown(name, -1);
    g_auto(GStrv) tokens = g_strsplit_set(folded, "_- .", -1);
    gboolean masks = FALSE;
    for (char **token = tokens; *token != NULL; token++) {
        if (g_strv_contains(not_so, *token))
            return FALSE;
        masks |= g_strv_contains(words, *token);
    }
    return masks;
}

/* Without what a mask's (and an image's) name has at its end; NULL if there is nothing of the kind. */
static char *without_ending(const char *stem, guint count)
{
    for (guint i = 0; i < count; i++)
        if (g_str_has_suffix(stem, endings[i]) && strlen(stem) > strlen(endings[i]))
            return g_strndup(stem, strlen(stem) - strlen(endings[i]));
    return NULL;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

void rh_import_sort_masks(const RhImportListing *listing)
{
    const GPtrArray *all = listing->files->all;
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < all->len; i++) {
        const RhImportFile *file = g_ptr_array_index(all, i);
        g_autofree char *stem = rh_import_stem(file->key);
        if (!file->in_mask_folder)
            g_hash_table_add(names, g_strdup(base_of(stem)));
    }
    for (guint i = 0; i < all->len; i++) {
        RhImportFile *file = g_ptr_array_index(all, i);
        g_autofree char *stem = rh_import_stem(file->key);
        g_autofree char *image = without_ending(base_of(stem), MASK_ENDINGS);
        if (file->use == RH_FILE_LEFT &&
            (file->in_mask_folder || (image != NULL && g_hash_table_contains(names, image))))
            file->use = RH_FILE_MASK;
    }
}

/* ── The rules ── */

/* The path without the folders that only tell images from masks. */
static char *same_path(const RhImportFile *file)
{
    static const char *const images[] = {"images", "image", "imgs", "img", "imagestr", NULL};
    g_autofree char *stem = rh_import_stem(file->key);
    g_auto(GStrv) parts = g_strsplit(stem, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (guint i = 0; parts[i] != NULL; i++) {
        const gboolean folder = parts[i + 1] != NULL;
        const gboolean aside = file->use == RH_FILE_MASK ? rh_import_is_mask_folder(parts[i])
                                                         : g_strv_contains(images, parts[i]);
        if (!folder || !aside)
            g_ptr_array_add(kept, parts[i]);
    }
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("/", (char **)kept->pdata);
}

static char *same_path_but_ending(const RhImportFile *file)
{
    g_autofree char *path = same_path(file);
    char *shorter = without_ending(path, G_N_ELEMENTS(endings));
    return shorter != NULL ? shorter : g_steal_pointer(&path);
}

static char *same_name(const RhImportFile *file)
{
    g_autofree char *path = same_path_but_ending(file);
    return g_strdup(base_of(path));
}

typedef char *(*Rule)(const RhImportFile *file);
static const Rule rules[] = {same_path, same_path_but_ending, same_name};

typedef struct {
    guint images, masks;
    RhImportRow *row;
    RhImportFile *mask;
} Pair;

static Pair *pair_of(GHashTable *pairs, char *key)
{
    Pair *pair = g_hash_table_lookup(pairs, key);
    if (pair != NULL) {
        g_free(key);
        return pair;
    }
    pair = g_new0(Pair, 1);
    g_hash_table_insert(pairs, key, pair);
    return pair;
}

/* Every image and every mask by its key, those too that belong together already: they count against others.
 */
static GHashTable *pairs_by(const RhImportListing *listing, Rule rule)
{
    GHashTable *pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(listing->rows, i);
        Pair *pair = pair_of(pairs, rule(row->file));
        pair->images++;
        pair->row = row;
    }
    for (guint i = 0; i < listing->files->all->len; i++) {
        RhImportFile *file = g_ptr_array_index(listing->files->all, i);
        if (file->use != RH_FILE_MASK || !rh_import_format_is_read(file->format))
            continue;
        Pair *pair = pair_of(pairs, rule(file));
        pair->masks++;
        pair->mask = file;
    }
    return pairs;
}

static void match_by(const RhImportListing *listing, Rule rule)
{
    g_autoptr(GHashTable) pairs = pairs_by(listing, rule);
    GHashTableIter each;
    gpointer value;
    g_hash_table_iter_init(&each, pairs);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        Pair *pair = value;
        if (pair->images != 1 || pair->masks != 1 || pair->row->mask != NULL || pair->mask->matched)
            continue;
        pair->row->mask = pair->mask;
        pair->mask->matched = TRUE;
    }
}

/* A mask that is left over, because it is nobody's or could be that of several. */
static void tell_left_mask(const RhImportListing *listing, const RhImportFile *mask, GHashTable *by_name,
                           RhImportSummary *summary)
{
    g_autofree char *name = same_name(mask);
    const Pair *pair = g_hash_table_lookup(by_name, name);
    if (!rh_import_format_is_read(mask->format))
        rh_import_tell_format(summary, RH_IMPORT_MASKS, mask);
    else if (listing->has_masks)
        rh_import_tell(summary, RH_IMPORT_MASKS, N_("not in the table"),
                       _("“%s” names the mask “%s” for no image."), listing->table_path, mask->path);
    else if (pair->images == 0)
        rh_import_tell(summary, RH_IMPORT_MASKS, N_("no image"), _("No image has the name of the mask “%s”."),
                       mask->path);
    else
        rh_import_tell(summary, RH_IMPORT_MASKS, N_("fits several"),
                       _("Several images or masks have the name of the mask “%s”; it is taken for none."),
                       mask->path);
}

void rh_import_match_masks(const RhImportListing *listing, RhImportSummary *summary)
{
    for (guint i = 0; i < G_N_ELEMENTS(rules) && !listing->has_masks; i++)
        match_by(listing, rules[i]);
    g_autoptr(GHashTable) by_name = pairs_by(listing, same_name);
    guint left = 0;
    for (guint i = 0; i < listing->files->all->len; i++) {
        const RhImportFile *file = g_ptr_array_index(listing->files->all, i);
        if (file->use != RH_FILE_MASK || file->matched)
            continue;
        left++;
        tell_left_mask(listing, file, by_name, summary);
    }
    for (guint i = 0; i < listing->rows->len && left > 0; i++) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        if (row->mask == NULL)
            rh_import_tell(summary, RH_IMPORT_WORD, "image without mask", _("“%s” has no mask."),
                           row->file->path);
    }
}
