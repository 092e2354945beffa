/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What the plans compute with. `exact` is the oracle and runs anywhere: plain sums in single or double
 * precision. The others are fast paths in single precision for what a processor offers; double precision is
 * always exact. Results on one path are the same bits on any number of threads, any processor that can run
 * it, and by any compiler; between paths they differ by rounding. */
typedef struct _RhKernels RhKernels;

const RhKernels *const *rh_kernels(void); /* NULL-terminated, the fastest first, `exact` last */
const char *rh_kernels_id(const RhKernels *kernels);
const char *rh_kernels_description(const RhKernels *kernels);
/* Whether this processor can run it. */
gboolean rh_kernels_available(const RhKernels *kernels);
/* By id; "auto": the fastest that is available. Another name, or one this processor cannot run, is refused
 * with RH_ERROR_USAGE and the names there are. */
const RhKernels *rh_kernels_find(const char *id, GError **error);
/* The fastest that this processor can run. */
const RhKernels *rh_kernels_fastest(void);
