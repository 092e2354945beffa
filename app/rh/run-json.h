/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output.h"
#include "study/run.h"

/* All that a run is and what came of it, as members of the object that is open: its names, settings, data,
 * epochs and test scores. docs/command-line.md says what each is. */
void rh_json_run(JsonBuilder *builder, const RhRun *run);

/* Accuracy and AUC of all scored test images together, whatever their confounder. */
double rh_run_test_auc(const RhRun *run, double *accuracy);
/* Seconds of training, in all sittings; 0 before the first epoch. */
double rh_run_seconds(const RhRun *run);
