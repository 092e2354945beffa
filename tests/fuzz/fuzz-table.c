/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "data/table.h"
#include "fuzz/targets.h"

static void write_row(GString *out, guint columns, const RhTable *table, guint row, gboolean header)
{
    for (guint column = 0; column < columns; column++) {
        rh_cell_append(out, header ? rh_table_column_name(table, column) : rh_table_cell(table, row, column));
        g_string_append_c(out, column + 1 < columns ? ',' : '\n');
    }
}

/* What was read, written and read again is the same. A single column is left out: an empty cell of it is an
 * empty line, which is no row. */
static void check_round_trip(const RhTable *table)
{
    g_autoptr(GString) out = g_string_new("\xef\xbb\xbf");
    const guint columns = rh_table_columns(table);
    if (columns < 2)
        return;
    write_row(out, columns, table, 0, TRUE);
    for (guint row = 0; row < rh_table_rows(table); row++)
        write_row(out, columns, table, row, FALSE);
    g_autoptr(RhTable) again = rh_table_parse(out->str, out->len, "written", NULL);
    g_assert(again != NULL && rh_table_columns(again) == columns);
    g_assert(rh_table_rows(again) == rh_table_rows(table));
    for (guint row = 0; row < rh_table_rows(table); row++)
        for (guint column = 0; column < columns; column++)
            g_assert(strcmp(rh_table_cell(table, row, column), rh_table_cell(again, row, column)) == 0);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhTable) table = rh_table_parse((const char *)data, size, "input", &error);
    g_assert((table == NULL) == (error != NULL));
    if (table == NULL) {
        g_assert(error->domain == RH_ERROR);
        return 0;
    }
    for (guint row = 1; row < rh_table_rows(table); row++)
        g_assert(rh_table_line(table, row) > rh_table_line(table, row - 1));
    g_assert(rh_table_find_column(table, rh_table_column_name(table, 0)) == 0);
    check_round_trip(table);
    return 0;
}
