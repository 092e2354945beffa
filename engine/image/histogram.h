/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "image/image.h"

/* How often which values are in an image, as they are stored: equal bins from the lowest to the highest. Of a
 * large image every nth row and column is counted, so that it takes no longer than a frame. */
#define RH_HISTOGRAM_BINS    4096u
#define RH_HISTOGRAM_SAMPLES (1u << 19) /* about as many are counted at most */

typedef struct {
    double low, high; /* the lowest and the highest value counted */
    guint total;      /* values counted */
    guint counts[RH_HISTOGRAM_BINS];
} RhHistogram;

void rh_histogram_of_image(RhHistogram *histogram, const RhImage *image);
/* The value below which a share (0 … 1) of the values lies, to the width of a bin. */
double rh_histogram_quantile(const RhHistogram *histogram, double share);
