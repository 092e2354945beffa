/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"
#include "tensor/kernels.h"

/* What a run is computed with: other kernels, or the same ones made by another compiler, may give other bits.
 */

/* The kernels a run was begun with, or the fastest for one that has not begun. RH_ERROR_KERNELS if this
 * processor does not have them: such a run changes if it goes on with others. or_others: the fastest then. */
const RhKernels *rh_run_kernels(const RhRun *run, gboolean or_others, GError **error);

typedef struct {
    guint from; /* epoch */
    char *kernels, *compiler;
} RhComputed;

/* With what the epochs were computed that are done, in order; empty if run.ini does not say. Array of
 * RhComputed, unref it. */
GArray *rh_run_computed(const RhRun *run);
/* The kernels alone, one after the other: "avx512", or "avx512+plain" of a run that went on elsewhere; "" of
 * one that has not begun. Transfer full. */
char *rh_run_computed_text(const RhRun *run);
/* From this epoch on the run is computed by this program with these kernels. */
void rh_run_note_computed(RhRun *run, guint epoch, const RhKernels *kernels);
