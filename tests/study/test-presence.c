/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/presence.h"

#include <glib/gstdio.h>
#include <unistd.h>
#include <utime.h>

#include "study-support.h"

static void assert_others(RhPresence *presence, const char *begin)
{
    g_autofree char *lines = rh_presence_look(presence);
    if (begin == NULL)
        g_assert_cmpstr(lines, ==, "");
    else
        g_assert_true(g_str_has_prefix(lines, begin));
}

static void put_presence(const char *folder, const char *file, const char *host, int pid)
{
    g_autofree char *text = g_strdup_printf("[open]\nhost=%s\npid=%d\nsince=1769860800\n", host, pid);
    put_text(folder, file, text);
}

/* One that is alone is told of nobody; a colleague's computer is named, and is no longer once it has not been
 * heard of for long. */
static void test_another_computer(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *other = g_build_filename(folder, ".open", "ward-7.ini", NULL);
    g_autoptr(RhPresence) presence = rh_presence_new(folder);
    assert_others(presence, NULL);
    put_presence(folder, ".open/ward-7.ini", "ward", 7);
    assert_others(presence, "Also open on ward since 2026-01-31");
    g_assert_cmpint(g_utime(other, &(struct utimbuf){1, 1}), ==, 0);
    assert_others(presence, NULL);
    g_assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
}

/* A program of this computer: it runs, as this one does, or it was killed. */
static void test_this_computer(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(RhPresence) presence = rh_presence_new(folder);
    assert_others(presence, NULL);
    put_presence(folder, ".open/here-1.ini", g_get_host_name(), 1);
    assert_others(presence, "Also open in another window since ");
    g_autofree char *killed = g_build_filename(folder, ".open", "here-1.ini", NULL);
    put_presence(folder, ".open/here-1.ini", g_get_host_name(), G_MAXINT);
    assert_others(presence, NULL);
    g_assert_false(g_file_test(killed, G_FILE_TEST_EXISTS));
}

static void test_leaves_nothing(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *open = g_build_filename(folder, ".open", NULL);
    RhPresence *presence = rh_presence_new(folder);
    assert_others(presence, NULL);
    g_assert_true(g_file_test(open, G_FILE_TEST_IS_DIR));
    rh_presence_free(presence);
    g_assert_false(g_file_test(open, G_FILE_TEST_EXISTS));
}

/* Nothing is written through a link out of the study, nor is what is no such file believed. */
static void test_hostile(void)
{
    TEMPORARY folder = rh_test_folder();
    TEMPORARY elsewhere = rh_test_folder();
    g_autofree char *open = g_build_filename(folder, ".open", NULL);
    g_assert_cmpint(symlink(elsewhere, open), ==, 0);
    RhPresence *presence = rh_presence_new(folder);
    assert_others(presence, NULL);
    g_autoptr(GDir) dir = g_dir_open(elsewhere, 0, NULL);
    g_assert_null(g_dir_read_name(dir));
    g_unlink(open);
    put_text(folder, ".open/a.ini", "no ini");
    put_text(folder, ".open/b.ini", "[open]\nhost=x\npid=-1\nsince=0\n");
    assert_others(presence, NULL);
    rh_presence_free(presence);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/presence/another-computer", test_another_computer);
    g_test_add_func("/presence/this-computer", test_this_computer);
    g_test_add_func("/presence/leaves-nothing", test_leaves_nothing);
    g_test_add_func("/presence/hostile", test_hostile);
    return g_test_run();
}
