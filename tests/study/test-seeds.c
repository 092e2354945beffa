/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/seeds.h"

#include "base/error.h"

static char *joined(const GArray *seeds)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < seeds->len; i++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "",
                               g_array_index(seeds, guint64, i));
    return g_string_free(text, FALSE);
}

static void test_right(void)
{
    static const char *const cases[][2] = {
        {"7", "7"},
        {"1,2,3", "1 2 3"},
        {" 1, 2 3,", "1 2 3"},
        {"3-5", "3 4 5"},
        {"9,1-3", "9 1 2 3"},
        {"4-4", "4"},
        {"0", "0"},
        {"9223372036854775807", "9223372036854775807"},
        {"9223372036854775806-9223372036854775807", "9223372036854775806 9223372036854775807"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) seeds = rh_seeds_parse(cases[i][0], &error);
        g_assert_no_error(error);
        g_autofree char *text = joined(seeds);
        g_assert_cmpstr(text, ==, cases[i][1]);
    }
}

static void test_wrong(void)
{
    static const char *const cases[] = {
        "",
        " , ",
        "x",
        "1,x",
        "1.5",
        "1e3",
        "-1",
        "1-",
        "1--3",
        "1-2-3",
        "3-1",
        "1,1",
        "1-3,2",
        "1,,2",
        ",1",
        "1,,",
        "+1",
        "0x1",
        "18446744073709551616",
        "9223372036854775808",
        "0-9223372036854775807",
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_seeds_parse(cases[i], &error));
        g_assert_error(error, RH_ERROR, RH_ERROR_USAGE);
    }
}

static void test_number(void)
{
    static const struct {
        const char *text;
        gboolean right;
    } cases[] = {
        {"1-100", TRUE},      {"1-101", FALSE},       {"1-99,200", TRUE},      {"1-99,200,201", FALSE},
        {"200,1-100", FALSE}, {"1-50,101-150", TRUE}, {"1-50,101-151", FALSE}, {"1-100,200", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) seeds = rh_seeds_parse(cases[i].text, NULL);
        g_assert_cmpint(seeds != NULL, ==, cases[i].right);
        g_assert_true(seeds == NULL || seeds->len == RH_SEEDS_MAX);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seeds/right", test_right);
    g_test_add_func("/seeds/wrong", test_wrong);
    g_test_add_func("/seeds/number", test_number);
    return g_test_run();
}
