/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "saliency/map.h"

extern const RhMapKind rh_map_gradient, rh_map_integrated, rh_map_occlusion;

/* Between chunks: reports how far the map is; FALSE with G_IO_ERROR_CANCELLED if it is not wanted any more.
 */
gboolean rh_map_go_on(const RhMapRequest *request, double fraction, GError **error);

/* Pixels of an image. */
gsize rh_map_pixels(const RhMapRequest *request);

/* Nodes in (0, 1), rising, and weights of Gauss–Legendre quadrature over 0 … 1; count ≥ 1. */
void rh_gauss_legendre(guint count, double *nodes, double *weights);
