/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training-task.h"

#include <glib/gi18n.h>
#include <math.h>

#include "text.h"

struct _RhTrainingTask {
    GObject parent_instance;
    RhStudy *study; /* a copy for the loading thread */
    RhRunSettings settings;
    char *resumed_folder;
    GCancellable *cancellable;
    RhTrainingState state;
    RhTrainingProgress progress;
    guint loaded, to_load;
    GPtrArray *notes;
    RhRun *run_for_window;
    RhRun *run; /* the trainer's own */
    RhSamples *samples;
    GMutex lock; /* guards trainer against rh_training_task_snapshot */
    RhTrainer *trainer;
};

G_DEFINE_FINAL_TYPE(RhTrainingTask, rh_training_task, G_TYPE_OBJECT)

enum { CHANGED, RUN_CREATED, EPOCH, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ── From the training thread to the main loop ── */

typedef enum { EVENT_LOADED, EVENT_STEP, EVENT_EPOCH, EVENT_FINISHED } EventKind;

typedef struct {
    EventKind kind;
    RhTrainingTask *training;
    guint done, total;
    RhTrainingProgress progress;
    RhEpochMetrics metrics;
    gboolean best, completed;
    GError *error;
} Event;

static void event_free(gpointer data)
{
    Event *event = data;
    g_object_unref(event->training);
    g_clear_error(&event->error);
    g_free(event);
}

static void put_away(RhTrainingTask *self);

static void end(RhTrainingTask *self, gboolean completed, const GError *error)
{
    if (self->state == RH_TRAINING_ENDED)
        return;
    self->state = RH_TRAINING_ENDED;
    put_away(self);
    g_signal_emit(self, signals[CHANGED], 0);
    g_signal_emit(self, signals[ENDED], 0, completed, error);
    g_object_unref(self);
}

static gboolean deliver(gpointer data)
{
    Event *event = data;
    RhTrainingTask *self = event->training;
    switch (event->kind) {
    case EVENT_LOADED:
        self->loaded = event->done;
        self->to_load = event->total;
        g_signal_emit(self, signals[CHANGED], 0);
        break;
    case EVENT_STEP:
        self->progress = event->progress;
        g_signal_emit(self, signals[CHANGED], 0);
        break;
    case EVENT_EPOCH:
        self->progress.epoch = event->metrics.epoch;
        g_signal_emit(self, signals[EPOCH], 0, &event->metrics, event->best);
        break;
    case EVENT_FINISHED:
        end(self, event->completed, event->error);
        break;
    }
    return G_SOURCE_REMOVE;
}

static Event *event_new(RhTrainingTask *self, EventKind kind)
{
    Event *event = g_new0(Event, 1);
    event->kind = kind;
    event->training = g_object_ref(self);
    return event;
}

static void send(Event *event)
{
    g_idle_add_full(G_PRIORITY_DEFAULT, deliver, event, event_free);
}

static void on_loaded(guint done, guint total, gpointer data)
{
    if (done % 16 != 0 && done != total)
        return;
    Event *event = event_new(data, EVENT_LOADED);
    event->done = done;
    event->total = total;
    send(event);
}

static void on_step(const RhTrainingProgress *progress, gpointer data)
{
    Event *event = event_new(data, EVENT_STEP);
    event->progress = *progress;
    send(event);
}

static void on_epoch(const RhEpochMetrics *metrics, gboolean best, gpointer data)
{
    Event *event = event_new(data, EVENT_EPOCH);
    event->metrics = *metrics;
    event->best = best;
    send(event);
}

static void on_finished(gboolean completed, const GError *error, gpointer data)
{
    Event *event = event_new(data, EVENT_FINISHED);
    event->completed = completed;
    event->error = error != NULL ? g_error_copy(error) : NULL;
    send(event);
}

/* ── Beginning and end, on worker threads ── */

static void load_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    RhTrainingTask *self = source;
    g_autoptr(GError) error = NULL;
    self->samples = rh_study_load_samples(self->study, self->notes, on_loaded, self, cancellable, &error);
    if (self->samples != NULL && !g_cancellable_set_error_if_cancelled(cancellable, &error))
        self->run = self->resumed_folder != NULL ? rh_run_open(self->resumed_folder, &error)
                                                 : rh_run_create(self->study, &self->settings, NULL, &error);
    if (self->run != NULL)
        self->run_for_window = rh_run_open(self->run->folder, &error);
    RhTrainer *trainer = NULL;
    if (self->run_for_window != NULL)
        trainer = rh_trainer_new(self->run, self->samples, 0, &error);
    if (trainer != NULL)
        g_task_return_pointer(task, trainer, (GDestroyNotify)rh_trainer_free);
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

static void loaded(GObject *source, GAsyncResult *result, gpointer data)
{
    RhTrainingTask *self = RH_TRAINING_TASK(source);
    g_autoptr(GError) error = NULL;
    RhTrainer *trainer = g_task_propagate_pointer(G_TASK(result), &error);
    if (trainer == NULL) {
        gboolean stopped = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        end(self, FALSE, stopped ? NULL : error);
        return;
    }
    static const RhTrainerListener listener = {on_step, on_epoch, on_finished};
    rh_trainer_set_listener(trainer, &listener, self);
    g_mutex_lock(&self->lock);
    self->trainer = trainer;
    g_mutex_unlock(&self->lock);
    self->progress.epochs = self->run->settings.epochs;
    self->progress.epoch = self->run->metrics->len;
    self->progress.seconds_left = NAN;
    self->state = RH_TRAINING_RUNNING;
    g_signal_emit(self, signals[RUN_CREATED], 0);
    g_signal_emit(self, signals[CHANGED], 0);
    rh_trainer_start(trainer);
}

typedef struct {
    RhTrainer *trainer;
    RhRun *run;
    RhSamples *samples;
    RhStudy *study;
} Remains;

static void put_away_in_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Remains *remains = task_data;
    g_clear_pointer(&remains->trainer, rh_trainer_free);
    g_clear_pointer(&remains->run, rh_run_free);
    g_clear_pointer(&remains->samples, rh_samples_unref);
    g_clear_pointer(&remains->study, rh_study_free);
    g_task_return_boolean(task, TRUE);
}

/* Joining the trainer's thread and freeing its memory takes longer than a frame. */
static void put_away(RhTrainingTask *self)
{
    Remains *remains = g_new0(Remains, 1);
    g_mutex_lock(&self->lock);
    remains->trainer = g_steal_pointer(&self->trainer);
    g_mutex_unlock(&self->lock);
    remains->run = g_steal_pointer(&self->run);
    remains->samples = g_steal_pointer(&self->samples);
    remains->study = g_steal_pointer(&self->study);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, NULL, NULL);
    g_task_set_task_data(task, remains, g_free);
    g_task_run_in_thread(task, put_away_in_thread);
}

/* ── For the window ── */

static RhTrainingTask *training_new(const RhStudy *study)
{
    RhTrainingTask *self = g_object_new(RH_TYPE_TRAINING_TASK, NULL);
    self->study = rh_study_copy(study);
    return self;
}

RhTrainingTask *rh_training_task_new(const RhStudy *study, const RhRunSettings *settings)
{
    RhTrainingTask *self = training_new(study);
    self->settings = *settings;
    return self;
}

RhTrainingTask *rh_training_task_new_resumed(const RhStudy *study, const char *run_folder)
{
    RhTrainingTask *self = training_new(study);
    self->resumed_folder = g_strdup(run_folder);
    return self;
}

void rh_training_task_begin(RhTrainingTask *self)
{
    g_object_ref(self); /* until it has ended */
    g_autoptr(GTask) task = g_task_new(self, self->cancellable, loaded, NULL);
    g_task_run_in_thread(task, load_in_thread);
}

void rh_training_task_pause(RhTrainingTask *self)
{
    if (self->state != RH_TRAINING_RUNNING)
        return;
    rh_trainer_pause(self->trainer);
    self->state = RH_TRAINING_PAUSED;
    g_signal_emit(self, signals[CHANGED], 0);
}

void rh_training_task_resume(RhTrainingTask *self)
{
    if (self->state != RH_TRAINING_PAUSED)
        return;
    rh_trainer_resume(self->trainer);
    self->state = RH_TRAINING_RUNNING;
    g_signal_emit(self, signals[CHANGED], 0);
}

void rh_training_task_stop(RhTrainingTask *self)
{
    if (self->state == RH_TRAINING_STOPPING || self->state == RH_TRAINING_ENDED)
        return;
    if (self->trainer != NULL)
        rh_trainer_stop(self->trainer);
    else
        g_cancellable_cancel(self->cancellable);
    self->state = RH_TRAINING_STOPPING;
    g_signal_emit(self, signals[CHANGED], 0);
}

RhTrainingState rh_training_task_get_state(RhTrainingTask *self)
{
    return self->state;
}

const RhTrainingProgress *rh_training_task_get_progress(RhTrainingTask *self)
{
    return &self->progress;
}

void rh_training_task_get_loaded(RhTrainingTask *self, guint *done, guint *total)
{
    *done = self->loaded;
    *total = self->to_load;
}

char *rh_training_task_describe(RhTrainingTask *self)
{
    const RhTrainingProgress *progress = &self->progress;
    guint running = MIN(progress->epoch + 1, progress->epochs);
    switch (self->state) {
    case RH_TRAINING_LOADING:
        return self->to_load > 0 ? g_strdup_printf(_("Reading image %u of %u"), self->loaded, self->to_load)
                                 : g_strdup(_("Reading images"));
    case RH_TRAINING_PAUSED:
        return g_strdup_printf(_("Paused in epoch %u of %u"), running, progress->epochs);
    case RH_TRAINING_STOPPING:
        return g_strdup(_("Stopping"));
    case RH_TRAINING_RUNNING:
    case RH_TRAINING_ENDED:
        break;
    }
    if (!isfinite(progress->seconds_left))
        return g_strdup_printf(_("Epoch %u of %u"), running, progress->epochs);
    g_autofree char *left = rh_text_duration(progress->seconds_left);
    return g_strdup_printf(_("Epoch %u of %u · %s left"), running, progress->epochs, left);
}

GPtrArray *rh_training_task_get_notes(RhTrainingTask *self)
{
    return self->notes;
}

RhRun *rh_training_task_take_run(RhTrainingTask *self)
{
    return g_steal_pointer(&self->run_for_window);
}

RhSnapshot *rh_training_task_snapshot(RhTrainingTask *self)
{
    g_mutex_lock(&self->lock);
    RhSnapshot *snapshot = self->trainer != NULL ? rh_trainer_snapshot(self->trainer) : NULL;
    g_mutex_unlock(&self->lock);
    return snapshot;
}

static void dispose(GObject *object)
{
    RhTrainingTask *self = RH_TRAINING_TASK(object);
    if (self->study != NULL)
        put_away(self);
    G_OBJECT_CLASS(rh_training_task_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhTrainingTask *self = RH_TRAINING_TASK(object);
    g_clear_pointer(&self->run_for_window, rh_run_free);
    g_clear_pointer(&self->notes, g_ptr_array_unref);
    g_clear_pointer(&self->resumed_folder, g_free);
    g_clear_object(&self->cancellable);
    g_mutex_clear(&self->lock);
    G_OBJECT_CLASS(rh_training_task_parent_class)->finalize(object);
}

static void rh_training_task_class_init(RhTrainingTaskClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    signals[CHANGED] = g_signal_new("changed", RH_TYPE_TRAINING_TASK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
    signals[RUN_CREATED] = g_signal_new("run-created", RH_TYPE_TRAINING_TASK, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
    signals[EPOCH] = g_signal_new("epoch", RH_TYPE_TRAINING_TASK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
    signals[ENDED] = g_signal_new("ended", RH_TYPE_TRAINING_TASK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_POINTER);
}

static void rh_training_task_init(RhTrainingTask *self)
{
    self->cancellable = g_cancellable_new();
    self->notes = g_ptr_array_new_with_free_func(g_free);
    self->progress.seconds_left = NAN;
    g_mutex_init(&self->lock);
}
