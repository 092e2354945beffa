/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GLib's locks on top of those of POSIX, for ThreadSanitizer: GLib is not built for it and locks by system
 * calls of its own, which the sanitizer does not see, so that every use of a lock would look like a race.
 * Preloaded into the tests by ./check, never part of the program. GLib's own uses of its locks are bound
 * within GLib and stay. */
#include <errno.h>
#include <glib.h>
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
