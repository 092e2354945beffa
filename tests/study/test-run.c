/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run.h"

#include <glib/gstdio.h>
#include <math.h>

#include "nn/weights.h"
#include "study-support.h"
#include "study/explain.h"
#include "study/leftovers-private.h"
#include "study/run-private.h"

static RhStudy *new_study(char **folder)
{
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    for (guint i = 0; i < 3; i++)
        settings.count[i] = 8;
    *folder = rh_test_folder();
    g_autofree char *path = g_build_filename(*folder, "demo", NULL);
    g_autoptr(GError) error = NULL;
    RhStudy *study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    return study;
}

static RhRunSettings usual(const RhStudy *study, const char *method)
{
    return rh_run_settings_default(rh_method_find(method, NULL), rh_network_kind_find("small", NULL), study);
}

static void test_round_trip(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    RhRunSettings settings = usual(study, "adversarial");
    settings.seed = G_MAXUINT64;
    settings.method_settings.learning_rate = 3.11e-4;
    settings.method_settings.lambda = 1.0 / 3;
    settings.mask_fraction = 0.1;
    settings.mask_blur = 0.818;
    settings.empty_negatives = TRUE;
    settings.method_settings.published = TRUE;
    settings.validation = RH_VALIDATION_BALANCED;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhRun) run = rh_run_create(study, &settings, "try 1", &error);
    g_assert_no_error(error);
    g_autoptr(RhRun) again = rh_run_open(run->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(again->name, ==, "try 1");
    g_assert_cmpint(again->state, ==, RH_RUN_NEW);
    const RhRunSettings *read = &again->settings;
    g_assert_true(read->method == settings.method && read->network == settings.network);
    g_assert_cmpuint(read->seed, ==, settings.seed);
    g_assert_cmpuint(read->epochs, ==, settings.epochs);
    g_assert_cmpuint(read->batch, ==, 16);
    g_assert_cmpuint(read->patience, ==, 100);
    g_assert_cmpuint(read->first_best_epoch, ==, 5);
    g_assert_cmpfloat(read->method_settings.learning_rate, ==, 3.11e-4);
    g_assert_cmpfloat(read->method_settings.lambda, ==, 1.0 / 3);
    g_assert_cmpfloat(read->mask_fraction, ==, 0.1);
    g_assert_cmpfloat(read->mask_blur, ==, 0.818);
    g_assert_true(read->empty_negatives && read->method_settings.published);
    g_assert_cmpint(read->validation, ==, RH_VALIDATION_BALANCED);
    g_assert_cmpint(again->confounder_kind, ==, RH_CONFOUNDER_MIRROR);
    g_assert_cmpuint(again->image_height, ==, 28);
    g_assert_cmpint(again->split.kind, ==, RH_SPLIT_GIVEN);
}

static void test_names(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "actdiff");
    g_autoptr(RhRun) first = rh_run_create(study, &settings, NULL, NULL);
    g_autoptr(RhRun) second = rh_run_create(study, &settings, NULL, NULL);
    g_assert_cmpstr(first->name, ==, "actdiff-small-1234");
    g_assert_cmpstr(second->name, ==, "actdiff-small-1234-2");
    static const char *const bad[] = {"actdiff-small-1234", "../x", ".x", ""};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_run_create(study, &settings, bad[i], &error));
        assert_sentence(error, bad[i], "name");
    }
    g_autoptr(GPtrArray) runs = rh_run_list(study, NULL);
    g_assert_cmpuint(runs->len, ==, 2);
    g_assert_true(rh_run_delete(first, NULL));
    g_autoptr(GPtrArray) left = rh_run_list(study, NULL);
    g_assert_cmpuint(left->len, ==, 1);
}

/* The title is what is renamed; it outlives what a training, which knows the old one, writes. */
static void test_rename(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) run = rh_run_create(study, &settings, NULL, NULL);
    g_autoptr(RhRun) trained = rh_run_open(run->folder, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_cmpstr(run->title, ==, run->name);
    g_assert_true(rh_run_rename(run, "Tag; first = try", &error));
    trained->state = RH_RUN_FINISHED;
    g_assert_true(rh_run_write(trained, &error));
    g_assert_true(rh_run_reload(run, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(run->title, ==, "Tag; first = try");
    g_assert_cmpint(run->state, ==, RH_RUN_FINISHED);
    g_assert_true(g_str_has_suffix(run->folder, "/runs/baseline-small-1234"));
    g_assert_true(rh_run_rename(run, "", &error));
    g_assert_true(rh_run_reload(run, &error));
    g_assert_cmpstr(run->title, ==, "baseline-small-1234");

    g_assert_true(rh_run_note_trouble(run, "The disk is full.", &error));
    g_autoptr(RhRun) again = rh_run_open(run->folder, &error);
    g_assert_cmpstr(again->trouble, ==, "The disk is full.");
    g_assert_true(rh_run_note_trouble(again, NULL, &error));
    g_assert_true(rh_run_reload(run, &error));
    g_assert_no_error(error);
    g_assert_null(run->trouble);
}

/* A run.ini that is far too large, or none, is refused and left as it is. */
static void test_rename_refused(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) run = rh_run_create(study, &settings, NULL, NULL);
    g_autofree char *path = rh_run_path(run, "run.ini");
    g_autofree char *large = g_strnfill(2 << 20, '#');
    const char *const bad[] = {"[run\n", large}, *const why[] = {"restore or remove it", "more than"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *left = NULL;
        g_assert_true(g_file_set_contents(path, bad[i], -1, NULL));
        g_assert_false(rh_run_rename(run, "Tag", &error));
        assert_sentence(error, "run.ini", why[i]);
        g_assert_true(g_file_get_contents(path, &left, NULL, NULL));
        g_assert_cmpstr(left, ==, bad[i]);
    }
    g_assert_cmpstr(run->title, ==, run->name);
}

/* Set aside it is out of every list, its name stays its own, and it comes back whole, after a crash too. */
static void test_aside(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) run = rh_run_create(study, &settings, NULL, NULL);
    g_autoptr(GError) error = NULL;
    put_text(run->folder, "note.txt", "kept");
    g_assert_true(rh_run_set_aside(run, &error));
    g_autoptr(GPtrArray) none = rh_run_list(study, NULL);
    g_assert_cmpuint(none->len, ==, 0);
    g_autoptr(RhRun) other = rh_run_create(study, &settings, NULL, &error);
    g_assert_cmpstr(other->name, ==, "baseline-small-1234-2");
    g_assert_true(rh_run_bring_back(run->folder, &error));
    g_autofree char *note = rh_run_path(run, "note.txt");
    g_assert_true(g_file_test(note, G_FILE_TEST_EXISTS));

    g_assert_true(rh_run_set_aside(run, &error));
    g_assert_true(rh_run_set_aside(other, &error));
    g_assert_true(rh_run_delete_aside(other->folder, &error));
    g_assert_no_error(error);
    rh_runs_bring_back(study); /* as after a crash */
    g_autoptr(GPtrArray) back = rh_run_list(study, NULL);
    g_assert_cmpuint(back->len, ==, 1);
    g_assert_cmpstr(((RhRun *)back->pdata[0])->name, ==, run->name);

    RhRunLock *lock = rh_run_lock(run->folder, &error);
    g_assert_false(rh_run_set_aside(run, &error)); /* is being trained */
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
    rh_run_unlock(lock);
    g_clear_error(&error);
    g_assert_false(rh_run_bring_back(run->folder, &error));
    assert_sentence(error, run->name, "Could not move");
}

/* What a start that was killed leaves does not keep the name: neither the folder without run.ini of older
 * versions nor the one that never got its name, which no list shows. */
static void test_killed_start_blocks_no_name(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) first = rh_run_create(study, &settings, "first", NULL);
    g_autofree char *runs = g_path_get_dirname(first->folder);
    g_autofree char *nameless = g_build_filename(runs, "run", NULL);
    g_autofree char *draft = g_build_filename(runs, "run.rh-aB3dE9", NULL);
    g_autofree char *ini = rh_run_path(first, "run.ini");
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(g_mkdir(nameless, 0777), ==, 0);
    g_assert_true(g_file_get_contents(ini, &text, NULL, NULL));
    put_text(draft, "run.ini", text);
    g_autoptr(GPtrArray) runs_before = rh_run_list(study, NULL);
    g_assert_cmpuint(runs_before->len, ==, 1);
    g_autoptr(RhRun) run = rh_run_create(study, &settings, "run", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(run->name, ==, "run");
    g_assert_false(g_file_test(draft, G_FILE_TEST_EXISTS));
}

/* Opening the study clears away what is ours, and nothing else. */
static void test_leftovers(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) run = rh_run_create(study, &settings, "run", NULL);
    g_autoptr(RhRun) finished = rh_run_create(study, &settings, "finished", NULL);
    finished->state = RH_RUN_FINISHED;
    g_assert_true(rh_run_write(finished, NULL));
    static const char *const ours[] = {"images.csv.rh-aaaaaa",
                                       "masks/training-0001.png.rh-aB3dE9",
                                       "runs/run/state.safetensors.rh-123456",
                                       "runs/run/history/0001.safetensors.rh-ZZZZZZ",
                                       "runs/finished/state.safetensors",
                                       "runs/other.rh-abcdef/run.ini"};
    static const char *const theirs[] = {"images.csv.backup", "masks/note.txt", "runs/run/state.safetensors",
                                         "runs/run/run.ini.before", "runs/run/history/notes.txt"};
    for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
        put_text(study->folder, ours[i], "x");
    for (guint i = 0; i < G_N_ELEMENTS(theirs); i++)
        put_text(study->folder, theirs[i], "x");
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    rh_study_find_leftovers(study->folder, FALSE, found);
    g_assert_cmpuint(found->len, ==, G_N_ELEMENTS(ours));
    g_autoptr(RhStudy) again = rh_study_open(study->folder, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_autofree char *path = g_build_filename(study->folder, ours[i], NULL);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    for (guint i = 0; i < G_N_ELEMENTS(theirs); i++) {
        g_autofree char *path = g_build_filename(study->folder, theirs[i], NULL);
        g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    }
}

/* A lock file of another computer is believed, and the message says who, since when and what to do; one of
 * this computer, whose process is gone, or one that says nothing, is replaced without a hand. */
static void test_lock_of_another_computer(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) run = rh_run_create(study, &settings, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *here = g_strdup_printf("[lock]\nhost=%s\nboot=\nprocess=2147483647\nbegun=1\n"
                                            "since=2026-01-02T03:04:05Z\n",
                                            g_get_host_name());
    const char *const stale[] = {here, "", "[lock]\nhost=node7\n"};
    for (guint i = 0; i < G_N_ELEMENTS(stale); i++) {
        put_text(run->folder, "training.lock", stale[i]);
        g_autoptr(RhRunLock) lock = rh_run_lock(run->folder, &error);
        g_assert_no_error(error);
        g_assert_true(rh_run_has_lock_file(run->folder));
        g_assert_null(rh_run_lock(run->folder, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_clear_error(&error);
    }
    g_assert_false(rh_run_has_lock_file(run->folder));
    put_text(run->folder, "training.lock",
             "[lock]\nhost=node7\nboot=elsewhere\nprocess=4711\nbegun=1\nsince=2026-01-02T03:04:05Z\n");
    g_assert_null(rh_run_lock(run->folder, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
    assert_sentence(error, "node7", "4711");
    assert_sentence(error, "since 2026-01-0", "training.lock");
    g_assert_false(rh_run_delete(run, NULL));
    g_assert_true(rh_run_has_lock_file(run->folder));
}

static void test_refused(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    RhRunSettings settings = usual(study, "baseline");
    g_autoptr(GError) error = NULL;
    settings.epochs = 0;
    g_assert_null(rh_run_create(study, &settings, NULL, &error));
    assert_sentence(error, "epochs", "0");
    g_clear_error(&error);
    settings = usual(study, "baseline");
    settings.method_settings.lambda = NAN;
    g_assert_null(rh_run_create(study, &settings, NULL, &error));
    assert_sentence(error, "lambda", "nan");
    g_clear_error(&error);

    settings = usual(study, "baseline");
    put_text(study->folder, "runs", "a file where the folder should be");
    g_assert_null(rh_run_create(study, &settings, NULL, &error));
    assert_sentence(error, study->folder, "is to be a folder");
}

/* A run that cannot be read does not hide the others. */
static void test_broken(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) good = rh_run_create(study, &settings, "good", NULL);
    g_autoptr(RhRun) no_method = rh_run_create(study, &settings, "no-method", NULL);
    g_autoptr(RhRun) bad_metrics = rh_run_create(study, &settings, "bad-metrics", NULL);
    g_autoptr(RhRun) bad_test = rh_run_create(study, &settings, "bad-test", NULL);
    put_text(no_method->folder, "run.ini", "[run]\nformat=1\nmethod=magic\n");
    put_text(bad_metrics->folder, "metrics.csv", "epoch,seconds\n1,2\n");
    put_text(bad_test->folder, "test.csv", "id,label,conflicting,logit0,logit1\na,2,0,1,1\n");
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) runs = rh_run_list(study, notes);
    g_assert_cmpuint(runs->len, ==, 1);
    g_assert_cmpuint(notes->len, ==, 3);
    g_assert_true(any_note_has(notes, "no-method/run.ini", "“magic” is no value for “method”"));
    g_assert_true(any_note_has(notes, "bad-metrics/metrics.csv", "no column “train_classification”"));
    g_assert_true(any_note_has(notes, "bad-test/test.csv", "line 2: “2”"));
}

static void test_tables(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *metrics_path = g_build_filename(folder, "metrics.csv", NULL);
    g_autofree char *test_path = g_build_filename(folder, "test.csv", NULL);
    const RhEpochMetrics written[] = {{1, 0.1, 1.0 / 3, 2e-300, 0, 0.5, 0.7, 0.25, 0.125, 1, NAN},
                                      {2, 0.2, INFINITY, 0, 0, 1, NAN, 0.5, 0.5, 0.1, 0.2}};
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(RhEpochMetrics));
    g_array_append_vals(metrics, written, 2);
    g_autofree char *text = rh_metrics_text(metrics);
    put_text(folder, "metrics.csv", text);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) read = rh_metrics_read(metrics_path, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(read->len, ==, 2);
    g_autofree char *again = rh_metrics_text(read);
    g_assert_cmpstr(text, ==, again);
    g_assert_cmpfloat(g_array_index(read, RhEpochMetrics, 0).train_classification, ==, 1.0 / 3);
    g_assert_true(isnan(g_array_index(read, RhEpochMetrics, 0).test_auc_conflicting));

    const RhTestRow rows[] = {{"a,b", 1, 0, {0.1f, 0.3f}}, {"c", 0, RH_UNKNOWN, {1e-30f, -2.5f}}};
    g_autofree char *rows_text = rh_test_text(rows, 2);
    put_text(folder, "test.csv", rows_text);
    g_autoptr(GArray) scored = rh_test_read(test_path, NULL, &error);
    g_assert_no_error(error);
    const RhScored *first = &g_array_index(scored, RhScored, 0),
                   *second = &g_array_index(scored, RhScored, 1);
    g_assert_cmpfloat_with_epsilon(rh_score(first), 0.2, 1e-7);
    g_assert_cmpuint(first->label, ==, 1);
    g_assert_cmpuint(second->conflicting, ==, RH_UNKNOWN);
    g_assert_cmpfloat(rh_score(second), <, -2.4999);
}

/* By hand: from the third epoch on the lowest loss counts, the first of equals, and none that is no number.
 */
static void test_select(void)
{
    static const double losses[] = {0.1, 0.2, 0.9, 0.5, NAN, 0.5, 0.7, 0.6, 0.4};
    static const guint best[] = {0, 0, 3, 4, 4, 4, 4, 4, 9};
    static const gboolean complete[] = {FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, TRUE, FALSE};
    const RhRunSettings settings = {.epochs = 20, .first_best_epoch = 3, .patience = 4};
    g_autoptr(GArray) metrics = g_array_new(FALSE, TRUE, sizeof(RhEpochMetrics));
    for (guint i = 0; i < G_N_ELEMENTS(losses); i++) {
        const RhEpochMetrics row = {.epoch = i + 1, .valid_loss = losses[i]};
        g_array_append_val(metrics, row);
        g_assert_cmpuint(rh_run_select_epoch(&settings, metrics), ==, best[i]);
        g_assert_cmpint(rh_run_is_complete(&settings, metrics), ==, complete[i]);
    }
    /* Too short for a choice, or nothing to choose by: the last epoch. */
    const RhRunSettings brief = {.epochs = 2, .first_best_epoch = 5, .patience = 100};
    g_array_set_size(metrics, 1);
    g_assert_cmpuint(rh_run_select_epoch(&brief, metrics), ==, 0);
    g_array_set_size(metrics, 2);
    g_assert_cmpuint(rh_run_select_epoch(&brief, metrics), ==, 2);
    g_array_set_size(metrics, 0);
    for (guint i = 1; i <= 6; i++) {
        const RhEpochMetrics row = {.epoch = i, .valid_loss = NAN};
        g_assert_false(rh_run_is_complete(&settings, metrics));
        g_array_append_val(metrics, row);
    }
    g_assert_true(rh_run_is_complete(&settings, metrics));
    g_assert_cmpuint(rh_run_select_epoch(&settings, metrics), ==, 6);
}

/* Weights of another network are refused, with the file's and the tensor's name. */
static void test_wrong_weights(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = new_study(&folder);
    const RhRunSettings settings = usual(study, "baseline");
    g_autoptr(RhRun) run = rh_run_create(study, &settings, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(rh_run_evaluator(run, 0, NULL, NULL, &error));
    assert_sentence(error, run->name, "no weights");
    g_clear_error(&error);

    g_autoptr(RhNetwork) wider = rh_network_new(settings.network, 2 * settings.width, RH_SINGLE);
    g_autofree char *path = rh_run_path(run, "best.safetensors");
    const RhTensorGroup group = {"", wider->parameters};
    g_assert_true(rh_weights_write(path, &group, 1, -1, NULL, NULL));
    g_assert_null(rh_run_evaluator(run, 0, NULL, NULL, &error));
    assert_sentence(error, "best.safetensors", rh_parameters_get(wider->parameters, 0)->name);
    g_clear_error(&error);

    put_text(run->folder, "best.safetensors", "not weights");
    g_assert_null(rh_run_evaluator(run, 0, NULL, NULL, &error));
    g_assert_nonnull(strstr(error->message, "best.safetensors"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run/round-trip", test_round_trip);
    g_test_add_func("/run/names", test_names);
    g_test_add_func("/run/rename", test_rename);
    g_test_add_func("/run/rename/refused", test_rename_refused);
    g_test_add_func("/run/aside", test_aside);
    g_test_add_func("/run/killed-start-blocks-no-name", test_killed_start_blocks_no_name);
    g_test_add_func("/run/leftovers", test_leftovers);
    g_test_add_func("/run/lock-of-another-computer", test_lock_of_another_computer);
    g_test_add_func("/run/refused", test_refused);
    g_test_add_func("/run/broken", test_broken);
    g_test_add_func("/run/tables", test_tables);
    g_test_add_func("/run/select", test_select);
    g_test_add_func("/run/wrong-weights", test_wrong_weights);
    return g_test_run();
}
