/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study-support.h"
#include "study/study.h"

static guint count_of(const RhStudy *study, RhSplit split, guint8 label)
{
    guint count = 0;
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        count += item->split == split && item->label == label;
    }
    return count;
}

/* The study's files hold the generator's images: of each set the first of each class. */
static void test_exact(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "demo", NULL);
    const RhSyntheticSettings settings = rh_synthetic_settings_default();
    g_autoptr(GError) error = NULL;
    const gint64 from = g_get_monotonic_time();
    g_autoptr(RhStudy) study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    g_test_message("written in %.3f s", (double)(g_get_monotonic_time() - from) / G_USEC_PER_SEC);
    g_assert_cmpstr(study->name, ==, "demo");
    g_assert_cmpuint(count_of(study, RH_SPLIT_TRAINING, 0), ==, 250);
    g_assert_cmpuint(count_of(study, RH_SPLIT_TRAINING, 1), ==, 250);
    g_assert_cmpuint(count_of(study, RH_SPLIT_VALIDATION, 1), ==, 64);
    g_assert_cmpuint(count_of(study, RH_SPLIT_TEST, 0), ==, 64);

    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(samples->count, ==, 756);
    g_assert_true(samples->mirrored);
    static const RhSplit splits[] = {RH_SPLIT_TRAINING, RH_SPLIT_VALIDATION, RH_SPLIT_TEST};
    static guint8 images[512 * 784], masks[512 * 784], labels[512];
    for (guint set = 0; set < 3; set++) {
        rh_synthetic_generate(settings.variant, 1 + set, 512, 28, images, masks, labels);
        g_autoptr(GArray) places = rh_samples_of_split(samples, splits[set]);
        const guint half = settings.count[set] / 2;
        for (guint i = 0; i < places->len; i++) {
            const guint place = g_array_index(places, guint, i), drawn = i < half ? i : 256 + i - half;
            g_assert_cmpuint(samples->labels[place], ==, labels[drawn]);
            g_assert_cmpuint(samples->conflicting[place], ==, 0);
            for (guint k = 0; k < 784; k++) {
                g_assert_cmpfloat(samples->images[place * 784 + k], ==, images[drawn * 784 + k] / 255.0f);
                g_assert_cmpuint(samples->masks[place * 784 + k], ==, masks[drawn * 784 + k] != 0);
            }
        }
    }
}

/* Some pictures are drawn twice, into two sets; that is no leak, and the study is trained with. */
static void test_alike_by_chance(void)
{
    TEMPORARY folder = rh_test_folder();
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    guint count;
    const RhSyntheticVariant *variants = rh_synthetic_variants(&count);
    for (guint i = 0; i < count; i++) {
        g_autofree char *path = g_build_filename(folder, variants[i].id, NULL);
        g_autoptr(GError) error = NULL;
        settings.variant = &variants[i];
        g_autoptr(RhStudy) study = rh_study_new_synthetic(path, &settings, &error);
        g_assert_no_error(error);
        g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(samples->count, ==, study->cases->len);
    }
}

static void test_refused(void)
{
    TEMPORARY folder = rh_test_folder();
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    g_autofree char *path = g_build_filename(folder, "demo", NULL);
    g_autoptr(GError) error = NULL;
    settings.count[1] = 7;
    g_assert_null(rh_study_new_synthetic(path, &settings, &error));
    assert_sentence(error, "validation", "7");
    g_clear_error(&error);

    settings = rh_synthetic_settings_default();
    settings.size = 9;
    g_assert_null(rh_study_new_synthetic(path, &settings, &error));
    assert_sentence(error, "Synthetic", "9");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_clear_error(&error);

    settings = rh_synthetic_settings_default();
    g_assert_null(rh_study_new_synthetic(folder, &settings, &error));
    assert_sentence(error, folder, "exists");
    g_clear_error(&error);

    /* No folder can be made below a file, and none in /proc. */
    put_text(folder, "file", "x");
    g_autofree char *below = g_build_filename(folder, "file", "demo", NULL);
    g_assert_null(rh_study_new_synthetic(below, &settings, &error));
    assert_sentence(error, "file", "Could not create");
    g_clear_error(&error);
    g_assert_null(rh_study_new_synthetic("/proc/demo", &settings, &error));
    assert_sentence(error, "/proc/demo", "Could not create");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/synthetic-study/exact", test_exact);
    g_test_add_func("/synthetic-study/alike-by-chance", test_alike_by_chance);
    g_test_add_func("/synthetic-study/refused", test_refused);
    return g_test_run();
}
