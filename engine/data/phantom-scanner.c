/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom-private.h"

/* What a device does to every film: exposure, the curve from weakening to grey, grain. */
typedef struct {
    double exposure[2]; /* drawn between: subtracted from the weakening */
    double curve;       /* 0: straight; above: darker middle tones */
    double grain;       /* standard deviation at middle grey */
    double clumps;      /* 0: a grain is a pixel; 1: several */
} Scanner;

static const Scanner scanners[2] = {
    {.exposure = {-0.015, 0.035}, .curve = 0, .grain = 0.016, .clumps = 0.2},
    {.exposure = {0.005, 0.055}, .curve = 0.35, .grain = 0.03, .clumps = 0.8},
};

/* Near normal, variance 1: four bytes added. */
static double draw_grain(RhRandom *random)
{
    const guint32 word = rh_random_next(random);
    const guint sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24);
    return ((double)sum - 510) / 147.8;
}

/* Weakening to grey: toe and shoulder of a film, between which it is straight. */
static double grey_of(double weakening, double curve)
{
    double value = rh_clamp01((weakening + 0.06) / 1.12);
    value = value * (1 - 0.35) + rh_smooth(value) * 0.35;
    return value - curve * value * (1 - value) * (1 - 0.5 * value);
}

/* grain: (size+2)² independent values; what a pixel gets is a mixture of its own and its neighbours'. */
static double clumped(const double *grain, guint size, guint x, guint y, double clumps)
{
    const gsize row = size + 2, place = (y + 1) * row + x + 1;
    const double beside = grain[place - 1] + grain[place + 1] + grain[place - row] + grain[place + row];
    const double own = 1 - 0.55 * clumps, share = 0.4 * clumps;
    return (own * grain[place] + share * beside) / sqrt(own * own + 4 * share * share);
}

void rh_phantom_expose(RhRandom *random, gboolean other, RhPhantomField *field)
{
    const Scanner *scanner = &scanners[other];
    const guint size = field->size;
    const gsize noisy = ((gsize)size + 2) * (size + 2);
    g_autofree double *grain = g_new(double, noisy);
    const double exposure = rh_draw(random, scanner->exposure[0], scanner->exposure[1]);
    for (gsize i = 0; i < noisy; i++)
        grain[i] = draw_grain(random);
    for (guint y = 0; y < size; y++)
        for (guint x = 0; x < size; x++) {
            double *pixel = &field->weakening[(gsize)y * size + x];
            const double grey = grey_of(*pixel - exposure, scanner->curve);
            /* Fewer rays reach where it is bright; black is cut off by the film. */
            const double strength = scanner->grain * (0.35 + 1.1 * grey * (1.6 - grey));
            *pixel = rh_clamp01(grey + strength * clumped(grain, size, x, y, scanner->clumps));
        }
}
