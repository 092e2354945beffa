/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/map-cache.h"

#include "model/training-task.h"

/* Of maps that are kept, and of those wished for at a time. */
#define CACHE_BYTES (64u << 20)

/* An answer. The thread makes them and never touches them again. */
typedef struct {
    char *key;
    RhMadeMap *made; /* NULL: failed */
    char *failure;
    guint64 used;
} Answer;

struct _RhMapCache {
    GObject parent_instance;
    GThread *thread;
    GHashTable *answers; /* key → Answer; the main loop's */
    guint64 uses;
    GMutex lock; /* guards what follows */
    GCond changed;
    gboolean quit, modest;
    RhMapSubject subject;
    guint64 subject_revision, mask_revision;
    GPtrArray *wishes;         /* RhMapWish, still to be answered */
    GPtrArray *stale;          /* Answer: copies whose localisation is to be done again */
    char *working_on;          /* its key; NULL: nothing */
    GCancellable *cancellable; /* of that */
};

G_DEFINE_FINAL_TYPE(RhMapCache, rh_map_cache, G_TYPE_OBJECT)

enum { READY, N_SIGNALS };
static guint signals[N_SIGNALS];

static void answer_free(gpointer data)
{
    Answer *answer = data;
    g_free(answer->key);
    g_clear_pointer(&answer->made, rh_made_map_free);
    g_free(answer->failure);
    g_free(answer);
}

static gsize size_of(const Answer *answer)
{
    if (answer->made == NULL || answer->made->map == NULL)
        return 0;
    return 2 * sizeof(float) * answer->made->result.height * answer->made->result.width;
}

/* ── On the main loop ── */

/* Drops what was used longest ago. */
static void keep_within_bounds(RhMapCache *self)
{
    for (;;) {
        gsize bytes = 0;
        const Answer *oldest = NULL;
        GHashTableIter iterator;
        gpointer each;
        g_hash_table_iter_init(&iterator, self->answers);
        while (g_hash_table_iter_next(&iterator, NULL, &each)) {
            const Answer *answer = each;
            bytes += size_of(answer);
            if (size_of(answer) > 0 && (oldest == NULL || answer->used < oldest->used))
                oldest = answer;
        }
        if (bytes <= CACHE_BYTES || g_hash_table_size(self->answers) < 2)
            return;
        g_hash_table_remove(self->answers, oldest->key);
    }
}

/* For the thread, which may change its localisation. */
static Answer *copy_for_localisation(const Answer *answer)
{
    const RhMadeMap *made = answer->made;
    const gsize bytes = sizeof(float) * made->result.height * made->result.width;
    Answer *copy = g_new0(Answer, 1);
    copy->key = g_strdup(answer->key);
    copy->made = g_memdup2(made, sizeof *made);
    copy->made->map = g_memdup2(made->map, bytes);
    copy->made->result.values = g_memdup2(made->result.values, bytes);
    return copy;
}

static void end_change(RhMapCache *self)
{
    g_cond_signal(&self->changed);
    g_mutex_unlock(&self->lock);
}

typedef struct {
    RhMapCache *cache;
    guint64 subject_revision, mask_revision;
    Answer *answer;
} Parcel;

static void parcel_free(gpointer data)
{
    Parcel *parcel = data;
    g_clear_pointer(&parcel->answer, answer_free);
    g_object_unref(parcel->cache);
    g_free(parcel);
}

static gboolean deliver(gpointer data)
{
    Parcel *parcel = data;
    RhMapCache *self = parcel->cache;
    if (parcel->subject_revision != self->subject_revision) /* changed by the main loop only */
        return G_SOURCE_REMOVE;
    Answer *answer = g_steal_pointer(&parcel->answer);
    g_autofree char *key = g_strdup(answer->key);
    answer->used = ++self->uses;
    g_hash_table_replace(self->answers, answer->key, answer);
    if (parcel->mask_revision != self->mask_revision && size_of(answer) > 0) {
        g_mutex_lock(&self->lock);
        g_ptr_array_add(self->stale, copy_for_localisation(answer));
        end_change(self);
    }
    keep_within_bounds(self);
    g_signal_emit(self, signals[READY], 0, key);
    return G_SOURCE_REMOVE;
}

/* ── On the thread ── */

typedef struct {
    RhMapSubject subject;
    guint64 subject_revision, mask_revision;
    RhPool *pool;
    RhMapMaker *alone, *pooled;
} Worker;

static RhMapMaker *maker_for(Worker *worker, gboolean modest)
{
    if (modest) {
        if (worker->alone == NULL)
            worker->alone = rh_map_maker_new(NULL);
        return worker->alone;
    }
    if (worker->pooled == NULL) {
        worker->pool = rh_pool_new(0);
        worker->pooled = rh_map_maker_new(worker->pool);
    }
    return worker->pooled;
}

static void send(RhMapCache *self, const Worker *worker, Answer *answer)
{
    Parcel *parcel = g_new0(Parcel, 1);
    parcel->cache = g_object_ref(self);
    parcel->subject_revision = worker->subject_revision;
    parcel->mask_revision = worker->mask_revision;
    parcel->answer = answer;
    g_idle_add_full(G_PRIORITY_DEFAULT, deliver, parcel, parcel_free);
}

static void answer_wish(RhMapCache *self, Worker *worker, const RhMapWish *wish, gboolean modest,
                        GCancellable *cancellable)
{
    g_autoptr(GError) error = NULL;
    RhMadeMap *made =
        rh_map_maker_make(maker_for(worker, modest), &worker->subject, wish, cancellable, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    Answer *answer = g_new0(Answer, 1);
    answer->key = g_strdup(wish->key);
    answer->made = made;
    answer->failure = error != NULL ? g_strdup(error->message) : NULL;
    send(self, worker, answer);
}

static void localise_again(RhMapCache *self, Worker *worker, Answer *answer)
{
    rh_saliency_result_localise(&answer->made->result, worker->subject.map, answer->made->map,
                                worker->subject.mask);
    send(self, worker, answer);
}

/* One piece of work, if there is any; with the lock held, which is let go meanwhile. */
static gboolean work_once(RhMapCache *self, Worker *worker)
{
    if (worker->subject_revision != self->subject_revision || worker->mask_revision != self->mask_revision) {
        rh_map_subject_copy(&worker->subject, &self->subject);
        worker->subject_revision = self->subject_revision;
        worker->mask_revision = self->mask_revision;
    }
    if (self->stale->len > 0) {
        Answer *answer = g_ptr_array_steal_index(self->stale, 0);
        g_mutex_unlock(&self->lock);
        localise_again(self, worker, answer);
        g_mutex_lock(&self->lock);
        return TRUE;
    }
    if (self->wishes->len == 0 || worker->subject.image == NULL || worker->subject.map == NULL)
        return FALSE;
    g_autoptr(RhMapWish) wish = g_ptr_array_steal_index(self->wishes, 0);
    gboolean modest = self->modest;
    self->working_on = wish->key;
    g_clear_object(&self->cancellable);
    self->cancellable = g_cancellable_new();
    g_autoptr(GCancellable) cancellable = g_object_ref(self->cancellable);
    g_mutex_unlock(&self->lock);
    answer_wish(self, worker, wish, modest, cancellable);
    g_mutex_lock(&self->lock);
    self->working_on = NULL;
    return TRUE;
}

static gpointer work(gpointer data)
{
    RhMapCache *self = data;
    Worker worker = {0};
    rh_training_give_way();
    g_mutex_lock(&self->lock);
    while (!self->quit)
        if (!work_once(self, &worker))
            g_cond_wait(&self->changed, &self->lock);
    g_mutex_unlock(&self->lock);
    rh_map_subject_clear(&worker.subject);
    g_clear_pointer(&worker.alone, rh_map_maker_free);
    g_clear_pointer(&worker.pooled, rh_map_maker_free);
    g_clear_pointer(&worker.pool, rh_pool_free);
    return NULL;
}

/* ── For the window ── */

/* Another image or map: nothing of before is of use. */
static void begin_subject(RhMapCache *self)
{
    g_mutex_lock(&self->lock);
    self->subject_revision++;
    g_hash_table_remove_all(self->answers);
    g_ptr_array_set_size(self->wishes, 0);
    g_ptr_array_set_size(self->stale, 0);
    g_cancellable_cancel(self->cancellable);
}

void rh_map_cache_set_image(RhMapCache *self, const float *image, guint height, guint width)
{
    begin_subject(self);
    RhMapSubject next = {height, width, (float *)image, NULL, self->subject.map};
    rh_map_subject_copy(&self->subject, &next);
    end_change(self);
}

void rh_map_cache_set_map(RhMapCache *self, const RhMapKind *map)
{
    begin_subject(self);
    self->subject.map = map;
    end_change(self);
}

void rh_map_cache_set_mask(RhMapCache *self, RhMask *mask)
{
    g_mutex_lock(&self->lock);
    self->mask_revision++;
    g_clear_pointer(&self->subject.mask, rh_mask_free);
    self->subject.mask = mask != NULL ? rh_mask_ref(mask) : NULL;
    g_ptr_array_set_size(self->stale, 0);
    GHashTableIter iterator;
    gpointer each;
    g_hash_table_iter_init(&iterator, self->answers);
    while (g_hash_table_iter_next(&iterator, NULL, &each))
        if (size_of(each) > 0)
            g_ptr_array_add(self->stale, copy_for_localisation(each));
    end_change(self);
}

/* Changed by the main loop only. */
void rh_map_cache_copy_subject(RhMapCache *self, RhMapSubject *subject)
{
    rh_map_subject_copy(subject, &self->subject);
}

void rh_map_cache_set_modest(RhMapCache *self, gboolean modest)
{
    g_mutex_lock(&self->lock);
    self->modest = modest;
    end_change(self);
}

static Answer *look_up(RhMapCache *self, const char *key)
{
    Answer *answer = key != NULL ? g_hash_table_lookup(self->answers, key) : NULL;
    if (answer != NULL)
        answer->used = ++self->uses;
    return answer;
}

void rh_map_cache_wish(RhMapCache *self, GPtrArray *wishes)
{
    g_mutex_lock(&self->lock);
    const gsize most = CACHE_BYTES / (2 * sizeof(float) * MAX(self->subject.height * self->subject.width, 1));
    gboolean first_is_worked_on = FALSE, first = TRUE;
    g_ptr_array_set_size(self->wishes, 0);
    g_ptr_array_set_size(wishes, (int)MIN(wishes->len, MAX(most, 1)));
    while (wishes->len > 0) {
        RhMapWish *wish = g_ptr_array_steal_index(wishes, 0);
        gboolean answered = look_up(self, wish->key) != NULL;
        gboolean worked_on = g_strcmp0(self->working_on, wish->key) == 0;
        first_is_worked_on |= first && !answered && worked_on;
        first &= answered;
        if (answered || worked_on)
            rh_map_wish_free(wish);
        else
            g_ptr_array_add(self->wishes, wish);
    }
    /* What is less urgent gives way. */
    if (self->working_on != NULL && !first && !first_is_worked_on)
        g_cancellable_cancel(self->cancellable);
    end_change(self);
    g_ptr_array_unref(wishes);
}

const RhSaliencyResult *rh_map_cache_get(RhMapCache *self, const char *key)
{
    const Answer *answer = look_up(self, key);
    return answer != NULL && answer->made != NULL ? &answer->made->result : NULL;
}

const char *rh_map_cache_get_failure(RhMapCache *self, const char *key)
{
    const Answer *answer = look_up(self, key);
    return answer != NULL ? answer->failure : NULL;
}

RhMapCache *rh_map_cache_new(void)
{
    RhMapCache *self = g_object_new(RH_TYPE_MAP_CACHE, NULL);
    self->thread = g_thread_new("map-cache", work, self);
    return self;
}

static void dispose(GObject *object)
{
    RhMapCache *self = RH_MAP_CACHE(object);
    if (self->thread != NULL) {
        g_mutex_lock(&self->lock);
        self->quit = TRUE;
        g_cancellable_cancel(self->cancellable);
        end_change(self);
        g_thread_join(g_steal_pointer(&self->thread));
    }
    g_clear_object(&self->cancellable);
    G_OBJECT_CLASS(rh_map_cache_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    RhMapCache *self = RH_MAP_CACHE(object);
    rh_map_subject_clear(&self->subject);
    g_hash_table_unref(self->answers);
    g_ptr_array_unref(self->wishes);
    g_ptr_array_unref(self->stale);
    g_cond_clear(&self->changed);
    g_mutex_clear(&self->lock);
    G_OBJECT_CLASS(rh_map_cache_parent_class)->finalize(object);
}

static void rh_map_cache_class_init(RhMapCacheClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[READY] = g_signal_new("ready", RH_TYPE_MAP_CACHE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void rh_map_cache_init(RhMapCache *self)
{
    g_mutex_init(&self->lock);
    g_cond_init(&self->changed);
    self->answers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, answer_free);
    self->wishes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_map_wish_free);
    self->stale = g_ptr_array_new_with_free_func(answer_free);
    self->cancellable = g_cancellable_new();
}
