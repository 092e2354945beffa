/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/films-form.h"

#include <glib/gstdio.h>

static void assert_name(RhFilmsForm *form, const char *name, const char *complaint)
{
    rh_films_form_write_name(form, name);
    g_autofree char *told = rh_films_form_complain_of_name(form);
    g_assert_cmpstr(told, ==, complaint);
    g_assert_cmpint(rh_films_form_is_right(form), ==, complaint == NULL);
}

/* The first name is one that is free; others are told to be wrong. */
static void test_name(void)
{
    g_autofree char *folder = g_dir_make_tmp("rh-films-XXXXXX", NULL);
    g_autofree char *taken = g_build_filename(folder, "chest-films-1", NULL);
    g_assert_true(g_file_set_contents(taken, "", 0, NULL));
    g_autoptr(RhFilmsForm) form = rh_films_form_new(folder);
    g_assert_cmpstr(rh_films_form_get_name(form), ==, "chest-films-2");
    assert_name(form, "chest-films-1", "There is something of that name already.");
    assert_name(form, "  ", "Write a name.");
    assert_name(form, "a/b", "A name does not begin with a point and has no slash.");
    assert_name(form, "..", "A name does not begin with a point and has no slash.");
    assert_name(form, " mine ", NULL);
    g_autofree char *expected = g_build_filename(folder, "mine", NULL);
    g_autofree char *place = rh_films_form_folder(form);
    g_assert_cmpstr(place, ==, expected);
    /* In another folder the name may be free. */
    rh_films_form_write_name(form, "chest-films-1");
    rh_films_form_set_parent(form, "/nowhere");
    g_assert_true(rh_films_form_is_right(form));
    g_remove(taken);
    g_rmdir(folder);
}

static void count(RhForm *form, guint *calls)
{
    (*calls)++;
}

static void test_settings(void)
{
    g_autoptr(RhFilmsForm) films = rh_films_form_new("/nowhere");
    RhForm *form = RH_FORM(films);
    guint n_settings, calls = 0;
    const RhSetting *table = rh_phantom_settings(&n_settings);
    g_signal_connect(form, "changed", G_CALLBACK(count), &calls);
    for (guint i = 0; i < n_settings; i++)
        if (table[i].kind != RH_SETTING_CHOICE) {
            rh_form_write(form, &table[i], "none");
            g_autofree char *complaint = rh_form_complain(form, &table[i]),
                            *text = rh_form_read(form, &table[i]);
            g_assert_true(g_str_has_prefix(complaint, "Write a "));
            g_assert_cmpstr(text, ==, "none");
            g_assert_false(rh_films_form_is_right(films));
            rh_form_write(form, &table[i], table[i].multiple != 0 ? "8" : "1");
            g_autofree char *left = rh_form_complain(form, &table[i]);
            g_assert_cmpint(left == NULL, ==, !g_str_equal(table[i].key, "size"));
        }
    g_assert_cmpuint(calls, >=, 2 * (n_settings - 1) - 4);
    const RhPhantomStudySettings *settings = rh_films_form_get_settings(films);
    g_assert_cmpuint(settings->count[0] + settings->count[1] + settings->count[2], ==, 24);
    g_assert_cmpfloat(settings->agreement[2], ==, 1);
    g_assert_cmpuint(settings->film.size, ==, rh_phantom_study_settings_default().film.size);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/films-form/name", test_name);
    g_test_add_func("/films-form/settings", test_settings);
    return g_test_run();
}
