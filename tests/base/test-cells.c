/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/cells.h"

#include <math.h>

static void test_of_a_table_that_is_read_again(void)
{
    static const struct {
        const char *text, *cell;
    } cells[] = {{"", ""},
                 {"plain", "plain"},
                 {"=1+1", "=1+1"},
                 {"-", "-"},
                 {"a,b", "\"a,b\""},
                 {" a", "\" a\""},
                 {"5\" b", "\"5\"\" b\""},
                 {"a\nb", "\"a\nb\""},
                 {"Sep=", "\"Sep=\""}};
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        rh_cell_append(out, cells[i].text);
        g_assert_cmpstr(out->str, ==, cells[i].cell);
    }
}

static void test_no_text_is_run_as_a_formula(void)
{
    static const struct {
        const char *text, *cell;
    } cells[] = {{"", ""},
                 {"a=b", "a=b"},
                 {"=1+1", "'=1+1"},
                 {"+1", "'+1"},
                 {"-1+1", "'-1+1"},
                 {"@SUM(A1)", "'@SUM(A1)"},
                 {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
                 {"\t=1", "\"'\t=1\""},
                 {"\r=1", "\"'\r=1\""}};
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        rh_cell_append_result(out, cells[i].text);
        g_assert_cmpstr(out->str, ==, cells[i].cell);
    }
}

static void test_numbers_come_back(void)
{
    static const double values[] = {0.1, -0.5, 1.0 / 3, 1e300, 5e-324, 0.1 + 0.2, 12};
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        rh_cell_append_number(out, values[i]);
        g_assert_true(g_ascii_strtod(out->str, NULL) == values[i]);
    }
    g_autoptr(GString) out = g_string_new(NULL);
    rh_cell_append_number(out, NAN);
    rh_cell_append_number(out, INFINITY);
    g_assert_cmpstr(out->str, ==, "");
    rh_cell_append_number(out, 0.1);
    g_assert_cmpstr(out->str, ==, "0.1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cells/of-a-table-that-is-read-again", test_of_a_table_that_is_read_again);
    g_test_add_func("/cells/no-text-is-run-as-a-formula", test_no_text_is_run_as_a_formula);
    g_test_add_func("/cells/numbers-come-back", test_numbers_come_back);
    return g_test_run();
}
