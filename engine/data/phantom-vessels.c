/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/phantom-private.h"

#define BRANCHES 9 /* from each hilum */
#define PIECES   4 /* between two forks */
#define FORKS    4 /* along a way to the periphery */

typedef struct {
    RhPhantomField *field;
    const RhPhantomFrame *frame;
    RhRandom *random;
} Tree;

static void to_film(const RhPhantomFrame *frame, const double point[2], double film[2])
{
    const double u = frame->scale * point[0], v = frame->scale * (point[1] - 0.5 - frame->raised);
    const double square = 1 + frame->tilt * frame->tilt;
    film[0] = frame->centre + (u - frame->tilt * v) / square;
    film[1] = 0.5 + (v + frame->tilt * u) / square;
}

/* Pixels between low and high, and `reach` beyond, cut to the film. */
static void span(const RhPhantomField *field, double low, double high, double reach, int *first, int *last)
{
    *first = CLAMP((int)((MIN(low, high) - reach) * field->size), 0, (int)field->size - 1);
    *last = CLAMP((int)((MAX(low, high) + reach) * field->size), 0, (int)field->size - 1);
}

/* Adds a straight round piece that tapers: weight · the ray's way through it. Of a vessel only what lies in
 * lung is seen. What is thinner than a pixel is drawn fainter, not narrower. */
static void add_piece(const Tree *tree, const double start[2], const double end[2], const double radius[2],
                      double weight, gboolean vessel)
{
    RhPhantomField *field = tree->field;
    double from[2], to[2];
    to_film(tree->frame, start, from);
    to_film(tree->frame, end, to);
    const double side = field->size, dx = to[0] - from[0], dy = to[1] - from[1], length = dx * dx + dy * dy;
    const double reach = MAX(radius[0], radius[1]) + 1 / side;
    int left, right, top, bottom;
    span(field, from[0], to[0], reach, &left, &right);
    span(field, from[1], to[1], reach, &top, &bottom);
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            const double px = (x + 0.5) / side - from[0], py = (y + 0.5) / side - from[1];
            const double along = (px * dx + py * dy) / length;
            if (along < 0 || along >= 1)
                continue;
            const double ox = px - along * dx, oy = py - along * dy;
            const double thin = radius[0] + along * (radius[1] - radius[0]), drawn = MAX(thin, 0.7 / side);
            const gsize place = (gsize)y * field->size + (gsize)x;
            const double way = thin * (thin / drawn) * rh_round(1 - (ox * ox + oy * oy) / (drawn * drawn));
            field->weakening[place] += weight * way * (vessel ? rh_smooth(field->air[place] * 4) : 1);
        }
}

/* A branch bends away from its direction, thins, and forks. */
static void grow(const Tree *tree, const double start[2], double dx, double dy, double radius, guint forks)
{
    RhRandom *random = tree->random;
    double from[2] = {start[0], start[1]};
    for (guint piece = 0; piece < PIECES; piece++) {
        const double step = rh_draw(random, 0.009, 0.015), bend = rh_draw(random, -0.2, 0.2);
        const double norm = sqrt(dx * dx + dy * dy), radii[2] = {radius, radius * 0.955};
        const double to[2] = {from[0] + step * dx / norm, from[1] + step * dy / norm};
        add_piece(tree, from, to, radii, 10, TRUE);
        const double turned = dx - bend * dy;
        dy += bend * dx;
        dx = turned;
        radius = radii[1];
        from[0] = to[0];
        from[1] = to[1];
    }
    if (forks == 0)
        return;
    const double spread = rh_draw(random, 0.35, 0.8), part = spread * rh_draw(random, 0.35, 0.65);
    const double rest = spread - part;
    grow(tree, from, dx - part * dy, dy + part * dx, radius * 0.9, forks - 1);
    grow(tree, from, dx + rest * dy, dy - rest * dx, radius * 0.74, forks - 1);
}

/* Directions from the hilum (away from the midline, down) and width: more and wider ones below. */
static const double directions[BRANCHES][3] = {
    {0.25, -1, 0.8}, {0.7, -0.9, 0.8}, {1, -0.45, 0.75}, {1, 0.0, 0.8},   {1, 0.4, 0.9},
    {0.8, 0.75, 1},  {0.55, 1, 1.1},   {0.25, 1, 1.15},  {0.05, 1, 0.95},
};

static void add_lung(const Tree *tree, int side)
{
    RhRandom *random = tree->random;
    for (guint i = 0; i < BRANCHES; i++) {
        const double start[2] = {side * rh_draw(random, 0.055, 0.1), rh_draw(random, 0.425, 0.5)};
        const double dx = side * (directions[i][0] + rh_draw(random, -0.12, 0.12));
        const double dy = directions[i][1] + rh_draw(random, -0.12, 0.12);
        grow(tree, start, dx, dy, 0.0082 * directions[i][2] * rh_draw(random, 0.85, 1.15), FORKS);
    }
}

/* Windpipe and main bronchi hold air and are darker than what is around them. */
static void add_airways(const Tree *tree)
{
    static const double width[2] = {0.0155, 0.0155}, narrowing[2] = {0.0125, 0.008};
    const double fork[2] = {-0.006, 0.385}, mouth[2] = {rh_draw(tree->random, -0.008, 0.008), -0.06};
    const double right[2] = {-0.075, 0.455}, left[2] = {0.085, 0.465};
    add_piece(tree, mouth, fork, width, -7, FALSE);
    add_piece(tree, fork, right, narrowing, -5, FALSE);
    add_piece(tree, fork, left, narrowing, -5, FALSE);
}

void rh_phantom_vessels(RhRandom *random, const RhPhantomFrame *frame, RhPhantomField *field)
{
    const Tree tree = {field, frame, random};
    add_airways(&tree);
    add_lung(&tree, -1);
    add_lung(&tree, 1);
}
