/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/study-support.h"

/* For anything that is waited for, on however slow a machine and under a sanitizer. */
#define PATIENCE_SECONDS 300

static inline gboolean wake(gpointer unused)
{
    return G_SOURCE_CONTINUE;
}

/* Runs the main loop until `reached` says TRUE; what: named if it never does. */
static inline void wait_until(gboolean (*reached)(gpointer), gpointer data, const char *what)
{
    const gint64 end = g_get_monotonic_time() + PATIENCE_SECONDS * G_USEC_PER_SEC;
    const guint source = g_timeout_add(20, wake, NULL);
    while (!reached(data)) {
        if (g_get_monotonic_time() > end)
            g_error("waited in vain until %s", what);
        g_main_context_iteration(NULL, TRUE);
    }
    g_source_remove(source);
}
