/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/table.h"
#include "study/study.h"

/* What is known of an image before it is opened; from a table or from where the file lies. "" is unknown. */
typedef struct {
    char *path; /* relative to the source; NULL: cannot be used (and was noted) */
    char *label, *label_name, *confounder, *group, *split;
    char *mask; /* relative to the source */
    guint line; /* of the table; 0: there is none */
} RhImportRow;

typedef struct {
    char *source;     /* absolute */
    char *table_path; /* NULL: no table */
    GPtrArray *rows;  /* RhImportRow */
    gboolean has_confounder, has_split;
    char *confounder_name;
} RhImportListing;

/* Lists the images of a folder, by its table or by looking through it. */
RhImportListing *rh_import_list(const char *source, const RhImportSettings *settings, GPtrArray *notes,
                                GCancellable *cancellable, GError **error);
void rh_import_listing_free(RhImportListing *listing);
/* The parts of it. */
gboolean rh_import_list_table(RhImportListing *listing, const RhImportSettings *settings, GPtrArray *notes,
                              GError **error);
gboolean rh_import_list_folder(RhImportListing *listing, GPtrArray *notes, GCancellable *cancellable,
                               GError **error);
RhImportRow *rh_import_row_new(void);

/* The two values a column of the rows has, the one that sounds negative first.
 * Other values that are rare are noted and unknown. FALSE with an error if there are no two. */
typedef struct {
    char *values[2];
} RhTwoValues;
typedef enum { RH_IMPORT_LABEL, RH_IMPORT_CONFOUNDER } RhImportColumn;
gboolean rh_import_two_values(const RhImportListing *listing, RhImportColumn column, RhTwoValues *values,
                              GPtrArray *notes, GError **error);
void rh_two_values_clear(RhTwoValues *values);
guint8 rh_two_values_place(const RhTwoValues *values, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhImportListing, rh_import_listing_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RhTwoValues, rh_two_values_clear)
