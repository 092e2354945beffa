/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Watches that the main loop is never held up: a thread pings it every 10 ms and writes each answer that took
 * more than 50 ms to a file, one line each, and a summary with the longest at the end. A line begins with
 * "delay" where the main loop worked for more than 50 ms or stood still for more than 250 ms (a lock, a slow
 * disk), else with "kept waiting": other programs had the processors, or the kernel was busy for a moment. */
typedef struct _RhWatchdog RhWatchdog;

RhWatchdog *rh_watchdog_new(const char *path, GError **error);
void rh_watchdog_free(RhWatchdog *watchdog); /* writes the summary; from the main loop's thread */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhWatchdog, rh_watchdog_free)
