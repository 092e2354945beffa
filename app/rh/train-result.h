/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* How a run of a command ended. */
typedef enum {
    RH_OUTCOME_TRAINED,
    RH_OUTCOME_PASSED_OVER, /* finished before */
    RH_OUTCOME_ELSEWHERE,   /* another program finished it meanwhile */
    RH_OUTCOME_FAILED,
} RhOutcome;

/* Prints what came of a run, as text or as a line of JSON, and on standard error a word about one that was
 * not trained here. images_per_second: NaN of such a one. */
void rh_result_print(const RhRun *run, RhOutcome outcome, double images_per_second, gboolean as_json);
/* A run of this seed that failed, for a reason; `run` may be NULL. */
void rh_result_print_failure_json(const RhRun *run, guint64 seed, const char *reason);
