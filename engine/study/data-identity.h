/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Whether the results of a run are those of the study as it is now. */
typedef enum {
    RH_DATA_SAME,
    RH_DATA_OTHER,   /* the run was given other images, labels, confounder values or splits */
    RH_DATA_UNKNOWN, /* the run was never started, or the study's images cannot be read */
} RhDataIdentity;

/* SHA-256 of what a training would be given now: images at the network's size, labels, relation to the
 * confounder and splits. Reads every image, unless none of the files and rows has changed since it last did
 * on this computer. NULL with an error. Free with g_free. */
char *rh_study_images_hash(const RhStudy *study, RhStudyProgress progress, gpointer progress_data,
                           GCancellable *cancellable, GError **error);
/* The same of images that are in memory already, kept for later. */
char *rh_study_keep_images_hash(const RhStudy *study, const RhSamples *samples);
/* images_hash: the study's; NULL: not known. */
RhDataIdentity rh_run_data_identity(const RhRun *run, const char *images_hash);
const char *rh_data_identity_name(RhDataIdentity identity); /* "same", "other", "unknown" */
