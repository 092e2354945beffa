/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/trainer.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "score/roc.h"
#include "study-support.h"
#include "study/explain.h"
#include "study/run-shift.h"
#include "study/scoring-private.h"

static RhRun *new_run(const RhStudy *study, const char *method, guint epochs, const char *name)
{
    const RhRunSettings settings = small_run_settings(study, method, epochs);
    g_autoptr(GError) error = NULL;
    RhRun *run = rh_run_create(study, &settings, name, &error);
    g_assert_no_error(error);
    return run;
}

/* What a listener saw. */
typedef struct {
    guint epochs, finished, stop_after;
    gboolean completed;
    char *message;
    RhTrainer *trainer;
} Seen;

static void on_epoch(const RhEpochMetrics *metrics, gboolean best, gpointer data)
{
    Seen *seen = data;
    g_assert_cmpuint(seen->finished, ==, 0);
    seen->epochs++;
    if (seen->epochs == seen->stop_after)
        rh_trainer_stop(seen->trainer);
}

static void on_finished(gboolean completed, const GError *error, gpointer data)
{
    Seen *seen = data;
    seen->finished++;
    seen->completed = completed;
    seen->message = error != NULL ? g_strdup(error->message) : NULL;
}

static const RhTrainerListener listener = {.epoch = on_epoch, .finished = on_finished};

/* Trains a run, or stops it after some epochs (0: never). */
static void train(RhRun *run, RhSamples *samples, guint threads, guint stop_after)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, samples, NULL, threads, &error);
    g_assert_no_error(error);
    Seen seen = {.stop_after = stop_after, .trainer = trainer};
    rh_trainer_set_listener(trainer, &listener, &seen);
    g_assert_true(rh_trainer_run(trainer, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(seen.finished, ==, 1);
    g_assert_cmpint(seen.completed, ==, stop_after == 0);
    g_assert_true(rh_run_reload(run, &error));
    g_assert_cmpint(run->state, ==, stop_after == 0 ? RH_RUN_FINISHED : RH_RUN_UNFINISHED);
}

static char *content(const RhRun *run, const char *file, gsize *length)
{
    g_autofree char *path = rh_run_path(run, file);
    char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &bytes, length, &error);
    g_assert_no_error(error);
    return bytes;
}

/* The same results to the last bit: weights, test scores, what history/ is of, and metrics but for the times.
 */
static void assert_same_results(const RhRun *a, const RhRun *b)
{
    static const char *const files[] = {"best.safetensors", "test.csv", "validation.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        gsize length_a = 0, length_b = 0;
        g_autofree char *bytes_a = content(a, files[i], &length_a);
        g_autofree char *bytes_b = content(b, files[i], &length_b);
        g_assert_cmpmem(bytes_a, length_a, bytes_b, length_b);
    }
    g_assert_cmpuint(a->metrics->len, ==, b->metrics->len);
    for (guint i = 0; i < a->metrics->len; i++) {
        RhEpochMetrics x = g_array_index(a->metrics, RhEpochMetrics, i);
        RhEpochMetrics y = g_array_index(b->metrics, RhEpochMetrics, i);
        x.seconds = y.seconds = 0;
        g_assert_cmpmem(&x, sizeof x, &y, sizeof y);
    }
    g_assert_cmpuint(a->best_epoch, ==, b->best_epoch);
}

static void test_threads(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    static const char *const methods[] = {"baseline", "actdiff", "rrr"};
    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(RhRun) one = new_run(study, methods[i], 6, NULL);
        g_autoptr(RhRun) two = new_run(study, methods[i], 6, NULL);
        train(one, samples, 1, 0);
        train(two, samples, 2, 0);
        assert_same_results(one, two);
        g_assert_cmpuint(one->test->len, ==, 32); /* as drawn and mirrored */
        g_assert_cmpuint(one->metrics->len, ==, 6);
        g_assert_cmpuint(one->best_epoch, >=, 5);
    }
}

static void test_stop_and_resume(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "actdiff", 8, NULL);
    g_autoptr(RhRun) parts = new_run(study, "actdiff", 8, NULL);
    train(whole, samples, 1, 0);
    train(parts, samples, 1, 2);
    g_assert_cmpuint(parts->best_epoch, ==, 0);
    train(parts, samples, 2, 4);
    g_assert_cmpuint(parts->metrics->len, ==, 6);
    g_assert_cmpuint(parts->test->len, ==, 32);
    train(parts, samples, 1, 0);
    assert_same_results(whole, parts);
}

/* Its state is more than the network: the discriminator and two optimisers. */
static void test_resume_adversarial(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "adversarial", 2, NULL);
    g_autoptr(RhRun) parts = new_run(study, "adversarial", 2, NULL);
    train(whole, samples, 2, 0);
    train(parts, samples, 1, 1);
    train(parts, samples, 2, 0);
    assert_same_results(whole, parts);
}

#define TRAIN_OPTION "--train-run"

/* What the process that is killed does: trains the run of a study to its end. */
static int train_alone(const char *study_folder, const char *run_folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhStudy) study = rh_study_open(study_folder, &error);
    g_autoptr(RhRun) run = study != NULL ? rh_run_open(run_folder, &error) : NULL;
    g_autoptr(RhSamples) samples =
        run != NULL ? rh_study_load_samples(study, NULL, NULL, NULL, NULL, &error) : NULL;
    g_autoptr(RhTrainer) trainer = samples != NULL ? rh_trainer_new(run, samples, NULL, 1, &error) : NULL;
    if (trainer != NULL && rh_trainer_run(trainer, &error))
        return 0;
    g_printerr("%s\n", error->message);
    return 1;
}

/* TRUE if the training had come to its end before it was killed. */
static gboolean train_and_kill(const RhStudy *study, const RhRun *run, guint microseconds)
{
    const char *const arguments[] = {"/proc/self/exe", TRAIN_OPTION, study->folder, run->folder, NULL};
    g_autoptr(GError) error = NULL;
    GPid child = 0;
    g_spawn_async(NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, &error);
    g_assert_no_error(error);
    g_usleep(microseconds);
    kill(child, SIGKILL);
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFEXITED(status);
}

/* Killed again and again at moments that differ, wherever they fall, and resumed: the result is the same. */
static void test_kill_and_resume(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "baseline", 60, "whole");
    g_autoptr(RhRun) killed = new_run(study, "baseline", 60, "killed");
    const gint64 from = g_get_monotonic_time();
    train(whole, samples, 1, 0);
    const guint32 duration = (guint32)(g_get_monotonic_time() - from);
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    guint kills = 0, resumed = 0;
    while (kills < 8 &&
           !train_and_kill(study, killed, duration / 12 + rh_random_below(&random, duration / 3))) {
        g_assert_true(rh_run_reload(killed, NULL));
        if (killed->state == RH_RUN_FINISHED)
            break; /* the kill came between the end of the training and that of the process */
        resumed = MAX(resumed, killed->metrics->len);
        kills++;
    }
    g_test_message("killed %u times, the last with %u epochs finished", kills, resumed);
    g_assert_cmpuint(kills, >, 0);
    g_assert_true(rh_run_reload(killed, NULL));
    if (killed->state != RH_RUN_FINISHED)
        train(killed, samples, 2, 0);
    assert_same_results(whole, killed);
    g_autofree char *state = rh_run_path(killed, "state.safetensors");
    g_assert_false(g_file_test(state, G_FILE_TEST_EXISTS));
}

/* What a kill between two writes leaves: newer metrics and history than the state, and best weights without
 * name. */
static void test_leftovers(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "baseline", 8, "whole");
    g_autoptr(RhRun) torn = new_run(study, "baseline", 8, "torn");
    train(whole, samples, 1, 0);
    train(torn, samples, 1, 5);
    gsize length = 0;
    g_autofree char *metrics = content(whole, "metrics.csv", &length);
    put_text(torn->folder, "metrics.csv", metrics);
    put_text(torn->folder, "history/0007.safetensors", "of a later epoch");
    put_text(torn->folder, "history/0003.safetensors.AbCdEf", "half written");
    put_text(torn->folder, "best.pending", "half written");
    train(torn, samples, 1, 0);
    assert_same_results(whole, torn);
    g_autofree char *pending = rh_run_path(torn, "best.pending");
    g_autofree char *half = rh_run_path(torn, "history/0003.safetensors.AbCdEf");
    g_assert_false(g_file_test(pending, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(half, G_FILE_TEST_EXISTS));
}

/* A table that was cut off at the end of a line, or changed, is noticed when it is read; a run of an earlier
 * version, whose run.ini does not say what the tables were, opens as before. */
static void test_cut_at_a_line_end(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 2, "run");
    train(run, samples, 1, 0);
    static const char *const files[] = {"test.csv", "metrics.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        gsize length = 0;
        g_autofree char *whole = content(run, files[i], &length);
        g_autofree char *cut = g_strdup(whole);
        g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
        cut[strlen(cut) - 1] = '\0';
        *(strrchr(cut, '\n') + 1) = '\0';
        put_text(run->folder, files[i], cut);
        g_autoptr(GPtrArray) none = rh_run_list(study, notes);
        g_assert_cmpuint(none->len, ==, 0);
        g_assert_true(any_note_has(notes, files[i], "cut off"));
        g_autoptr(GString) changed = g_string_new(whole);
        g_string_append_c(changed, '\n'); /* the same number of rows */
        put_text(run->folder, files[i], changed->str);
        g_autoptr(GError) error = NULL;
        g_assert_null(rh_run_open(run->folder, &error));
        assert_sentence(error, files[i], "was changed");
        put_text(run->folder, files[i], whole);
    }
    gsize length = 0;
    g_autofree char *ini = content(run, "run.ini", &length), *test = content(run, "test.csv", &length);
    g_autoptr(GRegex) sayings =
        g_regex_new("^(test|metrics)_(rows|sha256)=.*\n", G_REGEX_MULTILINE, G_REGEX_MATCH_DEFAULT, NULL);
    g_autofree char *older = g_regex_replace_literal(sayings, ini, -1, 0, "", 0, NULL);
    g_assert_cmpstr(older, !=, ini);
    put_text(run->folder, "run.ini", older);
    put_text(run->folder, "test.csv", test);
    g_assert_true(rh_run_reload(run, NULL));
}

/* Scores that are no numbers are of no class: the run has no result, and says why. */
static void test_scores_that_are_no_numbers(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhRun) run = new_run(study, "baseline", 2, "run");
    put_text(run->folder, "test.csv", "id,label,conflicting,logit0,logit1\na,0,0,nan,nan\nb,1,1,0,1\n");
    g_autoptr(GError) error = NULL;
    g_assert_true(rh_run_reload(run, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(run->test->len, ==, 0);
    g_assert_nonnull(strstr(run->fault, "no numbers in 1 of 2 rows"));
}

/* A state that is cut off says what can be done about it, and that this is so. */
static void test_damaged_state(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "baseline", 4, "whole");
    g_autoptr(RhRun) damaged = new_run(study, "baseline", 4, "damaged");
    train(whole, samples, 1, 0);
    train(damaged, samples, 1, 2);
    g_autofree char *path = rh_run_path(damaged, "state.safetensors");
    static const gsize left[] = {100, 0};
    for (guint i = 0; i < G_N_ELEMENTS(left); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(truncate(path, (off_t)left[i]), ==, 0);
        g_autoptr(RhTrainer) trainer = rh_trainer_new(damaged, samples, NULL, 1, &error);
        g_assert_no_error(error);
        g_assert_false(rh_trainer_run(trainer, &error));
        assert_sentence(error, "state.safetensors", "remove it to train from the start");
    }
    g_assert_cmpint(unlink(path), ==, 0);
    train(damaged, samples, 1, 0);
    assert_same_results(whole, damaged);
}

/* Every epoch's scores and weights are kept: those of the best epoch are the result. */
static void test_history(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 7, NULL);
    train(run, samples, 1, 0);
    for (guint epoch = 1; epoch <= 7; epoch++) {
        g_autofree char *path = rh_run_history_path(run, epoch);
        g_autoptr(GError) error = NULL;
        g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, &error);
        g_assert_no_error(error);
        gsize count = 0;
        g_autofree double *logits = rh_tensor_file_read(file, "scores.test", &count, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(count, ==, 64);
        for (guint i = 0; epoch == run->best_epoch && i < 32; i++)
            g_assert_cmpfloat(logits[2 * i + 1] - logits[2 * i], ==,
                              rh_score(&g_array_index(run->test, RhScored, i)));
    }
    g_autoptr(RhEvaluator) best = rh_run_evaluator(run, 0, NULL, NULL, NULL);
    g_autoptr(RhEvaluator) same = rh_run_evaluator(run, run->best_epoch, NULL, NULL, NULL);
    g_autoptr(RhEvaluator) first = rh_run_evaluator(run, 1, NULL, NULL, NULL);
    float a[2], b[2], c[2];
    rh_evaluator_logits(best, samples->images, 1, a);
    rh_evaluator_logits(same, samples->images, 1, b);
    rh_evaluator_logits(first, samples->images, 1, c);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
    g_assert_cmpint(memcmp(a, c, sizeof a), !=, 0);
}

/* The rules of validation on five rows, by hand: logits (0, z) have the cross-entropy log(1 + e^∓z). */
static void test_rules(void)
{
    g_autoptr(RhSamples) samples = rh_samples_new(5, 1, 1);
    static const guint8 labels[] = {0, 1, 0, 1, 1}, conflicting[] = {0, 0, 1, 1, RH_UNKNOWN};
    static const float z[] = {-2, 1, 3, -1, 9};
    for (guint i = 0; i < 5; i++) {
        samples->splits[i] = RH_SPLIT_VALIDATION;
        samples->labels[i] = labels[i];
        samples->conflicting[i] = conflicting[i];
    }
    g_autoptr(RhScores) scores = rh_scores_new(samples, RH_SPLIT_VALIDATION, 4);
    for (guint i = 0; i < 5; i++)
        scores->rows[i].logits[1] = z[i];
    const double aligned = (log(1 + exp(-2)) + log(1 + exp(-1))) / 2;
    const double crossed = (log(1 + exp(3)) + log(1 + exp(1))) / 2;
    RhRun run = {.confounder_kind = RH_CONFOUNDER_COLUMN,
                 .settings = {.validation = RH_VALIDATION_LIKE_TRAINING}};
    RhScoreRule rule = rh_validation_rule(&run);
    RhScoreSummary summary = rh_scores_summarise(scores, &rule);
    g_assert_cmpfloat_with_epsilon(summary.loss, aligned, 1e-12);
    g_assert_cmpfloat(summary.accuracy, ==, 1);
    g_assert_cmpfloat(summary.auc, ==, 1);

    run.settings.validation = RH_VALIDATION_SHIFTED;
    rule = rh_validation_rule(&run);
    summary = rh_scores_summarise(scores, &rule);
    g_assert_cmpfloat_with_epsilon(summary.loss, crossed, 1e-12);
    g_assert_cmpfloat(summary.accuracy, ==, 0);
    g_assert_cmpfloat(summary.auc, ==, 0);

    run.settings.validation = RH_VALIDATION_BALANCED;
    rule = rh_validation_rule(&run);
    summary = rh_scores_summarise(scores, &rule);
    g_assert_cmpfloat_with_epsilon(summary.loss, (aligned + crossed) / 2, 1e-12);
    g_assert_cmpfloat(summary.accuracy, ==, 0.5);
    g_assert_cmpfloat_with_epsilon(summary.auc, 0.5,
                                   1e-12); /* 1 > −2, −1 > −2, but not 1 > 3 and not −1 > 3 */

    run.confounder_kind = RH_CONFOUNDER_NONE;
    rule = rh_validation_rule(&run);
    summary = rh_scores_summarise(scores, &rule);
    g_assert_cmpfloat_with_epsilon(summary.loss, (2 * (aligned + crossed) + log(1 + exp(-9))) / 5, 1e-12);
    g_assert_cmpfloat(summary.accuracy, ==, 0.6);
    g_assert_cmpfloat_with_epsilon(summary.auc, 4.0 / 6, 1e-12);

    rule = (RhScoreRule){.weight = {0, 1}};
    g_assert_true(rh_scores_allow(scores, &rule));
    scores->rows[2].conflicting = scores->rows[3].conflicting = 0;
    g_assert_false(rh_scores_allow(scores, &rule));
}

/* Without a confounder test.csv leaves the column empty and the curve has nothing to rank. */
static void test_no_confounder(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    study->confounder_kind = RH_CONFOUNDER_NONE;
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 2, NULL);
    train(run, samples, 1, 0);
    g_assert_cmpuint(run->test->len, ==, 16);
    g_assert_cmpuint(run->best_epoch, ==, 2); /* too short to choose: the last */
    g_assert_cmpuint(g_array_index(run->test, RhScored, 3).conflicting, ==, RH_UNKNOWN);
    const RhEpochMetrics *last = &g_array_index(run->metrics, RhEpochMetrics, 1);
    g_assert_true(last->test_auc_aligned >= 0 && isnan(last->test_auc_conflicting));
}

static void test_locked(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 1, NULL);
    g_autoptr(GError) error = NULL;
    {
        g_autoptr(RhTrainer) first = rh_trainer_new(run, samples, NULL, 1, &error);
        g_assert_no_error(error);
        g_assert_null(rh_trainer_new(run, samples, NULL, 1, &error));
        assert_sentence(error, run->name, "being trained already");
        g_clear_error(&error);
        g_assert_false(rh_run_delete(run, &error));
        g_clear_error(&error);
    }
    train(run, samples, 1, 0);
    g_assert_null(rh_trainer_new(run, samples, NULL, 1, &error));
    assert_sentence(error, run->name, "is finished");
}

static void assert_fails(const RhRun *run, RhSamples *samples, const char *a, const char *b)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, samples, NULL, 1, &error);
    g_assert_no_error(error);
    Seen seen = {.trainer = trainer};
    rh_trainer_set_listener(trainer, &listener, &seen);
    g_assert_false(rh_trainer_run(trainer, &error));
    assert_sentence(error, a, b);
    g_assert_cmpstr(seen.message, ==, error->message);
    g_assert_cmpuint(seen.finished, ==, 1);
    g_assert_false(seen.completed);
    g_free(seen.message);
}

/* A run goes on only with what it was begun with. */
static void test_changed_data(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) baseline = new_run(study, "baseline", 4, NULL);
    g_autoptr(RhRun) actdiff = new_run(study, "actdiff", 4, NULL);
    train(baseline, samples, 1, 2);
    train(actdiff, samples, 1, 2);
    samples->masks[0] ^= 1;
    assert_fails(actdiff, samples, actdiff->name, "masks");
    train(baseline, samples, 1, 1); /* uses none */
    samples->images[0] = 0.5f;
    assert_fails(baseline, samples, baseline->name, "images");
}

static void test_nothing_to_train(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 4, NULL);
    g_autofree guint8 *labels = g_memdup2(samples->labels, samples->count);
    memset(samples->labels, 1, samples->count);
    assert_fails(run, samples, "training images", "0 of class 0");
    memcpy(samples->labels, labels, samples->count);
    samples->mirrored = FALSE; /* then no validation image is conflicting */
    assert_fails(run, samples, "validation images", "chosen kind");
}

static void test_wrong_state(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 4, NULL);
    RhRunSettings wide = small_run_settings(study, "baseline", 4);
    wide.width = 8;
    g_autoptr(RhRun) other = rh_run_create(study, &wide, "other", NULL);
    train(run, samples, 1, 2);
    train(other, samples, 1, 2);
    gsize length = 0;
    g_autofree char *state = content(other, "state.safetensors", &length);
    g_autofree char *path = rh_run_path(run, "state.safetensors");
    g_assert_true(g_file_set_contents(path, state, (gssize)length, NULL));
    assert_fails(run, samples, "state.safetensors", "conv1.weight");
}

/* A disk that takes no more: files may have a few kilobytes only. The run stops with a sentence, what was
 * finished before stays, and it goes on when there is room again. */
static void test_full_disk(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "baseline", 7, "whole");
    g_autoptr(RhRun) run = new_run(study, "baseline", 7, "full");
    train(whole, samples, 1, 0);
    train(run, samples, 1, 3);
    struct rlimit before, little;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    little = before;
    little.rlim_cur = 4000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &little), ==, 0);
    assert_fails(run, samples, "Could not write", run->folder);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    signal(SIGXFSZ, handler);
    g_assert_true(rh_run_reload(run, NULL));
    g_assert_cmpuint(run->metrics->len, >=, 3);
    train(run, samples, 1, 0);
    assert_same_results(whole, run);
}

/* A folder that cannot be written to: a file stands where history/ should be. */
static void test_unwritable(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 3, NULL);
    put_text(run->folder, "history", "a file");
    assert_fails(run, samples, "is to be a folder", "history");
}

/* Pause holds the training still, snapshots come while it trains and while it waits, and stop ends it. */
static void test_threads_of_control(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) run = new_run(study, "baseline", 100000, NULL);
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, samples, NULL, 1, NULL);
    rh_trainer_start(trainer);
    g_autoptr(RhSnapshot) first = NULL;
    while ((first = rh_trainer_snapshot(trainer)) == NULL)
        g_usleep(1000);
    rh_trainer_pause(trainer);
    g_assert_true(rh_trainer_is_paused(trainer));
    g_usleep(100000); /* the running step ends */
    g_autoptr(RhSnapshot) stale = rh_trainer_snapshot(trainer);
    g_usleep(50000);
    g_autoptr(RhSnapshot) paused = rh_trainer_snapshot(trainer);
    g_usleep(50000);
    g_autoptr(RhSnapshot) still = rh_trainer_snapshot(trainer);
    g_assert_cmpuint(paused->step, >=, first->step);
    g_assert_true(paused == still);
    rh_trainer_resume(trainer);
    guint64 step = 0;
    while (step <= still->step) {
        g_autoptr(RhSnapshot) next = rh_trainer_snapshot(trainer);
        step = next->step;
        g_usleep(1000);
    }
    rh_trainer_stop(trainer);
}

static void note_end(gboolean completed, const GError *error, gpointer ended)
{
    g_assert_true(completed);
    g_atomic_int_set((int *)ended, 1);
}

/* However often and wherever it was held still, the result is the same to the last bit. */
static void test_paused_is_the_same(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    g_autoptr(RhRun) whole = new_run(study, "adversarial", 8, NULL);
    g_autoptr(RhRun) paused = new_run(study, "adversarial", 8, NULL);
    static const RhTrainerListener end = {.finished = note_end};
    train(whole, samples, 1, 0);
    int ended = 0;
    guint pauses = 0;
    g_autoptr(RhTrainer) trainer = rh_trainer_new(paused, samples, NULL, 1, NULL);
    rh_trainer_set_listener(trainer, &end, &ended);
    rh_trainer_start(trainer);
    for (; !g_atomic_int_get(&ended); pauses++) {
        rh_trainer_pause(trainer);
        g_usleep(3000);
        rh_trainer_resume(trainer);
        g_usleep(3000);
    }
    g_assert_cmpuint(pauses, >, 5);
    g_assert_true(rh_run_reload(paused, NULL));
    assert_same_results(whole, paused);
}

/* The paper's effect: what the tag taught is wrong once it lies. */
static void test_shift_effect(void)
{
    TEMPORARY folder = rh_test_folder();
    g_autofree char *path = g_build_filename(folder, "demo", NULL);
    RhSyntheticSettings synthetic = rh_synthetic_settings_default();
    synthetic.count[0] = 256;
    g_autoptr(RhStudy) study = rh_study_new_synthetic(path, &synthetic, NULL);
    g_autoptr(RhSamples) samples = small_samples(study);
    RhRunSettings settings = small_run_settings(study, "baseline", 6);
    settings.width = 8;
    g_autoptr(RhRun) run = rh_run_create(study, &settings, NULL, NULL);
    train(run, samples, 2, 0);
    const RhShiftPoint points[] = {rh_run_shift_value(run, 0), rh_run_shift_value(run, 1)};
    g_test_message("AUC %.3f as in training, %.3f reversed", points[0].auc, points[1].auc);
    g_assert_cmpfloat(points[0].auc, >, 0.95);
    g_assert_cmpfloat(points[1].auc, <, 0.1);

    g_autoptr(RhEvaluator) evaluator = rh_run_evaluator(run, 0, NULL, NULL, NULL);
    const RhMapSettings map = rh_map_settings_default();
    RhLocalisationSummary summary;
    g_assert_true(rh_run_localisation(evaluator, samples, rh_map_kind_find("gradient", NULL), &map, NULL,
                                      NULL, NULL, &summary, NULL));
    g_assert_cmpuint(summary.images, ==, 64);
    g_test_message("IoU %.3f (%.3f–%.3f), chance %.3f", summary.mean.iou, summary.low.iou, summary.high.iou,
                   summary.mean.iou_chance);
    g_assert_cmpfloat(summary.mean.iou, <, 0.3); /* it looks at the tag, outside the mask */
    g_assert_cmpfloat(summary.low.iou, <, summary.mean.iou);
    g_assert_cmpfloat(summary.high.iou - summary.low.iou, <, 0.2);
}

int main(int argc, char **argv)
{
    if (argc == 4 && g_str_equal(argv[1], TRAIN_OPTION))
        return train_alone(argv[2], argv[3]);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trainer/kill-and-resume", test_kill_and_resume);
    g_test_add_func("/trainer/threads", test_threads);
    g_test_add_func("/trainer/stop-and-resume", test_stop_and_resume);
    g_test_add_func("/trainer/resume-adversarial", test_resume_adversarial);
    g_test_add_func("/trainer/leftovers", test_leftovers);
    g_test_add_func("/trainer/cut-at-a-line-end", test_cut_at_a_line_end);
    g_test_add_func("/trainer/scores-that-are-no-numbers", test_scores_that_are_no_numbers);
    g_test_add_func("/trainer/damaged-state", test_damaged_state);
    g_test_add_func("/trainer/history", test_history);
    g_test_add_func("/trainer/rules", test_rules);
    g_test_add_func("/trainer/no-confounder", test_no_confounder);
    g_test_add_func("/trainer/locked", test_locked);
    g_test_add_func("/trainer/changed-data", test_changed_data);
    g_test_add_func("/trainer/nothing-to-train", test_nothing_to_train);
    g_test_add_func("/trainer/wrong-state", test_wrong_state);
    g_test_add_func("/trainer/full-disk", test_full_disk);
    g_test_add_func("/trainer/unwritable", test_unwritable);
    g_test_add_func("/trainer/paused", test_paused_is_the_same);
    g_test_add_func("/trainer/control", test_threads_of_control);
    g_test_add_func("/trainer/shift-effect", test_shift_effect);
    return g_test_run();
}
