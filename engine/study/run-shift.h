/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* What a run's test scores say of every shift level; NULL if it has none. Free with g_free. */
RhShift *rh_run_shift(const RhRun *run);
/* Accuracy and AUC of a run at a level, without intervals; NaN where there are no test scores. */
RhShiftPoint rh_run_shift_value(const RhRun *run, double level);
