/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/queue.h"

#include <glib/gstdio.h>

#include "study-support.h"

#define FILE_NAME "queue.ini"

static void assert_reads(const char *folder, const char *const *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) runs = rh_queue_read(folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstrv(runs, expected);
}

/* The file is refused and named; gives nothing. */
static void assert_refuses(const char *folder, const char *because)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_queue_read(folder, &error));
    assert_sentence(error, FILE_NAME, because);
}

static void test_order_is_kept(void)
{
    TEMPORARY folder = rh_test_folder();
    static const char *const cases[][4] = {
        {"actdiff-small-3", "baseline-small-1", "actdiff-small-2", NULL},
        {"one", NULL},
        {"a;b", "with space ", "Über\\n",
         NULL}, /* what a list would otherwise be cut at, or read as something else */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = rh_queue_text(cases[i]);
        put_text(folder, FILE_NAME, text);
        assert_reads(folder, cases[i]);
    }
}

static void test_none(void)
{
    TEMPORARY folder = rh_test_folder();
    static const char *const none[] = {NULL};
    g_assert_null(rh_queue_text(none));
    assert_reads(folder, none);
    put_text(folder, FILE_NAME, "[queue]\nruns=\n");
    assert_reads(folder, none);
}

static void test_written_by_hand(void)
{
    TEMPORARY folder = rh_test_folder();
    static const char *const two[] = {"b", "a", NULL};
    put_text(folder, FILE_NAME, "# mine\n[queue]\nruns = b;a\nwhen=later\n[other]\n");
    assert_reads(folder, two);
}

static void test_broken_files_are_told(void)
{
    TEMPORARY folder = rh_test_folder();
    static const char *const broken[][2] = {
        {"\x89PNG\r\n", "cannot be read"},   {"[queue", "cannot be read"},    {"", "no readable “runs”"},
        {"[queue]\n", "no readable “runs”"}, {"[queue]\nruns=\xff;a\n", "“"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        put_text(folder, FILE_NAME, broken[i][0]);
        assert_refuses(folder, broken[i][1]);
    }
}

/* What is quoted of a file is never longer than a person reads. */
static void test_a_long_line_is_told_short(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GError) error = NULL;
    g_autofree char *line = g_strnfill(1 << 19, 'x');
    put_text(folder, FILE_NAME, line);
    g_assert_null(rh_queue_read(folder, &error));
    assert_sentence(error, FILE_NAME, "xxx");
    g_assert_cmpuint(strlen(error->message), <, 1000);
}

static void put_many(const char *folder, guint count)
{
    g_autoptr(GString) text = g_string_new("[queue]\nruns=");
    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "%u;", i);
    g_string_append_c(text, '\n');
    put_text(folder, FILE_NAME, text->str);
}

static void test_is_bounded(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GError) error = NULL;
    put_many(folder, RH_QUEUE_MAX);
    g_auto(GStrv) all = rh_queue_read(folder, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(all), ==, RH_QUEUE_MAX);
    put_many(folder, RH_QUEUE_MAX + 1);
    assert_refuses(folder, "more than 1024 values");
    put_many(folder, 300000); /* more than a megabyte */
    assert_refuses(folder, "more than");
}

/* What waits beyond the limit is not kept, rather than making a file that cannot be read. */
static void test_writes_what_it_reads(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = g_new0(char *, RH_QUEUE_MAX + 2);
    for (guint i = 0; i <= RH_QUEUE_MAX; i++)
        names[i] = g_strdup_printf("run-%u", i);
    g_autofree char *text = rh_queue_text((const char *const *)names);
    put_text(folder, FILE_NAME, text);
    g_auto(GStrv) runs = rh_queue_read(folder, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(runs), ==, RH_QUEUE_MAX);
    g_assert_cmpstr(runs[RH_QUEUE_MAX - 1], ==, names[RH_QUEUE_MAX - 1]);
}

static void test_no_ordinary_file(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = rh_queue_path(folder);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    assert_refuses(folder, "no ordinary file");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/queue/order-is-kept", test_order_is_kept);
    g_test_add_func("/queue/none", test_none);
    g_test_add_func("/queue/written-by-hand", test_written_by_hand);
    g_test_add_func("/queue/broken-files-are-told", test_broken_files_are_told);
    g_test_add_func("/queue/a-long-line-is-told-short", test_a_long_line_is_told_short);
    g_test_add_func("/queue/is-bounded", test_is_bounded);
    g_test_add_func("/queue/writes-what-it-reads", test_writes_what_it_reads);
    g_test_add_func("/queue/no-ordinary-file", test_no_ordinary_file);
    return g_test_run();
}
