/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/data-identity.h"

/* Which runs a command is about. */

/* The run of that name; NULL with an error that lists the runs there are. */
RhRun *rh_find_run(GPtrArray *runs, const char *name, GError **error);
/* The finished runs of a study by name: those named (NULL-terminated), or all if none is. Refused if there is
 * none. What was left out is told on standard error. */
GPtrArray *rh_finished_runs(const RhStudy *study, char *const *names, GError **error);
/* The finished run that ended last. */
RhRun *rh_newest_run(GPtrArray *finished);
/* Of the study's images as they are now, for comparing runs by; NULL, with a word on standard error, where
 * they cannot be read. Free with g_free. */
char *rh_command_images_hash(const RhStudy *study);
/* Tells on standard error if the run's results are of other images than the study's. */
void rh_warn_other_data(const RhRun *run, const char *images_hash);
/* Images the network was trained on. */
guint rh_count_training(const RhStudy *study);
