/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "study/import-private.h"

/* What a table's columns are called, by what they hold; the first found counts. */
typedef enum { IMAGE, LABEL, CONFOUNDER, GROUP, MASK, SPLIT, LABEL_NAME, N_ROLES } Role;

static const char *const role_names[N_ROLES][8] = {
    [IMAGE] = {"image", "path", "file", "filename", "Image Index", "image_path", "file_name"},
    [LABEL] = {"label", "class", "target"},
    [CONFOUNDER] = {"confounder", "view", "site", "View Position", "ViewPosition"},
    [GROUP] = {"group", "patient", "patient_id", "Patient ID", "PatientID", "subject"},
    [MASK] = {"mask", "segmentation"},
    [SPLIT] = {"split", "fold", "subset", "partition"},
    [LABEL_NAME] = {"label_name"},
};

typedef struct {
    RhImportListing *listing;
    RhTable *table;
    int columns[N_ROLES];
    RhImportSummary *summary;
} Reader;

static char *column_list(const RhTable *table)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < MIN(rh_table_columns(table), 30); i++)
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", rh_table_column_name(table, i));
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static gboolean refuse_missing(const Reader *reader, const char *name, Role role, GError **error)
{
    g_autofree char *columns = column_list(reader->table);
    g_autofree char *known = g_strjoinv(", ", (char **)role_names[role]);
    if (name != NULL)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("“%s” has no column “%s”; its columns are: %s. Choose one of them."),
                    reader->listing->table_path, name, columns);
    else
        g_set_error(
            error, RH_ERROR, RH_ERROR_MISSING,
            role == IMAGE ? _("“%s” has no column for images (%s); its columns are: %s. Choose one of them.")
            : role == LABEL
                ? _("“%s” has no column for labels (%s); its columns are: %s. Choose one of them.")
                : _("“%s” has no column for the split (%s); its columns are: %s. Choose one of them."),
            reader->listing->table_path, known, columns);
    return FALSE;
}

static gboolean find_columns(Reader *reader, const RhImportSettings *settings, GError **error)
{
    const char *const chosen[N_ROLES] = {
        [IMAGE] = settings->image_column,
        [LABEL] = settings->label_column,
        [CONFOUNDER] = settings->confounder_column,
        [GROUP] = settings->group_column,
        [MASK] = settings->mask_column,
        [SPLIT] = settings->split_column,
    };
    const gboolean needed[N_ROLES] = {
        [IMAGE] = TRUE, [LABEL] = TRUE, [SPLIT] = settings->split.kind == RH_SPLIT_GIVEN};
    for (Role role = 0; role < N_ROLES; role++) {
        int column = -1;
        if (chosen[role] != NULL)
            column = rh_table_find_column(reader->table, chosen[role]);
        else
            for (const char *const *name = role_names[role]; column < 0 && *name != NULL; name++)
                column = rh_table_find_column(reader->table, *name);
        if (column < 0 && (needed[role] || chosen[role] != NULL))
            return refuse_missing(reader, chosen[role], role, error);
        reader->columns[role] = column;
        if (column >= 0 &&
            rh_table_has_twice(reader->table, rh_table_column_name(reader->table, (guint)column)))
            return rh_table_refuse(error, RH_ERROR_FORMAT, reader->listing->table_path, 1,
                                   _("the column “%s” is there twice; rename one"),
                                   rh_table_column_name(reader->table, (guint)column));
    }
    return TRUE;
}

static char *cell(const Reader *reader, guint row, Role role)
{
    const int column = reader->columns[role];
    return column < 0 ? g_strdup("") : g_strstrip(g_strdup(rh_table_cell(reader->table, row, (guint)column)));
}

static void tell_missing(const Reader *reader, guint line, const char *name, gboolean mask, gboolean several)
{
    const char *table = reader->listing->table_path, *source = reader->listing->files->source;
    if (mask && several)
        rh_import_tell(reader->summary, RH_IMPORT_WORD, "several masks",
                       _("“%s”, line %u: several files in “%s” can be the mask “%s”; none is taken."), table,
                       line, source, name);
    else if (mask)
        rh_import_tell(reader->summary, RH_IMPORT_WORD, "no mask",
                       _("“%s”, line %u: there is no mask “%s” in “%s”; the image counts as one without "
                         "mask."),
                       table, line, name, source);
    else if (several)
        rh_import_tell(reader->summary, RH_IMPORT_ROWS, N_("fits several files"),
                       _("“%s”, line %u: several files in “%s” can be the image “%s”; the row is left out."),
                       table, line, source, name);
    else
        rh_import_tell(reader->summary, RH_IMPORT_ROWS, N_("no such file"),
                       _("“%s”, line %u: there is no image “%s” in “%s”; the row is left out."), table, line,
                       name, source);
}

static RhImportRow *read_row(const Reader *reader, guint number)
{
    RhImportRow *row = g_new0(RhImportRow, 1);
    row->line = rh_table_line(reader->table, number);
    row->rows = 1;
    row->label = cell(reader, number, LABEL);
    row->label_name = cell(reader, number, LABEL_NAME);
    row->confounder = cell(reader, number, CONFOUNDER);
    row->group = cell(reader, number, GROUP);
    row->split = cell(reader, number, SPLIT);
    row->mask_name = cell(reader, number, MASK);
    return row;
}

static void read_rows(const Reader *reader)
{
    for (guint i = 0; i < rh_table_rows(reader->table); i++) {
        RhImportRow *row = read_row(reader, i);
        g_autofree char *name = cell(reader, i, IMAGE);
        gboolean several = FALSE;
        row->file = rh_import_files_find(reader->listing->files, name, FALSE, &several);
        if (row->file == NULL) {
            tell_missing(reader, row->line, name, FALSE, several);
            rh_import_row_free(row);
            continue;
        }
        if (row->file->use == RH_FILE_LEFT && !rh_import_format_is_read(row->file->format))
            rh_import_tell_format(reader->summary, RH_IMPORT_IMAGES, row->file);
        row->file->use = RH_FILE_IMAGE;
        g_ptr_array_add(reader->listing->rows, row);
    }
    for (guint i = reader->listing->rows->len; i-- > 0;) {
        const RhImportRow *row = g_ptr_array_index(reader->listing->rows, i);
        if (!rh_import_format_is_read(row->file->format))
            g_ptr_array_remove_index(reader->listing->rows, i);
    }
}

/* A mask that two images name is that of neither. */
static void find_masks(const Reader *reader)
{
    g_autoptr(GHashTable) owner_of = g_hash_table_new(NULL, NULL); /* file → row */
    for (guint i = 0; i < reader->listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(reader->listing->rows, i);
        g_autofree char *name = g_steal_pointer(&row->mask_name);
        row->mask_name = g_strdup("");
        if (name[0] == '\0')
            continue;
        gboolean several = FALSE;
        RhImportFile *mask = rh_import_files_find(reader->listing->files, name, TRUE, &several);
        RhImportRow *owner = mask != NULL ? g_hash_table_lookup(owner_of, mask) : NULL;
        if (mask == NULL) {
            tell_missing(reader, row->line, name, TRUE, several);
        } else if (!rh_import_format_is_read(mask->format)) {
            if (mask->use == RH_FILE_LEFT)
                rh_import_tell_format(reader->summary, RH_IMPORT_MASKS, mask);
            mask->use = RH_FILE_MASK;
            mask->matched = TRUE;
        } else if (owner != NULL) {
            if (owner->mask != NULL)
                rh_import_tell(reader->summary, RH_IMPORT_MASKS, N_("named for several images"),
                               _("“%s” names the mask “%s” for several images, in lines %u and %u; it is "
                                 "taken for none."),
                               reader->listing->table_path, mask->path, owner->line, row->line);
            owner->mask = NULL;
        } else {
            mask->use = RH_FILE_MASK;
            mask->matched = TRUE;
            row->mask = mask;
            g_hash_table_insert(owner_of, mask, row);
        }
    }
}

static gboolean refuse_all(const Reader *reader, const RhTable *table, GError **error)
{
    const RhImportListing *listing = reader->listing;
    if (rh_table_rows(table) == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” has no row below its first line; add the images."), listing->table_path);
        return FALSE;
    }
    g_autofree char *first = cell(reader, 0, IMAGE);
    const RhImportFile *nearest = rh_import_files_nearest(listing->files, first);
    if (nearest == NULL)
        g_set_error(
            error, RH_ERROR, RH_ERROR_EMPTY,
            ngettext("No image named in “%s” (%u row) is in “%s”, which has no images at all; the first is "
                     "“%s”.",
                     "No image named in “%s” (%u rows) is in “%s”, which has no images at all; the first is "
                     "“%s”.",
                     rh_table_rows(table)),
            listing->table_path, rh_table_rows(table), listing->files->source, first);
    else
        g_set_error(
            error, RH_ERROR, RH_ERROR_EMPTY,
            ngettext("No image named in “%s” (%u row) is in “%s”: the first is “%s”, and the file nearest to "
                     "it is “%s”. Choose the column with the paths, or correct them.",
                     "No image named in “%s” (%u rows) is in “%s”: the first is “%s”, and the file nearest "
                     "to it is “%s”. Choose the column with the paths, or correct them.",
                     rh_table_rows(table)),
            listing->table_path, rh_table_rows(table), listing->files->source, first, nearest->path);
    return FALSE;
}

gboolean rh_import_list_table(RhImportListing *listing, const RhImportSettings *settings,
                              RhImportSummary *summary, GError **error)
{
    g_autoptr(RhTable) table = rh_table_load(listing->table_path, error);
    if (table == NULL)
        return FALSE;
    Reader reader = {.listing = listing, .table = table, .summary = summary};
    if (!find_columns(&reader, settings, error))
        return FALSE;
    const int confounder = reader.columns[CONFOUNDER];
    listing->has_confounder = confounder >= 0;
    if (confounder >= 0)
        listing->confounder_name = g_strdup(rh_table_column_name(table, (guint)confounder));
    listing->has_split = reader.columns[SPLIT] >= 0;
    listing->has_masks = reader.columns[MASK] >= 0;
    read_rows(&reader);
    if (listing->rows->len == 0 && rh_import_summary_count(summary, RH_IMPORT_IMAGES) == 0)
        return refuse_all(&reader, table, error);
    rh_import_join_rows(listing, summary);
    find_masks(&reader);
    rh_import_sort_masks(listing);
    return TRUE;
}
