/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/training-task.h"

#include <glib/gi18n.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/duration.h"
#include "study/data-identity.h"
#include "study/run-kernels.h"

/* How far the training threads stand behind the window's own for the processor. */
#define NICENESS 5

struct _RhTrainingTask {
    GObject parent_instance;
    RhStudy *study; /* a copy for the training thread */
    RhRunSettings settings;
    char *resumed_folder;
    gboolean any_kernels;
    GCancellable *cancellable;
    RhTrainingState state;
    RhTrainingProgress progress;
    guint loaded, to_load;
    GPtrArray *notes;      /* written by the thread, read when it has ended */
    RhRun *run_for_window; /* handed over with "run-created" */
    gboolean completed;    /* of the training thread */
    GThread *thread;
    GMutex lock; /* guards the trainer, which belongs to the training thread */
    RhTrainer *trainer;
};

G_DEFINE_FINAL_TYPE(RhTrainingTask, rh_training_task, G_TYPE_OBJECT)

enum { CHANGED, RUN_CREATED, EPOCH, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ── From the training thread to the main loop ── */

typedef enum { EVENT_LOADED, EVENT_CREATED, EVENT_STEP, EVENT_EPOCH, EVENT_ENDED } EventKind;

typedef struct {
    EventKind kind;
    RhTrainingTask *training;
    guint done, total;
    RhRun *run;
    RhTrainingProgress progress;
    RhEpochMetrics metrics;
    gboolean best;
    GError *error;
} Event;

static void event_free(gpointer data)
{
    Event *event = data;
    g_clear_pointer(&event->run, rh_run_free);
    g_clear_error(&event->error);
    g_object_unref(event->training);
    g_free(event);
}

static void created(RhTrainingTask *self, RhRun *run)
{
    self->progress.epochs = run->settings.epochs;
    self->progress.epoch = run->metrics->len;
    self->run_for_window = run;
    if (self->state == RH_TRAINING_LOADING)
        self->state = RH_TRAINING_RUNNING;
    g_signal_emit(self, signals[RUN_CREATED], 0);
    g_signal_emit(self, signals[CHANGED], 0);
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
    case EVENT_CREATED:
        created(self, g_steal_pointer(&event->run));
        break;
    case EVENT_STEP:
        self->progress = event->progress;
        g_signal_emit(self, signals[CHANGED], 0);
        break;
    case EVENT_EPOCH:
        self->progress.epoch = event->metrics.epoch;
        g_signal_emit(self, signals[EPOCH], 0, &event->metrics, event->best);
        break;
    case EVENT_ENDED:
        self->state = RH_TRAINING_ENDED;
        g_signal_emit(self, signals[CHANGED], 0);
        g_signal_emit(self, signals[ENDED], 0, self->completed, event->error);
        g_object_unref(self); /* the thread's */
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
    RH_TRAINING_TASK(data)->completed = completed;
}

/* ── On the training thread ── */

/* Threads made from here on inherit it: however hard they work, the window gets the processor when it wants
 * it. */
void rh_training_give_way(void)
{
    setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
}

/* A processor is left to the window where there are enough; of two it gets what it wants because the training
 * gives way. */
guint rh_training_threads(void)
{
    guint processors = g_get_num_processors();
    return processors > 2 ? processors - 1 : processors;
}

static RhRun *open_or_create_run(RhTrainingTask *self, GError **error)
{
    if (self->resumed_folder != NULL)
        return rh_run_open(self->resumed_folder, error);
    return rh_run_create(self->study, &self->settings, NULL, error);
}

static void set_trainer(RhTrainingTask *self, RhTrainer *trainer)
{
    g_mutex_lock(&self->lock);
    self->trainer = trainer;
    g_mutex_unlock(&self->lock);
}

static void run_trainer(RhTrainingTask *self, RhTrainer *trainer, GError **error)
{
    static const RhTrainerListener listener = {.step = on_step, .epoch = on_epoch, .finished = on_finished};
    rh_trainer_set_listener(trainer, &listener, self);
    set_trainer(self, trainer);
    if (!g_cancellable_is_cancelled(self->cancellable)) /* stopped before there was a trainer to stop */
        rh_trainer_run(trainer, error);
    set_trainer(self, NULL);
}

/* Told at the run too, for whoever comes back after a night. */
static void note_trouble(RhTrainingTask *self, const GError *error)
{
    g_autoptr(RhRun) run = self->resumed_folder != NULL ? rh_run_open(self->resumed_folder, NULL) : NULL;
    if (run != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        rh_run_note_trouble(run, error->message, NULL);
}

static RhSamples *load(RhTrainingTask *self, GError **error)
{
    GError *reason = NULL;
    RhSamples *samples =
        rh_study_load_samples(self->study, self->notes, on_loaded, self, self->cancellable, &reason);
    if (samples == NULL) {
        note_trouble(self, reason);
        g_propagate_error(error, reason);
    } else {
        g_free(rh_study_keep_images_hash(self->study, samples));
    }
    return samples;
}

static void load_and_train(RhTrainingTask *self, GError **error)
{
    g_autoptr(RhSamples) samples = load(self, error);
    if (samples == NULL || g_cancellable_set_error_if_cancelled(self->cancellable, error))
        return;
    g_autoptr(RhRun) run = open_or_create_run(self, error);
    const RhKernels *kernels = run != NULL ? rh_run_kernels(run, self->any_kernels, error) : NULL;
    g_autoptr(RhTrainer) trainer =
        kernels != NULL ? rh_trainer_new(run, samples, kernels, rh_training_threads(), error) : NULL;
    if (trainer == NULL)
        return;
    Event *event = event_new(self, EVENT_CREATED);
    event->run = rh_run_open(run->folder, error);
    if (event->run == NULL) {
        event_free(event);
        return;
    }
    send(event);
    run_trainer(self, trainer, error);
}

static gpointer training_thread(gpointer data)
{
    RhTrainingTask *self = data;
    GError *error = NULL;
    rh_training_give_way();
    load_and_train(self, &error);
    g_clear_pointer(&self->study, rh_study_free);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_clear_error(&error);
    Event *event = event_new(self, EVENT_ENDED);
    event->error = error;
    send(event);
    return NULL;
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

RhTrainingTask *rh_training_task_new_resumed(const RhStudy *study, const char *run_folder,
                                             gboolean any_kernels)
{
    RhTrainingTask *self = training_new(study);
    self->resumed_folder = g_strdup(run_folder);
    self->any_kernels = any_kernels;
    return self;
}

void rh_training_task_begin(RhTrainingTask *self)
{
    self->thread = g_thread_new("training", training_thread, g_object_ref(self));
}

/* Tells the trainer, if there is one, and shows the new state. */
static void tell(RhTrainingTask *self, void (*command)(RhTrainer *), RhTrainingState state)
{
    g_mutex_lock(&self->lock);
    if (self->trainer != NULL)
        command(self->trainer);
    g_mutex_unlock(&self->lock);
    self->state = state;
    g_signal_emit(self, signals[CHANGED], 0);
}

void rh_training_task_pause(RhTrainingTask *self)
{
    if (self->state == RH_TRAINING_RUNNING)
        tell(self, rh_trainer_pause, RH_TRAINING_PAUSED);
}

void rh_training_task_resume(RhTrainingTask *self)
{
    if (self->state == RH_TRAINING_PAUSED)
        tell(self, rh_trainer_resume, RH_TRAINING_RUNNING);
}

void rh_training_task_stop(RhTrainingTask *self)
{
    if (self->state == RH_TRAINING_STOPPING || self->state == RH_TRAINING_ENDED)
        return;
    g_cancellable_cancel(self->cancellable);
    tell(self, rh_trainer_stop, RH_TRAINING_STOPPING);
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
    g_autofree char *left = rh_duration_text(progress->seconds_left);
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

static void finalize(GObject *object)
{
    RhTrainingTask *self = RH_TRAINING_TASK(object);
    if (self->thread != NULL)
        g_thread_join(self->thread); /* at its end: its last event has been delivered */
    g_clear_pointer(&self->study, rh_study_free);
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
