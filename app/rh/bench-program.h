/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "bench-result.h"

/* Other programs that time a task: each prints the task's result as a line of JSON. They run in a group of
 * their own, which ends with this program. */

/* A program of ours, by its arguments. What it refuses is told in its own words. */
gboolean rh_bench_ask_own(const char *const *arguments, const char *task, GCancellable *cancellable,
                          RhBenchResult *result, GError **error);
/* A program that is installed beside ours and draws in a window, which rh has none of; arguments without its
 * name. */
gboolean rh_bench_ask_helper(const char *program, const char *const *arguments, const char *task,
                             GCancellable *cancellable, RhBenchResult *result, GError **error);
/* A peer, by a command for the shell: the task's name stands for each %s in it, or else behind it. */
gboolean rh_bench_ask_peer(const char *command, const char *task, GCancellable *cancellable,
                           RhBenchResult *result, GError **error);
