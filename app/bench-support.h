/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/study.h"

/* What the programs have in common that time the window for “rh bench”, which starts them: “rh: ” and a
 * sentence on standard error is a refusal. */

/* Prints the sentence; gives the exit status. */
int rh_bench_refuse(const char *sentence);
/* A study of the built-in images, of a side of `size` pixels, in a new temporary folder, which
 * rh_bench_study_remove() removes; count: as in RhSyntheticSettings. NULL after having refused. */
RhStudy *rh_bench_study_new(guint size, const guint count[3]);
/* Whatever has been written beside it too. Frees the study. */
void rh_bench_study_remove(RhStudy *study);
