/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/histogram.h"

#include <math.h>
#include <string.h>

typedef struct {
    RhHistogram *histogram;
    double scale; /* bins a unit of value; 0: the range is being looked for */
} Counting;

static inline void count(Counting *counting, double value)
{
    RhHistogram *histogram = counting->histogram;
    if (!isfinite(value))
        return;
    if (counting->scale == 0) {
        histogram->low = MIN(histogram->low, value);
        histogram->high = MAX(histogram->high, value);
        histogram->total++;
        return;
    }
    guint bin = (guint)((value - histogram->low) * counting->scale);
    histogram->counts[MIN(bin, RH_HISTOGRAM_BINS - 1)]++;
}

#define COUNT(name, Value)                                                                                   \
    static void name(Counting *counting, const RhImage *image, guint step)                                   \
    {                                                                                                        \
        for (gsize y = 0; y < image->height; y += step) {                                                    \
            const Value *row = (const Value *)image->pixels + y * image->width;                              \
            for (gsize x = 0; x < image->width; x += step)                                                   \
                count(counting, (double)row[x]);                                                             \
        }                                                                                                    \
    }
COUNT(count_u8, guint8)
COUNT(count_u16, guint16)
COUNT(count_f32, float)

void rh_histogram_of_image(RhHistogram *histogram, const RhImage *image)
{
    static void (*const count_values[])(Counting *, const RhImage *, guint) = {
        [RH_PIXEL_U8] = count_u8,
        [RH_PIXEL_U16] = count_u16,
        [RH_PIXEL_F32] = count_f32,
    };
    double pixels = (double)image->width * image->height;
    guint step = (guint)ceil(sqrt(MAX(pixels / RH_HISTOGRAM_SAMPLES, 1)));
    Counting counting = {.histogram = histogram};
    *histogram = (RhHistogram){.low = HUGE_VAL, .high = -HUGE_VAL};
    count_values[image->type](&counting, image, step);
    if (histogram->total == 0)
        histogram->low = histogram->high = 0;
    counting.scale = RH_HISTOGRAM_BINS / MAX(histogram->high - histogram->low, 1e-30);
    count_values[image->type](&counting, image, step);
}

double rh_histogram_quantile(const RhHistogram *histogram, double share)
{
    double wanted = CLAMP(share, 0, 1) * histogram->total, below = 0;
    double width = (histogram->high - histogram->low) / RH_HISTOGRAM_BINS;
    for (guint i = 0; i < RH_HISTOGRAM_BINS; i++) {
        guint here = histogram->counts[i];
        if (here > 0 && below + here >= wanted)
            return histogram->low + width * (i + (wanted - below) / here);
        below += here;
    }
    return histogram->high;
}
