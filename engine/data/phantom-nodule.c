/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom-private.h"

#define TRIES 400

/* A lump that is not quite round: where `distance` is below 1. */
typedef struct {
    double x, y, radius;
    double stretch, skew;  /* of the circle */
    double lobe[2], bulge; /* direction in which it bulges, and by how much */
} Lump;

static double distance(const Lump *lump, double x, double y)
{
    const double u = (x - lump->x) / lump->radius, v = (y - lump->y) / lump->radius;
    const double along = u * lump->stretch + v * lump->skew, beside = v / lump->stretch;
    const double square = along * along + beside * beside;
    const double way = u * lump->lobe[0] + v * lump->lobe[1];
    return square * (1 - lump->bulge * way / (0.6 + 0.4 * square));
}

static void draw_shape(RhRandom *random, Lump *lump, double irregularity)
{
    lump->stretch = 1 + irregularity * rh_draw(random, -0.2, 0.2);
    lump->skew = irregularity * rh_draw(random, -0.3, 0.3);
    lump->lobe[0] = rh_draw(random, -0.7, 0.7);
    lump->lobe[1] = rh_draw(random, -0.7, 0.7);
    lump->bulge = irregularity * 0.3;
}

/* The ray's way through it, fading at the rim. */
static double thickness(double within)
{
    return rh_round(within) * (0.4 + 0.6 * rh_smooth(within * 2));
}

static double air_at(const RhPhantomField *field, double x, double y)
{
    const double side = field->size;
    if (x < 0 || y < 0 || x >= 1 || y >= 1)
        return 0;
    return field->air[(gsize)(y * side) * field->size + (gsize)(x * side)];
}

/* Somewhere in a lung with lung all around it; where a small lung has no such place, the best of those tried.
 */
static void place_in_lung(RhRandom *random, const RhPhantomField *field, Lump *lump)
{
    double best = -1;
    for (guint i = 0; i < TRIES && best < 0.4; i++) {
        const double x = rh_draw(random, 0.1, 0.9), y = rh_draw(random, 0.12, 0.82), r = lump->radius * 1.1;
        double least = MIN(MIN(air_at(field, x - r, y), air_at(field, x + r, y)),
                           MIN(air_at(field, x, y - r), air_at(field, x, y + r)));
        least = MIN(least, air_at(field, x, y));
        if (least > best) {
            best = least;
            lump->x = x;
            lump->y = y;
        }
    }
}

/* How a reader outlines it: not quite there, rather too large, in a simple shape. */
static Lump outline(RhRandom *random, const Lump *lump, double imprecision)
{
    Lump drawn = *lump;
    drawn.x += imprecision * lump->radius * rh_draw(random, -0.35, 0.35);
    drawn.y += imprecision * lump->radius * rh_draw(random, -0.35, 0.35);
    drawn.radius *= 1 + imprecision * rh_draw(random, 0.05, 0.5);
    Lump shape;
    draw_shape(random, &shape, 1);
    drawn.stretch += imprecision * (shape.stretch - drawn.stretch);
    drawn.skew += imprecision * (shape.skew - drawn.skew);
    return drawn;
}

void rh_phantom_nodule(const RhPhantomSettings *settings, guint32 patient, RhPhantomField *field,
                       guint8 *mask)
{
    const double pixel = 1.0 / field->size;
    RhRandom random;
    rh_phantom_random(&random, settings, RH_PHANTOM_NODULE, patient);
    Lump lump = {.radius = rh_draw(&random, 0.042, 0.06)};
    draw_shape(&random, &lump, 1);
    const double density = settings->contrast * rh_draw(&random, 0.5, 0.72);
    place_in_lung(&random, field, &lump);
    rh_phantom_random(&random, settings, RH_PHANTOM_READER, patient);
    const Lump drawn = outline(&random, &lump, settings->imprecision);
    for (guint y = 0; y < field->size; y++)
        for (guint x = 0; x < field->size; x++) {
            const gsize place = (gsize)y * field->size + x;
            const double px = (x + 0.5) * pixel, py = (y + 0.5) * pixel;
            field->weakening[place] += density * thickness(1 - distance(&lump, px, py));
            mask[place] = distance(&drawn, px, py) < 1 ? 255 : 0;
        }
}
