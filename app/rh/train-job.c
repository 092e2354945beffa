/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-job.h"

#include <glib-unix.h>

#include "base/error.h"
#include "command.h"
#include "output.h"
#include "profile.h"
#include "progress.h"
#include "study/run-kernels.h"
#include "study/trainer.h"

#define N_SIGNALS 2

struct _RhTrainJob {
    RhSamples *samples;
    const char *kernels; /* as they were asked for */
    guint threads;
    gboolean profile, interrupted;
    RhProgress progress;
    GMainLoop *loop;
    guint signals[N_SIGNALS]; /* sources */
    /* of the running run: written on the training thread, read once that has called finished() */
    const RhRun *run;
    RhTrainer *trainer; /* NULL while none is running */
    double seconds_left, images_per_second;
    gboolean completed;
    GError *error;
};

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

/* Taking the sources away restores what the signals do by default, so that a second Ctrl-C ends the program.
 */
static void leave_signals(RhTrainJob *job)
{
    for (guint i = 0; i < N_SIGNALS; i++)
        g_clear_handle_id(&job->signals[i], g_source_remove);
}

static gboolean on_interrupt(gpointer data)
{
    RhTrainJob *job = data;
    job->interrupted = TRUE;
    if (job->trainer != NULL)
        rh_trainer_stop(job->trainer);
    else
        g_main_loop_quit(job->loop);
    leave_signals(job);
    return G_SOURCE_REMOVE;
}

static void catch_signals(RhTrainJob *job)
{
    static const int signals[N_SIGNALS] = {SIGINT, SIGTERM};
    for (guint i = 0; i < N_SIGNALS; i++)
        job->signals[i] = g_unix_signal_add(signals[i], on_interrupt, job);
}

static gboolean load_samples(RhTrainJob *job, const RhStudy *study, GError **error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    job->samples = rh_study_load_samples(study, notes, rh_progress_images, &job->progress, NULL, error);
    rh_progress_clear(&job->progress);
    rh_warn_notes(notes);
    return job->samples != NULL;
}

RhTrainJob *rh_train_job_new(const RhStudy *study, const char *kernels, guint threads, gboolean quiet,
                             gboolean profile, GError **error)
{
    g_autoptr(RhTrainJob) job = g_new0(RhTrainJob, 1);
    job->kernels = kernels;
    job->threads = threads;
    job->profile = profile;
    job->progress = rh_progress_start(quiet);
    job->loop = g_main_loop_new(NULL, FALSE);
    if (!load_samples(job, study, error))
        return NULL;
    catch_signals(job);
    return g_steal_pointer(&job);
}

void rh_train_job_free(RhTrainJob *job)
{
    if (job == NULL)
        return;
    leave_signals(job);
    g_clear_pointer(&job->samples, rh_samples_unref);
    g_main_loop_unref(job->loop);
    g_free(job);
}

const RhSamples *rh_train_job_samples(const RhTrainJob *job)
{
    return job->samples;
}

double rh_train_job_images_per_second(const RhTrainJob *job)
{
    return job->images_per_second;
}

/* Runs the trainer in a thread of its own while this one waits for it or for Ctrl-C. */
static void wait_for(RhTrainJob *job)
{
    const RhTrainerListener listener = {.step = on_step,
                                        .epoch = on_epoch,
                                        .profile = job->profile ? on_profile : NULL,
                                        .finished = on_finished};
    rh_trainer_set_listener(job->trainer, &listener, job);
    rh_trainer_start(job->trainer);
    g_main_loop_run(job->loop);
    rh_progress_clear(&job->progress);
}

static gboolean report_interrupt(GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                        "Stopped before all runs were done; the same command goes on.");
    return FALSE;
}

static const RhKernels *refuse_kernels(const RhRun *run, GError **error)
{
    g_set_error(error, RH_ERROR, RH_ERROR_KERNELS,
                "The run “%s” was begun with the kernels “%s”, which this processor does not have, and with "
                "others its result would not be the same; --kernels NAME goes on with others (“rh kernels” "
                "lists them).",
                run->name, run->kernels);
    return NULL;
}

/* Those that a run was begun with; others only if they are asked for, and then it is said. */
static const RhKernels *choose_kernels(const RhTrainJob *job, const RhRun *run, GError **error)
{
    const gboolean automatic = g_strcmp0(job->kernels, "auto") == 0;
    const RhKernels *kernels = job->kernels != NULL && !automatic ? rh_kernels_find(job->kernels, NULL)
                                                                  : rh_run_kernels(run, automatic, NULL);
    if (kernels == NULL)
        return refuse_kernels(run, error);
    if (*run->kernels != '\0' && !g_str_equal(run->kernels, rh_kernels_id(kernels)))
        rh_warn(
            "“%s” was begun with the kernels “%s”, which this processor does not have, and goes on with %s.",
            run->name, run->kernels, rh_kernels_id(kernels));
    return kernels;
}

gboolean rh_train_job_run(RhTrainJob *job, RhRun *run, GError **error)
{
    if (job->interrupted)
        return report_interrupt(error);
    const RhKernels *kernels = choose_kernels(job, run, error);
    g_autoptr(RhTrainer) trainer =
        kernels != NULL ? rh_trainer_new(run, job->samples, kernels, job->threads, error) : NULL;
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
    if (job->completed)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                "Stopped “%s” after epoch %u of %u; the same command goes on from there.", run->name,
                run->metrics->len, run->settings.epochs);
    return FALSE;
}

gboolean rh_train_job_wait(RhTrainJob *job, guint milliseconds, GError **error)
{
    const guint timeout = g_timeout_add(milliseconds, quit_loop, job->loop);
    g_main_loop_run(job->loop);
    if (g_main_context_find_source_by_id(NULL, timeout) != NULL)
        g_source_remove(timeout);
    return !job->interrupted || report_interrupt(error);
}
