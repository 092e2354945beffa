/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run-find.h"
#include "train-job.h"

/* The runs of one command, a run for each seed. What is finished is passed over; a run that another program
 * trains comes last, and counts as done if that program finishes it. A run that fails does not keep the
 * others from being trained. */
typedef struct {
    const RhStudy *study;
    RhTrainJob *job;
    RhRunWish wish;   /* the settings' seed and the name are put in for each run */
    const char *name; /* of the run, or of all with their seeds behind it; NULL: their own names */
    const GArray *seeds;
    gboolean as_json; /* a line a run as it ends, in place of text */
} RhTrainList;

/* FALSE with G_IO_ERROR_CANCELLED after Ctrl-C, or with what failed. */
gboolean rh_train_list_run(RhTrainList *list, GError **error);
