/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watchdog.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"

#define PING_INTERVAL (10 * G_TIME_SPAN_MILLISECOND)
#define DELAY_TOLD    (50 * G_TIME_SPAN_MILLISECOND)
#define WORK_ALLOWED  0.050 /* seconds */
#define STAND_ALLOWED 0.250 /* seconds */

struct _RhWatchdog {
    FILE *file;
    gint64 started;
    clockid_t work_clock; /* processor time of the main loop's thread */
    int schedule;         /* what the kernel says of that thread; -1: nothing */
    GThread *thread;
    GMutex lock;
    GCond answered_or_quit;
    gint64 answered; /* when the main loop came to the ping; 0: not yet */
    gboolean quit;
    double longest; /* seconds */
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

/* Seconds the main loop's thread could have run, had others not had the processors. */
static double time_waited(const RhWatchdog *watchdog)
{
    char text[64] = {0};
    guint64 ran, waited;
    if (watchdog->schedule < 0 || pread(watchdog->schedule, text, sizeof text - 1, 0) <= 0 ||
        sscanf(text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &ran, &waited) != 2)
        return 0;
    return (double)waited / 1e9;
}

typedef struct {
    gint64 sent;
    double work, waited; /* before it was sent */
} Ping;

/* Called with the lock held. What was spent waiting for a processor is the machine's delay and not ours. */
static void note_delay(RhWatchdog *watchdog, const Ping *ping)
{
    const gint64 delay = watchdog->answered - ping->sent;
    const double waited = time_waited(watchdog) - ping->waited, work = work_done(watchdog) - ping->work;
    const double own = (double)delay / G_USEC_PER_SEC - waited;
    const gboolean late = work > WORK_ALLOWED || own > STAND_ALLOWED;
    watchdog->pings++;
    watchdog->longest = MAX(watchdog->longest, own);
    watchdog->late += late;
    if (delay <= DELAY_TOLD)
        return;
    fprintf(watchdog->file, "%s %.1f ms at %.3f s, %.1f ms of it at work, %.1f ms waiting for a processor\n",
            late ? "delay" : "kept waiting", delay / 1e3, (ping->sent - watchdog->started) / 1e6, 1e3 * work,
            1e3 * waited);
    fflush(watchdog->file);
}

static gpointer watch(gpointer data)
{
    RhWatchdog *watchdog = data;
    g_mutex_lock(&watchdog->lock);
    while (!watchdog->quit) {
        const Ping ping = {g_get_monotonic_time(), work_done(watchdog), time_waited(watchdog)};
        watchdog->answered = 0;
        g_autoptr(GSource) source = g_idle_source_new();
        g_source_set_priority(source, G_PRIORITY_DEFAULT);
        g_source_set_callback(source, answer, watchdog, NULL);
        g_source_attach(source, NULL);
        while (watchdog->answered == 0 && !watchdog->quit)
            g_cond_wait(&watchdog->answered_or_quit, &watchdog->lock);
        if (watchdog->answered != 0)
            note_delay(watchdog, &ping);
        else
            g_source_destroy(source);
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
        rh_file_fail(error, RH_FILE_WRITE, path);
        return NULL;
    }
    RhWatchdog *watchdog = g_new0(RhWatchdog, 1);
    watchdog->file = file;
    watchdog->started = g_get_monotonic_time();
    pthread_getcpuclockid(pthread_self(), &watchdog->work_clock);
    g_autofree char *schedule = g_strdup_printf("/proc/self/task/%d/schedstat", gettid());
    watchdog->schedule = open(schedule, O_RDONLY | O_CLOEXEC);
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
            1e3 * watchdog->longest, watchdog->late, watchdog->pings);
    fclose(watchdog->file);
    if (watchdog->schedule >= 0)
        close(watchdog->schedule);
    g_cond_clear(&watchdog->answered_or_quit);
    g_mutex_clear(&watchdog->lock);
    g_free(watchdog);
}
