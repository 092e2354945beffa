/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "study/import-private.h"

void rh_import_listing_free(RhImportListing *listing)
{
    if (listing == NULL)
        return;
    rh_import_files_free(listing->files);
    g_free(listing->table_path);
    g_free(listing->confounder_name);
    g_ptr_array_unref(listing->rows);
    g_free(listing);
}

static gboolean is_table(const char *name)
{
    g_autofree char *folded = g_ascii_strdown(name, -1);
    return name[0] != '.' && (g_str_has_suffix(folded, ".csv") || g_str_has_suffix(folded, ".tsv"));
}

/* The table named, or images.csv, metadata.csv, or the only one. NULL without an error: there is none. */
static char *find_table(const char *source, const RhImportSettings *settings, GError **error)
{
    if (settings->table != NULL)
        return g_canonicalize_filename(settings->table, source);
    static const char *const usual[] = {"images.csv", "metadata.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(usual); i++) {
        g_autofree char *path = g_build_filename(source, usual[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&path);
    }
    g_autoptr(GDir) folder = g_dir_open(source, 0, error);
    g_autofree char *found = NULL;
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        if (!is_table(name))
            continue;
        if (found != NULL) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                        _("“%s” has several tables, “%s” and “%s” among them; choose one."), source, found,
                        name);
            return NULL;
        }
        found = g_strdup(name);
    }
    return found == NULL ? NULL : g_build_filename(source, found, NULL);
}

/* Every file that no row took, and why. */
static void tell_left(const RhImportListing *listing, RhImportSummary *summary)
{
    for (guint i = 0; i < listing->files->all->len; i++) {
        RhImportFile *file = g_ptr_array_index(listing->files->all, i);
        if (file->use == RH_FILE_MASK)
            summary->mask_files++;
        else
            summary->found++;
        if (file->use == RH_FILE_LEFT && !rh_import_format_is_read(file->format))
            rh_import_tell_format(summary, RH_IMPORT_IMAGES, file);
        else if (file->use == RH_FILE_LEFT)
            rh_import_tell(summary, RH_IMPORT_IMAGES, N_("not in the table"), _("“%s” has no row in “%s”."),
                           file->path, listing->table_path);
    }
}

void rh_import_tell_format(RhImportSummary *summary, RhImportSubject subject, const RhImportFile *file)
{
    rh_import_tell(summary, subject, file->format,
                   _("“%s” is a %s file, a format that is not read; convert it to PNG."), file->path,
                   file->format);
}

static gboolean fill(RhImportListing *listing, const RhImportSettings *settings, RhImportSummary *summary,
                     GCancellable *cancellable, GError **error)
{
    if (listing->table_path == NULL)
        rh_import_list_folder(listing);
    else if (!rh_import_list_table(listing, settings, summary, error))
        return FALSE;
    rh_import_match_masks(listing, summary);
    tell_left(listing, summary);
    if (!rh_import_join_copies(listing, summary, cancellable, error))
        return FALSE;
    if (listing->rows->len > 0)
        return TRUE;
    g_autofree char *reasons = rh_import_summary_reasons(summary, RH_IMPORT_IMAGES);
    if (reasons[0] == '\0')
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” has neither images (PNG or JPEG) nor a table of them; choose another folder."),
                    listing->files->source);
    else
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” has no image that can be used (files: %s); give it images as PNG or JPEG."),
                    listing->files->source, reasons);
    return FALSE;
}

RhImportListing *rh_import_list(const char *source, const RhImportSettings *settings,
                                RhImportSummary *summary, GCancellable *cancellable, GError **error)
{
    g_autoptr(RhImportListing) listing = g_new0(RhImportListing, 1);
    g_autofree char *folder = g_canonicalize_filename(source, NULL);
    g_autofree char *shown = g_filename_display_name(folder);
    listing->rows = g_ptr_array_new_with_free_func((GDestroyNotify)rh_import_row_free);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, _("There is no folder “%s”; choose one with images."),
                    shown);
        return NULL;
    }
    if (!g_utf8_validate(folder, -1, NULL)) {
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT,
                    _("The name of the folder “%s” is not UTF-8 and cannot stand in a study; rename it."),
                    shown);
        return NULL;
    }
    g_autoptr(GError) reason = NULL;
    listing->table_path = find_table(folder, settings, &reason);
    if (reason != NULL) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    listing->files = rh_import_files_new(folder, summary, cancellable, error);
    if (listing->files == NULL || !fill(listing, settings, summary, cancellable, error))
        return NULL;
    return g_steal_pointer(&listing);
}
