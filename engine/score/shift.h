/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Accuracy and AUC at every shift level from one scored test set (SPEC: shift level), in closed form.
 *
 * In the population of level s each class has a share s of conflicting images; the classes keep the shares
 * they have in the test set. AUC(s) is then a quadratic of four win rates, accuracy(s) a straight line of
 * four cells. */
typedef struct {
    float logits[2];
    guint8 label;       /* 0 or 1 */
    guint8 conflicting; /* 0 aligned, 1 conflicting; others are left out */
} RhScored;

/* o₁ − o₀; above 0 is class 1. One that is NaN is wrong, and leaves no AUC. */
static inline double rh_score(const RhScored *row)
{
    return (double)row->logits[1] - row->logits[0];
}

typedef struct {
    double level;
    double accuracy, accuracy_low, accuracy_high;
    double auc, auc_low, auc_high;
    double auc_per_logit; /* the published figure: mean of the AUC of −o₀ and of o₁, each by itself */
} RhShiftPoint;

#define RH_BOOTSTRAP_DRAWS 2000

/* points[i] for levels[i] in 0 … 1. Intervals: 95 %, stratified bootstrap over the four cells, `draws` draws
 * (0: none, the bounds are NaN), the same draws for all levels. A value that needs a cell without images is
 * NaN. */
void rh_shift_curve(const RhScored *rows, gsize count, const double *levels, guint n_levels, guint draws,
                    guint64 seed, RhShiftPoint *points);
/* At every level the mean of the curves of `count` independent runs, such as seeds, over the same levels,
 * with its 95 % t interval (NaN of fewer than two runs), cut to 0 … 1, where the values lie. */
void rh_shift_mean(const RhShiftPoint *const *curves, guint count, guint n_levels, RhShiftPoint *points);
/* What the bands of a chart are, in words: of curves of one run, of means of several, or both. NULL: none. */
const char *rh_shift_bands(gboolean single, gboolean several);
/* What a curve is at a level, or at its end if the level is beyond; linear between its two or more points,
 * whose levels are equally far apart. */
void rh_shift_read(const RhShiftPoint *points, guint count, double level, double *accuracy, double *auc);
/* Where a curve of AUC first crosses one half, NaN if it does not; linear between points. */
double rh_shift_crossing(const RhShiftPoint *points, guint count);
