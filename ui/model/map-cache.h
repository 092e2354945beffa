/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/map-maker.h"

/* What several networks make of the image in view: the epochs of a run, or the runs of a study. The maps are
 * computed on a thread of its own in the order in which they are wished for, and kept, within bounds, until
 * another image or map is looked at. A drawn mask changes their localisation alone.
 *
 * A GObject of the main loop. Signal "ready" (const char *key): a wish is answered, or answered anew. */
#define RH_TYPE_MAP_CACHE (rh_map_cache_get_type())
G_DECLARE_FINAL_TYPE(RhMapCache, rh_map_cache, RH, MAP_CACHE, GObject)

RhMapCache *rh_map_cache_new(void);
/* As those of RhLiveSaliency. */
void rh_map_cache_set_image(RhMapCache *cache, const float *image, guint height, guint width);
void rh_map_cache_set_mask(RhMapCache *cache, RhMask *mask);
void rh_map_cache_set_map(RhMapCache *cache, const RhMapKind *map);
/* What is looked at; clear it with rh_map_subject_clear. */
void rh_map_cache_copy_subject(RhMapCache *cache, RhMapSubject *subject);
/* While a network trains the maps take one processor and stand behind. */
void rh_map_cache_set_modest(RhMapCache *cache, gboolean modest);
/* Takes the wishes (RhMapWish, with their free function), the most urgent first; those of before are dropped,
 * and those for which there is no room. */
void rh_map_cache_wish(RhMapCache *cache, GPtrArray *wishes);
/* NULL: not there yet, or a failure. Valid until the next call of any function here. */
const RhSaliencyResult *rh_map_cache_get(RhMapCache *cache, const char *key);
/* Why a wish cannot be answered; NULL: it can, or is not answered yet. */
const char *rh_map_cache_get_failure(RhMapCache *cache, const char *key);
