/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table.h"

#include <string.h>

#include "base/cells.h"
#include "base/error.h"
#include "base/random.h"
#include "support.h"

static RhTable *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    RhTable *table = rh_table_parse(text, strlen(text), "made.csv", &error);
    g_assert_no_error(error);
    return table;
}

static void assert_row(const RhTable *table, guint row, const char *const *cells, guint count)
{
    g_assert_cmpuint(rh_table_columns(table), ==, count);
    for (guint column = 0; column < count; column++)
        g_assert_cmpstr(rh_table_cell(table, row, column), ==, cells[column]);
}

static void test_quoting(void)
{
    g_autoptr(RhTable) table = parse("\xef\xbb\xbf"
                                     "name, Value ,note\r\n"
                                     "\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\r\n"
                                     "\r\n"
                                     "5\" wide,x\"y\",\"q\" tail\r\n"
                                     "short\r\n"
                                     "1,2,3,,\"\"\r\n"
                                     ",,");
    g_assert_cmpuint(rh_table_rows(table), ==, 5);
    g_assert_cmpstr(rh_table_column_name(table, 0), ==, "name");
    assert_row(table, 0, (const char *[]){"a,b", "say \"no\"", "two\r\nlines"}, 3);
    assert_row(table, 1, (const char *[]){"5\" wide", "x\"y\"", "q tail"}, 3);
    assert_row(table, 2, (const char *[]){"short", "", ""}, 3);
    assert_row(table, 3, (const char *[]){"1", "2", "3"}, 3);
    assert_row(table, 4, (const char *[]){"", "", ""}, 3);
    static const guint lines[] = {2, 5, 6, 7, 8};
    for (guint row = 0; row < 5; row++)
        g_assert_cmpuint(rh_table_line(table, row), ==, lines[row]);
    g_assert_cmpint(rh_table_find_column(table, "VALUE"), ==, 1);
    g_assert_cmpint(rh_table_find_column(table, " note "), ==, 2);
    g_assert_cmpint(rh_table_find_column(table, "notes"), ==, -1);
}

static void test_cells_beyond_the_header(void)
{
    static const char text[] = "a,b\n1,2\n3,4 or 5,6,,\n";
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_table_parse(text, sizeof text - 1, "made.csv", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, "line 3: 3 cells, but the header has 2"));
}

static void test_separator_line(void)
{
    g_autoptr(RhTable) table = parse("sep=;\r\na,b;c\r\n1;2\r\n");
    g_assert_cmpuint(rh_table_columns(table), ==, 2);
    g_assert_cmpstr(rh_table_column_name(table, 0), ==, "a,b");
    g_assert_cmpstr(rh_table_cell(table, 0, 1), ==, "2");
    g_assert_cmpuint(rh_table_line(table, 0), ==, 3);
    g_assert_false(rh_table_has_twice(table, "c"));
}

static void test_delimiters(void)
{
    static const char *const texts[] = {"a;b,c;d\n1;2;3",   "a\tb,c\td\n1\t2\t3",
                                        "a,b;c,d\n1,2,3",   "a,\"b;;;;c\",d\r1,2,3",
                                        "5\" a;b;c\n1;2;3", "\"a\"\",,,,,\";b;c\n1;2;3"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(RhTable) table = parse(texts[i]);
        g_assert_cmpuint(rh_table_rows(table), ==, 1);
        assert_row(table, 0, (const char *[]){"1", "2", "3"}, 3);
    }
    g_autoptr(RhTable) single = parse("only\nx\ny\n");
    g_assert_cmpuint(rh_table_columns(single), ==, 1);
    g_assert_cmpstr(rh_table_cell(single, 1, 0), ==, "y");
    g_autoptr(RhTable) header = parse("a,b");
    g_assert_cmpuint(rh_table_rows(header), ==, 0);
}

static void test_refusals(void)
{
    static const struct {
        const char *text;
        gsize length;
        int code;
        const char *phrase;
    } cases[] = {
        {"a,b\n1,\"open\n2,3\n", 16, RH_ERROR_FORMAT, "line 2: a quote"},
        {"", 0, RH_ERROR_EMPTY, "empty"},
        {"\n\r\n\n", 4, RH_ERROR_EMPTY, "empty"},
        {"a,b\n\n1,\xe4\n", 9, RH_ERROR_FORMAT, "line 3: the text is not UTF-8"},
        {"a,b\n1,\0\n", 8, RH_ERROR_FORMAT, "line 2: the text is not UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_table_parse(cases[i].text, cases[i].length, "made.csv", &error));
        g_assert_error(error, RH_ERROR, cases[i].code);
        g_assert_nonnull(strstr(error->message, "made.csv"));
        g_assert_nonnull(strstr(error->message, cases[i].phrase));
    }
}

/* One unclosed quote must not swallow a table: a cell is bounded, and so is the number of cells. */
static void test_limits(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new("a,b\n\"");
    while (text->len < RH_TABLE_CELL_MAX + 100)
        g_string_append(text, "0123456789,\n");
    g_string_append(text, "\"");
    g_assert_null(rh_table_parse(text->str, text->len, "long.csv", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_LIMIT);
    g_clear_error(&error);

    g_autofree char *commas = g_malloc(RH_TABLE_CELLS_MAX + 10);
    memset(commas, ',', RH_TABLE_CELLS_MAX + 10);
    g_assert_null(rh_table_parse(commas, RH_TABLE_CELLS_MAX + 10, "commas.csv", &error));
    g_assert_error(error, RH_ERROR, RH_ERROR_LIMIT);
}

static void test_real_tables(void)
{
    static const struct {
        const char *path;
        guint rows, columns;
        const char *column, *first; /* of the first row */
    } tables[] = {
        {"cxr/rsna_nih_mini/metadata.csv", 339, 17, "VIEW", "AP"},
        {"cxr/rsna_nih_mini/Data_Entry_2017_subset.csv", 0, 11, "View Position", "AP"},
        {"cxr/rsna_nih_mini/BBox_List_2017_subset.csv", 0, 9, "finding label", "Effusion"},
        {"cxr/rsna_nih_mini/stage_2_train_labels_subset.csv", 0, 6, "Target", "1"},
        {"formats/csv/NIH_BBox_List_2017_head.csv", 39, 9, "y", "547.019216763771"},
        {"formats/csv/NIH_Data_Entry_2017_v2020_head.csv", 0, 11, "Patient ID", "1"},
        {"formats/csv/PadChest_HEADER_ONLY.csv", 0, 36, "labels", NULL},
        {"formats/csv/RSNA_dicom_headers_head.csv", 29, 14, "", "0"},
        {"formats/csv/RSNA_stage_2_train_labels_head.csv", 59, 6, "patientId", NULL},
    };
    g_autofree char *folder = rh_test_shared("data");
    for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS(tables); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(folder, tables[i].path, NULL);
        g_autoptr(RhTable) table = rh_table_load(path, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(rh_table_columns(table), ==, tables[i].columns);
        if (tables[i].rows > 0)
            g_assert_cmpuint(rh_table_rows(table), ==, tables[i].rows);
        int column = rh_table_find_column(table, tables[i].column);
        g_assert_cmpint(column, >=, 0);
        if (tables[i].first != NULL)
            g_assert_cmpstr(rh_table_cell(table, 0, (guint)column), ==, tables[i].first);
    }
}

/* The licence cell of the real table holds a comma inside quotes. */
static void test_metadata(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = rh_test_shared("data/cxr/rsna_nih_mini/metadata.csv");
    if (path == NULL)
        return;
    g_autoptr(RhTable) table = rh_table_load(path, &error);
    g_assert_no_error(error);
    guint cells[2][2] = {{0}};
    guint label = (guint)rh_table_find_column(table, "label"),
          view = (guint)rh_table_find_column(table, "view");
    for (guint row = 0; row < rh_table_rows(table); row++) {
        cells[rh_table_cell(table, row, label)[0] - '0'][rh_table_cell(table, row, view)[0] == 'A']++;
        g_assert_true(g_str_has_prefix(rh_table_cell(table, row, 16), "NIH ChestX-ray14: free use, acknow"));
        g_assert_cmpuint(rh_table_line(table, row), ==, row + 2);
    }
    g_assert_cmpuint(cells[0][0], ==, 130);
    g_assert_cmpuint(cells[0][1], ==, 80);
    g_assert_cmpuint(cells[1][0], ==, 42);
    g_assert_cmpuint(cells[1][1], ==, 87);
}

/* Cut off and damaged tables: read or refused, never worse, and what is read can be walked. */
static void test_damaged(void)
{
    static const char text[] =
        "\xef\xbb\xbfid,\"a \"\"b\"\"\",note\r\n1,\"x\r\ny\",\xc3\xa4\r\n2,,\r\n\r\n3,\"\",\",\"\n";
    RhRandom random;
    rh_random_init(&random, 2, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 4000; trial++) {
        char damaged[sizeof text];
        g_autoptr(GError) error = NULL;
        gsize length = sizeof text - 1, total = 0;
        memcpy(damaged, text, length);
        if (trial % 2 == 0)
            length = rh_random_below(&random, (guint)length);
        for (guint flips = rh_random_below(&random, 5); flips > 0 && length > 0; flips--)
            damaged[rh_random_below(&random, (guint)length)] ^= (char)(1u << rh_random_below(&random, 8));
        g_autoptr(RhTable) table = rh_table_parse(damaged, length, "damaged.csv", &error);
        if (table == NULL) {
            g_assert_cmpint(error->domain, ==, RH_ERROR);
            g_assert_nonnull(strstr(error->message, "damaged.csv"));
            continue;
        }
        for (guint row = 0; row < rh_table_rows(table); row++)
            for (guint column = 0; column < rh_table_columns(table); column++)
                total += strlen(rh_table_cell(table, row, column));
        g_assert_cmpuint(total, <=, length);
    }
}

/* A column that is called as the line with which spreadsheets tell the delimiter begins. */
static void test_a_column_called_sep(void)
{
    g_autoptr(RhTable) table = parse("sep=;\nsep=;\n1;2\n");
    g_autoptr(GString) written = g_string_new(NULL);
    g_assert_cmpstr(rh_table_column_name(table, 0), ==, "sep=");
    rh_cell_append(written, rh_table_column_name(table, 0));
    g_string_append(written, ",\n1,2\n");
    g_autoptr(RhTable) again = parse(written->str);
    g_assert_cmpstr(rh_table_column_name(again, 0), ==, "sep=");
    g_assert_cmpuint(rh_table_rows(again), ==, 1);
}

/* What is written comes back, whatever it holds. */
static void test_round_trip(void)
{
    static const char *const pieces[] = {"a", ",", "\"", "\n", "\r\n", ";", "\t", " ", "ä", "", "1.5"};
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 300; trial++) {
        g_autoptr(GString) text = g_string_new("first,second,third\n");
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < 3 * 4; i++) {
            g_autoptr(GString) cell = g_string_new(NULL);
            for (guint left = rh_random_below(&random, 5); left > 0; left--)
                g_string_append(cell, pieces[rh_random_below(&random, G_N_ELEMENTS(pieces))]);
            rh_cell_append(text, cell->str);
            g_string_append_c(text, i % 3 < 2 ? ',' : '\n');
            g_ptr_array_add(cells, g_strdup(cell->str));
        }
        g_autoptr(RhTable) table = parse(text->str);
        g_assert_cmpuint(rh_table_rows(table), ==, 4);
        for (guint i = 0; i < cells->len; i++)
            g_assert_cmpstr(rh_table_cell(table, i / 3, i % 3), ==, g_ptr_array_index(cells, i));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/quoting", test_quoting);
    g_test_add_func("/table/a-column-called-sep", test_a_column_called_sep);
    g_test_add_func("/table/delimiters", test_delimiters);
    g_test_add_func("/table/cells-beyond-the-header", test_cells_beyond_the_header);
    g_test_add_func("/table/separator-line", test_separator_line);
    g_test_add_func("/table/refusals", test_refusals);
    g_test_add_func("/table/limits", test_limits);
    g_test_add_func("/table/real-tables", test_real_tables);
    g_test_add_func("/table/metadata", test_metadata);
    g_test_add_func("/table/damaged", test_damaged);
    g_test_add_func("/table/round-trip", test_round_trip);
    return g_test_run();
}
