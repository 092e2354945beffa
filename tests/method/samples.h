/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>

#include "method/step.h"

/* Batches of made-up images for the tests of this folder. */
typedef struct {
    guint count, side;
    float *x, *mask, *shuffled;
    guint8 *labels;
} Samples;

/* The images differ with `variant`. Masks cover the middle; "shuffled" mirrors what lies outside. */
static inline Samples samples_make(guint count, guint side, guint variant)
{
    gsize pixels = (gsize)count * side * side;
    Samples samples = {
        count, side, g_new(float, pixels), g_new(float, pixels), g_new(float, pixels), g_new(guint8, count)};
    for (gsize i = 0; i < pixels; i++) {
        guint column = i % side, row = (guint)(i / side % side), image = (guint)(i / side / side);
        gboolean inside = row > side / 4 && row < 3 * side / 4 && column > side / 4 && column < 3 * side / 4;
        samples.labels[image] = image % 2;
        samples.mask[i] = inside;
        samples.x[i] =
            (float)(0.5 + 0.5 * sin(0.7 * i * (1 + image) + variant) * (inside && image % 2 ? 1 : 0.4));
    }
    for (gsize i = 0; i < pixels; i++)
        samples.shuffled[i] =
            samples.mask[i] == 1.0f ? samples.x[i] : samples.x[i - i % side + (side - 1 - i % side)];
    return samples;
}

static inline void samples_clear(Samples *samples)
{
    g_free(samples->x);
    g_free(samples->mask);
    g_free(samples->shuffled);
    g_free(samples->labels);
}

static inline RhBatch samples_batch(const Samples *samples)
{
    return (RhBatch){samples->count, samples->x, samples->mask, samples->shuffled, samples->labels};
}
