/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Why the result of a run is none: a sentence; NULL if nothing speaks against it. Free with g_free. It has
 * test scores that are not numbers (the run's fault), or it is finished and
 *
 * - a loss of one of its epochs is not a number;
 * - it diverged: in its last epoch the mean cross-entropy of the training images is above RH_DOUBT_LOSS,
 * which is that of a network as good as certain of the wrong class every other time; or the weighted penalty
 * is above RH_DOUBT_LOSS and RH_DOUBT_GROWTH times what it was in the first epoch;
 * - nothing was learnt: neither at shift level 0 nor at 1 can the AUC be told from one half, by its 95 %
 * interval.
 *
 * shift: what the run's test scores say (study/run-shift.h); NULL if it has none. */
#define RH_DOUBT_LOSS   10
#define RH_DOUBT_GROWTH 100
char *rh_run_doubt(const RhRun *run, const RhShift *shift);
