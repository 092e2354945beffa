/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Watches that the main loop is never held up. Every turn of the loop that took more than 50 ms is written to
 * a file, one line each, and at the end a summary with the longest. A line begins with "held up" where the
 * turn was too much work on any computer: it is compared with a piece of known work, timed on the same
 * thread, so that the verdict does not depend on the processor. Else it begins with "took long", which is no
 * verdict: the processor is slow, other programs had it, or a disk was waited for. */
typedef struct _RhWatchdog RhWatchdog;

RhWatchdog *rh_watchdog_new(const char *path, GError **error); /* from the main loop's thread, as free */
void rh_watchdog_free(RhWatchdog *watchdog);                   /* writes the summary */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhWatchdog, rh_watchdog_free)
