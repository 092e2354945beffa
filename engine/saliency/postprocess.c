/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saliency/postprocess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIGMA  1.0
#define RADIUS 4 /* ⌊3.5 σ + ½⌋ */

/* kernel[k]: the weight at distance k, the whole kernel summing to one. */
static void gaussian_kernel(double kernel[RADIUS + 1])
{
    double sum = 0;
    for (int k = -RADIUS; k <= RADIUS; k++)
        sum += exp(-0.5 / (SIGMA * SIGMA) * k * k);
    for (int k = 0; k <= RADIUS; k++)
        kernel[k] = exp(-0.5 / (SIGMA * SIGMA) * k * k) / sum;
}

/* Blurs `count` values that lie `step` apart; `line` has room for them and RADIUS zeros on both sides. */
static void blur_line(double *values, gsize count, gsize step, const double *kernel, double *line)
{
    for (gsize i = 0; i < count; i++)
        line[RADIUS + i] = values[i * step];
    for (gsize i = 0; i < count; i++) {
        const double *centre = &line[RADIUS + i];
        double sum = centre[0] * kernel[0];
        for (int k = RADIUS; k >= 1; k--)
            sum += (centre[-k] + centre[k]) * kernel[k];
        values[i * step] = sum;
    }
}

void rh_map_smooth(const float *map, guint height, guint width, gboolean smoothed, double *out)
{
    gsize count = (gsize)height * width;
    double kernel[RADIUS + 1];
    for (gsize i = 0; i < count; i++)
        out[i] = fabs((double)map[i]);
    if (!smoothed)
        return;
    gaussian_kernel(kernel);
    g_autofree double *column = g_new0(double, height + 2 * RADIUS);
    for (guint x = 0; x < width; x++)
        blur_line(out + x, height, width, kernel, column);
    g_autofree double *row = g_new0(double, width + 2 * RADIUS);
    for (guint y = 0; y < height; y++)
        blur_line(out + (gsize)y * width, width, 1, kernel, row);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* numpy.percentile with method "linear": between two values the one is taken that is nearer to start from, so
 * that both ends are met exactly. NaN if a value is NaN. */
static double percentile(const double *values, gsize count, double percent)
{
    g_autofree double *sorted = g_memdup2(values, count * sizeof *values);
    for (gsize i = 0; i < count; i++)
        if (isnan(sorted[i]))
            return NAN;
    qsort(sorted, count, sizeof *sorted, compare);
    double place = percent / 100 * (double)(count - 1);
    gsize below = (gsize)place;
    double low = sorted[below], high = sorted[MIN(below + 1, count - 1)], part = place - (double)below;
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

void rh_map_threshold(const double *smooth, gsize count, gsize mask_pixels, guint8 *kept)
{
    g_assert(count > 0 && mask_pixels <= count);
    double limit = percentile(smooth, count, 100 - (double)mask_pixels / (double)count * 100);
    for (gsize i = 0; i < count; i++)
        kept[i] = smooth[i] > limit && smooth[i] > 0;
}

static double ratio(gsize part, gsize whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

void rh_localisation(const float *map, gboolean smoothed, const guint8 *mask, guint height, guint width,
                     RhLocalisation *scores)
{
    gsize count = (gsize)height * width, in_mask = 0, in_kept = 0, both = 0;
    g_autofree double *smooth = g_new(double, count);
    g_autofree guint8 *kept = g_new(guint8, count);
    for (gsize i = 0; i < count; i++)
        in_mask += mask[i] != 0;
    rh_map_smooth(map, height, width, smoothed, smooth);
    rh_map_threshold(smooth, count, in_mask, kept);
    for (gsize i = 0; i < count; i++) {
        in_kept += kept[i];
        both += kept[i] && mask[i] != 0;
    }
    double share = ratio(in_mask, count);
    *scores = (RhLocalisation){
        .iou = ratio(both, in_mask + in_kept - both),
        .iop = ratio(both, in_kept),
        .iot = ratio(both, in_mask),
        .iou_chance = share / (2 - share),
        .iop_chance = share,
        .iot_chance = share,
    };
}

RhOverlapText rh_overlap_text(double score)
{
    RhOverlapText text;
    const int digits = score > 0 && score < 0.1 ? 1 - (int)floor(log10(score)) : 2;
    g_snprintf(text.text, sizeof text.text, "%.*f", MIN(digits, 6), score);
    return text;
}

double rh_chance_corrected(double score, double chance)
{
    return chance < 1 ? (score - chance) / (1 - chance) : NAN;
}
