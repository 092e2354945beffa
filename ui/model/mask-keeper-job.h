/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/editor.h"
#include "mask/operation.h"
#include "study/presence.h"
#include "study/study.h"

/* A mask's file as it was last read or written. */
typedef struct {
    RhFileStamp stamp;
    RhMaskStep *content; /* what it holds: a step from an empty mask; NULL: not known */
} RhMaskFile;

void rh_mask_file_clear(RhMaskFile *file);
/* Takes what is in `from`, which is left empty. */
void rh_mask_file_take(RhMaskFile *file, RhMaskFile *from);

/* One thing to be done on a worker thread: a mask or tables of the study to be saved, or an operation on a
 * mask. Everything in it is the job's own copy, but for the mask of an operation, which is locked until it is
 * done.
 */
typedef struct {
    char *id;   /* of the case; NULL: tables */
    char *path; /* of the mask */
    RhMask *mask;
    guint64 revision;  /* of the editor when the mask was copied */
    gboolean is_draft; /* a stroke was under way then */
    RhStudy *study;    /* whose tables are to be saved; result: as it is then, with what came in */
    RhStudy *written;  /* a copy as it was handed over; result: it counts as written (rh_study_rebase) */
    RhStudyKnown
        tables[RH_N_STUDY_FILES]; /* a job that only looks whether tables have changed has the stamps */
    char *folder;                 /* likewise, of the study */
    RhPresence *presence;         /* likewise, the keeper's, of which only its worker makes use */
    gboolean tables_changed;      /* result */
    char *others;                 /* result: who else has the study open (rh_presence_look) */
    RhMaskFile known;             /* the mask's file as the keeper knows it */
    RhMaskFile found;    /* result: as it is now; without content if it could not be read or written */
    gboolean only_looks; /* for what another program has made of the file: nothing is written */
    char *aside;         /* result: where a file was put that is no mask of the image; NULL: there was none */
    gboolean empty;      /* result: the mask is empty and its file removed */
    GError *error;       /* result */

    const RhMaskOperation *operation; /* NULL: this is a save */
    const RhMask *before;             /* its mask */
    guint amount;
    RhMask *other;
    RhMaskStep *step; /* result; of a save: what another program has drawn, which comes first */
} RhSaveJob;

/* Takes the mask, a snapshot of which the revision is given. */
RhSaveJob *rh_save_job_of_mask(const char *id, const char *path, RhMask *mask, guint64 revision);
RhSaveJob *rh_save_job_of_study(const RhStudy *study, guint64 revision);
/* Whether another program has written the study's tables, and who has it open. */
RhSaveJob *rh_save_job_of_look(const RhStudy *study, RhPresence *presence);
/* Takes `other`, which may be NULL. */
RhSaveJob *rh_save_job_of_operation(const char *id, const RhMask *before, const RhMaskOperation *operation,
                                    guint amount, RhMask *other);
void rh_save_job_free(RhSaveJob *job);
void rh_save_job_run(RhSaveJob *job); /* on the worker */
/* What a mask's file holds, told in `file` too; an empty mask if there is no file. */
RhMask *rh_save_job_load(const char *path, guint width, guint height, RhMaskFile *file, GError **error);
