/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "saliency/map.h"

/* Absolute value, then, if smoothed, a Gaussian blur of sigma 1 truncated at 3.5 sigma with zeros outside.
 * In double throughout; out may be any buffer of height×width. */
void rh_map_smooth(const float *map, guint height, guint width, gboolean smoothed, double *out);
/* kept[i] = 1 where the smoothed map is strictly above the percentile (linear interpolation) that leaves
 * about mask_pixels pixels, and above zero. A map that has a NaN keeps nothing. */
void rh_map_threshold(const double *smooth, gsize count, gsize mask_pixels, guint8 *kept);

typedef struct {
    double iou, iop, iot;                      /* intersection over union, over kept pixels, over mask */
    double iou_chance, iop_chance, iot_chance; /* what a random map scores */
} RhLocalisation;

/* SPEC: saliency and scores. mask: 1 inside. A ratio to an empty set is 0: average over images with a mask.
 */
void rh_localisation(const float *map, gboolean smoothed, const guint8 *mask, guint height, guint width,
                     RhLocalisation *scores);
/* One of these scores for people: with two decimals, and of what is smaller than a tenth as many as show two
 * digits, "0.50", "0.034", "0.0027": a mask of few pixels overlaps little, and by chance less. */
typedef struct {
    char text[16];
} RhOverlapText;
RhOverlapText rh_overlap_text(double score);
/* κ = (score − chance)/(1 − chance): 0 at chance, 1 at best; NaN where chance itself is perfect. */
double rh_chance_corrected(double score, double chance);
