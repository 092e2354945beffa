/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"
#include "saliency/map.h"
#include "saliency/postprocess.h"

/* What a network makes of an image, as it is shown. */
typedef struct {
    guint height, width;
    float *values;             /* height×width, post-processed, brought to 0 … 1; NULL: there is no map */
    double strongest;          /* what 1 stands for */
    double probability;        /* of class 1 */
    gboolean has_localisation; /* the image has a mask */
    RhLocalisation localisation;
    double effort;   /* share of the full map that was computed, 0 … 1 */
    gboolean live;   /* of a network in training */
    guint epoch;     /* live: finished epochs */
    double seconds;  /* it took */
    double renewals; /* live: a second, lately; NaN at first */
} RhSaliencyResult;

/* Post-processes the map that was computed, height×width, into values (owned by the result) and strongest. */
void rh_saliency_result_take_map(RhSaliencyResult *result, const RhMapKind *kind, const float *map,
                                 guint height, guint width);
/* Compares the map with a mask of any size; NULL or empty: no localisation. */
void rh_saliency_result_localise(RhSaliencyResult *result, const RhMapKind *kind, const float *map,
                                 const RhMask *mask);
/* "Prediction: two crosses, probability 0.98 (right) · IoU 0.41, chance 0.05", the label being 0, 1 or
 * unknown; free with g_free. */
char *rh_saliency_result_describe(const RhSaliencyResult *result, char *const class_names[2], guint label);
/* Of class 1. */
double rh_saliency_probability(const float logits[2]);
