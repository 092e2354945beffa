/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "base/cells.h"
#include "base/error.h"
#include "data/table.h"
#include "study/number-private.h"
#include "study/study-private.h"

/* reading.csv: what the expert said of the images. A table of its own, so that looking at an image never
 * rewrites images.csv, which may be open in another program. */
#define NOTHING     "nothing to mark"
#define SECONDS_MAX 1e9

enum { ID, ANSWER, NOTE, SECONDS, BLACK, WHITE, TIME, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = {"id",    "answer", "note", "seconds",
                                                    "black", "white",  "time"};

typedef struct {
    RhStudy *study;
    const char *path;
    const RhTable *table;
    int columns[N_COLUMNS];
    GHashTable *cases; /* id → RhCase */
    GHashTable *seen;  /* id */
} Reader;

static const char *cell(const Reader *reader, guint row, guint column)
{
    return reader->columns[column] < 0 ? ""
                                       : rh_table_cell(reader->table, row, (guint)reader->columns[column]);
}

static gboolean parse_seconds(const char *text, double *seconds)
{
    *seconds = 0;
    return text[0] == '\0' || (rh_number_parse(text, seconds) && *seconds >= 0 && *seconds <= SECONDS_MAX);
}

static gboolean parse_value(const char *text, double *value)
{
    return rh_number_parse(text, value) && isfinite(*value);
}

/* Both or neither; else gives the text that is wrong. */
static const char *parse_window(const char *black_text, const char *white_text, double *black, double *white)
{
    *black = *white = 0;
    if (black_text[0] == '\0' && white_text[0] == '\0')
        return NULL;
    return !parse_value(black_text, black) ? black_text : !parse_value(white_text, white) ? white_text : NULL;
}

/* As ISO 8601; empty is not known. */
static gboolean parse_time(const char *text, gint64 *seconds)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = *text != '\0' ? g_date_time_new_from_iso8601(text, utc) : NULL;
    *seconds = time != NULL ? g_date_time_to_unix(time) : 0;
    return time != NULL || *text == '\0';
}

static char *time_text(gint64 seconds)
{
    g_autoptr(GDateTime) time = seconds != 0 ? g_date_time_new_from_unix_utc(seconds) : NULL;
    return time != NULL ? g_date_time_format_iso8601(time) : g_strdup("");
}

static void append_row(GString *out, const char *const cells[N_COLUMNS])
{
    for (guint i = 0; i < N_COLUMNS; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        rh_cell_append(out, cells[i]);
    }
    g_string_append_c(out, '\n');
}

static gboolean read_row(Reader *reader, guint row, GError **error)
{
    const char *id = cell(reader, row, ID), *answer = cell(reader, row, ANSWER);
    const char *note = cell(reader, row, NOTE), *time = cell(reader, row, SECONDS);
    const char *black_text = cell(reader, row, BLACK), *white_text = cell(reader, row, WHITE);
    const char *said_text = cell(reader, row, TIME);
    gint64 said;
    const guint line = rh_table_line(reader->table, row);
    double seconds, black, white;
    if (!g_hash_table_add(reader->seen, (gpointer)id))
        return rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                               _("“%s” is there a second time; leave one row for each image"), id);
    if (answer[0] != '\0' && !g_str_equal(answer, NOTHING))
        return rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                               _("“%s” is no answer; write “%s” or leave it empty"), answer, NOTHING);
    if (!parse_seconds(time, &seconds))
        return rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                               _("“%s” is no number of seconds; correct it or leave it empty"), time);
    const char *wrong = parse_window(black_text, white_text, &black, &white);
    if (wrong != NULL)
        return rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                               _("“%s” is no value; correct “black” and “white” or leave both empty"), wrong);
    if (!parse_time(said_text, &said))
        return rh_table_refuse(error, RH_ERROR_FORMAT, reader->path, line,
                               _("“%s” is no time; write it as 2026-01-31T12:00:00Z or leave it empty"),
                               said_text);
    RhCase *item = g_hash_table_lookup(reader->cases, id);
    if (item == NULL)
        return TRUE; /* the row stays in the file */
    item->nothing_to_mark = answer[0] != '\0' && !item->has_mask;
    g_free(item->note);
    item->note = g_strdup(note);
    item->seconds = seconds;
    item->said = said;
    item->black = black;
    item->white = white;
    return TRUE;
}

static gboolean read_table(Reader *reader, GError **error)
{
    for (guint i = 0; i < N_COLUMNS; i++)
        reader->columns[i] = rh_table_find_column(reader->table, column_names[i]);
    if (reader->columns[ID] < 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    _("“%s” has no column “id”; add it to the first line, or remove the file."),
                    reader->path);
        return FALSE;
    }
    for (guint i = 0; i < reader->study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(reader->study->cases, i);
        g_hash_table_insert(reader->cases, item->id, item);
    }
    for (guint row = 0; row < rh_table_rows(reader->table); row++)
        if (!read_row(reader, row, error))
            return FALSE;
    return TRUE;
}

gboolean rh_study_parse_readings(RhStudy *study, const RhTable *table, const char *path, GError **error)
{
    g_autoptr(GHashTable) cases = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Reader reader = {.study = study, .path = path, .table = table, .cases = cases, .seen = seen};
    return read_table(&reader, error);
}

void rh_study_forget_readings(RhStudy *study)
{
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        g_free(item->note);
        item->note = g_strdup("");
        item->nothing_to_mark = FALSE;
        item->said = 0;
        item->seconds = item->black = item->white = 0;
    }
}

static gboolean has_window(const RhCase *item)
{
    return item->black != item->white;
}

static gboolean has_reading(const RhCase *item)
{
    return item->nothing_to_mark || item->note[0] != '\0' || item->seconds > 0 || has_window(item);
}

static void append_reading(GString *out, const RhCase *item)
{
    char seconds[G_ASCII_DTOSTR_BUF_SIZE], black[G_ASCII_DTOSTR_BUF_SIZE] = "";
    char white[G_ASCII_DTOSTR_BUF_SIZE] = "";
    g_ascii_formatd(seconds, sizeof seconds, "%.1f", item->seconds);
    if (has_window(item)) {
        g_ascii_formatd(black, sizeof black, "%.6g", item->black);
        g_ascii_formatd(white, sizeof white, "%.6g", item->white);
    }
    g_autofree char *said = time_text(item->said);
    append_row(out, (const char *const[N_COLUMNS]){item->id, item->nothing_to_mark ? NOTHING : "", item->note,
                                                   seconds, black, white, said});
}

char *rh_study_readings_text(const RhStudy *study)
{
    GString *out = g_string_new(NULL);
    append_row(out, column_names);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        if (has_reading(item))
            append_reading(out, item);
    }
    return g_string_free(out, FALSE);
}
