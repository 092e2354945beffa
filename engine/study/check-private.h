/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/check.h"
#include "study/study.h"

/* A check under way. */
typedef struct {
    const char *folder; /* of the study */
    const RhStudy *study;
    gboolean repair;
    GPtrArray *findings; /* RhFinding */
} RhCheck;

/* The reason is one or more sentences. */
void rh_check_add(RhCheck *check, const char *file, gboolean repaired, const char *reason);
void rh_check_add_format(RhCheck *check, const char *file, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* What killed programs left, of this version and of earlier ones (check-leftovers.c). */
void rh_check_leftovers(RhCheck *check);
/* Images and masks, each read as training reads it, and the masks of no image (check-images.c). */
void rh_check_images(RhCheck *check);
/* The runs, against run.ini and against the study (check-runs.c). */
void rh_check_runs(RhCheck *check);
