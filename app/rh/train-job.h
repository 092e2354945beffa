/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Trains runs one after another, with progress (and the profile) on standard error and results on standard
 * output. Ctrl-C ends the running one so that it can go on later; a second Ctrl-C ends the program at once.
 */
typedef struct _RhTrainJob RhTrainJob;

RhTrainJob *rh_train_job_new(const RhStudy *study, guint threads, gboolean quiet, gboolean as_json,
                             gboolean profile);
void rh_train_job_free(RhTrainJob *job);
/* Trains a new or an unfinished run to its end. As text, its result is printed at once. */
gboolean rh_train_job_run(RhTrainJob *job, RhRun *run, GError **error);
/* As JSON, the results are printed in the end, as one array. */
void rh_train_job_print(RhTrainJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhTrainJob, rh_train_job_free)
