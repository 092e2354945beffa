/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "study/import-private.h"

/* What the folders of an image say: those that only tell images from masks say nothing, "train" and the like
 * are its split, and of the rest the deepest that tell two classes apart are its class. */

#define VALUES_MAX 20u /* more folder names than this are no classes */

typedef struct {
    RhImportRow *row;
    char **names; /* the folders that may be classes, the outermost first */
    guint depth;
} Place;

static void free_place(Place *place)
{
    g_strfreev(place->names);
    g_free(place);
}

static Place *place_of(RhImportRow *row)
{
    static const char *const aside[] = {"images", "image", "imgs", "img", "imagestr", NULL};
    g_autofree char *folder = g_path_get_dirname(row->file->path);
    g_auto(GStrv) parts = g_strsplit(folder, "/", -1);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (char **part = parts; *part != NULL; part++) {
        g_autofree char *folded = g_utf8_strdown(*part, -1);
        if (g_str_equal(*part, ".") || g_strv_contains(aside, folded))
            continue;
        if (rh_import_split_word(folded) != RH_SPLIT_NONE) {
            g_free(row->split);
            row->split = g_strdup(folded);
        } else {
            g_ptr_array_add(names, g_strdup(*part));
        }
    }
    Place *place = g_new0(Place, 1);
    place->row = row;
    place->depth = names->len;
    g_ptr_array_add(names, NULL);
    place->names = g_strdupv((char **)names->pdata);
    return place;
}

/* The folder so many steps above the image, counted from the outermost if `outer`. */
static const char *name_at(const Place *place, guint level, gboolean outer)
{
    return place->names[outer ? level : place->depth - 1 - level];
}

static guint count_names(const GPtrArray *places, guint level, gboolean outer)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < places->len; i++)
        g_hash_table_add(names, (gpointer)name_at(g_ptr_array_index(places, i), level, outer));
    return g_hash_table_size(names);
}

static void label(const GPtrArray *places, guint level, gboolean outer)
{
    for (guint i = 0; i < places->len; i++) {
        const Place *place = g_ptr_array_index(places, i);
        g_free(place->row->label);
        place->row->label = g_strdup(name_at(place, level, outer));
    }
}

/* Two names are two classes; where no level has two, a few may still be joined to two by the user. */
static void label_by_folders(const GPtrArray *places)
{
    guint shallowest = G_MAXUINT, some = G_MAXUINT;
    for (guint i = 0; i < places->len; i++)
        shallowest = MIN(shallowest, ((const Place *)g_ptr_array_index(places, i))->depth);
    for (guint level = 0; places->len > 0 && level < shallowest; level++) {
        const guint names = count_names(places, level, FALSE);
        if (names == 2) {
            label(places, level, FALSE);
            return;
        }
        if (names > 2 && names <= VALUES_MAX && some == G_MAXUINT)
            some = level;
    }
    if (places->len > 0 && shallowest > 0 && count_names(places, 0, TRUE) == 2)
        label(places, 0, TRUE);
    else if (some != G_MAXUINT)
        label(places, some, FALSE);
}

void rh_import_list_folder(RhImportListing *listing)
{
    rh_import_sort_masks(listing);
    g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func((GDestroyNotify)free_place);
    for (guint i = 0; i < listing->files->all->len; i++) {
        RhImportFile *file = g_ptr_array_index(listing->files->all, i);
        if (file->use != RH_FILE_LEFT || !rh_import_format_is_read(file->format))
            continue;
        RhImportRow *row = rh_import_row_new();
        row->file = file;
        file->use = RH_FILE_IMAGE;
        g_ptr_array_add(listing->rows, row);
        g_ptr_array_add(places, place_of(row));
        listing->has_split |= row->split[0] != '\0';
    }
    label_by_folders(places);
}
