/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/editor.h"

/* The region around pixel (x, y) that can be reached over sides of pixels whose stored values differ from its
 * own by no more than `tolerance`; an array of RhMaskSpan in no particular order. Takes time that grows with
 * the region: for a worker thread. Cancelled: NULL. */
GArray *rh_flood(const RhImage *image, guint x, guint y, double tolerance, GCancellable *cancellable);
