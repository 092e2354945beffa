/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>

#include "base/random.h"
#include "score/shift.h"

#define ROWS 90

/* A test set with uneven cells and some ties, in which the confounder pulls the score towards its own class.
 */
static inline void make_rows(RhScored *rows, guint count, guint64 seed)
{
    RhRandom random;
    rh_random_init(&random, seed, RH_PURPOSE_TEST, 0, 0);
    for (guint i = 0; i < count; i++) {
        guint8 label = i % 5 < 2, conflicting = i % 7 < 3;
        double pull = (label == 1) != (conflicting == 1) ? 1 : -1;
        double score = 0.4 * (label == 1 ? 1 : -1) + 0.7 * pull + rh_random_normal(&random);
        float logit0 = (float)round(rh_random_normal(&random) * 8) / 8;
        rows[i] = (RhScored){{logit0, logit0 + (float)round(score * 8) / 8}, label, conflicting, 0};
    }
}

static inline RhShiftPoint read_at(const RhScored *rows, gsize count, double level)
{
    RhShift shift;
    const RhShift *const one = &shift;
    rh_shift_measure(rows, count, &shift);
    return rh_shift_read(&one, 1, level);
}
