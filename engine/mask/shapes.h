/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mask/editor.h"

/* Outlines as pixels: a pixel is inside if its middle is. Points may lie anywhere; what is given lies in an
 * image of width×height. Each gives an array of RhMaskSpan, ordered by rows. */

/* Closed between its last and first point; where it crosses itself, what it goes around counts, however
 * often. Sides that two polygons share belong to one of them only. */
GArray *rh_shape_polygon(const RhPoint *points, guint count, guint width, guint height);
/* From corner to corner; both pixels the corners lie in are inside. */
GArray *rh_shape_rectangle(RhPoint corner, RhPoint opposite, guint width, guint height);
/* The ellipse that touches the sides of that rectangle. */
GArray *rh_shape_ellipse(RhPoint corner, RhPoint opposite, guint width, guint height);
/* The pixels that the rectangle covers, as one: not clipped to the image. */
void rh_shape_box(RhPoint corner, RhPoint opposite, double *left, double *top, double *right, double *bottom);
