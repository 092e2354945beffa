/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/live-training.h"

#include "model/training-task.h"
#include "study/run-settings.h"

/* A training may take about this long, so that with saving the mask before and scoring after it the answer is
 * there within five seconds of a stroke, also while the window needs some of the processors' time. */
#define TRAINING_SECONDS 2.5

/* What is wished for. */
typedef struct {
    guint64 generation; /* grows when the study is another: results of the one before are not wanted */
    RhStudy *study;     /* a copy; the thread takes it */
    gboolean on, held;
    RhRunSettings settings; /* method NULL: none yet */
    GHashTable *masks;      /* set of ids whose masks are to be read again */
} Wish;

/* What belongs to the thread. */
typedef struct {
    guint64 generation;
    RhStudy *study;
    RhSamples *samples;
    GHashTable *places; /* id → place in the samples + 1 */
    RhRunSettings settings;
    guint epochs;        /* every training's; 0: the first has not shown how many there is time for */
    gboolean outdated;   /* the masks of training images are others than in the last result, */
    gboolean resettled;  /* or the settings are; */
    gboolean has_failed; /* nothing has changed since it could not be trained */
} Worker;

struct _RhLiveTraining {
    GObject parent_instance;
    char *name;
    RhLiveState state;
    guint epoch, epochs;
    GThread *thread;
    GMutex lock; /* guards what follows */
    GCond changed;
    gboolean quit;
    Wish wish;
    guint64 revision;          /* grows with every change of the wish */
    GCancellable *cancellable; /* of the training under way */
};

G_DEFINE_FINAL_TYPE(RhLiveTraining, rh_live_training, G_TYPE_OBJECT)

enum { CHANGED, RESULT, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ── From the thread to the main loop ── */

typedef struct {
    RhLiveTraining *live;
    guint64 generation;
    RhLiveState state;
    guint epoch, epochs;
    RhLiveResult result; /* run NULL: none */
    char *failure;
} Parcel;

static void parcel_free(gpointer data)
{
    Parcel *parcel = data;
    g_clear_pointer(&parcel->result.run, rh_run_free);
    g_free(parcel->result.shift);
    g_clear_pointer(&parcel->result.weights, rh_parameters_unref);
    g_free(parcel->failure);
    g_object_unref(parcel->live);
    g_free(parcel);
}

static gboolean deliver(gpointer data)
{
    Parcel *parcel = data;
    RhLiveTraining *self = parcel->live;
    if (parcel->generation != self->wish.generation) /* changed by the main loop only */
        return G_SOURCE_REMOVE;
    self->state = parcel->state;
    self->epoch = parcel->epoch;
    self->epochs = parcel->epochs;
    if (parcel->failure != NULL)
        g_signal_emit(self, signals[FAILED], 0, parcel->failure);
    else if (parcel->result.run != NULL)
        g_signal_emit(self, signals[RESULT], 0, &parcel->result);
    else
        g_signal_emit(self, signals[CHANGED], 0);
    return G_SOURCE_REMOVE;
}

static Parcel *parcel_new(RhLiveTraining *self, const Worker *worker, RhLiveState state)
{
    Parcel *parcel = g_new0(Parcel, 1);
    parcel->live = g_object_ref(self);
    parcel->generation = worker->generation;
    parcel->state = state;
    return parcel;
}

static void send(Parcel *parcel)
{
    g_idle_add_full(G_PRIORITY_DEFAULT, deliver, parcel, parcel_free);
}

/* ── On the thread ── */

static void clear_samples(Worker *worker)
{
    g_clear_pointer(&worker->study, rh_study_free);
    g_clear_pointer(&worker->samples, rh_samples_unref);
    g_clear_pointer(&worker->places, g_hash_table_unref);
    worker->epochs = 0;
    worker->settings.method = NULL;
    worker->outdated = worker->has_failed = FALSE;
}

static gboolean load_samples(RhLiveTraining *self, Worker *worker, GCancellable *cancellable, GError **error)
{
    if (worker->samples != NULL)
        return TRUE;
    send(parcel_new(self, worker, RH_LIVE_LOADING));
    worker->samples = rh_study_load_samples(worker->study, NULL, NULL, NULL, cancellable, error);
    if (worker->samples == NULL)
        return FALSE;
    worker->places = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < worker->samples->count; i++)
        g_hash_table_insert(worker->places, worker->samples->ids[i], GUINT_TO_POINTER(i + 1));
    return TRUE;
}

/* Reads the masks that changed. TRUE if one of them counts in training. */
static gboolean read_masks(Worker *worker, GHashTable *masks)
{
    gboolean count = FALSE;
    GHashTableIter iterator;
    gpointer id;
    g_hash_table_iter_init(&iterator, masks);
    while (g_hash_table_iter_next(&iterator, &id, NULL)) {
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(worker->places, id));
        if (place > 0 && rh_study_reload_mask(worker->study, worker->samples, place - 1, NULL))
            count |= worker->samples->splits[place - 1] == RH_SPLIT_TRAINING;
    }
    return count;
}

typedef struct {
    RhLiveTraining *live;
    const Worker *worker;
} Teller;

static void tell_epoch(const RhEpochMetrics *metrics, guint epochs, gpointer data)
{
    const Teller *teller = data;
    Parcel *parcel = parcel_new(teller->live, teller->worker, RH_LIVE_RETRAINING);
    parcel->epoch = metrics->epoch;
    parcel->epochs = epochs;
    send(parcel);
}

/* One processor is the window's, where there are two. */
static guint training_threads(void)
{
    return MAX(g_get_num_processors(), 2) - 1;
}

static gboolean train(RhLiveTraining *self, Worker *worker, GCancellable *cancellable, GError **error)
{
    gint64 begun = g_get_monotonic_time();
    RhRunSettings settings = worker->settings;
    Teller teller = {self, worker};
    if (worker->epochs > 0)
        settings.epochs = worker->epochs;
    g_autoptr(RhQuickRun) quick =
        rh_quick_train(worker->study, &settings, self->name, worker->samples, training_threads(),
                       worker->epochs > 0 ? 0 : TRAINING_SECONDS, tell_epoch, &teller, cancellable, error);
    if (quick == NULL)
        return FALSE;
    Parcel *parcel = parcel_new(self, worker, RH_LIVE_DONE);
    worker->epochs = quick->run->settings.epochs;
    parcel->result = (RhLiveResult){
        .shift = rh_run_shift(quick->run),
        .weights = g_steal_pointer(&quick->weights),
        .masks_only = !worker->resettled,
    };
    parcel->result.run = g_steal_pointer(&quick->run);
    parcel->result.seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
    worker->outdated = worker->resettled = FALSE;
    send(parcel);
    return TRUE;
}

static void fail(RhLiveTraining *self, Worker *worker, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* another wish is waiting */
    worker->has_failed = TRUE;
    Parcel *parcel = parcel_new(self, worker, RH_LIVE_DONE);
    parcel->failure = g_strdup(error->message);
    send(parcel);
}

static gboolean are_equal(const RhRunSettings *a, const RhRunSettings *b)
{
    return a->seed == b->seed && rh_run_settings_alike(a, b);
}

/* Takes what is new of the wish; with the lock held. The ids of masks to be read are handed over. */
static GHashTable *take_wish(Wish *wish, Worker *worker)
{
    if (worker->generation != wish->generation) {
        clear_samples(worker);
        worker->generation = wish->generation;
        worker->study = g_steal_pointer(&wish->study);
    }
    gboolean known = worker->settings.method != NULL;
    if (wish->settings.method != NULL && (!known || !are_equal(&worker->settings, &wish->settings))) {
        worker->settings = wish->settings;
        worker->epochs = 0;
        worker->resettled = TRUE;
        worker->has_failed = FALSE;
    }
    GHashTable *masks = wish->masks;
    wish->masks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return masks;
}

static void work_once(RhLiveTraining *self, Worker *worker, GHashTable *masks, gboolean held,
                      GCancellable *cancellable)
{
    g_autoptr(GError) error = NULL;
    if (worker->study == NULL || worker->settings.method == NULL)
        return;
    if (!load_samples(self, worker, cancellable, &error)) {
        fail(self, worker, error);
        return;
    }
    gboolean counts = read_masks(worker, masks) && rh_method_uses_masks(worker->settings.method);
    if (counts) {
        worker->outdated = TRUE;
        worker->has_failed = FALSE;
    } else if (g_hash_table_size(masks) > 0 && !worker->outdated && !worker->resettled)
        send(parcel_new(self, worker, RH_LIVE_UNTOUCHED));
    if ((!worker->outdated && !worker->resettled) || worker->has_failed)
        return;
    if (held)
        send(parcel_new(self, worker, RH_LIVE_HELD));
    else if (!train(self, worker, cancellable, &error))
        fail(self, worker, error);
}

static gpointer work(gpointer data)
{
    RhLiveTraining *self = data;
    Worker worker = {0};
    rh_training_give_way();
    g_mutex_lock(&self->lock);
    while (!self->quit) {
        guint64 revision = self->revision;
        gboolean held = self->wish.held;
        g_autoptr(GHashTable) masks = take_wish(&self->wish, &worker);
        g_clear_object(&self->cancellable);
        self->cancellable = g_cancellable_new();
        g_autoptr(GCancellable) cancellable = g_object_ref(self->cancellable);
        g_mutex_unlock(&self->lock);
        work_once(self, &worker, masks, held, cancellable);
        g_mutex_lock(&self->lock);
        while (!self->quit && revision == self->revision)
            g_cond_wait(&self->changed, &self->lock);
    }
    g_mutex_unlock(&self->lock);
    clear_samples(&worker);
    return NULL;
}

/* ── For the window ── */

static void begin_change(RhLiveTraining *self)
{
    g_mutex_lock(&self->lock);
    self->revision++;
    g_cancellable_cancel(self->cancellable);
}

static void end_change(RhLiveTraining *self)
{
    g_cond_signal(&self->changed);
    g_mutex_unlock(&self->lock);
}

void rh_live_training_set_study(RhLiveTraining *self, const RhStudy *study)
{
    if (study == NULL && !self->wish.on)
        return;
    begin_change(self);
    self->wish.generation++;
    self->wish.on = study != NULL;
    g_clear_pointer(&self->wish.study, rh_study_free);
    self->wish.study = study != NULL ? rh_study_copy(study) : NULL;
    self->wish.settings.method = NULL;
    g_hash_table_remove_all(self->wish.masks);
    end_change(self);
    self->state = study != NULL ? RH_LIVE_LOADING : RH_LIVE_OFF;
    g_signal_emit(self, signals[CHANGED], 0);
}

void rh_live_training_set_settings(RhLiveTraining *self, const RhRunSettings *settings)
{
    if (!self->wish.on || (self->wish.settings.method != NULL && are_equal(&self->wish.settings, settings)))
        return;
    begin_change(self);
    self->wish.settings = *settings;
    end_change(self);
}

void rh_live_training_mask_saved(RhLiveTraining *self, const char *id)
{
    if (!self->wish.on)
        return;
    begin_change(self);
    g_hash_table_add(self->wish.masks, g_strdup(id));
    end_change(self);
}

void rh_live_training_hold(RhLiveTraining *self, gboolean held)
{
    if (self->wish.held == !!held)
        return;
    begin_change(self);
    self->wish.held = !!held;
    end_change(self);
}

RhLiveState rh_live_training_get_state(RhLiveTraining *self)
{
    return self->state;
}

void rh_live_training_get_progress(RhLiveTraining *self, guint *epoch, guint *epochs)
{
    *epoch = self->epoch;
    *epochs = self->epochs;
}

RhLiveTraining *rh_live_training_new(const char *name)
{
    RhLiveTraining *self = g_object_new(RH_TYPE_LIVE_TRAINING, NULL);
    self->name = g_strdup(name);
    self->thread = g_thread_new("live-training", work, self);
    return self;
}

static void dispose(GObject *object)
{
    RhLiveTraining *self = RH_LIVE_TRAINING(object);
    if (self->thread != NULL) {
        begin_change(self);
        self->quit = TRUE;
        end_change(self);
        g_thread_join(g_steal_pointer(&self->thread));
    }
    g_clear_pointer(&self->wish.study, rh_study_free);
    g_clear_object(&self->cancellable);
    G_OBJECT_CLASS(rh_live_training_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhLiveTraining *self = RH_LIVE_TRAINING(object);
    g_hash_table_unref(self->wish.masks);
    g_free(self->name);
    g_cond_clear(&self->changed);
    g_mutex_clear(&self->lock);
    G_OBJECT_CLASS(rh_live_training_parent_class)->finalize(object);
}

static void rh_live_training_class_init(RhLiveTrainingClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    signals[CHANGED] = g_signal_new("changed", RH_TYPE_LIVE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
    signals[RESULT] = g_signal_new("result", RH_TYPE_LIVE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[FAILED] = g_signal_new("failed", RH_TYPE_LIVE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void rh_live_training_init(RhLiveTraining *self)
{
    g_mutex_init(&self->lock);
    g_cond_init(&self->changed);
    self->cancellable = g_cancellable_new();
    self->wish.masks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}
