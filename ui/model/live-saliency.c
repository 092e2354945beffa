/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/live-saliency.h"

#include <glib/gi18n.h>
#include <math.h>

#include "nn/weights.h"

/* While a network trains, a map may take about this long, so that the cores stay the trainer's; … */
#define LIVE_SECONDS 0.05
/* … where that is less than this share of the full map, it may take longer, … */
#define LIVE_EFFORT_WISHED 0.25
#define LIVE_SECONDS_MOST  0.2
/* … and it is never coarser than this; … */
#define LIVE_EFFORT_LEAST (1.0 / 25)
/* … the next begins after five times what the last one took, so that a core is the trainer's for four fifths
 * of the time, within these bounds. */
#define LIVE_INTERVAL_LEAST (100 * G_TIME_SPAN_MILLISECOND)
#define LIVE_INTERVAL_MOST  (900 * G_TIME_SPAN_MILLISECOND)
/* How often a trainer is asked for something newer. */
#define LOOK_INTERVAL (25 * G_TIME_SPAN_MILLISECOND)
/* Without a training: above this a coarse map comes first. */
#define PATIENCE_SECONDS 0.25
#define EVALUATOR_BATCH  8
#define FOREVER          G_MAXINT64

/* What is to be computed. */
typedef struct {
    guint64 revision; /* grows with every change */
    guint64 source;   /* the revision in which the network last came from elsewhere, */
    guint64 picture;  /* and in which anything but the mask last changed */
    guint height, width;
    float *image;
    RhMask *mask;
    const RhMapKind *map;
    const RhNetworkKind *network;
    guint network_width;
    RhTrainingTask *training; /* or */
    RhParameters *parameters; /* never changed; or */
    char *weights;            /* the path of a weights file */
} Job;

/* What belongs to the thread. */
typedef struct {
    Job job;
    RhEvaluator *evaluator;
    const RhNetworkKind *network;
    guint network_width, height, width;
    gboolean pooled;
    RhPool *pool;
    guint64 loaded_source;  /* whose weights the evaluator has */
    RhSnapshot *snapshot;   /* likewise, in training */
    guint64 done_revision;  /* of the last finished map */
    float *map;             /* the last full map of a finished run, */
    guint64 map_picture;    /* of which picture, */
    double map_probability; /* with its prediction: a stroke changes the localisation alone */
    double full_seconds;    /* what the full map would take; 0: not known */
    guint64 timed_source;   /* for which source, */
    const RhMapKind *timed; /* and which map */
    gint64 begun;           /* the last live map */
    double interval;        /* between live maps, averaged, seconds; NaN */
} Worker;

struct _RhLiveSaliency {
    GObject parent_instance;
    GThread *thread;
    GMutex lock; /* guards what follows */
    GCond changed;
    gboolean quit;
    Job job;
    GCancellable *cancellable; /* of the map being computed */
};

G_DEFINE_FINAL_TYPE(RhLiveSaliency, rh_live_saliency, G_TYPE_OBJECT)

enum { RESULT, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ── Jobs ── */

static void job_clear(Job *job)
{
    g_clear_pointer(&job->image, g_free);
    g_clear_pointer(&job->mask, rh_mask_free);
    g_clear_object(&job->training);
    g_clear_pointer(&job->parameters, rh_parameters_unref);
    g_clear_pointer(&job->weights, g_free);
}

static void job_copy(Job *to, const Job *from)
{
    job_clear(to);
    *to = *from;
    to->image = g_memdup2(from->image, sizeof(float) * from->height * from->width);
    to->mask = from->mask != NULL ? rh_mask_ref(from->mask) : NULL;
    to->weights = g_strdup(from->weights);
    if (from->training != NULL)
        g_object_ref(from->training);
    if (from->parameters != NULL)
        rh_parameters_ref(from->parameters);
}

/* ── Handing over ── */

typedef struct {
    RhLiveSaliency *live;
    guint64 revision;
    RhSaliencyResult result;
    char *failure;
} Parcel;

static void parcel_free(gpointer data)
{
    Parcel *parcel = data;
    g_free(parcel->result.values);
    g_free(parcel->failure);
    g_object_unref(parcel->live);
    g_free(parcel);
}

static gboolean deliver(gpointer data)
{
    Parcel *parcel = data;
    if (parcel->revision != parcel->live->job.revision) /* changed by the main loop only */
        return G_SOURCE_REMOVE;
    if (parcel->failure != NULL)
        g_signal_emit(parcel->live, signals[FAILED], 0, parcel->failure);
    else
        g_signal_emit(parcel->live, signals[RESULT], 0, &parcel->result);
    return G_SOURCE_REMOVE;
}

/* Takes the result's values and the failure. */
static void hand_over(RhLiveSaliency *self, guint64 revision, const RhSaliencyResult *result, char *failure)
{
    Parcel *parcel = g_new0(Parcel, 1);
    parcel->live = g_object_ref(self);
    parcel->revision = revision;
    if (result != NULL)
        parcel->result = *result;
    parcel->failure = failure;
    g_idle_add_full(G_PRIORITY_DEFAULT, deliver, parcel, parcel_free);
}

/* ── The network ── */

static void prepare_evaluator(Worker *worker)
{
    const Job *job = &worker->job;
    gboolean pooled = job->training == NULL; /* in training the cores are the trainer's */
    if (worker->evaluator != NULL && worker->network == job->network &&
        worker->network_width == job->network_width && worker->height == job->height &&
        worker->width == job->width && worker->pooled == pooled)
        return;
    g_clear_pointer(&worker->evaluator, rh_evaluator_free);
    if (pooled && worker->pool == NULL)
        worker->pool = rh_pool_new(0);
    worker->evaluator = rh_evaluator_new(job->network, job->network_width, job->height, job->width,
                                         EVALUATOR_BATCH, NULL, pooled ? worker->pool : NULL);
    worker->network = job->network;
    worker->network_width = job->network_width;
    worker->height = job->height;
    worker->width = job->width;
    worker->pooled = pooled;
    worker->loaded_source = 0;
    g_clear_pointer(&worker->snapshot, rh_snapshot_unref);
}

static gboolean load_weights(Worker *worker, GError **error)
{
    if (worker->loaded_source == worker->job.source)
        return TRUE;
    if (worker->job.parameters != NULL) {
        rh_evaluator_set_parameters(worker->evaluator, worker->job.parameters);
        worker->loaded_source = worker->job.source;
        return TRUE;
    }
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(worker->job.weights, error);
    if (file == NULL)
        return FALSE;
    g_autoptr(RhNetwork) network = rh_network_new(worker->job.network, worker->job.network_width, RH_SINGLE);
    if (!rh_tensor_file_read_parameters(file, "", network->parameters, error))
        return FALSE;
    rh_evaluator_set_parameters(worker->evaluator, network->parameters);
    worker->loaded_source = worker->job.source;
    return TRUE;
}

/* FALSE if the trainer has nothing newer than what was shown. */
static gboolean take_snapshot(Worker *worker)
{
    g_autoptr(RhSnapshot) snapshot = rh_training_task_snapshot(worker->job.training);
    if (snapshot == NULL)
        return FALSE;
    gboolean same = worker->snapshot != NULL && worker->loaded_source == worker->job.source &&
                    worker->snapshot->step == snapshot->step;
    if (same)
        return worker->done_revision != worker->job.revision;
    rh_evaluator_set_parameters(worker->evaluator, snapshot->parameters);
    g_clear_pointer(&worker->snapshot, rh_snapshot_unref);
    worker->snapshot = g_steal_pointer(&snapshot);
    worker->loaded_source = worker->job.source;
    return TRUE;
}

/* ── The map ── */

static double choose_effort(const Worker *worker)
{
    const Job *job = &worker->job;
    if (job->map->coarsen == NULL)
        return 1;
    if (job->training == NULL && worker->done_revision == job->revision)
        return 1; /* the coarse one is there already */
    if (worker->timed_source != job->source || worker->timed != job->map)
        return LIVE_EFFORT_LEAST; /* not known how long it takes */
    double full = worker->full_seconds;
    double effort = (job->training != NULL ? LIVE_SECONDS : PATIENCE_SECONDS) / full;
    if (effort < LIVE_EFFORT_WISHED)
        effort = MAX(effort, MIN(LIVE_EFFORT_WISHED, LIVE_SECONDS_MOST / full));
    return CLAMP(effort, LIVE_EFFORT_LEAST, 1.0);
}

static void learn_time(Worker *worker, double effort, double seconds)
{
    double full = seconds / effort;
    gboolean known = worker->timed_source == worker->job.source && worker->timed == worker->job.map;
    worker->full_seconds = known ? 0.7 * worker->full_seconds + 0.3 * full : full;
    worker->timed_source = worker->job.source;
    worker->timed = worker->job.map;
}

/* Fills in what follows from a map. */
static void describe(const Worker *worker, const float *map, RhSaliencyResult *result)
{
    const Job *job = &worker->job;
    rh_saliency_result_take_map(result, job->map, map, job->height, job->width);
    rh_saliency_result_localise(result, job->map, map, job->mask);
}

static gboolean compute(Worker *worker, GCancellable *cancellable, RhSaliencyResult *result, GError **error)
{
    const Job *job = &worker->job;
    double effort = choose_effort(worker);
    RhMapRequest request = {
        .evaluator = worker->evaluator,
        .image = job->image,
        .settings = effort < 1 ? rh_map_settings_coarse(job->map, job->height, job->width, effort)
                               : rh_map_settings_default(),
        .cancellable = cancellable,
    };
    g_autofree float *map = g_new0(float, (gsize)job->height * job->width);
    gint64 begun = g_get_monotonic_time();
    float logits[2];
    if (!rh_evaluator_score(worker->evaluator, job->image, logits, error) ||
        !job->map->compute(&request, map, error))
        return FALSE;
    result->seconds = (g_get_monotonic_time() - begun) / 1e6;
    learn_time(worker, effort, result->seconds);
    result->effort = effort;
    result->live = job->training != NULL;
    result->epoch = result->live ? worker->snapshot->epoch : 0;
    result->probability = rh_saliency_probability(logits);
    describe(worker, map, result);
    if (!result->live && effort >= 1) {
        g_free(worker->map);
        worker->map = g_steal_pointer(&map);
        worker->map_picture = job->picture;
        worker->map_probability = result->probability;
    }
    return TRUE;
}

static void count_renewal(Worker *worker, gint64 begun, RhSaliencyResult *result)
{
    double since = (begun - worker->begun) / 1e6;
    if (worker->begun != 0 && since < 5)
        worker->interval = isnan(worker->interval) ? since : 0.8 * worker->interval + 0.2 * since;
    worker->begun = begun;
    result->renewals = 1 / worker->interval;
}

/* One map, if there is cause for one. Returns when to look again. */
static gint64 work_once(RhLiveSaliency *self, Worker *worker, GCancellable *cancellable)
{
    const Job *job = &worker->job;
    if (job->image == NULL || job->map == NULL || job->network == NULL)
        return FOREVER;
    g_autoptr(GError) error = NULL;
    RhSaliencyResult result = {.renewals = NAN};
    if (worker->map != NULL && worker->map_picture == job->picture) {
        result.effort = 1;
        result.probability = worker->map_probability;
        describe(worker, worker->map, &result);
        hand_over(self, job->revision, &result, NULL);
        return FOREVER;
    }
    prepare_evaluator(worker);
    gint64 begun = g_get_monotonic_time();
    if (job->training != NULL) {
        if (!take_snapshot(worker))
            return begun + LOOK_INTERVAL;
    } else if (!load_weights(worker, &error)) {
        hand_over(self, job->revision, NULL, g_strdup(error->message));
        return FOREVER;
    }
    if (!compute(worker, cancellable, &result, &error)) {
        if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            hand_over(self, job->revision, NULL, g_strdup(error->message));
        return FOREVER; /* cancelled: a new job is waiting */
    }
    if (result.live)
        count_renewal(worker, begun, &result);
    worker->done_revision = job->revision;
    hand_over(self, job->revision, &result, NULL);
    if (!result.live)
        return result.effort < 1 ? begun : FOREVER;
    gint64 took = g_get_monotonic_time() - begun;
    return begun + CLAMP(5 * took, LIVE_INTERVAL_LEAST, LIVE_INTERVAL_MOST);
}

static gpointer work(gpointer data)
{
    RhLiveSaliency *self = data;
    Worker worker = {.interval = NAN};
    g_mutex_lock(&self->lock);
    while (!self->quit) {
        if (worker.job.revision != self->job.revision)
            job_copy(&worker.job, &self->job);
        g_clear_object(&self->cancellable);
        self->cancellable = g_cancellable_new();
        g_autoptr(GCancellable) cancellable = g_object_ref(self->cancellable);
        g_mutex_unlock(&self->lock);
        gint64 next = work_once(self, &worker, cancellable);
        g_mutex_lock(&self->lock);
        gboolean waiting = TRUE;
        while (waiting && !self->quit && worker.job.revision == self->job.revision) {
            if (next == FOREVER)
                g_cond_wait(&self->changed, &self->lock);
            else
                waiting = g_cond_wait_until(&self->changed, &self->lock, next);
        }
    }
    g_mutex_unlock(&self->lock);
    job_clear(&worker.job);
    g_free(worker.map);
    g_clear_pointer(&worker.snapshot, rh_snapshot_unref);
    g_clear_pointer(&worker.evaluator, rh_evaluator_free);
    g_clear_pointer(&worker.pool, rh_pool_free);
    return NULL;
}

/* ── For the window ── */

static void begin_change(RhLiveSaliency *self, gboolean picture)
{
    g_mutex_lock(&self->lock);
    self->job.revision++;
    if (picture)
        self->job.picture = self->job.revision;
    g_cancellable_cancel(self->cancellable);
}

static void end_change(RhLiveSaliency *self)
{
    g_cond_signal(&self->changed);
    g_mutex_unlock(&self->lock);
}

void rh_live_saliency_set_image(RhLiveSaliency *self, const float *image, guint height, guint width)
{
    begin_change(self, TRUE);
    g_free(self->job.image);
    self->job.image = g_memdup2(image, sizeof(float) * height * width);
    self->job.height = height;
    self->job.width = width;
    g_clear_pointer(&self->job.mask, rh_mask_free);
    end_change(self);
}

void rh_live_saliency_set_mask(RhLiveSaliency *self, RhMask *mask)
{
    begin_change(self, FALSE);
    g_clear_pointer(&self->job.mask, rh_mask_free);
    self->job.mask = mask != NULL ? rh_mask_ref(mask) : NULL;
    end_change(self);
}

void rh_live_saliency_set_map(RhLiveSaliency *self, const RhMapKind *map)
{
    begin_change(self, TRUE);
    self->job.map = map;
    end_change(self);
}

static void set_source(RhLiveSaliency *self, RhTrainingTask *training, const RhRun *run,
                       RhParameters *parameters, char *weights)
{
    begin_change(self, TRUE);
    self->job.source = self->job.revision;
    g_set_object(&self->job.training, training);
    g_clear_pointer(&self->job.parameters, rh_parameters_unref);
    self->job.parameters = parameters != NULL ? rh_parameters_ref(parameters) : NULL;
    g_free(self->job.weights);
    self->job.weights = weights;
    self->job.network = run != NULL ? run->settings.network : NULL;
    self->job.network_width = run != NULL ? run->settings.width : 0;
    end_change(self);
}

void rh_live_saliency_follow(RhLiveSaliency *self, RhTrainingTask *training, const RhRun *run)
{
    set_source(self, training, run, NULL, NULL);
}

void rh_live_saliency_show_weights(RhLiveSaliency *self, const RhRun *run, RhParameters *weights)
{
    set_source(self, NULL, run, weights, NULL);
}

void rh_live_saliency_show(RhLiveSaliency *self, const RhRun *run)
{
    set_source(self, NULL, run, NULL, run != NULL ? rh_run_weights_path(run) : NULL);
}

RhLiveSaliency *rh_live_saliency_new(void)
{
    return g_object_new(RH_TYPE_LIVE_SALIENCY, NULL);
}

static void dispose(GObject *object)
{
    RhLiveSaliency *self = RH_LIVE_SALIENCY(object);
    if (self->thread != NULL) {
        begin_change(self, TRUE);
        self->quit = TRUE;
        end_change(self);
        g_thread_join(g_steal_pointer(&self->thread));
    }
    job_clear(&self->job);
    g_clear_object(&self->cancellable);
    G_OBJECT_CLASS(rh_live_saliency_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhLiveSaliency *self = RH_LIVE_SALIENCY(object);
    g_cond_clear(&self->changed);
    g_mutex_clear(&self->lock);
    G_OBJECT_CLASS(rh_live_saliency_parent_class)->finalize(object);
}

static void rh_live_saliency_class_init(RhLiveSaliencyClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    signals[RESULT] = g_signal_new("result", RH_TYPE_LIVE_SALIENCY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[FAILED] = g_signal_new("failed", RH_TYPE_LIVE_SALIENCY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void rh_live_saliency_init(RhLiveSaliency *self)
{
    g_mutex_init(&self->lock);
    g_cond_init(&self->changed);
    self->cancellable = g_cancellable_new();
    self->thread = g_thread_new("saliency", work, self);
}
