/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "mask/operation.h"

/* Half the width of a disc of `radius` at each height from 0 on: how far its pixels reach. */
static void measure_disc(guint radius, guint *reach)
{
    for (guint dy = 0; dy <= radius; dy++)
        reach[dy] = (guint)sqrt((double)radius * radius - (double)dy * dy);
}

static RhRectangle widened(const RhMask *mask, RhRectangle area, guint radius)
{
    int left = MAX(area.x - (int)radius, 0), top = MAX(area.y - (int)radius, 0);
    int right = MIN(area.x + area.width + (int)radius, (int)mask->width);
    int bottom = MIN(area.y + area.height + (int)radius, (int)mask->height);
    return (RhRectangle){left, top, right - left, bottom - top};
}

/* Takes a row further away from the pixels of `value`: 0 there, else one more than the row before, up to 255.
 */
static void step_away(const guint8 *pixels, guint8 value, const guint8 *before, guint8 *away, gsize width)
{
    for (gsize x = 0; x < width; x++) {
        guint8 further = (guint8)(before[x] + (before[x] < 255));
        guint8 far = pixels[x] == value ? 0 : further;
        away[x] = MIN(away[x], far);
    }
}

/* How far each pixel of the area is from one of `value` above or below it. */
static guint8 *measure_upright(const RhMask *mask, const RhRectangle *area, guint8 value)
{
    const gsize width = (gsize)area->width, height = (gsize)area->height;
    guint8 *away = g_malloc(width * height);
    g_autofree guint8 *nowhere = g_malloc(width);
    const guint8 *pixels = mask->pixels + (gsize)area->y * mask->width + (gsize)area->x;
    memset(away, 255, width * height);
    memset(nowhere, 255, width);
    for (gsize y = 0; y < height; y++)
        step_away(pixels + y * mask->width, value, y > 0 ? away + (y - 1) * width : nowhere, away + y * width,
                  width);
    for (gsize y = height - 1; y-- > 0;)
        step_away(pixels + y * mask->width, value, away + (y + 1) * width, away + y * width, width);
    return away;
}

/* Every pixel of the area within the radius of one of `value` takes that value. A pixel that lies dy from one
 * above or below reaches sideways as far as the disc does at that height. */
static void spread(RhMask *mask, RhRectangle area, guint8 value, guint radius)
{
    g_assert(radius <= RH_MASK_AMOUNT_MAX);
    if (area.width <= 0 || area.height <= 0)
        return;
    guint reach[RH_MASK_AMOUNT_MAX + 1];
    measure_disc(radius, reach);
    const gsize width = (gsize)area.width;
    g_autofree guint8 *away = measure_upright(mask, &area, value);
    g_autofree int *changes = g_new(int, width + 1); /* of the number of reaches over a pixel */
    for (int y = 0; y < area.height; y++) {
        const guint8 *row = away + (gsize)y * width;
        guint8 *out = mask->pixels + (gsize)(area.y + y) * mask->width + (gsize)area.x;
        memset(changes, 0, sizeof *changes * (width + 1));
        for (gsize x = 0; x < width; x++) {
            if (row[x] > radius)
                continue;
            gsize far = reach[row[x]];
            changes[x > far ? x - far : 0]++;
            changes[MIN(x + far + 1, width)]--;
        }
        int over = 0;
        for (gsize x = 0; x < width; x++) {
            over += changes[x];
            if (over > 0)
                out[x] = value;
        }
    }
}

void rh_mask_grow(RhMask *mask, guint radius)
{
    spread(mask, widened(mask, rh_mask_bounds(mask), radius), 255, radius);
}

void rh_mask_shrink(RhMask *mask, guint radius)
{
    spread(mask, widened(mask, rh_mask_bounds(mask), 1), 0, radius);
}

/* Sums of pixels inside from the left, before each pixel of the widest row a disc needs: with a margin of
 * `radius` on both sides. */
static void sum_row(const RhMask *mask, const RhRectangle *area, int y, guint radius, guint *sums)
{
    const guint8 *row = mask->pixels + (gsize)y * mask->width;
    const int left = area->x - (int)radius, count = area->width + 2 * (int)radius;
    guint sum = 0;
    for (int i = 0; i < count; i++) {
        int x = left + i;
        sums[i] = sum;
        sum += x >= 0 && x < (int)mask->width && row[x] != 0;
    }
    sums[count] = sum;
}

/* The part of [from, to] that lies in 0 … size − 1. */
static guint overlap(int from, int to, guint size)
{
    return (guint)(MIN(to, (int)size - 1) - MAX(from, 0) + 1);
}

/* Each pixel of a row by the votes of its disc. `sums` are those of the rows of the disc, in a ring. */
static void vote_row(RhMask *out, const RhRectangle *area, int y, guint radius, const guint *reach,
                     guint *const *sums, guint *votes, guint *voters)
{
    const int width = area->width, around = (int)radius;
    memset(votes, 0, sizeof *votes * (gsize)width);
    memset(voters, 0, sizeof *voters * (gsize)width);
    for (int dy = -around; dy <= around; dy++) {
        if (y + dy < 0 || y + dy >= (int)out->height)
            continue;
        const int far = (int)reach[ABS(dy)];
        const guint *row = sums[(y + dy) % (2 * around + 1)] + around;
        for (int x = 0; x < width; x++)
            votes[x] += row[x + far + 1] - row[x - far];
        for (int x = 0; x < width; x++)
            voters[x] += overlap(area->x + x - far, area->x + x + far, out->width);
    }
    guint8 *pixels = out->pixels + (gsize)y * out->width + (gsize)area->x;
    for (int x = 0; x < width; x++)
        if (2 * votes[x] != voters[x])
            pixels[x] = 2 * votes[x] > voters[x] ? 255 : 0;
}

void rh_mask_smooth(RhMask *mask, guint radius)
{
    g_assert(radius <= RH_MASK_AMOUNT_MAX);
    const RhRectangle area = widened(mask, rh_mask_bounds(mask), radius);
    if (area.width <= 0 || area.height <= 0)
        return;
    guint reach[RH_MASK_AMOUNT_MAX + 1], *sums[2 * RH_MASK_AMOUNT_MAX + 1];
    const int around = (int)radius, rows = 2 * around + 1;
    const gsize length = (gsize)area.width + 2 * (gsize)radius + 1;
    g_autofree guint *ring = g_new(guint, length * (gsize)rows);
    g_autofree guint *votes = g_new(guint, 2 * (gsize)area.width);
    measure_disc(radius, reach);
    for (int i = 0; i < rows; i++)
        sums[i] = ring + length * (gsize)i;
    /* A row is summed before the pixels `radius` above it are written, so all that is summed is as it was. */
    for (int y = MAX(area.y - around, 0); y < area.y + area.height + around; y++) {
        if (y < (int)mask->height)
            sum_row(mask, &area, y, radius, sums[y % rows]);
        if (y - around >= area.y)
            vote_row(mask, &area, y - around, radius, reach, sums, votes, votes + area.width);
    }
}
