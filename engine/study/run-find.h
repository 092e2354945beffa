/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* What a training is asked for. A run is the one that is wanted if it was made, or is going to be made, of
 * just this. */
typedef struct {
    const RhRunSettings *settings;
    const char *name;                  /* NULL: whatever it is called */
    const char *kernels;               /* an id of tensor/kernels.h; NULL: whatever it was computed with */
    const char *data_hash, *mask_hash; /* study/data-hash.h */
    gboolean again;                    /* a finished run is not wanted */
} RhRunWish;

/* A run that has not begun yet is of any data and any kernels; an unfinished one whose kernels this processor
 * lacks is of any kernels too, for it can go on with others only. */
gboolean rh_run_is_wished(const RhRun *run, const RhRunWish *wish);
/* The run of the study that is wanted, a finished one before an unfinished one, or a new one. Programs that
 * want the same at the same time are given the same run. Broken runs are noted. Transfer full; NULL with an
 * error. */
RhRun *rh_run_find_or_create(const RhStudy *study, const RhRunWish *wish, GPtrArray *notes, GError **error);
