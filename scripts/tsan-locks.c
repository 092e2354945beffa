/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GLib's locks on top of those of POSIX, for ThreadSanitizer: GLib is not built for it and locks by system
 * calls of its own, which the sanitizer does not see, so that every use of a lock would look like a race.
 * Preloaded into the tests by ./check, never part of the program. GLib's own uses of its locks are bound
 * within GLib and stay; where GLib hands something from one thread to another, the sanitizer is told so. */
#include <dlfcn.h>
#include <errno.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A lock or condition may be all zeros at first: what stands for it is made on first use. */
static void *stand_in(gpointer *place, void *(*make)(void), void (*unmake)(void *))
{
    void *there = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (there != NULL)
        return there;
    void *made = make();
    if (__atomic_compare_exchange_n(place, &there, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return made;
    unmake(made);
    return there;
}

static void *make_mutex(void)
{
    pthread_mutex_t *mutex = malloc(sizeof *mutex);
    pthread_mutex_init(mutex, NULL);
    return mutex;
}

static void unmake_mutex(void *mutex)
{
    pthread_mutex_destroy(mutex);
    free(mutex);
}

static void *make_condition(void)
{
    pthread_cond_t *condition = malloc(sizeof *condition);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return condition;
}

static void unmake_condition(void *condition)
{
    pthread_cond_destroy(condition);
    free(condition);
}

static pthread_mutex_t *mutex_of(GMutex *mutex)
{
    return stand_in(&mutex->p, make_mutex, unmake_mutex);
}

static pthread_cond_t *condition_of(GCond *condition)
{
    return stand_in(&condition->p, make_condition, unmake_condition);
}

void g_mutex_init(GMutex *mutex)
{
    mutex->p = NULL;
}

void g_mutex_clear(GMutex *mutex)
{
    if (mutex->p != NULL)
        unmake_mutex(g_steal_pointer(&mutex->p));
}

void g_mutex_lock(GMutex *mutex)
{
    pthread_mutex_lock(mutex_of(mutex));
}

gboolean g_mutex_trylock(GMutex *mutex)
{
    return pthread_mutex_trylock(mutex_of(mutex)) == 0;
}

void g_mutex_unlock(GMutex *mutex)
{
    pthread_mutex_unlock(mutex_of(mutex));
}

void g_cond_init(GCond *condition)
{
    condition->p = NULL;
}

void g_cond_clear(GCond *condition)
{
    if (condition->p != NULL)
        unmake_condition(g_steal_pointer(&condition->p));
}

void g_cond_wait(GCond *condition, GMutex *mutex)
{
    pthread_cond_wait(condition_of(condition), mutex_of(mutex));
}

gboolean g_cond_wait_until(GCond *condition, GMutex *mutex, gint64 end_time)
{
    struct timespec end = {.tv_sec = end_time / G_USEC_PER_SEC, .tv_nsec = end_time % G_USEC_PER_SEC * 1000};
    return pthread_cond_timedwait(condition_of(condition), mutex_of(mutex), &end) != ETIMEDOUT;
}

void g_cond_signal(GCond *condition)
{
    pthread_cond_signal(condition_of(condition));
}

void g_cond_broadcast(GCond *condition)
{
    pthread_cond_broadcast(condition_of(condition));
}

/* Of the sanitizer: what was done before a release of an address is seen after the next acquire of it. */
void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define GLIBS(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

/* ── Objects ── */

/* References are counted by atomic operations: who lets go of the last one sees what the others did before.
 */
void g_object_unref(gpointer object)
{
    static void (*unref)(gpointer);
    if (__atomic_load_n(&unref, __ATOMIC_ACQUIRE) == NULL)
        __atomic_store_n(&unref, GLIBS(g_object_unref), __ATOMIC_RELEASE);
    __tsan_acquire(object);
    __tsan_release(object);
    unref(object);
}

/* ── To the main loop ── */

typedef struct {
    GSourceFunc function;
    gpointer data;
    GDestroyNotify notify;
} Call;

static gboolean make_call(gpointer data)
{
    Call *call = data;
    __tsan_acquire(call);
    gboolean again = call->function(call->data);
    __tsan_release(call);
    return again;
}

static void free_call(gpointer data)
{
    Call *call = data;
    __tsan_acquire(call);
    if (call->notify != NULL)
        call->notify(call->data);
    free(call);
}

static Call *call_new(GSourceFunc function, gpointer data, GDestroyNotify notify)
{
    Call *call = malloc(sizeof *call);
    *call = (Call){function, data, notify};
    __tsan_release(call);
    return call;
}

guint g_idle_add_full(gint priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
    return GLIBS(g_idle_add_full)(priority, make_call, call_new(function, data, notify), free_call);
}

guint g_idle_add(GSourceFunc function, gpointer data)
{
    return g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, function, data, NULL);
}

/* ── Queues and pools of threads ── */

void g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
    __tsan_release(queue);
    GLIBS(g_async_queue_push)(queue, data);
}

gpointer g_async_queue_pop(GAsyncQueue *queue)
{
    gpointer data = GLIBS(g_async_queue_pop)(queue);
    __tsan_acquire(queue);
    return data;
}

gpointer g_async_queue_try_pop(GAsyncQueue *queue)
{
    gpointer data = GLIBS(g_async_queue_try_pop)(queue);
    __tsan_acquire(queue);
    return data;
}

typedef struct {
    GFunc function;
    gpointer data;
} PoolWork;

static void work_in_pool(gpointer item, gpointer data)
{
    PoolWork *work = data;
    __tsan_acquire(work);
    work->function(item, work->data);
    __tsan_release(work);
}

/* What a pool works with is given once and lives as long as the process. */
static GHashTable *works;
static pthread_mutex_t works_lock = PTHREAD_MUTEX_INITIALIZER;

GThreadPool *g_thread_pool_new(GFunc function, gpointer data, gint most, gboolean exclusive, GError **error)
{
    PoolWork *work = malloc(sizeof *work);
    *work = (PoolWork){function, data};
    __tsan_release(work);
    GThreadPool *pool = GLIBS(g_thread_pool_new)(work_in_pool, work, most, exclusive, error);
    pthread_mutex_lock(&works_lock);
    if (works == NULL)
        works = g_hash_table_new(NULL, NULL);
    g_hash_table_insert(works, pool, work);
    pthread_mutex_unlock(&works_lock);
    return pool;
}

/* NULL: not one of those made above. */
static void *work_of(GThreadPool *pool)
{
    pthread_mutex_lock(&works_lock);
    void *work = works != NULL ? g_hash_table_lookup(works, pool) : NULL;
    pthread_mutex_unlock(&works_lock);
    return work;
}

gboolean g_thread_pool_push(GThreadPool *pool, gpointer item, GError **error)
{
    void *work = work_of(pool);
    if (work != NULL)
        __tsan_release(work);
    return GLIBS(g_thread_pool_push)(pool, item, error);
}

void g_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait)
{
    void *work = work_of(pool);
    GLIBS(g_thread_pool_free)(pool, immediate, wait);
    if (work != NULL && wait)
        __tsan_acquire(work);
}

/* ── Tasks ── */

#define TASK_WORK "tsan-work"

static void work_on_task(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    __tsan_acquire(task);
    GTaskThreadFunc function = (GTaskThreadFunc)g_object_get_data(G_OBJECT(task), TASK_WORK);
    function(task, source, data, cancellable);
}

void g_task_run_in_thread(GTask *task, GTaskThreadFunc function)
{
    g_object_set_data(G_OBJECT(task), TASK_WORK, (gpointer)function);
    __tsan_release(task);
    GLIBS(g_task_run_in_thread)(task, work_on_task);
}

void g_task_return_pointer(GTask *task, gpointer result, GDestroyNotify destroy)
{
    __tsan_release(task);
    GLIBS(g_task_return_pointer)(task, result, destroy);
}

void g_task_return_boolean(GTask *task, gboolean result)
{
    __tsan_release(task);
    GLIBS(g_task_return_boolean)(task, result);
}

gpointer g_task_propagate_pointer(GTask *task, GError **error)
{
    __tsan_acquire(task);
    return GLIBS(g_task_propagate_pointer)(task, error);
}

gboolean g_task_propagate_boolean(GTask *task, GError **error)
{
    __tsan_acquire(task);
    return GLIBS(g_task_propagate_boolean)(task, error);
}
