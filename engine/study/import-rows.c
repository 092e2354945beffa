/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/files.h"
#include "study/import-private.h"

/* One image is one case, however many rows or copies it has. */

RhImportRow *rh_import_row_new(void)
{
    RhImportRow *row = g_new0(RhImportRow, 1);
    row->label = g_strdup("");
    row->label_name = g_strdup("");
    row->confounder = g_strdup("");
    row->group = g_strdup("");
    row->split = g_strdup("");
    row->mask_name = g_strdup("");
    row->rows = 1;
    return row;
}

void rh_import_row_free(RhImportRow *row)
{
    if (row == NULL)
        return;
    g_free(row->label);
    g_free(row->label_name);
    g_free(row->confounder);
    g_free(row->group);
    g_free(row->split);
    g_free(row->mask_name);
    g_free(row);
}

/* What rows of one image may not say differently. */
static const struct {
    gsize offset;
    const char *name; /* as in images.csv */
} cells[] = {
    {G_STRUCT_OFFSET(RhImportRow, label), "label"},
    {G_STRUCT_OFFSET(RhImportRow, confounder), "confounder"},
    {G_STRUCT_OFFSET(RhImportRow, group), "group"},
    {G_STRUCT_OFFSET(RhImportRow, split), "split"},
    {G_STRUCT_OFFSET(RhImportRow, mask_name), "mask"},
};

static char **cell_of(RhImportRow *row, guint i)
{
    return G_STRUCT_MEMBER_P(row, cells[i].offset);
}

/* The first cell in which the rows contradict each other, or −1; an empty one contradicts nothing and is
 * filled from the other row. */
static int join_cells(RhImportRow *row, RhImportRow *other)
{
    int differing = -1;
    for (guint i = G_N_ELEMENTS(cells); i-- > 0;) {
        char **cell = cell_of(row, i), **another = cell_of(other, i);
        if ((*cell)[0] == '\0') {
            g_free(*cell);
            *cell = g_strdup(*another);
        } else if ((*another)[0] != '\0' && !g_str_equal(*cell, *another)) {
            differing = (int)i;
        }
    }
    return differing;
}

static void drop_rows_left_out(RhImportListing *listing, RhImportSummary *summary)
{
    for (guint i = listing->rows->len; i-- > 0;) {
        const RhImportRow *row = g_ptr_array_index(listing->rows, i);
        if (!row->left_out)
            continue;
        if (row->mask != NULL)
            rh_import_tell(summary, RH_IMPORT_MASKS, N_("image left out"),
                           _("The mask “%s” is left out with its image."), row->mask->path);
        g_ptr_array_remove_index(listing->rows, i);
    }
}

/* ── Several rows ── */

static void join_row(const RhImportListing *listing, RhImportRow *row, RhImportRow *other,
                     RhImportSummary *summary)
{
    const int cell = join_cells(row, other);
    if (row->rows++ == 1)
        rh_import_tell(summary, RH_IMPORT_WORD, "several rows",
                       _("“%s” has several rows in “%s”; it is one image."), row->file->path,
                       listing->table_path);
    if (cell < 0 || row->left_out)
        return;
    row->left_out = TRUE;
    rh_import_tell(summary, RH_IMPORT_IMAGES, N_("rows disagree"),
                   _("“%s”, lines %u and %u: “%s” of “%s” is “%s” and “%s”; the image is left out."),
                   listing->table_path, row->line, other->line, cells[cell].name, row->file->path,
                   *cell_of(row, (guint)cell), *cell_of(other, (guint)cell));
}

void rh_import_join_rows(RhImportListing *listing, RhImportSummary *summary)
{
    g_autoptr(GHashTable) first_of = g_hash_table_new(NULL, NULL); /* file → row */
    guint kept = 0;
    for (guint i = 0; i < listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(listing->rows, i);
        RhImportRow *first = g_hash_table_lookup(first_of, row->file);
        if (first != NULL) {
            join_row(listing, first, row, summary);
            rh_import_row_free(row);
        } else {
            g_hash_table_insert(first_of, row->file, row);
            listing->rows->pdata[kept++] = row;
        }
    }
    for (guint i = kept; i < listing->rows->len; i++)
        listing->rows->pdata[i] = NULL;
    g_ptr_array_set_size(listing->rows, (int)kept);
    drop_rows_left_out(listing, summary);
}

/* ── Copies ── */

static void join_copy(RhImportRow *row, RhImportRow *copy, RhImportSummary *summary)
{
    const int cell = join_cells(row, copy);
    copy->left_out = TRUE;
    if (row->mask == NULL)
        row->mask = g_steal_pointer(&copy->mask);
    if (cell < 0) {
        rh_import_tell(summary, RH_IMPORT_IMAGES, N_("copy"),
                       _("“%s” is the same file as “%s”, byte for byte; it is one image."), copy->file->path,
                       row->file->path);
        return;
    }
    for (guint i = 0; i < (row->left_out ? 1 : 2); i++)
        rh_import_tell(
            summary, RH_IMPORT_IMAGES, N_("copies disagree"),
            _("“%s” is the same file as “%s”, byte for byte, but “%s” is “%s” for one and “%s” for the "
              "other; both are left out."),
            i == 0 ? copy->file->path : row->file->path, i == 0 ? row->file->path : copy->file->path,
            cells[cell].name, *cell_of(i == 0 ? copy : row, (guint)cell),
            *cell_of(i == 0 ? row : copy, (guint)cell));
    row->left_out = TRUE;
}

/* Only files of one size can be of one content. */
static GHashTable *count_sizes(const RhImportListing *listing)
{
    GHashTable *counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, NULL);
    for (guint i = 0; i < listing->rows->len; i++) {
        RhImportFile *file = ((RhImportRow *)g_ptr_array_index(listing->rows, i))->file;
        const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, &file->size));
        g_hash_table_insert(counts, &file->size, GUINT_TO_POINTER(count + 1));
    }
    return counts;
}

gboolean rh_import_join_copies(RhImportListing *listing, RhImportSummary *summary, GCancellable *cancellable,
                               GError **error)
{
    g_autoptr(GHashTable) sizes = count_sizes(listing);
    g_autoptr(GHashTable) first_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < listing->rows->len; i++) {
        RhImportRow *row = g_ptr_array_index(listing->rows, i);
        if (GPOINTER_TO_UINT(g_hash_table_lookup(sizes, &row->file->size)) < 2)
            continue;
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        g_autofree char *path = g_build_filename(listing->files->source, row->file->path, NULL);
        g_autofree char *sum = rh_file_checksum(path, NULL);
        RhImportRow *first = sum != NULL ? g_hash_table_lookup(first_of, sum) : NULL;
        if (first != NULL)
            join_copy(first, row, summary);
        else if (sum != NULL)
            g_hash_table_insert(first_of, g_steal_pointer(&sum), row);
    }
    drop_rows_left_out(listing, summary);
    return TRUE;
}
