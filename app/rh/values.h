/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A map's values, height×width, for other programs: a table without a header, or NumPy's format in single
 * precision. */
gboolean rh_values_write_csv(const float *values, guint height, guint width, const char *path,
                             GError **error);
gboolean rh_values_write_npy(const float *values, guint height, guint width, const char *path,
                             GError **error);
