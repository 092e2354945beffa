/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_SETTINGS_ENABLE_BACKEND
#include "model/recent-studies.h"

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>

#include "common/installation.h"

/* Settings of the program's schema that are kept nowhere. */
static GSettings *settings_in_memory(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSettingsSchema) schema = rh_installation_schema(&error);
    g_assert_no_error(error);
    g_autoptr(GSettingsBackend) backend = g_memory_settings_backend_new();
    return g_settings_new_full(schema, backend, NULL);
}

static void assert_folders(GListModel *list, const char *expected)
{
    g_autoptr(GString) folders = g_string_new(NULL);
    for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
        g_autoptr(RhRecentStudy) study = g_list_model_get_item(list, i);
        g_string_append_printf(folders, "%s%s", i > 0 ? " " : "", rh_recent_study_get_folder(study));
    }
    g_assert_cmpstr(folders->str, ==, expected);
}

static void test_latest_first(void)
{
    g_autoptr(GSettings) settings = settings_in_memory();
    g_autoptr(RhRecentStudies) recent = rh_recent_studies_new(settings);
    GListModel *list = rh_recent_studies_get_list(recent);
    g_assert_cmpuint(g_list_model_get_n_items(list), ==, 0);
    rh_recent_studies_note(recent, "/a", "A");
    rh_recent_studies_note(recent, "/b", "B");
    rh_recent_studies_note(recent, "/c", "C");
    rh_recent_studies_note(recent, "/a", "A");
    assert_folders(list, "/a /c /b");
    rh_recent_studies_forget(recent, "/c");
    rh_recent_studies_forget(recent, "/nowhere");
    assert_folders(list, "/a /b");
    g_autoptr(GVariant) kept = g_settings_get_value(settings, "recent-studies");
    g_autofree char *text = g_variant_print(kept, FALSE);
    g_assert_cmpstr(text, ==, "[('/a', 'A'), ('/b', 'B')]");
}

static void test_are_kept(void)
{
    g_autoptr(GSettings) settings = settings_in_memory();
    g_settings_set_value(settings, "recent-studies",
                         g_variant_new_parsed("[('/b', 'B'), ('', 'C'), ('nowhere', 'D'), ('/a', 'A')]"));
    g_autoptr(RhRecentStudies) recent = rh_recent_studies_new(settings);
    assert_folders(rh_recent_studies_get_list(recent), "/b /a");
    g_autoptr(RhRecentStudy) first = g_list_model_get_item(rh_recent_studies_get_list(recent), 0);
    g_assert_cmpstr(rh_recent_study_get_name(first), ==, "B");
}

static void test_no_more_than_ten(void)
{
    g_autoptr(GSettings) settings = settings_in_memory();
    g_autoptr(RhRecentStudies) recent = rh_recent_studies_new(settings);
    for (guint i = 0; i < 13; i++) {
        g_autofree char *folder = g_strdup_printf("/%u", i);
        rh_recent_studies_note(recent, folder, folder);
    }
    assert_folders(rh_recent_studies_get_list(recent), "/12 /11 /10 /9 /8 /7 /6 /5 /4 /3");
}

static gboolean is_missing(RhRecentStudies *recent, guint place)
{
    g_autoptr(RhRecentStudy) study = g_list_model_get_item(rh_recent_studies_get_list(recent), place);
    return rh_recent_study_is_missing(study);
}

/* The answer comes to the main loop. */
static void look_until(RhRecentStudies *recent, guint place, gboolean missing)
{
    gint64 end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    rh_recent_studies_look(recent);
    while (is_missing(recent, place) != missing && g_get_monotonic_time() < end)
        g_main_context_iteration(NULL, FALSE);
    g_assert_true(is_missing(recent, place) == missing);
}

static void test_missing_and_back(void)
{
    g_autofree char *folder = g_dir_make_tmp("rh-recent-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "study.ini", NULL);
    g_autoptr(GSettings) settings = settings_in_memory();
    g_autoptr(RhRecentStudies) recent = rh_recent_studies_new(settings);
    rh_recent_studies_note(recent, "/nowhere at all", "Nowhere");
    rh_recent_studies_note(recent, folder, "Here");
    look_until(recent, 1, TRUE);
    look_until(recent, 0, TRUE);
    g_assert_true(g_file_set_contents(file, "", 0, NULL));
    look_until(recent, 0, FALSE);
    g_assert_true(is_missing(recent, 1));
    g_unlink(file);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recent-studies/latest-first", test_latest_first);
    g_test_add_func("/recent-studies/are-kept", test_are_kept);
    g_test_add_func("/recent-studies/no-more-than-ten", test_no_more_than_ten);
    g_test_add_func("/recent-studies/missing-and-back", test_missing_and_back);
    return g_test_run();
}
