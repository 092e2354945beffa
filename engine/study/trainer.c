/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/trainer.h"

#include <glib/gi18n.h>
#include <math.h>

#include "base/error.h"
#include "study/run-kernels.h"
#include "study/trainer-private.h"

#define REPORT_INTERVAL (G_USEC_PER_SEC / 10)
#define RECENT_EPOCHS   5u
#define STEPS_TO_TELL   4u /* of the first epoch, before the time left can be told */

struct _RhTrainer {
    char *folder;
    RhSamples *samples;
    const RhKernels *kernels;
    guint threads;
    RhRunLock *lock;
    RhTrainerListener listener;
    gpointer listener_data;
    GThread *thread;

    GMutex mutex;
    GCond changed;
    gboolean paused, stopped, wished; /* the following under the mutex */
    RhSnapshot *latest;

    RhSession *session;                                      /* the training thread's, like all below */
    guint epoch;                                             /* running, from 1 */
    gint64 started, paused_time, last_report, epoch_started; /* µs */
    double earlier_seconds;                                  /* before this process */
    guint64 images;                                          /* since epoch_started */
};

RhSnapshot *rh_snapshot_ref(RhSnapshot *snapshot)
{
    g_atomic_ref_count_inc(&snapshot->references);
    return snapshot;
}

void rh_snapshot_unref(RhSnapshot *snapshot)
{
    if (snapshot == NULL || !g_atomic_ref_count_dec(&snapshot->references))
        return;
    rh_parameters_unref(snapshot->parameters);
    g_free(snapshot);
}

RhTrainer *rh_trainer_new(const RhRun *run, RhSamples *samples, const RhKernels *kernels, guint threads,
                          GError **error)
{
    if (run->state == RH_RUN_FINISHED) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("The run “%s” is finished; make a new one to train again."), run->name);
        return NULL;
    }
    const RhKernels *own = kernels != NULL ? kernels : rh_run_kernels(run, FALSE, error);
    RhRunLock *lock = own != NULL ? rh_run_lock(run->folder, error) : NULL;
    if (lock == NULL)
        return NULL;
    RhTrainer *trainer = g_new0(RhTrainer, 1);
    trainer->folder = g_strdup(run->folder);
    trainer->samples = rh_samples_ref(samples);
    trainer->kernels = own;
    trainer->threads = threads;
    trainer->lock = lock;
    g_mutex_init(&trainer->mutex);
    g_cond_init(&trainer->changed);
    return trainer;
}

void rh_trainer_free(RhTrainer *trainer)
{
    if (trainer == NULL)
        return;
    rh_trainer_stop(trainer);
    if (trainer->thread != NULL)
        g_thread_join(trainer->thread);
    rh_run_unlock(trainer->lock);
    rh_snapshot_unref(trainer->latest);
    rh_samples_unref(trainer->samples);
    g_mutex_clear(&trainer->mutex);
    g_cond_clear(&trainer->changed);
    g_free(trainer->folder);
    g_free(trainer);
}

void rh_trainer_set_listener(RhTrainer *trainer, const RhTrainerListener *listener, gpointer data)
{
    g_assert(trainer->thread == NULL);
    trainer->listener = *listener;
    trainer->listener_data = data;
}

static void set_flag(RhTrainer *trainer, gboolean *flag, gboolean value)
{
    g_mutex_lock(&trainer->mutex);
    *flag = value;
    g_cond_broadcast(&trainer->changed);
    g_mutex_unlock(&trainer->mutex);
}

void rh_trainer_pause(RhTrainer *trainer)
{
    set_flag(trainer, &trainer->paused, TRUE);
}

void rh_trainer_resume(RhTrainer *trainer)
{
    set_flag(trainer, &trainer->paused, FALSE);
}

void rh_trainer_stop(RhTrainer *trainer)
{
    set_flag(trainer, &trainer->stopped, TRUE);
}

gboolean rh_trainer_is_paused(RhTrainer *trainer)
{
    g_mutex_lock(&trainer->mutex);
    const gboolean paused = trainer->paused;
    g_mutex_unlock(&trainer->mutex);
    return paused;
}

RhSnapshot *rh_trainer_snapshot(RhTrainer *trainer)
{
    g_mutex_lock(&trainer->mutex);
    RhSnapshot *snapshot = trainer->latest != NULL ? rh_snapshot_ref(trainer->latest) : NULL;
    trainer->wished = TRUE;
    g_cond_broadcast(&trainer->changed);
    g_mutex_unlock(&trainer->mutex);
    return snapshot;
}

/* With the mutex held, which it lets go of while it copies. */
static void take_snapshot(RhTrainer *trainer)
{
    const RhSession *session = trainer->session;
    trainer->wished = FALSE;
    const guint64 step = rh_stepper_steps(session->stepper);
    if (trainer->latest != NULL && trainer->latest->step == step)
        return;
    g_mutex_unlock(&trainer->mutex);
    RhSnapshot *snapshot = g_new0(RhSnapshot, 1);
    g_atomic_ref_count_init(&snapshot->references);
    snapshot->parameters = rh_parameters_copy(session->network->parameters);
    snapshot->epoch = session->run->metrics->len;
    snapshot->step = step;
    g_mutex_lock(&trainer->mutex);
    rh_snapshot_unref(trainer->latest);
    trainer->latest = snapshot;
}

/* Between two steps: serves a wish for a snapshot, waits while paused. FALSE: stop. */
static gboolean go_on(RhTrainer *trainer)
{
    const gint64 from = g_get_monotonic_time();
    gboolean waited = FALSE;
    g_mutex_lock(&trainer->mutex);
    while (TRUE) {
        if (trainer->wished)
            take_snapshot(trainer);
        if (!trainer->paused || trainer->stopped)
            break;
        waited = TRUE;
        g_cond_wait(&trainer->changed, &trainer->mutex);
    }
    const gboolean stopped = trainer->stopped;
    g_mutex_unlock(&trainer->mutex);
    if (waited)
        trainer->paused_time += g_get_monotonic_time() - from;
    return !stopped;
}

/* Microseconds of work, pauses left out. */
static gint64 work_time(const RhTrainer *trainer)
{
    return g_get_monotonic_time() - trainer->started - trainer->paused_time;
}

static double seconds_left(const RhTrainer *trainer, guint step, guint steps)
{
    const GArray *metrics = trainer->session->run->metrics;
    const guint epochs = trainer->session->run->settings.epochs;
    const double running = (double)(work_time(trainer) - trainer->epoch_started) / G_USEC_PER_SEC;
    double epoch_seconds;
    if (metrics->len > 0) {
        const guint n = MIN(metrics->len, RECENT_EPOCHS);
        const double last = g_array_index(metrics, RhEpochMetrics, metrics->len - 1).seconds;
        const double before =
            metrics->len > n ? g_array_index(metrics, RhEpochMetrics, metrics->len - 1 - n).seconds : 0;
        epoch_seconds = (last - before) / n;
    } else if (step >= STEPS_TO_TELL)
        epoch_seconds = running * steps / step;
    else
        return NAN;
    return fmax(0, (epochs - metrics->len) * epoch_seconds - running);
}

static void report_step(RhTrainer *trainer, guint step, guint steps, const RhLosses *losses)
{
    const gint64 now = g_get_monotonic_time();
    if (trainer->listener.step == NULL || now - trainer->last_report < REPORT_INTERVAL)
        return;
    trainer->last_report = now;
    const double running = (double)(work_time(trainer) - trainer->epoch_started) / G_USEC_PER_SEC;
    const RhTrainingProgress progress = {
        .epoch = trainer->session->run->metrics->len,
        .epochs = trainer->session->run->settings.epochs,
        .step = step,
        .steps = steps,
        .losses = *losses,
        .seconds_left = seconds_left(trainer, step, steps),
        .images_per_second = running > 0 ? (double)trainer->images / running : 0,
    };
    trainer->listener.step(&progress, trainer->listener_data);
}

/* The steps of an epoch. FALSE: stopped. */
static gboolean run_steps(RhTrainer *trainer, RhEpochSums *sums)
{
    RhSession *session = trainer->session;
    const guint steps = rh_batches_steps(session->batches);
    rh_batches_begin(session->batches, trainer->epoch);
    trainer->epoch_started = work_time(trainer);
    trainer->images = 0;
    for (guint step = 0; step < steps; step++) {
        if (!go_on(trainer))
            return FALSE;
        RhLosses losses;
        trainer->images += rh_session_step(session, step, sums, &losses);
        report_step(trainer, step + 1, steps, &losses);
    }
    return TRUE;
}

/* TRUE also when stopped; `completed` tells. */
static gboolean train(RhTrainer *trainer, gboolean *completed, GError **error)
{
    RhSession *session = trainer->session;
    const GArray *metrics = session->run->metrics;
    if (metrics->len > 0)
        trainer->earlier_seconds = g_array_index(metrics, RhEpochMetrics, metrics->len - 1).seconds;
    trainer->started = g_get_monotonic_time();
    while (!rh_run_is_complete(&session->run->settings, metrics)) {
        RhEpochSums sums = {0};
        gboolean best = FALSE;
        trainer->epoch = metrics->len + 1;
        if (!run_steps(trainer, &sums))
            return rh_writer_flush(session->writer, error);
        RhEpochMetrics row = rh_session_measure(session, trainer->epoch, &sums);
        row.seconds = trainer->earlier_seconds + (double)work_time(trainer) / G_USEC_PER_SEC;
        if (!rh_session_close_epoch(session, &row, &best, error))
            return FALSE;
        if (trainer->listener.epoch != NULL)
            trainer->listener.epoch(&row, best, trainer->listener_data);
    }
    *completed = rh_session_finish(session, error);
    return *completed;
}

static void train_and_profile(RhTrainer *trainer, gboolean *completed, GError **error)
{
    RhStepper *stepper = trainer->session->stepper;
    guint64 before = rh_stepper_steps(stepper);
    if (trainer->listener.profile != NULL)
        rh_stepper_profile_begin(stepper);
    train(trainer, completed, error);
    if (trainer->listener.profile != NULL)
        trainer->listener.profile(rh_stepper_profile(stepper), rh_stepper_steps(stepper) - before,
                                  trainer->listener_data);
}

/* What is told at the run when nobody is there to read it; a run that cannot keep it has been told of. */
static void note_trouble(const RhTrainer *trainer, const GError *reason)
{
    g_autoptr(RhRun) run = rh_run_open(trainer->folder, NULL);
    if (run != NULL)
        rh_run_note_trouble(run, reason->message, NULL);
}

gboolean rh_trainer_run(RhTrainer *trainer, GError **error)
{
    g_autoptr(GError) reason = NULL;
    gboolean completed = FALSE;
    trainer->session =
        rh_session_new(trainer->folder, trainer->samples, trainer->kernels, trainer->threads, &reason);
    if (trainer->session != NULL)
        train_and_profile(trainer, &completed, &reason);
    g_clear_pointer(&trainer->session, rh_session_free);
    if (reason != NULL)
        note_trouble(trainer, reason);
    if (trainer->listener.finished != NULL)
        trainer->listener.finished(completed, reason, trainer->listener_data);
    if (reason == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

static gpointer thread_main(gpointer data)
{
    rh_trainer_run(data, NULL);
    return NULL;
}

void rh_trainer_start(RhTrainer *trainer)
{
    g_assert(trainer->thread == NULL);
    trainer->thread = g_thread_new("rh-trainer", thread_main, trainer);
}
