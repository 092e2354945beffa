/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/data-identity.h"

#include <utime.h>

#include "study-support.h"
#include "study/data-hash.h"

static RhStudy *make_study(const char *folder, const char *name)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    g_autoptr(GError) error = NULL;
    settings.count[0] = settings.count[1] = settings.count[2] = 8;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    RhStudy *study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    return study;
}

static char *hash_of(const RhStudy *study)
{
    g_autoptr(GError) error = NULL;
    char *hash = rh_study_images_hash(study, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return hash;
}

/* It is what training would be given, whether the images are read for it or not. */
static void test_hash(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(RhStudy) study = make_study(folder, "study");
    g_autoptr(RhSamples) samples = rh_study_load_samples(study, NULL, NULL, NULL, NULL, NULL);
    g_autofree char *expected = rh_hash_images(samples), *read = hash_of(study), *kept = hash_of(study);
    g_assert_cmpstr(read, ==, expected);
    g_assert_cmpstr(kept, ==, expected);
}

/* What was kept no longer holds once a row or a file has changed. */
static void test_changes_are_noticed(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autoptr(RhStudy) study = make_study(folder, "study");
    g_autofree char *before = hash_of(study);
    RhCase *first = g_ptr_array_index(study->cases, 0);
    first->label = !first->label;
    g_autofree char *relabelled = hash_of(study);
    g_assert_cmpstr(before, !=, relabelled);
    first->label = !first->label;
    g_autofree char *back = hash_of(study);
    g_assert_cmpstr(before, ==, back);

    g_autofree char *path = rh_study_image_path(study, first);
    g_autoptr(RhImage) image = rh_image_new(28, 28, RH_PIXEL_U8);
    g_assert_true(rh_image_save_png(image, path, NULL));
    g_assert_cmpint(utime(path, &(struct utimbuf){1, 1}), ==, 0);
    g_autofree char *painted = hash_of(study);
    g_assert_cmpstr(before, !=, painted);
}

static void test_identity(void)
{
    RhRun run = {.data_hash = (char *)"images"};
    g_assert_cmpint(rh_run_data_identity(&run, "images"), ==, RH_DATA_SAME);
    g_assert_cmpint(rh_run_data_identity(&run, "others"), ==, RH_DATA_OTHER);
    g_assert_cmpint(rh_run_data_identity(&run, NULL), ==, RH_DATA_UNKNOWN);
    run.data_hash = (char *)""; /* never started */
    g_assert_cmpint(rh_run_data_identity(&run, "images"), ==, RH_DATA_UNKNOWN);
}

int main(int argc, char **argv)
{
    TEMPORARY cache = rh_test_folder(); /* not that of whoever runs the tests */
    g_setenv("XDG_CACHE_HOME", cache, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/data-identity/hash", test_hash);
    g_test_add_func("/data-identity/changes-are-noticed", test_changes_are_noticed);
    g_test_add_func("/data-identity/identity", test_identity);
    return g_test_run();
}
