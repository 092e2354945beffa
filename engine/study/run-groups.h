/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Runs of one setting, which differ at most in their seed: repetitions of one experiment. */
typedef struct {
    char *label;     /* "actdiff-small", and where others differ in more, that: ", Weight λ 10" */
    GArray *members; /* guint: places in the list given, rising */
} RhRunGroup;

/* The groups of the runs in the order of their first members; every run is in one. Runs that were given
 * other images, or other masks where their method uses them, are not repetitions of each other. Labels
 * differ. Free with g_ptr_array_unref. */
GPtrArray *rh_run_groups(const RhRun *const *runs, guint count);
