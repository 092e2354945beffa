/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* The cheapest ways from one pixel to those around it, where steps along edges of the image are cheap. What
 * is searched is bounded: a window of RH_LIVE_WIRE_CELLS² cells, which are pixels or, where the window is to
 * reach further, squares of pixels. So it costs the same on any image: a few milliseconds. */
typedef struct _RhLiveWire RhLiveWire;

#define RH_LIVE_WIRE_CELLS 192

/* From a pixel, in a window that reaches at least as far as `toward` and a quarter beyond. The image is not
 * kept. */
RhLiveWire *rh_live_wire_new(const RhImage *image, RhPoint from, RhPoint toward);
void rh_live_wire_free(RhLiveWire *wire);
gboolean rh_live_wire_reaches(const RhLiveWire *wire, RhPoint point);
/* Adds to `points` (RhPoint) the way to a place, first what comes after the start; the last one is `to`
 * itself, which the window must reach. */
void rh_live_wire_add_path(const RhLiveWire *wire, RhPoint to, GArray *points);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhLiveWire, rh_live_wire_free)
