/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "score/shift.h"

#define RH_BOOTSTRAP_DRAWS 2000

/* Puts bootstrap intervals in place of those of `points`, which were read from the same rows: 95 %, by the
 * quantiles of `draws` (> 0) draws with replacement, the same draws for all points. Images that hang together
 * are drawn together; clusters are drawn among those that have images in the same cells. */
void rh_shift_bootstrap(const RhScored *rows, gsize count, guint draws, guint64 seed, RhShiftPoint *points,
                        guint n_points);
