/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/mask.h"

/* Images and masks halved again and again, so that a view zoomed out costs what the screen costs and not what
 * the image costs. Pixel (i, j) of level k covers the square of side 2^k at (i·2^k, j·2^k) of the image. */
#define RH_PYRAMID_LEVELS 16

/* The level with one to two of its pixels to a screen pixel, or the image itself when enlarged. */
guint rh_pyramid_level(double zoom, guint levels);
/* Levels 1, 2, … (RhImage, by area average) while the larger side is above `smallest`; takes time that grows
 * with the image: for a worker thread. */
GPtrArray *rh_pyramid_of_image(RhImage *image, guint smallest);
/* An empty mask of half the size, rounded up. */
RhMask *rh_pyramid_half_mask(const RhMask *mask);
/* Renews, in the next level, what depends on `area` of this one, and returns that area in the next level. A
 * pixel is inside if any pixel it covers is: a line of one pixel is never lost. */
RhRectangle rh_pyramid_halve_mask(const RhMask *from, RhMask *to, RhRectangle area);
