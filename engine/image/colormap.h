/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Colour maps: perceptually even and readable by colour-blind people. */
typedef struct {
    const char *id;
    const char *title;
    guint8 colours[256][3];
} RhColormap;

const RhColormap *const *rh_colormaps(void); /* NULL-terminated; the first is the default for saliency */
/* value clamped to 0 … 1. */
const guint8 *rh_colormap_at(const RhColormap *map, double value);
