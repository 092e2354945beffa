/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "canvas/canvas-private.h"

#include <math.h>

#define FIND_EXTENT(name, Value)                                                                             \
    static void name(const RhImage *image, double *lowest, double *highest)                                  \
    {                                                                                                        \
        const Value *values = image->pixels;                                                                 \
        const gsize count = (gsize)image->width * image->height;                                             \
        Value low = values[0], high = values[0];                                                             \
        for (gsize i = 1; i < count; i++) {                                                                  \
            low = values[i] < low ? values[i] : low;                                                         \
            high = values[i] > high ? values[i] : high;                                                      \
        }                                                                                                    \
        *lowest = (double)low;                                                                               \
        *highest = (double)high;                                                                             \
    }
FIND_EXTENT(find_extent_u8, guint8)
FIND_EXTENT(find_extent_u16, guint16)
FIND_EXTENT(find_extent_f32, float)

/* Looked for once an image, when a tool first asks: a few milliseconds of the largest film. */
void rh_canvas_extent(RhCanvas *canvas, double *lowest, double *highest)
{
    static void (*const find_extent[])(const RhImage *, double *, double *) = {
        [RH_PIXEL_U8] = find_extent_u8,
        [RH_PIXEL_U16] = find_extent_u16,
        [RH_PIXEL_F32] = find_extent_f32,
    };
    const RhImage *image = canvas->picture.image;
    if (isnan(canvas->lowest))
        find_extent[image->type](image, &canvas->lowest, &canvas->highest);
    *lowest = canvas->lowest;
    *highest = canvas->highest;
}

void rh_canvas_range(RhCanvas *canvas, double *low, double *high)
{
    double lowest, highest;
    rh_canvas_extent(canvas, &lowest, &highest);
    *low = lowest + canvas->range_low / 100 * (highest - lowest);
    *high = lowest + canvas->range_high / 100 * (highest - lowest);
}
