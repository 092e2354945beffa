/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/pool.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/processors.h"

/* Calls come thousands a second and last microseconds to milliseconds, so a worker looks for work for a short
 * while before it sleeps, and the caller waits the same way.
 *
 * `ticket` holds the number of the call in its upper half and the next piece in its lower one: a worker that
 * wakes late finds another call's number and takes nothing. */
#define SPINS 8000

struct _RhPool {
    RhProcessors *processors;
    guint n_workers; /* threads beside the caller */
    GThread **workers;
    GMutex mutex;
    GCond wake;
    guint sleeping; /* under mutex */
    gboolean quit;  /* under mutex */

    RhPieceFunc func;
    gpointer data;
    guint pieces;
    _Atomic guint64 ticket;
    _Atomic guint caller_processor;
    _Atomic guint finished;
    _Atomic guint numbered; /* workers that have their number */
};

/* The caller of rh_pool_run is worker 0 of any pool. */
static _Thread_local guint worker_number;

guint rh_pool_worker(void)
{
    return worker_number;
}

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    sched_yield();
#endif
}

static inline guint32 call_of(guint64 ticket)
{
    return (guint32)(ticket >> 32);
}

/* Takes pieces of call `call` until none is left. */
static void work(RhPool *pool, guint32 call)
{
    guint64 ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
    while (call_of(ticket) == call && (guint32)ticket > 0) {
        if (!atomic_compare_exchange_weak_explicit(&pool->ticket, &ticket, ticket - 1, memory_order_acq_rel,
                                                   memory_order_acquire))
            continue;
        /* The ticket counts down, the pieces up; func and data hold still while a piece of the call is out.
         */
        pool->func(pool->pieces - (guint32)ticket, pool->data);
        atomic_fetch_add_explicit(&pool->finished, 1, memory_order_release);
        ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
    }
}

/* Waits for a call other than `seen`; FALSE when the pool is freed. */
static gboolean wait_for_call(RhPool *pool, guint32 *seen)
{
    for (guint spin = 0; spin < SPINS; spin++) {
        guint32 call = call_of(atomic_load_explicit(&pool->ticket, memory_order_acquire));
        if (call != *seen) {
            *seen = call;
            return TRUE;
        }
        relax();
    }
    g_mutex_lock(&pool->mutex);
    pool->sleeping++;
    while (!pool->quit && call_of(atomic_load(&pool->ticket)) == *seen)
        g_cond_wait(&pool->wake, &pool->mutex);
    pool->sleeping--;
    *seen = call_of(atomic_load(&pool->ticket));
    gboolean go_on = !pool->quit;
    g_mutex_unlock(&pool->mutex);
    return go_on;
}

/* In a pool that has (nearly) the whole machine each worker keeps to a processor of its own, counted from the
 * caller's: left to the kernel, two threads can share one for milliseconds. Smaller pools are left alone, for
 * there may be several. `caller`: where the worker knows the caller to be. */
static void stay_apart(const RhPool *pool, guint *caller)
{
    guint now = atomic_load_explicit(&pool->caller_processor, memory_order_relaxed);
    guint processors = rh_processors_count(pool->processors);
    if (now == *caller || pool->n_workers >= processors || pool->n_workers + 2 < processors)
        return;
    rh_processors_stay_on(pool->processors, (now + worker_number) % processors);
    *caller = now;
}

static gpointer worker_main(gpointer data)
{
    RhPool *pool = data;
    guint32 seen = 0;
    guint caller = G_MAXUINT;
    worker_number = (guint)atomic_fetch_add(&pool->numbered, 1) + 1;
    while (wait_for_call(pool, &seen)) {
        stay_apart(pool, &caller);
        work(pool, seen);
    }
    return NULL;
}

RhPool *rh_pool_new(guint threads)
{
    RhPool *pool = g_new0(RhPool, 1);
    g_mutex_init(&pool->mutex);
    g_cond_init(&pool->wake);
    pool->processors = rh_processors_new();
    pool->n_workers = (threads > 0 ? threads : rh_processors_count(pool->processors)) - 1;
    pool->workers = g_new0(GThread *, pool->n_workers);
    for (guint i = 0; i < pool->n_workers; i++)
        pool->workers[i] = g_thread_new("rh-worker", worker_main, pool);
    return pool;
}

void rh_pool_free(RhPool *pool)
{
    if (pool == NULL)
        return;
    g_mutex_lock(&pool->mutex);
    pool->quit = TRUE;
    g_cond_broadcast(&pool->wake);
    g_mutex_unlock(&pool->mutex);
    for (guint i = 0; i < pool->n_workers; i++)
        g_thread_join(pool->workers[i]);
    g_free(pool->workers);
    rh_processors_free(pool->processors);
    g_mutex_clear(&pool->mutex);
    g_cond_clear(&pool->wake);
    g_free(pool);
}

guint rh_pool_threads(const RhPool *pool)
{
    return pool != NULL ? pool->n_workers + 1 : 1;
}

static void publish_call(RhPool *pool, guint pieces, RhPieceFunc func, gpointer data)
{
    pool->func = func;
    pool->data = data;
    pool->pieces = pieces;
    atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
    atomic_store_explicit(&pool->caller_processor, rh_processors_here(pool->processors),
                          memory_order_relaxed);
    guint32 call = call_of(atomic_load_explicit(&pool->ticket, memory_order_relaxed)) + 1;
    atomic_store(&pool->ticket, (guint64)call << 32 | pieces);
    g_mutex_lock(&pool->mutex);
    if (pool->sleeping > 0)
        g_cond_broadcast(&pool->wake);
    g_mutex_unlock(&pool->mutex);
}

void rh_pool_run(RhPool *pool, guint pieces, RhPieceFunc func, gpointer data)
{
    if (pool == NULL || pool->n_workers == 0 || pieces < 2) {
        for (guint piece = 0; piece < pieces; piece++)
            func(piece, data);
        return;
    }
    publish_call(pool, pieces, func, data);
    work(pool, call_of(atomic_load_explicit(&pool->ticket, memory_order_relaxed)));
    for (guint spin = 0; atomic_load_explicit(&pool->finished, memory_order_acquire) < pieces; spin++) {
        /* A piece is still out. With more threads than processors its worker may need this one. */
        if (spin < SPINS)
            relax();
        else
            sched_yield();
    }
}
