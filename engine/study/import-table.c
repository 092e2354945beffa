/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "study/import-private.h"
#include "study/study-private.h"

/* What a table's columns are called, by what they hold; the first found counts. */
typedef enum { IMAGE, LABEL, CONFOUNDER, GROUP, MASK, SPLIT, LABEL_NAME, N_ROLES } Role;

static const char *const role_names[N_ROLES][8] = {
    [IMAGE] = {"image", "path", "file", "filename", "Image Index", "image_path", "file_name"},
    [LABEL] = {"label", "class", "target"},
    [CONFOUNDER] = {"confounder", "view", "site", "View Position", "ViewPosition"},
    [GROUP] = {"group", "patient", "patient_id", "Patient ID", "PatientID", "subject"},
    [MASK] = {"mask", "segmentation"},
    [SPLIT] = {"split"},
    [LABEL_NAME] = {"label_name"},
};

typedef struct {
    RhImportListing *listing;
    RhTable *table;
    int columns[N_ROLES];
    GPtrArray *notes;
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
    }
    return TRUE;
}

static char *cell(const Reader *reader, guint row, Role role)
{
    const int column = reader->columns[role];
    return column < 0 ? g_strdup("") : g_strstrip(g_strdup(rh_table_cell(reader->table, row, (guint)column)));
}

/* The file a cell names, relative to the source: as written or, for a bare name, in the folder where such
 * files usually lie. NULL if it leads outside or is not there. */
static char *find_file(const Reader *reader, const char *text, const char *usual_folder)
{
    const char *source = reader->listing->source;
    const gsize length = strlen(source);
    if (g_str_has_prefix(text, source) && text[length] == '/')
        text += length + 1;
    const char *const folders[] = {NULL, usual_folder};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *relative =
            folders[i] == NULL ? g_strdup(text) : g_build_filename(folders[i], text, NULL);
        g_autofree char *path = rh_path_inside(source, relative, NULL);
        if (path != NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&relative);
    }
    return NULL;
}

static void read_files(const Reader *reader, guint number, RhImportRow *row)
{
    g_autofree char *image = cell(reader, number, IMAGE);
    g_autofree char *mask = cell(reader, number, MASK);
    const RhImportListing *listing = reader->listing;
    row->path = image[0] == '\0' ? NULL : find_file(reader, image, "images");
    if (row->path == NULL) {
        rh_note(reader->notes, _("“%s”, line %u: there is no image “%s” in “%s”; the row is left out."),
                listing->table_path, row->line, image, listing->source);
        return;
    }
    if (mask[0] == '\0')
        return;
    char *found = find_file(reader, mask, "masks");
    if (found == NULL) {
        rh_note(reader->notes,
                _("“%s”, line %u: there is no mask “%s” in “%s”; the image counts as one without mask."),
                listing->table_path, row->line, mask, listing->source);
        return;
    }
    g_free(row->mask);
    row->mask = found;
}

static RhImportRow *read_row(const Reader *reader, guint number)
{
    RhImportRow *row = g_new0(RhImportRow, 1);
    row->line = rh_table_line(reader->table, number);
    row->label = cell(reader, number, LABEL);
    row->label_name = cell(reader, number, LABEL_NAME);
    row->confounder = cell(reader, number, CONFOUNDER);
    row->group = cell(reader, number, GROUP);
    row->split = cell(reader, number, SPLIT);
    row->mask = g_strdup("");
    read_files(reader, number, row);
    return row;
}

gboolean rh_import_list_table(RhImportListing *listing, const RhImportSettings *settings, GPtrArray *notes,
                              GError **error)
{
    g_autoptr(RhTable) table = rh_table_load(listing->table_path, error);
    if (table == NULL)
        return FALSE;
    Reader reader = {.listing = listing, .table = table, .notes = notes};
    if (!find_columns(&reader, settings, error))
        return FALSE;
    const int confounder = reader.columns[CONFOUNDER];
    listing->has_confounder = confounder >= 0;
    if (confounder >= 0)
        listing->confounder_name = g_strdup(rh_table_column_name(table, (guint)confounder));
    listing->has_split = reader.columns[SPLIT] >= 0;
    guint found = 0;
    for (guint i = 0; i < rh_table_rows(table); i++) {
        RhImportRow *row = read_row(&reader, i);
        found += row->path != NULL;
        g_ptr_array_add(listing->rows, row);
    }
    if (found > 0)
        return TRUE;
    if (listing->rows->len == 0)
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” has no row below its first line; add the images."), listing->table_path);
    else
        g_set_error(
            error, RH_ERROR, RH_ERROR_EMPTY,
            ngettext("No image named in “%s” (%u row) is in “%s”; choose the column with their paths.",
                     "No image named in “%s” (%u rows) is in “%s”; choose the column with their "
                     "paths.",
                     listing->rows->len),
            listing->table_path, listing->rows->len, listing->source);
    return FALSE;
}
