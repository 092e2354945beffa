/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-selection.h"

#include <glib/gstdio.h>
#include <math.h>

#include "nn/weights.h"
#include "study-support.h"
#include "study/trainer.h"

#define EPOCHS 12u

typedef struct {
    char *folder;
    RhStudy *study;
    RhSamples *samples;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer unused)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    g_autoptr(GError) error = NULL;
    settings.size = 14;
    settings.count[0] = 70;
    settings.count[1] = settings.count[2] = 16;
    fixture->folder = rh_test_folder();
    g_autofree char *path = g_build_filename(fixture->folder, "demo", NULL);
    fixture->study = rh_study_new_synthetic(path, &settings, &error);
    fixture->samples = rh_study_load_samples(fixture->study, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    rh_samples_unref(fixture->samples);
    rh_study_free(fixture->study);
    clear_folder(&fixture->folder);
}

/* Trained to the end; the seed and what is drawn from it are always the same. */
static RhRun *train(Fixture *fixture, RhValidation validation)
{
    RhRunSettings settings = rh_run_settings_default(rh_method_find("actdiff", NULL),
                                                     rh_network_kind_find("small", NULL), fixture->study);
    g_autoptr(GError) error = NULL;
    settings.epochs = EPOCHS;
    settings.width = 4;
    settings.first_best_epoch = 2;
    settings.method_settings.learning_rate = 0.02; /* so that shifted and aligned losses part */
    settings.validation = validation;
    g_autoptr(RhRun) run = rh_run_create(fixture->study, &settings, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, fixture->samples, NULL, 1, &error);
    g_assert_true(rh_trainer_run(trainer, &error));
    g_assert_true(rh_run_reload(run, &error));
    g_assert_no_error(error);
    return g_steal_pointer(&run);
}

static void assert_same_result(const RhRun *a, const RhRun *b)
{
    g_assert_cmpuint(a->best_epoch, ==, b->best_epoch);
    g_assert_cmpuint(a->test->len, ==, b->test->len);
    g_assert_cmpuint(a->test->len, ==, 32);
    g_assert_cmpmem(a->test->data, a->test->len * sizeof(RhScored), b->test->data,
                    b->test->len * sizeof(RhScored));
}

/* Runs of one seed have the same weights at every epoch, whatever images select among them: so asking one
 * afterwards gives what another was trained with. */
static void test_as_another_run(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhRun) shifted = train(fixture, RH_VALIDATION_SHIFTED);
    g_autoptr(RhRun) like_training = train(fixture, RH_VALIDATION_LIKE_TRAINING);
    g_autoptr(RhRun) balanced = train(fixture, RH_VALIDATION_BALANCED);
    g_assert_cmpuint(shifted->best_epoch, !=, like_training->best_epoch); /* else nothing is shown by this */
    const struct {
        RhSelection selection;
        const RhRun *expected;
    } cases[] = {{RH_SELECT_AS_TRAINED, shifted},
                 {RH_SELECT_SHIFTED, shifted},
                 {RH_SELECT_LIKE_TRAINING, like_training},
                 {RH_SELECT_BALANCED, balanced}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RhRun) run = rh_run_open(shifted->folder, &error);
        g_assert_true(rh_run_select(run, cases[i].selection, &error));
        g_assert_no_error(error);
        assert_same_result(run, cases[i].expected);
        g_autofree char *weights = rh_run_weights_path(run);
        g_assert_true(g_file_test(weights, G_FILE_TEST_EXISTS));
        g_assert_cmpint(g_str_has_suffix(weights, "best.safetensors"), ==,
                        run->best_epoch == shifted->best_epoch);
    }
}

/* The last epoch and the worst group, worked out here from the files. */
static void test_last_and_worst(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhRun) run = train(fixture, RH_VALIDATION_SHIFTED);
    g_autoptr(GError) error = NULL;
    guint best = 0;
    double lowest = INFINITY;
    for (guint epoch = 2; epoch <= EPOCHS; epoch++) {
        g_autofree char *path = rh_run_history_path(run, epoch);
        g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
        gsize count = 0;
        g_autofree double *logits = rh_tensor_file_read(file, "scores.validation", &count, &error);
        g_assert_cmpuint(count, ==, 64);
        double sums[4] = {0}, worst = 0;
        g_autoptr(GArray) places = rh_samples_of_split(fixture->samples, RH_SPLIT_VALIDATION);
        for (guint i = 0; i < 32; i++) { /* as drawn and mirrored: aligned and conflicting */
            const guint place = g_array_index(places, guint, i / 2);
            const guint label = fixture->samples->labels[place];
            const guint conflicting = fixture->samples->conflicting[place] ^ (i % 2);
            sums[2 * label + conflicting] +=
                -log(exp(logits[2 * i + label]) / (exp(logits[2 * i]) + exp(logits[2 * i + 1])));
        }
        for (guint group = 0; group < 4; group++)
            worst = fmax(worst, sums[group]);
        if (worst < lowest) {
            lowest = worst;
            best = epoch;
        }
    }
    g_autoptr(RhRun) by_worst = rh_run_open(run->folder, &error);
    g_assert_true(rh_run_select(by_worst, RH_SELECT_WORST_GROUP, &error));
    g_assert_cmpuint(by_worst->best_epoch, ==, best);
    g_autoptr(RhRun) last = rh_run_open(run->folder, &error);
    g_assert_true(rh_run_select(last, RH_SELECT_LAST, &error));
    g_assert_cmpuint(last->best_epoch, ==, EPOCHS);
    g_assert_no_error(error);
}

/* An older run, whose validation images are not stored: what can be said is said, and the rest is told. */
static void test_not_stored(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhRun) run = train(fixture, RH_VALIDATION_SHIFTED);
    g_autofree char *path = rh_run_path(run, "validation.csv");
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_true(rh_run_select(run, RH_SELECT_LAST, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(run->test->len, ==, 32);
    g_assert_false(rh_run_select(run, RH_SELECT_WORST_GROUP, &error));
    g_assert_nonnull(strstr(error->message, "has not stored"));
    g_assert_cmpuint(run->test->len, ==, 0);
}

static void test_names(void)
{
    for (guint i = 0; i < RH_N_SELECTIONS; i++) {
        RhSelection selection = RH_N_SELECTIONS;
        g_assert_true(rh_selection_parse(rh_selection_name(i), &selection));
        g_assert_cmpuint(selection, ==, i);
        g_assert_false(rh_selection_parse("best", &selection));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/run-selection/as-another-run", Fixture, NULL, set_up, test_as_another_run, tear_down);
    g_test_add("/run-selection/last-and-worst", Fixture, NULL, set_up, test_last_and_worst, tear_down);
    g_test_add("/run-selection/not-stored", Fixture, NULL, set_up, test_not_stored, tear_down);
    g_test_add_func("/run-selection/names", test_names);
    return g_test_run();
}
