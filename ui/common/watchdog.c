/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common/watchdog.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"

#define TOLD           0.050     /* seconds: a turn that took longer gets a line */
#define MEASURE        (1 << 20) /* bytes to hash: the known work */
#define WORK_ALLOWED   64        /* measures in one turn */
#define MEASURED_TIMES 5

/* What a clock and the kernel say of the main loop's thread, in seconds. */
typedef struct {
    double time;   /* that has passed */
    double work;   /* that it has computed */
    double waited; /* that it could have run, had others not had the processors */
} Moment;

/* A source that is never ready: the main loop asks it before it sleeps and after, and what lies between
 * waking and sleeping is a turn. */
typedef struct {
    GSource source;
    RhWatchdog *watchdog;
} Watch;

struct _RhWatchdog {
    Watch *watch;
    FILE *file;
    int schedule; /* what the kernel says of the thread; -1: nothing */
    Moment started;
    Moment woke;    /* time 0: not yet */
    double measure; /* seconds of work for the known work */
    double longest, most_work;
    guint64 turns, long_turns, held_up;
};

static double seconds(clockid_t clock)
{
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (double)time.tv_sec + time.tv_nsec / 1e9;
}

static double seconds_waited(const RhWatchdog *watchdog)
{
    char text[64] = {0};
    guint64 ran, waited;
    if (watchdog->schedule < 0 || pread(watchdog->schedule, text, sizeof text - 1, 0) <= 0 ||
        sscanf(text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &ran, &waited) != 2)
        return 0;
    return (double)waited / 1e9;
}

static Moment now(const RhWatchdog *watchdog)
{
    return (Moment){seconds(CLOCK_MONOTONIC), seconds(CLOCK_THREAD_CPUTIME_ID), seconds_waited(watchdog)};
}

/* The work of hashing MEASURE bytes, the least of some tries. */
static double measure(void)
{
    g_autofree guchar *bytes = g_malloc0(MEASURE);
    double least = G_MAXDOUBLE;
    for (guint i = 0; i < MEASURED_TIMES; i++) {
        const double before = seconds(CLOCK_THREAD_CPUTIME_ID);
        g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, MEASURE);
        least = MIN(least, seconds(CLOCK_THREAD_CPUTIME_ID) - before);
    }
    return least;
}

/* A turn that seems too much work is compared with the known work timed anew: the processor may have become
 * slower since the start. */
static gboolean is_too_much(RhWatchdog *watchdog, double work)
{
    if (work > WORK_ALLOWED * watchdog->measure)
        watchdog->measure = MAX(watchdog->measure, measure());
    return work > WORK_ALLOWED * watchdog->measure;
}

static void note_turn(RhWatchdog *watchdog, const Moment *slept)
{
    const double took = slept->time - watchdog->woke.time, work = slept->work - watchdog->woke.work;
    watchdog->turns++;
    watchdog->longest = MAX(watchdog->longest, took);
    watchdog->most_work = MAX(watchdog->most_work, work);
    if (took <= TOLD)
        return;
    const gboolean held_up = is_too_much(watchdog, work);
    watchdog->long_turns++;
    watchdog->held_up += held_up;
    fprintf(watchdog->file, "%s: %.1f ms at %.3f s, %.1f ms of it at work, %.1f ms waiting for a processor\n",
            held_up ? "held up" : "took long", 1e3 * took, watchdog->woke.time - watchdog->started.time,
            1e3 * work, 1e3 * (slept->waited - watchdog->woke.waited));
    fflush(watchdog->file);
}

static gboolean before_sleep(GSource *source, int *timeout)
{
    RhWatchdog *watchdog = ((Watch *)source)->watchdog;
    *timeout = -1;
    if (watchdog->woke.time > 0) {
        const Moment slept = now(watchdog);
        note_turn(watchdog, &slept);
    }
    watchdog->woke.time = 0;
    return FALSE;
}

static gboolean after_sleep(GSource *source)
{
    RhWatchdog *watchdog = ((Watch *)source)->watchdog;
    watchdog->woke = now(watchdog);
    return FALSE;
}

static gboolean never(GSource *source, GSourceFunc callback, gpointer data)
{
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs watch_functions = {.prepare = before_sleep, .check = after_sleep, .dispatch = never};

RhWatchdog *rh_watchdog_new(const char *path, GError **error)
{
    FILE *file = g_fopen(path, "w");
    if (file == NULL) {
        rh_file_fail(error, RH_FILE_WRITE, path);
        return NULL;
    }
    RhWatchdog *watchdog = g_new0(RhWatchdog, 1);
    watchdog->file = file;
    g_autofree char *schedule = g_strdup_printf("/proc/self/task/%d/schedstat", gettid());
    watchdog->schedule = open(schedule, O_RDONLY | O_CLOEXEC);
    watchdog->started = now(watchdog);
    watchdog->measure = measure();
    watchdog->watch = (Watch *)g_source_new(&watch_functions, sizeof(Watch));
    watchdog->watch->watchdog = watchdog;
    g_source_set_priority(&watchdog->watch->source, G_MININT); /* asked whatever else is ready */
    g_source_attach(&watchdog->watch->source, NULL);
    return watchdog;
}

void rh_watchdog_free(RhWatchdog *watchdog)
{
    if (watchdog == NULL)
        return;
    g_source_destroy(&watchdog->watch->source);
    g_source_unref(&watchdog->watch->source);
    fprintf(watchdog->file,
            "%" G_GUINT64_FORMAT " turns, %" G_GUINT64_FORMAT " took long, %" G_GUINT64_FORMAT " held up; "
            "longest %.1f ms, most work %.1f ms, as hashing %.1f MiB; %d MiB are allowed\n",
            watchdog->turns, watchdog->long_turns, watchdog->held_up, 1e3 * watchdog->longest,
            1e3 * watchdog->most_work, watchdog->most_work / watchdog->measure, WORK_ALLOWED);
    fclose(watchdog->file);
    if (watchdog->schedule >= 0)
        close(watchdog->schedule);
    g_free(watchdog);
}
