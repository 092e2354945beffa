/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/random.h"

#include <math.h>
#include <string.h>

/* Philox 4x32-10: ten rounds of two 32×32→64 products, the key raised by Weyl constants between rounds. */
static void philox(const guint32 counter[4], const guint32 key[2], guint32 block[4])
{
    guint32 k0 = key[0], k1 = key[1];
    memcpy(block, counter, 4 * sizeof *block);
    for (guint round = 0; round < 10; round++) {
        guint64 product0 = (guint64)0xD2511F53u * block[0];
        guint64 product1 = (guint64)0xCD9E8D57u * block[2];
        guint32 next[4] = {(guint32)(product1 >> 32) ^ block[1] ^ k0, (guint32)product1,
                           (guint32)(product0 >> 32) ^ block[3] ^ k1, (guint32)product0};
        memcpy(block, next, sizeof next);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* Word 0 of the counter runs; the others name the stream. The purpose shares a word with the place in the
 * stream's upper part, which no stream of ours reaches. */
void rh_random_init(RhRandom *random, guint64 seed, RhPurpose purpose, guint32 epoch, guint32 sample)
{
    *random = (RhRandom){
        .key = {(guint32)seed, (guint32)(seed >> 32)},
        .counter = {0, (guint32)purpose, epoch, sample},
        .used = G_N_ELEMENTS(random->block),
    };
}

guint32 rh_random_next(RhRandom *random)
{
    if (random->used == G_N_ELEMENTS(random->block)) {
        philox(random->counter, random->key, random->block);
        random->counter[0]++;
        random->used = 0;
    }
    return random->block[random->used++];
}

/* Lemire's multiplication with rejection of the few words that would favour small values. */
guint32 rh_random_below(RhRandom *random, guint32 bound)
{
    g_assert(bound > 0);
    guint32 threshold = -bound % bound;
    for (;;) {
        guint64 product = (guint64)rh_random_next(random) * bound;
        if ((guint32)product >= threshold)
            return (guint32)(product >> 32);
    }
}

double rh_random_uniform(RhRandom *random)
{
    guint64 high = rh_random_next(random) >> 5;
    guint64 low = rh_random_next(random) >> 6;
    return (double)(high << 26 | low) * 0x1p-53;
}

/* Box–Muller; the sine is dropped so that a draw takes a fixed number of words. */
double rh_random_normal(RhRandom *random)
{
    double radius = sqrt(-2 * log(1 - rh_random_uniform(random)));
    return radius * cos(2 * G_PI * rh_random_uniform(random));
}

void rh_random_permute(RhRandom *random, guint32 *values, guint count)
{
    for (guint i = count; i > 1; i--) {
        guint j = rh_random_below(random, i);
        guint32 kept = values[i - 1];
        values[i - 1] = values[j];
        values[j] = kept;
    }
}
