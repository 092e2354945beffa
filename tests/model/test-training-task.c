/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/training-task.h"

#include "model-support.h"

#define ENDLESS 50000u /* epochs: such a training is over only when it is stopped */

typedef struct {
    char *folder;
    RhStudy *study;
    RhTrainingTask *training;
    RhRun *run;   /* as "run-created" gave it */
    guint epochs; /* last that was told; 0: none */
    gboolean ended, completed;
    char *trouble;
    RhTrainingState state_at_epoch; /* when the last one was told */
} Fixture;

static void on_created(RhTrainingTask *training, Fixture *fixture)
{
    g_assert_null(fixture->run);
    g_assert_cmpuint(fixture->epochs, ==, 0);
    fixture->run = rh_training_task_take_run(training);
    g_assert_nonnull(fixture->run);
}

static void on_epoch(RhTrainingTask *training, const RhEpochMetrics *metrics, gboolean best, Fixture *fixture)
{
    g_assert_nonnull(fixture->run);
    g_assert_false(fixture->ended);
    if (fixture->epochs > 0)
        g_assert_cmpuint(metrics->epoch, ==, fixture->epochs + 1);
    fixture->epochs = metrics->epoch;
    fixture->state_at_epoch = rh_training_task_get_state(training);
}

static void on_ended(RhTrainingTask *training, gboolean completed, const GError *error, Fixture *fixture)
{
    g_assert_false(fixture->ended);
    fixture->ended = TRUE;
    fixture->completed = completed;
    fixture->trouble = error != NULL ? g_strdup(error->message) : NULL;
}

static void set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->study = small_study(&fixture->folder);
}

static void forget_training(Fixture *fixture)
{
    g_clear_object(&fixture->training);
    g_clear_pointer(&fixture->run, rh_run_free);
    g_clear_pointer(&fixture->trouble, g_free);
    fixture->epochs = 0;
    fixture->ended = fixture->completed = FALSE;
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    forget_training(fixture);
    g_clear_pointer(&fixture->study, rh_study_free);
    clear_folder(&fixture->folder);
}

static void begin(Fixture *fixture, RhTrainingTask *training)
{
    fixture->training = training;
    g_signal_connect(training, "run-created", G_CALLBACK(on_created), fixture);
    g_signal_connect(training, "epoch", G_CALLBACK(on_epoch), fixture);
    g_signal_connect(training, "ended", G_CALLBACK(on_ended), fixture);
    g_assert_cmpint(rh_training_task_get_state(training), ==, RH_TRAINING_LOADING);
    rh_training_task_begin(training);
}

static void begin_new(Fixture *fixture, guint epochs)
{
    const RhRunSettings settings = small_run_settings(fixture->study, "actdiff", epochs);
    begin(fixture, rh_training_task_new(fixture->study, &settings));
}

static gboolean has_ended(gpointer data)
{
    return ((Fixture *)data)->ended;
}

static gboolean has_an_epoch(gpointer data)
{
    return ((Fixture *)data)->epochs > 0;
}

static void stop(Fixture *fixture)
{
    rh_training_task_stop(fixture->training);
    g_assert_cmpint(rh_training_task_get_state(fixture->training), ==, RH_TRAINING_STOPPING);
    wait_until(has_ended, fixture, "a training that was stopped has ended");
    g_assert_false(fixture->completed);
    g_assert_cmpstr(fixture->trouble, ==, NULL);
    g_assert_cmpint(rh_training_task_get_state(fixture->training), ==, RH_TRAINING_ENDED);
}

static void test_trains_to_the_end(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    begin_new(fixture, 3);
    wait_until(has_ended, fixture, "a training of three epochs has ended");
    g_assert_cmpstr(fixture->trouble, ==, NULL);
    g_assert_true(fixture->completed);
    g_assert_cmpuint(fixture->epochs, ==, 3);
    guint done = 0, total = 0;
    rh_training_task_get_loaded(fixture->training, &done, &total);
    g_assert_cmpuint(total, ==, fixture->study->cases->len);
    g_assert_cmpuint(done, ==, total);
    g_assert_null(rh_training_task_take_run(fixture->training));
    g_assert_true(rh_run_reload(fixture->run, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fixture->run->metrics->len, ==, 3);
}

static gpointer take_snapshots(gpointer data)
{
    RhTrainingTask *training = data;
    guint64 step = 0;
    guint count = 0;
    while (count < 20) {
        g_autoptr(RhSnapshot) snapshot = rh_training_task_snapshot(training);
        if (snapshot == NULL)
            continue;
        g_assert_cmpuint(snapshot->step, >=, step);
        step = snapshot->step;
        count++;
    }
    return NULL;
}

/* As live maps do it: another thread looks at the network while it is trained. */
static void test_another_thread_takes_snapshots(Fixture *fixture, gconstpointer unused)
{
    begin_new(fixture, ENDLESS);
    wait_until(has_an_epoch, fixture, "an epoch is over");
    g_thread_join(g_thread_new("snapshots", take_snapshots, fixture->training));
    stop(fixture);
    g_assert_null(rh_training_task_snapshot(fixture->training));
}

static void test_pauses_and_goes_on(Fixture *fixture, gconstpointer unused)
{
    begin_new(fixture, ENDLESS);
    wait_until(has_an_epoch, fixture, "an epoch is over");
    rh_training_task_pause(fixture->training);
    g_assert_cmpint(rh_training_task_get_state(fixture->training), ==, RH_TRAINING_PAUSED);
    g_autofree char *words = rh_training_task_describe(fixture->training);
    g_assert_nonnull(strstr(words, "Paused"));
    rh_training_task_resume(fixture->training);
    g_assert_cmpint(rh_training_task_get_state(fixture->training), ==, RH_TRAINING_RUNNING);
    fixture->epochs = 0;
    wait_until(has_an_epoch, fixture, "an epoch after the pause is over");
    /* Stopped in the middle of a pause: nothing waits for ever. */
    rh_training_task_pause(fixture->training);
    stop(fixture);
}

static void test_is_resumed_where_it_stopped(Fixture *fixture, gconstpointer unused)
{
    begin_new(fixture, ENDLESS);
    wait_until(has_an_epoch, fixture, "an epoch is over");
    stop(fixture);
    g_assert_true(rh_run_reload(fixture->run, NULL));
    const guint finished = fixture->run->metrics->len;
    g_assert_cmpuint(finished, >=, 1);
    g_autofree char *run_folder = g_strdup(fixture->run->folder);
    forget_training(fixture);
    begin(fixture, rh_training_task_new_resumed(fixture->study, run_folder, FALSE));
    wait_until(has_an_epoch, fixture, "an epoch of the resumed run is over");
    stop(fixture);
    g_assert_true(rh_run_reload(fixture->run, NULL));
    g_assert_cmpuint(fixture->run->metrics->len, >, finished);
    g_assert_cmpuint(g_array_index(fixture->run->metrics, RhEpochMetrics, finished).epoch, ==, finished + 1);
}

static void test_is_stopped_before_it_has_begun(Fixture *fixture, gconstpointer unused)
{
    begin_new(fixture, ENDLESS);
    stop(fixture);
    g_assert_cmpuint(fixture->epochs, ==, 0);
}

/* The window closes: nobody holds the training any more while its thread still works. */
static void test_is_let_go_while_it_trains(Fixture *fixture, gconstpointer unused)
{
    begin_new(fixture, ENDLESS);
    wait_until(has_an_epoch, fixture, "an epoch is over");
    g_object_add_weak_pointer(G_OBJECT(fixture->training), (gpointer *)&fixture->training);
    rh_training_task_stop(fixture->training);
    g_object_unref(fixture->training);
    g_assert_nonnull(fixture->training); /* the thread's */
    wait_until(has_ended, fixture, "a training nobody holds has ended");
    while (fixture->training != NULL)
        g_main_context_iteration(NULL, TRUE);
}

static void test_what_cannot_be_trained_says_why(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *images = g_build_filename(fixture->study->folder, "images", NULL);
    g_autofree char *away = g_build_filename(fixture->folder, "away", NULL);
    g_assert_cmpint(g_rename(images, away), ==, 0);
    begin_new(fixture, 2);
    wait_until(has_ended, fixture, "a training without images has ended");
    g_assert_false(fixture->completed);
    g_assert_nonnull(fixture->trouble);
    g_assert_true(g_str_has_suffix(fixture->trouble, "."));
    g_assert_null(fixture->run);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/training-task/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("trains-to-the-end", test_trains_to_the_end);
    ADD("another-thread-takes-snapshots", test_another_thread_takes_snapshots);
    ADD("pauses-and-goes-on", test_pauses_and_goes_on);
    ADD("is-resumed-where-it-stopped", test_is_resumed_where_it_stopped);
    ADD("is-stopped-before-it-has-begun", test_is_stopped_before_it_has_begun);
    ADD("is-let-go-while-it-trains", test_is_let_go_while_it_trains);
    ADD("what-cannot-be-trained-says-why", test_what_cannot_be_trained_says_why);
    return g_test_run();
}
