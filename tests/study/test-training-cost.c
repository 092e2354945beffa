/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/training-cost.h"

#include "study-support.h"

static RhStudy *new_study(void)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    settings.size = 14;
    settings.count[0] = 70;
    settings.count[1] = 16;
    settings.count[2] = 24;
    g_autofree char *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "demo", NULL);
    g_autoptr(GError) error = NULL;
    RhStudy *study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    g_assert_true(rh_folder_remove(folder, NULL)); /* only its table counts here */
    return study;
}

static RhRunSettings settings_for(const RhStudy *study, const char *method)
{
    RhRunSettings settings =
        rh_run_settings_default(rh_method_find(method, NULL), rh_network_kind_find("small", NULL), study);
    settings.width = 4;
    settings.batch = 20;
    settings.epochs = 3;
    return settings;
}

/* 3 epochs of 70/20 steps and 16 + 24 scored images; one image loses its label. */
static void test_total(void)
{
    g_autoptr(RhStudy) study = new_study();
    const RhRunSettings settings = settings_for(study, "baseline");
    const RhTrainingCost cost = {.step = 0.5, .score = 0.01};
    g_assert_cmpfloat_with_epsilon(rh_training_cost_total(&cost, study, &settings), 3 * (1.75 + 0.4), 1e-9);
    for (guint i = 0; i < study->cases->len; i++) {
        RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->split == RH_SPLIT_TRAINING && item->label == 0) {
            item->label = RH_UNKNOWN;
            break;
        }
    }
    g_assert_cmpfloat_with_epsilon(rh_training_cost_total(&cost, study, &settings), 3 * (1.725 + 0.4), 1e-9);
}

/* Every method can be timed; where a batch is larger than memory should be, a part of it is. */
static void test_measure(void)
{
    g_autoptr(RhStudy) study = new_study();
    for (const RhMethod *const *method = rh_methods(); *method != NULL; method++) {
        const RhRunSettings settings = settings_for(study, (*method)->id);
        RhTrainingCost cost = {0};
        g_assert_true(rh_training_cost_measure(&cost, study, &settings, 2, NULL));
        g_assert_cmpfloat(cost.step, >, 0);
        g_assert_cmpfloat(cost.score, >, 0);
        g_assert_cmpfloat(cost.step, >, cost.score); /* of 20 images, forth and back */
    }
}

static void test_cancelled(void)
{
    g_autoptr(RhStudy) study = new_study();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    const RhRunSettings settings = settings_for(study, "baseline");
    RhTrainingCost cost = {0};
    g_cancellable_cancel(cancellable);
    g_assert_false(rh_training_cost_measure(&cost, study, &settings, 1, cancellable));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/training-cost/total", test_total);
    g_test_add_func("/training-cost/measure", test_measure);
    g_test_add_func("/training-cost/cancelled", test_cancelled);
    return g_test_run();
}
