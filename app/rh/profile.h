/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A table on standard error of where the time of training steps went, the longest first; frees `lines`
 * (RhProfileLine). threads: as for a pool. */
void rh_profile_print(GArray *lines, guint64 steps, guint threads);
