/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"
#include "study/study.h"

/* One thing to be saved on a worker thread: a mask, or tables of the study. Everything in it is the job's own
 * copy. */
typedef struct {
    char *id;   /* of the case; NULL: tables */
    char *path; /* of the mask */
    RhMask *mask;
    guint64 revision; /* of the editor when the mask was copied */
    RhStudy *study;
    gboolean (*save)(const RhStudy *study, GError **error); /* writes the tables */
    gboolean empty; /* result: the mask is empty and its file removed */
    GError *error;  /* result */
} RhSaveJob;

RhSaveJob *rh_save_job_of_mask(const char *id, const char *path, const RhMask *mask, guint64 revision);
RhSaveJob *rh_save_job_of_study(const RhStudy *study, gboolean (*save)(const RhStudy *, GError **));
void rh_save_job_free(RhSaveJob *job);
void rh_save_job_run(RhSaveJob *job); /* on the worker */
/* What a mask's file holds; an empty mask if there is no file. */
RhMask *rh_save_job_load(const char *path, guint width, guint height, GError **error);
