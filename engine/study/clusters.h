/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/study.h"

/* Which test images hang together, for intervals: those of one group (patient) of the study, and the two
 * versions of an image that is scored as drawn and mirrored. Numbers are from 1, in the order they are asked
 * for; equal ones hang together. */
typedef struct _RhClusters RhClusters;

/* By the groups of a study that is open. Never NULL. */
RhClusters *rh_clusters_new(const RhStudy *study);
/* By the images.csv that lies in a folder; where none can be read no image has a group. Never NULL. */
RhClusters *rh_clusters_read(const char *study_folder);
void rh_clusters_free(RhClusters *clusters);
guint32 rh_clusters_number(RhClusters *clusters, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhClusters, rh_clusters_free)
