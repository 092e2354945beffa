/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Watches that the main loop is never held up: a thread pings it every 10 ms and writes each delay above 50
 * ms to a file, one line each, and a summary with the longest delay at the end. Time in which the main loop
 * was ready and other programs had the processors is no delay; where that alone made 50 ms, the line begins
 * with "kept waiting". */
typedef struct _RhWatchdog RhWatchdog;

RhWatchdog *rh_watchdog_new(const char *path, GError **error);
void rh_watchdog_free(RhWatchdog *watchdog); /* writes the summary; from the main loop's thread */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhWatchdog, rh_watchdog_free)
