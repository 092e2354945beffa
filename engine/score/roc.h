/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Ranking quality. A value is NaN where it has nothing to rank: one class only, or a score that is NaN. */

/* Win rate U(a, b) = P(score of a > score of b) + ½P(equal); NaN if either is empty. O((n+m) log(n+m)). */
double rh_win_rate(const double *a, gsize n_a, const double *b, gsize n_b);
/* Area under the ROC curve of `scores` for labels 0/1, ties counted half; NaN with one class only. */
double rh_auc(const double *scores, const guint8 *labels, gsize count);
/* The published figure: mean of the AUC of −o₀ and of o₁, each as a score by itself. */
double rh_auc_per_logit(const double *logit0, const double *logit1, const guint8 *labels, gsize count);
