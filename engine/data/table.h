/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A CSV or TSV table in memory: RFC 4180 quoting, BOM, CRLF; delimiter guessed from the header (, ; tab) or
 * as a first line "sep=;" says. Rows may be shorter than the header (the rest is empty) or longer by empty
 * cells; empty lines are no rows. The text must be UTF-8. Column names and cells are as written, surrounding
 * space included. */
typedef struct _RhTable RhTable;

#define RH_TABLE_BYTES_MAX (512u << 20)
#define RH_TABLE_CELL_MAX  (1u << 20) /* bytes */
#define RH_TABLE_CELLS_MAX (64u << 20)

RhTable *rh_table_load(const char *path, GError **error);
RhTable *rh_table_parse(const char *text, gsize length, const char *name, GError **error);
void rh_table_free(RhTable *table);
guint rh_table_rows(const RhTable *table);
guint rh_table_columns(const RhTable *table);
char rh_table_delimiter(const RhTable *table); /* that of the file: , ; or a tab */
const char *rh_table_column_name(const RhTable *table, guint column);
/* −1 if there is none. Letter case and surrounding space do not matter. */
int rh_table_find_column(const RhTable *table, const char *name);
/* Whether more than one column has that name, by the same rule. */
gboolean rh_table_has_twice(const RhTable *table, const char *name);
const char *rh_table_cell(const RhTable *table, guint row, guint column);
/* The cells of one column by those of another (char*); of rows with the same cell there the last. Transfer
 * full. */
GHashTable *rh_table_pairs(const RhTable *table, guint by, guint column);
guint rh_table_line(const RhTable *table, guint row); /* line of the file, from 1, for messages */
/* "“NAME”, line N: REASON.", an error of that RhError; the reason is in the manner of printf and has no full
 * stop. Always FALSE. */
gboolean rh_table_refuse(GError **error, int code, const char *name, guint line, const char *reason, ...)
    G_GNUC_PRINTF(5, 6);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhTable, rh_table_free)
