/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Trains runs of a study one after another, with progress (and the profile) on standard error. Ctrl-C ends
 * the running one so that it can go on later; a second Ctrl-C ends the program at once. */
typedef struct _RhTrainJob RhTrainJob;

/* Reads the study's images. kernels: an id, or “auto” for those a run was begun with or else the fastest;
 * NULL: those a run was begun with, no others. */
RhTrainJob *rh_train_job_new(const RhStudy *study, const char *kernels, guint threads, gboolean quiet,
                             gboolean profile, GError **error);
void rh_train_job_free(RhTrainJob *job);
const RhSamples *rh_train_job_samples(const RhTrainJob *job);
/* Trains a new or an unfinished run to its end and reads its results. FALSE with G_IO_ERROR_BUSY while
 * another program trains it, with G_IO_ERROR_CANCELLED after Ctrl-C. */
gboolean rh_train_job_run(RhTrainJob *job, RhRun *run, GError **error);
/* Does nothing for a while; FALSE with G_IO_ERROR_CANCELLED after Ctrl-C. */
gboolean rh_train_job_wait(RhTrainJob *job, guint milliseconds, GError **error);
/* Of the last run, at its end. */
double rh_train_job_images_per_second(const RhTrainJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhTrainJob, rh_train_job_free)
