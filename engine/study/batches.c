/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/batches.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

struct _RhBatches {
    const RhSamples *samples;
    const RhRunSettings *settings;
    RhPool *pool;
    gsize pixels;
    GArray *places; /* guint, of the training images in the samples */
    guint8 *masks;  /* by training image, as the settings make them; NULL if the method needs none */
    guint epoch;
    guint32 *order;     /* places in `places` */
    guint first, count; /* of the batch being made, in `order` */
    float *x, *mask, *shuffled;
    guint8 *labels;
    guint32 *scratch; /* an image's pixels for every image of a batch */
};

static guint place_of(const RhBatches *batches, guint i)
{
    return g_array_index(batches->places, guint, i);
}

/* Whether image i has something to say through its mask. */
static gboolean speaks(const RhBatches *batches, guint i)
{
    const guint place = place_of(batches, i);
    const gboolean empty_negative =
        batches->settings->empty_negatives && batches->samples->labels[place] == 0;
    return batches->samples->has_mask[place] || empty_negative;
}

/* Keeps masks for a share of those of a class that have one; larger shares contain the smaller ones. */
static void keep_fraction(const RhBatches *batches, guint8 label, guint8 *kept)
{
    const guint n = batches->places->len;
    g_autofree guint32 *with = g_new(guint32, n);
    guint count = 0;
    for (guint i = 0; i < n; i++)
        if (batches->samples->labels[place_of(batches, i)] == label && speaks(batches, i))
            with[count++] = i;
    RhRandom random;
    rh_random_init(&random, batches->settings->seed, RH_PURPOSE_MASK_FRACTION, label, 0);
    rh_random_permute(&random, with, count);
    const guint wanted = (guint)lround(batches->settings->mask_fraction * count);
    for (guint i = 0; i < wanted; i++)
        kept[with[i]] = 1;
}

static void prepare_masks(RhBatches *batches)
{
    const RhSamples *samples = batches->samples;
    const guint n = batches->places->len;
    g_autofree guint8 *kept = g_malloc0(n);
    for (guint8 label = 0; label < 2; label++)
        keep_fraction(batches, label, kept);
    batches->masks = g_malloc(n * batches->pixels);
    for (guint i = 0; i < n; i++) {
        const guint place = place_of(batches, i);
        guint8 *mask = batches->masks + i * batches->pixels;
        if (!kept[i])
            memset(mask, 1, batches->pixels);
        else if (!samples->has_mask[place])
            memset(mask, 0, batches->pixels);
        else {
            memcpy(mask, samples->masks + place * batches->pixels, batches->pixels);
            rh_mask_dilate(mask, samples->width, samples->height, batches->settings->mask_blur);
        }
    }
}

RhBatches *rh_batches_new(const RhSamples *samples, const RhRunSettings *settings, RhPool *pool)
{
    RhBatches *batches = g_new0(RhBatches, 1);
    const gsize pixels = (gsize)samples->height * samples->width;
    const RhMethodNeeds needs = settings->method->needs;
    batches->samples = samples;
    batches->settings = settings;
    batches->pool = pool;
    batches->pixels = pixels;
    batches->places = rh_samples_of_split(samples, RH_SPLIT_TRAINING);
    batches->order = g_new(guint32, MAX(batches->places->len, 1));
    const guint most = CLAMP(batches->places->len, 1, settings->batch);
    batches->x = g_new(float, most *pixels);
    batches->labels = g_new(guint8, most);
    if (needs & (RH_METHOD_MASK | RH_METHOD_SHUFFLED))
        prepare_masks(batches);
    if (needs & RH_METHOD_MASK)
        batches->mask = g_new(float, most *pixels);
    if (needs & RH_METHOD_SHUFFLED) {
        batches->shuffled = g_new(float, most *pixels);
        batches->scratch = g_new(guint32, most * pixels);
    }
    return batches;
}

void rh_batches_free(RhBatches *batches)
{
    if (batches == NULL)
        return;
    g_array_unref(batches->places);
    g_free(batches->masks);
    g_free(batches->order);
    g_free(batches->x);
    g_free(batches->mask);
    g_free(batches->shuffled);
    g_free(batches->labels);
    g_free(batches->scratch);
    g_free(batches);
}

guint rh_batches_count(const RhBatches *batches)
{
    return batches->places->len;
}

guint rh_batches_steps(const RhBatches *batches)
{
    return (batches->places->len + batches->settings->batch - 1) / batches->settings->batch;
}

void rh_batches_begin(RhBatches *batches, guint epoch)
{
    RhRandom random;
    batches->epoch = epoch;
    for (guint i = 0; i < batches->places->len; i++)
        batches->order[i] = i;
    rh_random_init(&random, batches->settings->seed, RH_PURPOSE_ORDER, epoch, 0);
    rh_random_permute(&random, batches->order, batches->places->len);
}

guint rh_batches_place(const RhBatches *batches, guint i)
{
    return place_of(batches, batches->order[batches->first + i]);
}

static void make_image(guint piece, gpointer data)
{
    RhBatches *batches = data;
    const gsize pixels = batches->pixels, offset = piece * pixels;
    const guint place = rh_batches_place(batches, piece);
    const float *image = batches->samples->images + place * pixels;
    memcpy(batches->x + offset, image, pixels * sizeof(float));
    batches->labels[piece] = batches->samples->labels[place];
    if (batches->masks == NULL)
        return;
    const guint8 *mask = batches->masks + batches->order[batches->first + piece] * pixels;
    if (batches->mask != NULL)
        for (gsize i = 0; i < pixels; i++)
            batches->mask[offset + i] = mask[i];
    if (batches->shuffled != NULL)
        rh_shuffle_outside(image, mask, pixels, batches->settings->seed, batches->epoch, place,
                           batches->scratch + offset, batches->shuffled + offset);
}

void rh_batches_get(RhBatches *batches, guint step, RhBatch *batch)
{
    batches->first = step * batches->settings->batch;
    g_assert(batches->first < batches->places->len);
    batches->count = MIN(batches->settings->batch, batches->places->len - batches->first);
    rh_pool_run(batches->pool, batches->count, make_image, batches);
    *batch = (RhBatch){.count = batches->count,
                       .x = batches->x,
                       .mask = batches->mask,
                       .shuffled = batches->shuffled,
                       .labels = batches->labels};
}
