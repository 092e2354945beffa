/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interrupt.h"

#include <glib-unix.h>

typedef struct {
    RhWork work;
    gpointer data;
    GCancellable *cancellable;
    GMainLoop *loop;
    gboolean done; /* this and the next: the working thread's, until it has ended */
    GError *error;
} Job;

static gboolean quit_loop(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static gpointer work_in_thread(gpointer data)
{
    Job *job = data;
    job->done = job->work(job->data, job->cancellable, &job->error);
    g_idle_add(quit_loop, job->loop);
    return NULL;
}

/* Taking the source away restores the signal's default. */
static gboolean on_interrupt(gpointer cancellable)
{
    g_cancellable_cancel(cancellable);
    return G_SOURCE_REMOVE;
}

static void wait_for(Job *job)
{
    const int signals[] = {SIGINT, SIGTERM};
    guint sources[G_N_ELEMENTS(signals)];
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        sources[i] = g_unix_signal_add(signals[i], on_interrupt, job->cancellable);
    GThread *thread = g_thread_new("rh-work", work_in_thread, job);
    g_main_loop_run(job->loop);
    g_thread_join(thread);
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        if (g_main_context_find_source_by_id(NULL, sources[i]) != NULL)
            g_source_remove(sources[i]);
}

gboolean rh_run_interruptibly(RhWork work, gpointer data, GError **error)
{
    Job job = {
        .work = work, .data = data, .cancellable = g_cancellable_new(), .loop = g_main_loop_new(NULL, FALSE)};
    wait_for(&job);
    g_main_loop_unref(job.loop);
    g_object_unref(job.cancellable);
    if (g_error_matches(job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_clear_error(&job.error);
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped before the end.");
    } else if (job.error != NULL) {
        g_propagate_error(error, job.error);
    }
    return job.done;
}
