/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watchdog.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <time.h>

#define PING_INTERVAL (10 * G_TIME_SPAN_MILLISECOND)
#define DELAY_ALLOWED (50 * G_TIME_SPAN_MILLISECOND)

struct _RhWatchdog {
    FILE *file;
    gint64 started;
    clockid_t work_clock; /* processor time of the main loop's thread */
    GThread *thread;
    GMutex lock;
    GCond answered_or_quit;
    gint64 answered; /* when the main loop came to the ping; 0: not yet */
    gboolean quit;
    gint64 longest;
    guint64 pings, late;
};

static gboolean answer(gpointer data)
{
    RhWatchdog *watchdog = data;
    g_mutex_lock(&watchdog->lock);
    watchdog->answered = g_get_monotonic_time();
    g_cond_signal(&watchdog->answered_or_quit);
    g_mutex_unlock(&watchdog->lock);
    return G_SOURCE_REMOVE;
}

/* Seconds the main loop's thread has computed. */
static double work_done(const RhWatchdog *watchdog)
{
    struct timespec time = {0};
    clock_gettime(watchdog->work_clock, &time);
    return (double)time.tv_sec + time.tv_nsec / 1e9;
}

/* Called with the lock held. A delay without work is the machine's: other programs had the processor. */
static void note_delay(RhWatchdog *watchdog, gint64 sent, double work_before)
{
    gint64 delay = watchdog->answered - sent;
    watchdog->pings++;
    watchdog->longest = MAX(watchdog->longest, delay);
    if (delay <= DELAY_ALLOWED)
        return;
    watchdog->late++;
    fprintf(watchdog->file, "delay %.1f ms at %.3f s, %.1f ms of it at work\n", delay / 1e3,
            (sent - watchdog->started) / 1e6, 1e3 * (work_done(watchdog) - work_before));
    fflush(watchdog->file);
}

static gpointer watch(gpointer data)
{
    RhWatchdog *watchdog = data;
    g_mutex_lock(&watchdog->lock);
    while (!watchdog->quit) {
        gint64 sent = g_get_monotonic_time();
        double work_before = work_done(watchdog);
        watchdog->answered = 0;
        g_autoptr(GSource) ping = g_idle_source_new();
        g_source_set_priority(ping, G_PRIORITY_DEFAULT);
        g_source_set_callback(ping, answer, watchdog, NULL);
        g_source_attach(ping, NULL);
        while (watchdog->answered == 0 && !watchdog->quit)
            g_cond_wait(&watchdog->answered_or_quit, &watchdog->lock);
        if (watchdog->answered != 0)
            note_delay(watchdog, sent, work_before);
        else
            g_source_destroy(ping);
        gint64 next = g_get_monotonic_time() + PING_INTERVAL;
        while (!watchdog->quit && g_cond_wait_until(&watchdog->answered_or_quit, &watchdog->lock, next))
            ;
    }
    g_mutex_unlock(&watchdog->lock);
    return NULL;
}

RhWatchdog *rh_watchdog_new(const char *path, GError **error)
{
    FILE *file = g_fopen(path, "w");
    if (file == NULL) {
        int code = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s cannot be written: %s", path,
                    g_strerror(code));
        return NULL;
    }
    RhWatchdog *watchdog = g_new0(RhWatchdog, 1);
    watchdog->file = file;
    watchdog->started = g_get_monotonic_time();
    pthread_getcpuclockid(pthread_self(), &watchdog->work_clock);
    g_mutex_init(&watchdog->lock);
    g_cond_init(&watchdog->answered_or_quit);
    watchdog->thread = g_thread_new("watchdog", watch, watchdog);
    return watchdog;
}

void rh_watchdog_free(RhWatchdog *watchdog)
{
    if (watchdog == NULL)
        return;
    g_mutex_lock(&watchdog->lock);
    watchdog->quit = TRUE;
    g_cond_signal(&watchdog->answered_or_quit);
    g_mutex_unlock(&watchdog->lock);
    g_thread_join(watchdog->thread);
    fprintf(watchdog->file, "longest %.1f ms, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " pings late\n",
            watchdog->longest / 1e3, watchdog->late, watchdog->pings);
    fclose(watchdog->file);
    g_cond_clear(&watchdog->answered_or_quit);
    g_mutex_clear(&watchdog->lock);
    g_free(watchdog);
}
