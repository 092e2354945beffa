/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/join.h"

#include <string.h>

#include "support.h"

/* What is joined is written down by hand, from the rule in join.h. */

static const RhJoinColumn columns[] = {{"seconds", RH_JOIN_SUM},
                                       {"black", RH_JOIN_QUIETLY},
                                       {"time", RH_JOIN_LATEST},
                                       {"split", RH_JOIN_WHOLE},
                                       {NULL}};

static char *name_row(const RhTable *table, guint row)
{
    const int path = rh_table_find_column(table, "path");
    return g_strndup(rh_table_cell(table, row, (guint)path), 1);
}

static const RhJoinRules rules = {"id", name_row, columns};

static RhTable *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    RhTable *table = text != NULL ? rh_table_parse(text, strlen(text), "test", &error) : NULL;
    g_assert_no_error(error);
    return table;
}

/* Clashes are told as "row.column: kept|other" with a space between them. */
static void assert_joined(const char *base, const char *ours, const char *theirs, const char *file,
                          const char *expected, const char *expected_clashes)
{
    g_autoptr(RhTable) base_table = parse(base), our_table = parse(ours);
    g_autoptr(RhTable) their_table = parse(theirs), file_table = parse(file);
    g_autoptr(GPtrArray) clashes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_clash_free);
    g_autofree char *joined = rh_join_tables(base_table, our_table, their_table, file_table, &rules, clashes);
    g_assert_cmpstr(joined, ==, expected);
    g_autoptr(GString) told = g_string_new(NULL);
    for (guint i = 0; i < clashes->len; i++) {
        const RhClash *clash = g_ptr_array_index(clashes, i);
        g_string_append_printf(told, "%s%s.%s: %s|%s", i > 0 ? " " : "", clash->row, clash->column,
                               clash->kept, clash->other);
    }
    g_assert_cmpstr(told->str, ==, expected_clashes);
}

/* The same where the file is written as the program writes it. */
static void assert_plain(const char *base, const char *ours, const char *theirs, const char *expected,
                         const char *expected_clashes)
{
    assert_joined(base, ours, theirs, theirs, expected, expected_clashes);
}

static void test_cells(void)
{
    static const char base[] = "id,label,mask\na,well,\nb,well,\n";
    /* Nothing changed; here; there; on both sides in the same way; in two cells of one row. */
    assert_plain(base, base, base, base, "");
    assert_plain(base, "id,label,mask\na,well,m\nb,well,\n", base, "id,label,mask\na,well,m\nb,well,\n", "");
    assert_plain(base, base, "id,label,mask\na,ill,\nb,well,\n", "id,label,mask\na,ill,\nb,well,\n", "");
    assert_plain(base, "id,label,mask\na,ill,\nb,well,\n", "id,label,mask\na,ill,\nb,well,\n",
                 "id,label,mask\na,ill,\nb,well,\n", "");
    assert_plain(base, "id,label,mask\na,well,m\nb,well,\n", "id,label,mask\na,ill,\nb,well,\n",
                 "id,label,mask\na,ill,m\nb,well,\n", "");
    /* A cell emptied on one side is a change like another. */
    assert_plain(base, base, "id,label,mask\na,,\nb,well,\n", "id,label,mask\na,,\nb,well,\n", "");
}

static void test_rows(void)
{
    static const char base[] = "id,note\na,x\nb,y\n";
    /* Added here, there, on both sides; order is the file's, what is new here comes last. */
    assert_plain(base, "id,note\na,x\nb,y\nc,z\n", "id,note\nb,y\na,x\nd,w\n",
                 "id,note\nb,y\na,x\nd,w\nc,z\n", "");
    assert_plain(base, "id,note\na,x\nb,y\nc,z\n", "id,note\na,x\nb,y\nc,z\n", "id,note\na,x\nb,y\nc,z\n",
                 "");
    /* Removed here; there; on both sides. */
    assert_plain(base, "id,note\nb,y\n", base, "id,note\nb,y\n", "");
    assert_plain(base, base, "id,note\nb,y\n", "id,note\nb,y\n", "");
    assert_plain(base, "id,note\nb,y\n", "id,note\nb,y\n", "id,note\nb,y\n", "");
    /* Removed there and changed here: it is there again, and told. Removed here and changed there: it stays.
     */
    assert_plain(base, "id,note\na,new\nb,y\n", "id,note\nb,y\n", "id,note\nb,y\na,new\n", "a.: a|");
    assert_plain("id,note,answer\na,x,yes\n", "id,note,answer\n", "id,note,answer\na,new,yes\n",
                 "id,note,answer\na,new,\n", "a.note: new|");
    /* No file yet; no base. */
    assert_joined(NULL, base, NULL, NULL, base, "");
    assert_plain(NULL, base, "id,note\nc,z\n", "id,note\nc,z\na,x\nb,y\n", "");
}

static void test_newer_answer_wins(void)
{
    static const char base[] = "id,note,time\na,x,2026-01-01T00:00:00Z\n";
    assert_plain(base, "id,note,time\na,ours,2026-01-02T00:00:00Z\n",
                 "id,note,time\na,theirs,2026-01-03T00:00:00Z\n",
                 "id,note,time\na,theirs,2026-01-03T00:00:00Z\n", "a.note: theirs|ours");
    assert_plain(base, "id,note,time\na,ours,2026-01-04T00:00:00Z\n",
                 "id,note,time\na,theirs,2026-01-03T00:00:00Z\n",
                 "id,note,time\na,ours,2026-01-04T00:00:00Z\n", "a.note: ours|theirs");
    /* Where one carries no time, what is written now is kept. */
    assert_plain(base, "id,note,time\na,ours,2026-01-02T00:00:00Z\n", "id,note,time\na,theirs,\n",
                 "id,note,time\na,ours,2026-01-02T00:00:00Z\n", "a.note: ours|theirs");
    /* A value nobody wrote by hand follows the answer and is no clash. */
    assert_plain("id,black,time\na,1,\n", "id,black,time\na,2,2026-01-01T00:00:00Z\n",
                 "id,black,time\na,3,2026-01-02T00:00:00Z\n", "id,black,time\na,3,2026-01-02T00:00:00Z\n",
                 "");
}

/* 10 s before; 2.5 s more here, 20 s more there. */
static void test_amounts_add_up(void)
{
    assert_plain("id,seconds\na,10.0\n", "id,seconds\na,12.5\n", "id,seconds\na,30.0\n",
                 "id,seconds\na,32.5\n", "");
    assert_plain("id,seconds\n", "id,seconds\na,2.5\n", "id,seconds\na,30.0\n", "id,seconds\na,32.5\n", "");
}

/* A division of the images is one thing: half of one and half of another is neither. */
static void test_whole_columns(void)
{
    static const char base[] = "id,split\na,training\nb,test\nc,\n";
    assert_plain(base, "id,split\na,test\nb,test\nc,training\n", "id,split\na,training\nb,training\nc,\n",
                 "id,split\na,test\nb,test\nc,training\n", "");
    assert_plain(base, base, "id,split\na,training\nb,training\nc,\n",
                 "id,split\na,training\nb,training\nc,\n", "");
}

/* Further columns and rows, their order, spelling and delimiter, and rows named by another column. */
static void test_the_file_keeps_what_is_its_own(void)
{
    assert_joined("id,path,label,mask\na,a.png,well,\nb,b.png,ill,\n",
                  "id,path,label,mask\na,a.png,well,m\nb,b.png,ill,\n",
                  "id,path,label,mask\na,a.png,well,\nb,b.png,ill,\n",
                  "Age;path;label\n61;a.png;0\n\"7;5\";b.png;1\n",
                  "Age;path;label;id;mask\n61;a.png;0;a;m\n\"7;5\";b.png;1;b;\n", "");
    /* A row that is in none of the three. */
    assert_joined("id,note\n", "id,note\na,x\n", "id,note\n", "note,id\nof another image,z\n",
                  "note,id\nof another image,z\nx,a\n", "");
}

/* Where GLib puts empty lines depends on its version. */
static char *without_empty_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0')
            g_string_append_printf(out, "%s\n", lines[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void assert_keys(const char *base, const char *ours, const char *theirs, const char *file,
                        const char *expected, guint n_clashes)
{
    const char *texts[] = {base, ours, theirs, file};
    GKeyFile *keys[4];
    g_autoptr(GPtrArray) clashes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_clash_free);
    for (guint i = 0; i < 4; i++) {
        keys[i] = g_key_file_new();
        g_assert_true(
            g_key_file_load_from_data(keys[i], texts[i], strlen(texts[i]), G_KEY_FILE_KEEP_COMMENTS, NULL));
    }
    rh_join_keys(keys[0], keys[1], keys[2], keys[3], "split", clashes);
    g_autofree char *text = g_key_file_to_data(keys[3], NULL, NULL), *joined = without_empty_lines(text);
    g_assert_cmpstr(joined, ==, expected);
    g_assert_cmpuint(clashes->len, ==, n_clashes);
    for (guint i = 0; i < 4; i++)
        g_key_file_unref(keys[i]);
}

static void test_keys(void)
{
    static const char base[] = "[study]\nname=A\nheight=16\n";
    assert_keys(base, "[study]\nname=B\nheight=16\n", "[study]\nname=A\nheight=32\n",
                "# by hand\n[study]\nowner=me\nname=A\nheight=32\n",
                "# by hand\n[study]\nowner=me\nname=B\nheight=32\n", 0);
    assert_keys(base, "[study]\nname=B\nheight=16\n", "[study]\nname=C\nheight=16\n",
                "[study]\nname=C\nheight=16\n", "[study]\nname=B\nheight=16\n", 1);
    assert_keys(base, "[study]\nname=A\n", base, base, "[study]\nname=A\n", 0);
    assert_keys("[split]\nkind=paper\nseed=1\n", "[split]\nkind=paper\nseed=2\n",
                "[split]\nkind=given\nseed=1\n", "[split]\nkind=given\nseed=1\n",
                "[split]\nkind=paper\nseed=2\n", 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/join/cells", test_cells);
    g_test_add_func("/join/rows", test_rows);
    g_test_add_func("/join/newer-answer-wins", test_newer_answer_wins);
    g_test_add_func("/join/amounts-add-up", test_amounts_add_up);
    g_test_add_func("/join/whole-columns", test_whole_columns);
    g_test_add_func("/join/the-file-keeps-what-is-its-own", test_the_file_keeps_what_is_its_own);
    g_test_add_func("/join/keys", test_keys);
    return g_test_run();
}
