/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/samples.h"

#include <string.h>

#include "base/random.h"

RhSamples *rh_samples_new(guint count, guint height, guint width)
{
    const gsize values = (gsize)count * height * width;
    RhSamples *samples = g_new0(RhSamples, 1);
    g_atomic_ref_count_init(&samples->references);
    samples->count = count;
    samples->height = height;
    samples->width = width;
    samples->images = g_new0(float, values);
    samples->masks = g_malloc(values);
    memset(samples->masks, 1, values);
    samples->has_mask = g_malloc0(count);
    samples->labels = g_malloc0(count);
    samples->conflicting = g_malloc(count);
    memset(samples->conflicting, RH_UNKNOWN, count);
    samples->splits = g_malloc0(count);
    samples->clusters = g_new0(guint32, count);
    samples->ids = g_new0(char *, (gsize)count + 1);
    return samples;
}

RhSamples *rh_samples_ref(RhSamples *samples)
{
    g_atomic_ref_count_inc(&samples->references);
    return samples;
}

void rh_samples_unref(RhSamples *samples)
{
    if (samples == NULL || !g_atomic_ref_count_dec(&samples->references))
        return;
    g_free(samples->images);
    g_free(samples->masks);
    g_free(samples->has_mask);
    g_free(samples->labels);
    g_free(samples->conflicting);
    g_free(samples->splits);
    g_free(samples->clusters);
    for (guint i = 0; i < samples->count; i++)
        g_free(samples->ids[i]);
    g_free(samples->ids);
    g_free(samples);
}

GArray *rh_samples_of_split(const RhSamples *samples, RhSplit split)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < samples->count; i++)
        if (samples->splits[i] == split)
            g_array_append_val(places, i);
    return places;
}

void rh_shuffle_outside(const float *image, const guint8 *mask, gsize pixels, guint64 seed, guint32 epoch,
                        guint32 sample, guint32 *scratch, float *out)
{
    RhRandom random;
    guint32 outside = 0;
    rh_random_init(&random, seed, RH_PURPOSE_SHUFFLE, epoch, sample);
    memmove(out, image, pixels * sizeof *out);
    for (gsize i = 0; i < pixels; i++)
        if (mask[i] == 0)
            scratch[outside++] = (guint32)i;
    for (guint32 left = outside; left > 1; left--) {
        guint32 from = scratch[rh_random_below(&random, left)], to = scratch[left - 1];
        float kept = out[to];
        out[to] = out[from];
        out[from] = kept;
    }
}

void rh_mirror(const float *image, guint height, guint width, float *out)
{
    for (gsize y = 0; y < height; y++)
        for (gsize x = 0; x < width; x++)
            out[y * width + x] = image[y * width + (width - 1 - x)];
}
