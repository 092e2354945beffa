/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/samples.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static int by_value(const void *a, const void *b)
{
    float p = *(const float *)a, q = *(const float *)b;
    return (p > q) - (p < q);
}

/* Inside nothing moves; outside the same values stand, in another order. */
static void test_shuffle(void)
{
    RhRandom random;
    rh_random_init(&random, 1, RH_PURPOSE_TEST, 0, 0);
    for (guint trial = 0; trial < 200; trial++) {
        const guint pixels = 1 + rh_random_below(&random, 400);
        float image[400], out[400], again[400], before[400], after[400];
        guint8 mask[400];
        guint32 scratch[400];
        guint outside = 0, moved = 0;
        for (guint i = 0; i < pixels; i++) {
            image[i] = (float)rh_random_uniform(&random);
            mask[i] = rh_random_below(&random, 3) == 0;
        }
        rh_shuffle_outside(image, mask, pixels, 7, 3, trial, scratch, out);
        rh_shuffle_outside(image, mask, pixels, 7, 3, trial, scratch, again);
        g_assert_cmpmem(out, pixels * sizeof *out, again, pixels * sizeof *again);
        for (guint i = 0; i < pixels; i++) {
            if (mask[i] == 1) {
                g_assert_cmpfloat(out[i], ==, image[i]);
                continue;
            }
            before[outside] = image[i];
            after[outside++] = out[i];
            moved += out[i] != image[i];
        }
        if (outside > 20)
            g_assert_cmpuint(moved, >, outside / 2);
        qsort(before, outside, sizeof *before, by_value);
        qsort(after, outside, sizeof *after, by_value);
        g_assert_cmpmem(before, outside * sizeof *before, after, outside * sizeof *after);
    }
}

/* Seed, epoch and sample each make another order. */
static void test_shuffle_streams(void)
{
    float image[100], first[100], other[100];
    guint8 mask[100] = {0};
    guint32 scratch[100];
    for (guint i = 0; i < 100; i++)
        image[i] = (float)i;
    rh_shuffle_outside(image, mask, 100, 1, 2, 3, scratch, first);
    const guint32 streams[][3] = {{2, 2, 3}, {1, 3, 3}, {1, 2, 4}};
    for (gsize i = 0; i < G_N_ELEMENTS(streams); i++) {
        rh_shuffle_outside(image, mask, 100, streams[i][0], streams[i][1], streams[i][2], scratch, other);
        g_assert_cmpint(memcmp(first, other, sizeof first), !=, 0);
    }
}

/* Every order of three values is as likely: 6 of them over 12,000 draws, χ² with 5 degrees of freedom. */
static void test_shuffle_is_fair(void)
{
    const float image[3] = {0, 1, 2};
    const guint8 mask[3] = {0};
    guint32 scratch[3];
    guint seen[9] = {0};
    double chi = 0;
    for (guint draw = 0; draw < 12000; draw++) {
        float out[3];
        rh_shuffle_outside(image, mask, 3, 5, 0, draw, scratch, out);
        seen[(guint)(3 * out[0] + out[1])]++;
    }
    for (guint i = 0; i < 9; i++)
        if (i % 4 != 0) /* 0, 4 and 8 would have one value twice */
            chi += (seen[i] - 2000.0) * (seen[i] - 2000.0) / 2000;
    g_assert_cmpuint(seen[0] + seen[4] + seen[8], ==, 0);
    g_assert_cmpfloat(chi, <, 20.5); /* p = 0.001 */
}

static void test_mirror(void)
{
    const float image[6] = {1, 2, 3, 4, 5, 6}, expected[6] = {3, 2, 1, 6, 5, 4};
    float out[6], back[6];
    rh_mirror(image, 2, 3, out);
    g_assert_cmpmem(out, sizeof out, expected, sizeof expected);
    rh_mirror(out, 2, 3, back);
    g_assert_cmpmem(back, sizeof back, image, sizeof image);
}

static void test_container(void)
{
    g_autoptr(RhSamples) samples = rh_samples_new(5, 2, 3);
    for (guint i = 0; i < 5 * 6; i++)
        g_assert_cmpuint(samples->masks[i], ==, 1);
    const guint8 splits[] = {RH_SPLIT_TEST, RH_SPLIT_TRAINING, RH_SPLIT_NONE, RH_SPLIT_TEST, RH_SPLIT_TEST};
    memcpy(samples->splits, splits, 5);
    samples->ids[0] = g_strdup("first");
    g_autoptr(GArray) test = rh_samples_of_split(samples, RH_SPLIT_TEST);
    g_assert_cmpmem(test->data, test->len * sizeof(guint), ((guint[]){0, 3, 4}), 3 * sizeof(guint));
    g_autoptr(GArray) none = rh_samples_of_split(samples, RH_SPLIT_VALIDATION);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpuint(samples->conflicting[4], ==, RH_UNKNOWN);
    RhSamples *shared = rh_samples_ref(samples);
    rh_samples_unref(shared);
    g_assert_cmpstr(samples->ids[0], ==, "first");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/samples/shuffle", test_shuffle);
    g_test_add_func("/samples/shuffle-streams", test_shuffle_streams);
    g_test_add_func("/samples/shuffle-is-fair", test_shuffle_is_fair);
    g_test_add_func("/samples/mirror", test_mirror);
    g_test_add_func("/samples/container", test_container);
    return g_test_run();
}
