/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/batches.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#define COUNT  37u
#define SIDE   6u
#define PIXELS (SIDE * SIDE)

/* Every pixel of an image is different, and three images out of four have a mask: the upper left 3×3. */
static RhSamples *new_samples(void)
{
    RhSamples *samples = rh_samples_new(COUNT, SIDE, SIDE);
    for (guint i = 0; i < COUNT; i++) {
        samples->labels[i] = i % 2;
        samples->splits[i] = i == 5 ? RH_SPLIT_TEST : RH_SPLIT_TRAINING;
        samples->has_mask[i] = i % 4 != 0;
        samples->ids[i] = g_strdup_printf("%u", i);
        for (guint k = 0; k < PIXELS; k++) {
            samples->images[i * PIXELS + k] = (float)(i * PIXELS + k);
            samples->masks[i * PIXELS + k] = !samples->has_mask[i] || (k % SIDE < 3 && k / SIDE < 3);
        }
    }
    return samples;
}

static RhRunSettings settings_for(const char *method)
{
    return (RhRunSettings){
        .method = rh_method_find(method, NULL), .seed = 11, .batch = 16, .mask_fraction = 1};
}

/* Every training image once an epoch, the last batch short, x and label those of the place. */
static void test_order(void)
{
    g_autoptr(RhSamples) samples = new_samples();
    const RhRunSettings settings = settings_for("baseline");
    g_autoptr(RhBatches) batches = rh_batches_new(samples, &settings, NULL);
    g_assert_cmpuint(rh_batches_count(batches), ==, 36);
    g_assert_cmpuint(rh_batches_steps(batches), ==, 3);
    guint order[2][36];
    for (guint epoch = 0; epoch < 2; epoch++) {
        gboolean seen[COUNT] = {FALSE};
        rh_batches_begin(batches, epoch + 1);
        for (guint step = 0; step < 3; step++) {
            RhBatch batch;
            rh_batches_get(batches, step, &batch);
            g_assert_cmpuint(batch.count, ==, step < 2 ? 16 : 4);
            g_assert_null(batch.mask);
            g_assert_null(batch.shuffled);
            for (guint i = 0; i < batch.count; i++) {
                const guint place = rh_batches_place(batches, i);
                g_assert_false(seen[place]);
                seen[place] = TRUE;
                order[epoch][step * 16 + i] = place;
                g_assert_cmpuint(batch.labels[i], ==, place % 2);
                g_assert_cmpfloat(batch.x[i * PIXELS + 7], ==, (float)(place * PIXELS + 7));
            }
        }
        g_assert_false(seen[5]);
    }
    g_assert_cmpint(memcmp(order[0], order[1], sizeof order[0]), !=, 0);
}

static int compare(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Inside stays, outside is a permutation; the same on any number of threads and whatever came before. */
static void test_shuffled(void)
{
    g_autoptr(RhSamples) samples = new_samples();
    const RhRunSettings settings = settings_for("actdiff");
    g_autoptr(RhPool) pool = rh_pool_new(2);
    g_autoptr(RhBatches) one = rh_batches_new(samples, &settings, NULL);
    g_autoptr(RhBatches) two = rh_batches_new(samples, &settings, pool);
    rh_batches_begin(one, 1);
    rh_batches_begin(one, 3);
    rh_batches_begin(two, 3);
    guint moved = 0;
    for (guint step = 0; step < 3; step++) {
        RhBatch a, b;
        rh_batches_get(one, step, &a);
        rh_batches_get(two, step, &b);
        g_assert_cmpmem(a.x, a.count * PIXELS * sizeof(float), b.x, b.count * PIXELS * sizeof(float));
        g_assert_cmpmem(a.shuffled, a.count * PIXELS * sizeof(float), b.shuffled,
                        b.count * PIXELS * sizeof(float));
        for (guint i = 0; i < a.count; i++) {
            const guint place = rh_batches_place(one, i);
            float sorted[PIXELS];
            for (guint k = 0; k < PIXELS; k++) {
                const float x = a.x[i * PIXELS + k], s = a.shuffled[i * PIXELS + k];
                if (samples->masks[place * PIXELS + k])
                    g_assert_cmpfloat(x, ==, s);
                moved += x != s;
                sorted[k] = s;
            }
            qsort(sorted, PIXELS, sizeof(float), compare);
            g_assert_cmpmem(sorted, sizeof sorted, a.x + i * PIXELS, sizeof sorted);
        }
    }
    g_assert_cmpuint(moved, >, 500);
}

typedef struct {
    guint full, empty, drawn; /* masks: all 1, all 0, others */
    guint inside;             /* pixels of the others */
} Masks;

static Masks count_masks(const RhSamples *samples, const RhRunSettings *settings, guint8 label)
{
    g_autoptr(RhBatches) batches = rh_batches_new(samples, settings, NULL);
    Masks masks = {0};
    rh_batches_begin(batches, 1);
    for (guint step = 0; step < rh_batches_steps(batches); step++) {
        RhBatch batch;
        rh_batches_get(batches, step, &batch);
        for (guint i = 0; i < batch.count; i++) {
            guint inside = 0;
            for (guint k = 0; k < PIXELS; k++)
                inside += batch.mask[i * PIXELS + k] == 1;
            if (batch.labels[i] != label)
                continue;
            masks.full += inside == PIXELS;
            masks.empty += inside == 0;
            masks.drawn += inside > 0 && inside < PIXELS;
            masks.inside += inside < PIXELS ? inside : 0;
        }
    }
    return masks;
}

/* Of 19 training images of class 0 ten have no mask, of 17 of class 1 all have one. */
static void test_masks(void)
{
    g_autoptr(RhSamples) samples = new_samples();
    RhRunSettings settings = settings_for("rrr");
    Masks negatives = count_masks(samples, &settings, 0), positives = count_masks(samples, &settings, 1);
    g_assert_cmpuint(negatives.full, ==, 10);
    g_assert_cmpuint(negatives.drawn, ==, 9);
    g_assert_cmpuint(positives.drawn, ==, 17);
    g_assert_cmpuint(positives.inside, ==, 17 * 9);

    settings.empty_negatives = TRUE;
    negatives = count_masks(samples, &settings, 0);
    g_assert_cmpuint(negatives.empty, ==, 10);
    g_assert_cmpuint(negatives.drawn, ==, 9);

    settings = settings_for("rrr");
    settings.mask_fraction = 0.5;
    negatives = count_masks(samples, &settings, 0), positives = count_masks(samples, &settings, 1);
    g_assert_cmpuint(negatives.drawn, ==, 5); /* of 9 */
    g_assert_cmpuint(positives.drawn, ==, 9); /* of 17 */
    settings.mask_fraction = 0;
    positives = count_masks(samples, &settings, 1);
    g_assert_cmpuint(positives.full, ==, 17);

    /* σ = 0.25 grows a mask by one pixel to each side: 4×4 of the 3×3 in the corner. */
    settings = settings_for("rrr");
    settings.mask_blur = 0.25;
    positives = count_masks(samples, &settings, 1);
    g_assert_cmpuint(positives.inside, ==, 17 * 16);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/batches/order", test_order);
    g_test_add_func("/batches/shuffled", test_shuffled);
    g_test_add_func("/batches/masks", test_masks);
    return g_test_run();
}
