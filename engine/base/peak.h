/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What the machine can do at most on so many threads: single-precision multiply-adds with the widest vectors
 * the processor has, without memory, in GFLOP/s (two operations each). More threads than processors can do no
 * more. Takes a fraction of a second. `vectors` (may be NULL): what they are called, "AVX-512". */
double rh_peak_measure(guint threads, const char **vectors);
/* Likewise how fast so many threads together read memory, in GB/s. */
double rh_peak_bandwidth(guint threads);
