/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study-support.h"
#include "study/phantom-settings.h"

static RhPhantomStudySettings small_settings(void)
{
    RhPhantomStudySettings settings = rh_phantom_study_settings_default();
    settings.film.size = 48;
    settings.count[0] = 40;
    settings.count[1] = 8;
    settings.count[2] = 20;
    return settings;
}

static void count_progress(guint done, guint total, gpointer data)
{
    guint *calls = data;
    g_assert_cmpuint(done, <=, total);
    g_assert_cmpuint(total, ==, 68);
    (*calls)++;
}

/* The files hold the generator's films; labels and confounder values agree as often as was asked. */
static void test_study(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "films", NULL);
    RhPhantomStudySettings settings = small_settings();
    settings.agreement[0] = 0.9;
    guint calls = 0, cells[RH_N_SPLITS][2][2] = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_new_phantom(path, &settings, count_progress, &calls, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(calls, >=, 2);
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        cells[item->split][item->label][item->confounder]++;
        g_assert_cmpint(item->has_mask, ==, item->label == 1);
    }
    static const guint expected[RH_N_SPLITS][2][2] = {
        [RH_SPLIT_TRAINING] = {{18, 2}, {2, 18}},
        [RH_SPLIT_VALIDATION] = {{2, 2}, {2, 2}},
        [RH_SPLIT_TEST] = {{5, 5}, {5, 5}},
    };
    g_assert_cmpmem(cells, sizeof cells, expected, sizeof expected);

    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(samples->count, ==, 68);
    guint8 image[48 * 48], mask[48 * 48];
    for (guint i = 0; i < samples->count; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        rh_phantom_film(&settings.film, i, item->label, item->confounder, image, mask);
        g_assert_cmpuint(samples->conflicting[i], ==, item->label != item->confounder);
        g_assert_cmpuint(samples->has_mask[i], ==, item->label);
        for (guint k = 0; k < 48 * 48; k++) {
            g_assert_cmpfloat(samples->images[i * 48 * 48 + k], ==, image[k] / 255.0f);
            if (item->label == 1)
                g_assert_cmpuint(samples->masks[i * 48 * 48 + k], ==, mask[k] != 0);
        }
    }
}

/* Masks of the lungs are of every film. */
static void test_lungs(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "films", NULL);
    RhPhantomStudySettings settings = small_settings();
    settings.film.mask = RH_PHANTOM_MASK_LUNGS;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_new_phantom(path, &settings, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < samples->count; i++)
        g_assert_true(samples->has_mask[i]);
}

/* Nothing is left behind when it is called off. */
static void test_cancelled(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "films", NULL);
    const RhPhantomStudySettings settings = small_settings();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_cancellable_cancel(cancellable);
    g_assert_null(rh_study_new_phantom(path, &settings, NULL, NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_null(g_dir_read_name(dir));
}

static void test_refused(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "films", NULL);
    g_autoptr(GError) error = NULL;
    RhPhantomStudySettings settings = small_settings();
    settings.film.size = 40;
    g_assert_null(rh_study_new_phantom(path, &settings, NULL, NULL, NULL, &error));
    assert_sentence(error, "Size", "40");
    g_clear_error(&error);

    settings = small_settings();
    settings.count[1] = 6;
    g_assert_null(rh_study_new_phantom(path, &settings, NULL, NULL, NULL, &error));
    assert_sentence(error, "Validation films", "6");
    g_clear_error(&error);

    settings = small_settings();
    settings.agreement[2] = 1.5;
    g_assert_null(rh_study_new_phantom(path, &settings, NULL, NULL, NULL, &error));
    assert_sentence(error, "In test", "1.5");
    g_clear_error(&error);

    settings = small_settings();
    settings.film.contrast = 0;
    g_assert_null(rh_study_new_phantom(path, &settings, NULL, NULL, NULL, &error));
    assert_sentence(error, "Plainness", "0");
    g_clear_error(&error);

    settings = small_settings();
    g_assert_null(rh_study_new_phantom("/proc/films", &settings, NULL, NULL, NULL, &error));
    assert_sentence(error, "/proc/films", "Could not create");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* What a person may write, and what is taken for it; what is wrong changes nothing. */
static void test_table(void)
{
    static const struct {
        const char *key, *text;
        gboolean right;
        const char *kept;
    } cases[] = {
        {"confounder", "scanner", TRUE, "scanner"},
        {"confounder", "smudge", FALSE, "marker"},
        {"agreement_training", "0.9", TRUE, "0.9"},
        {"agreement_test", "1.1", FALSE, "0.5"},
        {"count_validation", "8", TRUE, "8"},
        {"count_validation", "6", FALSE, "160"},
        {"count_training", "20004", FALSE, "400"},
        {"size", "47", FALSE, "96"},
        {"contrast", "0", FALSE, "1"},
        {"mask", "lungs", TRUE, "lungs"},
        {"mask", "heart", FALSE, "nodule"},
        {"imprecision", "0.25", TRUE, "0.25"},
        {"seed", "9223372036854775807", TRUE, "9223372036854775807"},
        {"seed", "-1", FALSE, "1"},
    };
    guint count;
    const RhSetting *table = rh_phantom_settings(&count);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        RhPhantomStudySettings settings = rh_phantom_study_settings_default();
        guint place = 0;
        while (!g_str_equal(table[place].key, cases[i].key))
            g_assert_cmpuint(++place, <, count);
        g_assert_cmpint(rh_setting_parse(&table[place], cases[i].text, &settings), ==, cases[i].right);
        g_autofree char *text = rh_setting_text(&table[place], &settings);
        g_assert_cmpstr(text, ==, cases[i].kept);
    }
}

/* Whatever misleads can be chosen and is explained; the defaults can be written as they are. */
static void test_choices(void)
{
    RhPhantomStudySettings settings = rh_phantom_study_settings_default();
    guint n_settings, n_confounders;
    const RhSetting *table = rh_phantom_settings(&n_settings);
    const RhPhantomConfounder *confounders = rh_phantom_confounders(&n_confounders);
    const RhChoice *entries = table[0].choices->entries;
    for (guint i = 0; i < n_confounders; i++) {
        g_assert_cmpstr(entries[i].id, ==, confounders[i].id);
        g_assert_cmpuint(strlen(entries[i].explanation), >, 20);
    }
    g_assert_null(entries[n_confounders].id);
    for (guint i = 0; i < n_settings; i++) {
        const RhPhantomStudySettings usual = settings;
        g_autofree char *text = rh_setting_text(&table[i], &settings);
        g_assert_true(rh_setting_parse(&table[i], text, &settings));
        g_assert_true(rh_setting_equal(&table[i], &usual, &settings));
        g_assert_cmpuint(table[i].group, <, RH_N_PHANTOM_GROUPS);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phantom-study/study", test_study);
    g_test_add_func("/phantom-study/lungs", test_lungs);
    g_test_add_func("/phantom-study/cancelled", test_cancelled);
    g_test_add_func("/phantom-study/refused", test_refused);
    g_test_add_func("/phantom-study/table", test_table);
    g_test_add_func("/phantom-study/choices", test_choices);
    return g_test_run();
}
