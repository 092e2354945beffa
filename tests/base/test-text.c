/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"

static void test_plain(void)
{
    static const char *const cases[][2] = {
        {"Knochen – 骨, naïve\tund\n", "Knochen – 骨, naïve\tund\n"},
        {"\033[2Jone", "one"},
        {"a\033[31mb\033[0m", "ab"},
        {"\033]0;a new title\007kept", "kept"},
        {"\033]52;c;Zm9v\033\\kept", "kept"},
        {"\033(Bkept", "kept"},
        {"\033", ""},
        {"\033]unfinished", ""},
        {"\302\233"
         "31mred",
         "red"},
        {"\302\235"
         "0;title\302\234"
         "kept",
         "kept"},
        {"\302\205next", "next"},
        {"bell\007, back\010, return\r", "bell, back, return"},
        {"\u202eevil\u202c \u2066x\u2069", "evil x"},
        {"caf\351", "caf\uFFFD"},
        {"\2332Jone", "\uFFFD"
                      "2Jone"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *plain = rh_text_plain(cases[i][0]);
        g_assert_cmpstr(plain, ==, cases[i][1]);
    }
}

static void test_line(void)
{
    g_autofree char *short_line = rh_text_line("two\nlines", 9), *cut = rh_text_line("röntgen, thorax", 8);
    g_assert_cmpstr(short_line, ==, "two lines");
    g_assert_cmpstr(cut, ==, "röntgen…");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/no-escape-sequence-reaches-the-terminal", test_plain);
    g_test_add_func("/text/line", test_line);
    return g_test_run();
}
