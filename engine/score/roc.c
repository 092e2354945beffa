/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/roc.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double score;
    gboolean positive;
} Ranked;

static int compare_scores(const void *left, const void *right)
{
    double a = ((const Ranked *)left)->score, b = ((const Ranked *)right)->score;
    return (a > b) - (a < b);
}

/* Sorts the rows and counts, tie by tie, the negatives below and beside each positive. Wins are counted twice
 * so that half a win is a whole number and the sum is exact. */
static double win_rate(Ranked *rows, gsize count)
{
    guint64 wins_twice = 0, positives = 0, negatives = 0;
    if (count == 0)
        return NAN;
    for (gsize i = 0; i < count; i++)
        if (isnan(rows[i].score))
            return NAN;
    qsort(rows, count, sizeof *rows, compare_scores);
    for (gsize first = 0, next; first < count; first = next) {
        guint64 tied[2] = {0};
        for (next = first; next < count && rows[next].score == rows[first].score; next++)
            tied[rows[next].positive]++;
        wins_twice += tied[1] * (2 * negatives + tied[0]);
        negatives += tied[0];
        positives += tied[1];
    }
    if (positives == 0 || negatives == 0)
        return NAN;
    return (double)wins_twice / (2.0 * (double)positives * (double)negatives);
}

double rh_win_rate(const double *a, gsize n_a, const double *b, gsize n_b)
{
    g_autofree Ranked *rows = g_new(Ranked, n_a + n_b);
    for (gsize i = 0; i < n_a; i++)
        rows[i] = (Ranked){a[i], TRUE};
    for (gsize i = 0; i < n_b; i++)
        rows[n_a + i] = (Ranked){b[i], FALSE};
    return win_rate(rows, n_a + n_b);
}

double rh_auc(const double *scores, const guint8 *labels, gsize count)
{
    g_autofree Ranked *rows = g_new(Ranked, count);
    for (gsize i = 0; i < count; i++)
        rows[i] = (Ranked){scores[i], labels[i] != 0};
    return win_rate(rows, count);
}

double rh_auc_per_logit(const double *logit0, const double *logit1, const guint8 *labels, gsize count)
{
    return ((1 - rh_auc(logit0, labels, count)) + rh_auc(logit1, labels, count)) / 2;
}
