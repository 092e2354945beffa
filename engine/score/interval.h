/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* All the intervals of the program: 95 %, in closed form. docs/statistics.md says which is used where, and
 * how often each holds what it promises. */
typedef struct {
    double mean, low, high; /* NaN where there is nothing to say it of */
} RhInterval;

#define RH_NORMAL_QUANTILE 1.959963984540054 /* a share of 0.975 of the normal distribution lies below */

/* Student's t: the value that a share `probability` (0 … 1) lies below, with `degrees` of freedom (≥ 1). */
double rh_student_quantile(double probability, guint degrees);
/* That of a share of 0.975, in no time whatever the degrees. */
double rh_student_reach(guint degrees);

/* Mean and 95 % t interval of independent values, such as runs that differ in their seed. Bounds need two
 * values. A value that is no number makes all three NaN. */
RhInterval rh_mean_interval(const double *values, guint count);
/* The same of values that hang together where their `clusters` are equal, such as the images of one patient;
 * 0: by itself. The mean is that of the values; t has a degree of freedom less than there are clusters. */
RhInterval rh_clustered_mean_interval(const double *values, const guint32 *clusters, guint count);
/* Wilson's interval of a share that was found among `n` (> 0, perhaps an effective number). */
RhInterval rh_share_interval(double share, double n);
/* A sum of shares by their weights, each found among its own `n` (> 0): Wilson's intervals, squared and added
 * (Newcombe), with `correlations` between the parts (count×count; NULL: none; Zou). Parts of weight 0 may be
 * NaN. */
RhInterval rh_weighted_shares_interval(const double *weights, const double *shares, const double *n,
                                       const double *correlations, guint count);
/* An area under the ROC curve (0 … 1) with its variance: on the scale of the logit, `quantile` standard
 * errors to both sides. At 0 and 1, or where the variance is 0 or NaN, the areas that the one found is
 * compatible with, of so many positives and negatives (Newcombe's fifth method). */
RhInterval rh_auc_interval(double auc, double variance, double positives, double negatives, double quantile);

/* "0.53 (0.40–0.66)": two decimals, three where the interval is narrower than .02; without bounds "0.53",
 * without a value "–". Free with g_free. */
char *rh_interval_text(RhInterval interval);
