/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-job.h"

#include <glib-unix.h>
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "command.h"
#include "output.h"
#include "profile.h"
#include "progress.h"
#include "score/roc.h"
#include "selection.h"
#include "study/run-shift.h"
#include "study/trainer.h"

struct _RhTrainJob {
    const RhStudy *study;
    RhSamples *samples; /* NULL until the first run */
    guint threads;
    gboolean as_json, profile;
    JsonBuilder *results;
    RhProgress progress;
    GMainLoop *loop;
    /* of the running run: written on the training thread, read once that has called finished() */
    const RhRun *run;
    RhTrainer *trainer;
    double seconds_left, images_per_second;
    gboolean completed;
    GError *error;
};

RhTrainJob *rh_train_job_new(const RhStudy *study, guint threads, gboolean quiet, gboolean as_json,
                             gboolean profile)
{
    RhTrainJob *job = g_new0(RhTrainJob, 1);
    job->study = study;
    job->threads = threads;
    job->as_json = as_json;
    job->profile = profile;
    job->progress = rh_progress_start(quiet);
    job->loop = g_main_loop_new(NULL, FALSE);
    job->results = json_builder_new();
    json_builder_begin_array(job->results);
    return job;
}

void rh_train_job_free(RhTrainJob *job)
{
    g_clear_pointer(&job->samples, rh_samples_unref);
    g_object_unref(job->results);
    g_main_loop_unref(job->loop);
    g_free(job);
}

static void on_step(const RhTrainingProgress *progress, gpointer data)
{
    RhTrainJob *job = data;
    char left[24];
    job->images_per_second = progress->images_per_second;
    job->seconds_left = progress->seconds_left;
    rh_progress_time_left(progress->seconds_left, left);
    rh_progress_show(&job->progress, "%s  epoch %u of %u  loss %.4f  %.0f images/s  %s", job->run->name,
                     progress->epoch + 1, progress->epochs,
                     progress->losses.classification + progress->losses.penalty, progress->images_per_second,
                     left);
}

static void on_epoch(const RhEpochMetrics *metrics, gboolean best, gpointer data)
{
    RhTrainJob *job = data;
    char left[24];
    rh_progress_time_left(job->seconds_left, left);
    rh_progress_log(
        &job->progress,
        "epoch %u of %u  loss %.4f  penalty %.4f  training accuracy %.3f  validation loss %.4f AUC %s  "
        "%.1f s%s%s%s",
        metrics->epoch, job->run->settings.epochs, metrics->train_classification, metrics->train_penalty,
        metrics->train_accuracy, metrics->valid_loss, rh_value_text(metrics->valid_auc).text,
        metrics->seconds, left[0] != '\0' ? ", " : "", left, best ? "  best" : "");
}

static gboolean quit_loop(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static void on_profile(GArray *lines, guint64 steps, gpointer data)
{
    RhTrainJob *job = data;
    rh_progress_clear(&job->progress);
    rh_profile_print(lines, steps, job->threads);
}

static void on_finished(gboolean completed, const GError *error, gpointer data)
{
    RhTrainJob *job = data;
    job->completed = completed;
    job->error = error != NULL ? g_error_copy(error) : NULL;
    g_idle_add(quit_loop, job->loop);
}

/* Taking the source away restores the signal's default, so that a second Ctrl-C ends the program. */
static gboolean on_interrupt(gpointer data)
{
    RhTrainJob *job = data;
    rh_trainer_stop(job->trainer);
    return G_SOURCE_REMOVE;
}

static gboolean load_samples(RhTrainJob *job, GError **error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    job->samples = rh_study_load_samples(job->study, notes, rh_progress_images, &job->progress, NULL, error);
    rh_progress_clear(&job->progress);
    rh_warn_notes(notes);
    return job->samples != NULL;
}

/* Runs the trainer in a thread of its own while this one waits for it or for Ctrl-C. */
static void wait_for(RhTrainJob *job)
{
    const RhTrainerListener listener = {.step = on_step,
                                        .epoch = on_epoch,
                                        .profile = job->profile ? on_profile : NULL,
                                        .finished = on_finished};
    const int signals[] = {SIGINT, SIGTERM};
    guint sources[G_N_ELEMENTS(signals)];
    rh_trainer_set_listener(job->trainer, &listener, job);
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        sources[i] = g_unix_signal_add(signals[i], on_interrupt, job);
    rh_trainer_start(job->trainer);
    g_main_loop_run(job->loop);
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        if (g_main_context_find_source_by_id(NULL, sources[i]) != NULL)
            g_source_remove(sources[i]);
    rh_progress_clear(&job->progress);
}

static double plain_auc(const RhRun *run, double *accuracy)
{
    g_autofree double *scores = g_new(double, run->test->len);
    g_autofree guint8 *labels = g_new(guint8, run->test->len);
    guint right = 0;
    for (guint i = 0; i < run->test->len; i++) {
        const RhScored *row = &g_array_index(run->test, RhScored, i);
        scores[i] = rh_score(row);
        labels[i] = row->label;
        right += (rh_score(row) > 0) == (row->label == 1);
    }
    *accuracy = run->test->len > 0 ? (double)right / run->test->len : NAN;
    return rh_auc(scores, labels, run->test->len);
}

static void add_json(RhTrainJob *job, const RhRun *run, const RhShiftPoint ends[2], double seconds)
{
    JsonBuilder *builder = job->results;
    double accuracy, auc = plain_auc(run, &accuracy);
    json_builder_begin_object(builder);
    rh_json_text(builder, "run", run->name);
    rh_json_text(builder, "method", run->settings.method->id);
    rh_json_text(builder, "network", run->settings.network->id);
    rh_json_whole(builder, "seed", (gint64)run->settings.seed);
    rh_json_whole(builder, "epochs", run->metrics->len);
    rh_json_whole(builder, "best_epoch", run->best_epoch);
    rh_json_value(builder, "test_accuracy", accuracy);
    rh_json_value(builder, "test_auc", auc);
    rh_json_value(builder, "accuracy_aligned", ends[0].accuracy);
    rh_json_value(builder, "auc_aligned", ends[0].auc);
    rh_json_value(builder, "auc_per_logit_aligned", ends[0].auc_per_logit);
    rh_json_value(builder, "accuracy_conflicting", ends[1].accuracy);
    rh_json_value(builder, "auc_conflicting", ends[1].auc);
    rh_json_value(builder, "auc_per_logit_conflicting", ends[1].auc_per_logit);
    rh_json_value(builder, "seconds", seconds);
    rh_json_value(builder, "images_per_second", job->images_per_second);
    json_builder_end_object(builder);
}

static void print_text(RhTrainJob *job, const RhRun *run, const RhShiftPoint ends[2], double seconds)
{
    double best_seconds = NAN;
    for (guint i = 0; i < run->metrics->len; i++) {
        const RhEpochMetrics *metrics = &g_array_index(run->metrics, RhEpochMetrics, i);
        if (metrics->epoch == run->best_epoch)
            best_seconds = metrics->seconds;
    }
    g_print("%s: best epoch %u of %u, reached after %.1f s; %.1f s in all, %.0f images/s\n", run->name,
            run->best_epoch, run->metrics->len, best_seconds, seconds, job->images_per_second);
    if (job->study->confounder_kind == RH_CONFOUNDER_NONE) {
        double accuracy, auc = plain_auc(run, &accuracy);
        g_print("  test accuracy %s, AUC %s\n", rh_value_text(accuracy).text, rh_value_text(auc).text);
        return;
    }
    static const char *const names[] = {"0, as in training", "1, fully reversed"};
    for (int i = 0; i < 2; i++)
        g_print("  test at shift level %s:  accuracy %s  AUC %s\n", names[i],
                rh_value_text(ends[i].accuracy).text, rh_value_text(ends[i].auc).text);
}

static void show_result(RhTrainJob *job, const RhRun *run)
{
    const RhShiftPoint ends[2] = {rh_run_shift_value(run, 0), rh_run_shift_value(run, 1)};
    double seconds = run->metrics->len > 0
                         ? g_array_index(run->metrics, RhEpochMetrics, run->metrics->len - 1).seconds
                         : 0;
    if (job->as_json)
        add_json(job, run, ends, seconds);
    else
        print_text(job, run, ends, seconds);
    fflush(stdout);
}

gboolean rh_train_job_run(RhTrainJob *job, RhRun *run, GError **error)
{
    if (job->samples == NULL && !load_samples(job, error))
        return FALSE;
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, job->samples, job->threads, error);
    if (trainer == NULL)
        return FALSE;
    if (run->metrics->len > 0)
        g_printerr("Going on with “%s” after epoch %u of %u\n", run->name, run->metrics->len,
                   run->settings.epochs);
    job->run = run;
    job->trainer = trainer;
    wait_for(job);
    job->trainer = NULL;
    if (job->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&job->error));
        return FALSE;
    }
    if (!rh_run_reload(run, error))
        return FALSE;
    if (!job->completed) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                    "Stopped “%s” after epoch %u of %u; the same command goes on from there.", run->name,
                    run->metrics->len, run->settings.epochs);
        return FALSE;
    }
    show_result(job, run);
    return TRUE;
}

void rh_train_job_print(RhTrainJob *job)
{
    json_builder_end_array(job->results);
    if (job->as_json)
        rh_json_print(job->results);
}
