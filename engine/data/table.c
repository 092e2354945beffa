/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"

/* Cells are kept one after the other in one buffer, each ended by a NUL, and found by their offsets. */
typedef struct {
    guint32 first_cell; /* place in `cells` */
    guint32 cell_count;
    guint32 line;
} Row;

struct _RhTable {
    GString *text;
    GArray *cells; /* guint32: offsets in `text` */
    GArray *rows;  /* Row; the first is the header */
    char delimiter;
};

typedef struct {
    RhTable *table;
    const char *name;
    const char *cursor, *end;
    char delimiter;
    guint line;
} Parser;

gboolean rh_table_refuse(GError **error, int code, const char *name, guint line, const char *reason, ...)
{
    va_list arguments;
    va_start(arguments, reason);
    g_autofree char *text = g_strdup_vprintf(reason, arguments);
    va_end(arguments);
    g_set_error(error, RH_ERROR, code, _("“%s”, line %u: %s."), name, line, text);
    return FALSE;
}

/* The most frequent delimiter of the header outside quotes; a comma if there is none. Like take_quoted, it
 * knows a quote by its standing where a cell begins. */
static char guess_delimiter(const char *text, gsize length)
{
    static const char delimiters[] = {',', ';', '\t'};
    gsize counts[G_N_ELEMENTS(delimiters)] = {0}, best = 0;
    gboolean quoted = FALSE, begins = TRUE;
    for (gsize i = 0; i < length && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
        if (quoted && text[i] == '"' && i + 1 < length && text[i + 1] == '"')
            i++;
        else if (text[i] == '"' && (quoted || begins))
            quoted = !quoted;
        begins = FALSE;
        for (gsize k = 0; k < G_N_ELEMENTS(delimiters) && !quoted; k++)
            if (text[i] == delimiters[k]) {
                counts[k]++;
                begins = TRUE;
            }
    }
    for (gsize k = 1; k < G_N_ELEMENTS(delimiters); k++)
        if (counts[k] > counts[best])
            best = k;
    return delimiters[best];
}

static gboolean at_line_end(const Parser *parser)
{
    return parser->cursor == parser->end || *parser->cursor == '\n' || *parser->cursor == '\r';
}

/* LF, CR LF, or a CR alone. */
static void skip_line_end(Parser *parser)
{
    if (parser->cursor == parser->end)
        return;
    if (*parser->cursor == '\r' && parser->cursor + 1 < parser->end && parser->cursor[1] == '\n')
        parser->cursor++;
    parser->cursor++;
    parser->line++;
}

/* The inside of quotes, a doubled one standing for one; leaves the cursor behind the closing quote. */
static gboolean take_quoted(Parser *parser, GString *out, GError **error)
{
    const guint first_line = parser->line;
    for (parser->cursor++; parser->cursor < parser->end; parser->cursor++) {
        if (*parser->cursor == '"') {
            parser->cursor++;
            if (parser->cursor == parser->end || *parser->cursor != '"')
                return TRUE;
        }
        gboolean returned =
            *parser->cursor == '\r' && parser->cursor + 1 < parser->end && parser->cursor[1] == '\n';
        parser->line += *parser->cursor == '\n' || (*parser->cursor == '\r' && !returned);
        g_string_append_c(out, *parser->cursor);
    }
    return rh_table_refuse(error, RH_ERROR_FORMAT, parser->name, first_line,
                           _("a quote is opened and never closed; close it"));
}

/* One cell, up to its delimiter or the end of the line. A quote counts only where a cell begins with it. */
static gboolean take_cell(Parser *parser, GError **error)
{
    GString *text = parser->table->text;
    const gsize begin = text->len;
    const guint line = parser->line;
    if (parser->cursor < parser->end && *parser->cursor == '"' && !take_quoted(parser, text, error))
        return FALSE;
    const char *plain = parser->cursor;
    while (!at_line_end(parser) && *parser->cursor != parser->delimiter)
        parser->cursor++;
    g_string_append_len(text, plain, parser->cursor - plain);
    if (text->len - begin > RH_TABLE_CELL_MAX)
        return rh_table_refuse(
            error, RH_ERROR_LIMIT, parser->name, line,
            _("a cell has more than a mebibyte of text; look for a quote that is not closed"));
    g_string_append_c(text, '\0');
    const guint32 offset = (guint32)begin;
    g_array_append_val(parser->table->cells, offset);
    return TRUE;
}

static const char *last_cell(const RhTable *table)
{
    return table->text->str + g_array_index(table->cells, guint32, table->cells->len - 1);
}

static void drop_cell(RhTable *table)
{
    g_string_truncate(table->text, g_array_index(table->cells, guint32, table->cells->len - 1));
    g_array_set_size(table->cells, table->cells->len - 1);
}

static gboolean take_row(Parser *parser, GError **error)
{
    RhTable *table = parser->table;
    Row row = {.first_cell = table->cells->len, .line = parser->line};
    const guint columns = table->rows->len > 0 ? rh_table_columns(table) : G_MAXUINT;
    guint filled = 0; /* cells up to the last beyond the header that is not empty */
    for (;;) {
        if (!take_cell(parser, error))
            return FALSE;
        if (++row.cell_count > columns) {
            filled = last_cell(table)[0] != '\0' ? row.cell_count : filled;
            drop_cell(table);
        }
        if (table->cells->len > RH_TABLE_CELLS_MAX)
            return rh_table_refuse(error, RH_ERROR_LIMIT, parser->name, row.line,
                                   _("the table has more cells than are read; divide it"));
        if (at_line_end(parser))
            break;
        parser->cursor++; /* the delimiter */
    }
    if (filled > columns)
        return rh_table_refuse(error, RH_ERROR_FORMAT, parser->name, row.line,
                               _("%u cells, but the header has %u; put a cell with “%c” in it in quotes"),
                               filled, columns, parser->delimiter);
    row.cell_count = MIN(row.cell_count, columns);
    skip_line_end(parser);
    g_array_append_val(table->rows, row);
    return TRUE;
}

static gboolean check_text(const Parser *parser, gsize length, GError **error)
{
    const char *valid_end = NULL;
    if (length > RH_TABLE_BYTES_MAX)
        return rh_table_refuse(error, RH_ERROR_LIMIT, parser->name, 1,
                               _("the table is larger than 512 MiB; divide it"));
    if (g_utf8_validate_len(parser->cursor, length, &valid_end))
        return TRUE;
    guint line = 1;
    for (const char *c = parser->cursor; c < valid_end; c++)
        line += *c == '\n';
    return rh_table_refuse(error, RH_ERROR_FORMAT, parser->name, line,
                           _("the text is not UTF-8; save the table as CSV in UTF-8"));
}

static gboolean take_rows(Parser *parser, GError **error)
{
    while (parser->cursor < parser->end) {
        if (at_line_end(parser)) /* an empty line is no row */
            skip_line_end(parser);
        else if (!take_row(parser, error))
            return FALSE;
    }
    if (parser->table->rows->len == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    _("“%s” is empty; a table begins with a line of column names."), parser->name);
        return FALSE;
    }
    return TRUE;
}

/* A first line "sep=;", by which spreadsheets tell each other the delimiter. */
static gboolean take_separator_line(Parser *parser)
{
    const gsize length = (gsize)(parser->end - parser->cursor);
    if (length < 5 || g_ascii_strncasecmp(parser->cursor, "sep=", 4) != 0 ||
        (length > 5 && parser->cursor[5] != '\n' && parser->cursor[5] != '\r'))
        return FALSE;
    parser->delimiter = parser->cursor[4];
    parser->cursor += 5;
    skip_line_end(parser);
    return TRUE;
}

RhTable *rh_table_parse(const char *text, gsize length, const char *name, GError **error)
{
    static const char mark[] = "\xef\xbb\xbf";
    Parser parser = {.name = name, .cursor = text, .end = text + length, .line = 1};
    if (!check_text(&parser, length, error))
        return NULL;
    if (length >= 3 && memcmp(text, mark, 3) == 0)
        parser.cursor += 3;
    if (!take_separator_line(&parser))
        parser.delimiter = guess_delimiter(parser.cursor, (gsize)(parser.end - parser.cursor));
    g_autoptr(RhTable) table = parser.table = g_new0(RhTable, 1);
    table->delimiter = parser.delimiter;
    table->text = g_string_new(NULL);
    table->cells = g_array_new(FALSE, FALSE, sizeof(guint32));
    table->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    return take_rows(&parser, error) ? g_steal_pointer(&table) : NULL;
}

RhTable *rh_table_load(const char *path, GError **error)
{
    g_autofree char *text = NULL, *name = rh_path_shown(path);
    gsize length;
    if (!rh_file_read(path, RH_TABLE_BYTES_MAX, &text, &length, error))
        return NULL;
    return rh_table_parse(text, length, name, error);
}

void rh_table_free(RhTable *table)
{
    if (table == NULL)
        return;
    g_string_free(table->text, TRUE);
    g_array_unref(table->cells);
    g_array_unref(table->rows);
    g_free(table);
}

static const Row *row_at(const RhTable *table, guint index)
{
    g_assert(index < table->rows->len);
    return &g_array_index(table->rows, Row, index);
}

static const char *cell_at(const RhTable *table, const Row *row, guint column)
{
    if (column >= row->cell_count)
        return "";
    return table->text->str + g_array_index(table->cells, guint32, row->first_cell + column);
}

guint rh_table_rows(const RhTable *table)
{
    return table->rows->len - 1;
}

guint rh_table_columns(const RhTable *table)
{
    return row_at(table, 0)->cell_count;
}

char rh_table_delimiter(const RhTable *table)
{
    return table->delimiter;
}

const char *rh_table_column_name(const RhTable *table, guint column)
{
    g_assert(column < rh_table_columns(table));
    return cell_at(table, row_at(table, 0), column);
}

static char *fold(const char *name)
{
    g_autofree char *stripped = g_strstrip(g_strdup(name));
    return g_utf8_casefold(stripped, -1);
}

int rh_table_find_column(const RhTable *table, const char *name)
{
    g_autofree char *wanted = fold(name);
    for (guint column = 0; column < rh_table_columns(table); column++) {
        g_autofree char *found = fold(rh_table_column_name(table, column));
        if (strcmp(found, wanted) == 0)
            return (int)column;
    }
    return -1;
}

gboolean rh_table_has_twice(const RhTable *table, const char *name)
{
    g_autofree char *wanted = fold(name);
    guint count = 0;
    for (guint column = 0; column < rh_table_columns(table); column++) {
        g_autofree char *found = fold(rh_table_column_name(table, column));
        count += strcmp(found, wanted) == 0;
    }
    return count > 1;
}

const char *rh_table_cell(const RhTable *table, guint row, guint column)
{
    g_assert(column < rh_table_columns(table));
    return cell_at(table, row_at(table, row + 1), column);
}

GHashTable *rh_table_pairs(const RhTable *table, guint by, guint column)
{
    GHashTable *pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint row = 0; row < rh_table_rows(table); row++)
        g_hash_table_replace(pairs, g_strdup(rh_table_cell(table, row, by)),
                             g_strdup(rh_table_cell(table, row, column)));
    return pairs;
}

guint rh_table_line(const RhTable *table, guint row)
{
    return row_at(table, row + 1)->line;
}
