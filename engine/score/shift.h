/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "score/interval.h"

/* Accuracy and AUC at every shift level from one scored test set (SPEC: shift level), in closed form.
 *
 * In the population of level s each class has a share s of conflicting images; the classes keep the shares
 * they have in the test set. AUC(s) is then a quadratic of four win rates, accuracy(s) a straight line of
 * four cells. */
typedef struct {
    float logits[2];
    guint8 label;       /* 0 or 1 */
    guint8 conflicting; /* 0 aligned, 1 conflicting; others are left out */
    guint32 cluster;    /* equal: one patient's images, or versions of one image; 0: an image by itself */
} RhScored;

/* o₁ − o₀; above 0 is class 1. One that is NaN is wrong, and leaves no AUC. */
static inline double rh_score(const RhScored *row)
{
    return (double)row->logits[1] - row->logits[0];
}

/* Cells are numbered label·2 + conflicting. */
#define RH_N_CELLS                  4
#define RH_CELL(label, conflicting) ((label)*2u + (conflicting))

/* The win rates U(a, b) of positives of one kind over negatives of another that make the quadratic:
 * AUC(s) = (1−s)²·aligned over aligned + s(1−s)·mixed + s²·conflicting over conflicting. */
enum { RH_WINS_ALIGNED, RH_WINS_MIXED /* both ways added */, RH_WINS_CONFLICTING, RH_N_WINS };

/* All that a test set says of every level. What needs a cell that is empty is NaN. */
typedef struct {
    guint images[RH_N_CELLS];
    guint clusters[RH_N_CELLS]; /* with images in the cell: patients, or as many as images */
    guint clusters_in_all;      /* one may have images in several cells */
    double wins[RH_N_WINS];
    double per_logit[RH_N_WINS]; /* mean of those of −o₀ and of o₁, each by itself */
    double correct[RH_N_CELLS];  /* share that is classified rightly */
    /* Second moments over the clusters; NaN where a cell has one cluster, whose spread is not known. */
    double wins_covariance[RH_N_WINS][RH_N_WINS];
    double correct_covariance[RH_N_CELLS][RH_N_CELLS];
    /* Fourth moments: how far the covariance rests on few clusters. */
    double wins_fourth[RH_N_WINS][RH_N_WINS][RH_N_WINS][RH_N_WINS];
    /* Σ over clusters of the product of the shares they have of two cells: 1/n where each image is by
     * itself, else 0. */
    double overlap[RH_N_CELLS][RH_N_CELLS];
} RhShift;

void rh_shift_measure(const RhScored *rows, gsize count, RhShift *shift);

typedef struct {
    double level;
    double accuracy, accuracy_low, accuracy_high;
    double auc, auc_low, auc_high;
    double auc_per_logit; /* the published figure: mean of the AUC of −o₀ and of o₁, each by itself */
} RhShiftPoint;

/* The curve at a level of 0 … 1, without intervals. A value that needs an empty cell is NaN. */
RhShiftPoint rh_shift_value(const RhShift *shift, double level);

/* What follows is of one test set with its 95 % intervals over the test images or patients, or, of
 * several runs on the same images, such as seeds, of their mean with its 95 % t interval over the runs, cut
 * to where the values lie; where these are all equal, which tells nothing of how they differ, the interval is
 * that over the test images. */

RhShiftPoint rh_shift_read(const RhShift *const *shifts, guint count, double level);

typedef struct {
    RhInterval area;  /* under the curve of AUC, over all levels */
    RhInterval slope; /* of the curve of AUC at level one half: what it loses or gains from end to end */
    double crossing;  /* the least level at which the curve of AUC meets one half; NaN: at none */
} RhShiftSummary;
RhShiftSummary rh_shift_summary(const RhShift *const *shifts, guint count);

/* How many images of a class count at a level: of both cells, or of one at the ends. */
guint rh_shift_images(const RhShift *shift, guint label, double level);
/* Whether a cell has several images of one patient. */
gboolean rh_shift_has_patients(const RhShift *shift);
/* What the bands of a chart are, in words: of curves of one run, of means of several, or both. NULL: none. */
const char *rh_shift_bands(gboolean patients, gboolean single, gboolean several);
