/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "score/shift-private.h"

/* What images are ranked by. */
typedef double (*Ranking)(const RhScored *row);

static double by_logit0(const RhScored *row)
{
    return -row->logits[0];
}

static double by_logit1(const RhScored *row)
{
    return row->logits[1];
}

typedef struct {
    double score;
    guint cell, cluster;
    gboolean correct;
} Row;

/* What the images of one cluster add up to: what they move the win rates by, what they move by cell the share
 * that is right by, and what share of the cell they are. */
typedef struct {
    double wins[RH_N_WINS], correct[RH_N_CELLS], share[RH_N_CELLS];
} Sums;

/* The rates of two pairs make one term of the quadratic. */
#define PAIR(a, b) ((a)*2u + (b))
static const guint term_of_pair[] = {
    [PAIR(0, 0)] = RH_WINS_ALIGNED,
    [PAIR(0, 1)] = RH_WINS_MIXED,
    [PAIR(1, 0)] = RH_WINS_MIXED,
    [PAIR(1, 1)] = RH_WINS_CONFLICTING,
};

static int compare_rows(const void *left, const void *right)
{
    const double a = ((const Row *)left)->score, b = ((const Row *)right)->score;
    return (a > b) - (a < b);
}

gboolean rh_scored_has_cell(const RhScored *row)
{
    return row->label <= 1 && row->conflicting <= 1;
}

gboolean rh_scored_is_correct(const RhScored *row)
{
    return row->label == 1 ? rh_score(row) > 0 : rh_score(row) <= 0;
}

guint *rh_scored_clusters(const RhScored *rows, gsize count, guint *n_clusters)
{
    guint *clusters = g_new0(guint, count + 1);
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    *n_clusters = 0;
    for (gsize i = 0; i < count; i++) {
        if (!rh_scored_has_cell(&rows[i]))
            continue;
        const gpointer key = GUINT_TO_POINTER(rows[i].cluster);
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(known, key)); /* from 1 */
        if (number == 0) {
            number = ++*n_clusters;
            if (key != NULL)
                g_hash_table_insert(known, key, GUINT_TO_POINTER(number));
        }
        clusters[i] = number - 1;
    }
    return clusters;
}

/* The rows that have a cell, sorted by score. NULL if a score is NaN; how many there are is told all the
 * same. Free with g_free. */
static Row *rank(const RhScored *rows, gsize count, const guint *clusters, Ranking ranking, gsize *n)
{
    g_autofree Row *ranked = g_new(Row, count + 1);
    gboolean broken = FALSE;
    *n = 0;
    for (gsize i = 0; i < count; i++) {
        if (!rh_scored_has_cell(&rows[i]))
            continue;
        const double score = ranking(&rows[i]);
        broken |= isnan(score) != 0;
        ranked[(*n)++] = (Row){score, RH_CELL(rows[i].label, rows[i].conflicting), clusters[i],
                               rh_scored_is_correct(&rows[i])};
    }
    if (broken)
        return NULL;
    qsort(ranked, *n, sizeof *ranked, compare_rows);
    return g_steal_pointer(&ranked);
}

/* Called for each row with its wins, counted twice so that a tie's half is a whole number, over each of the
 * two cells of the other class. */
typedef void (*Visit)(const Row *row, const guint64 wins_twice[2], gpointer data);

static void visit_wins(const Row *rows, gsize count, const guint *images, Visit visit, gpointer data)
{
    guint64 below[RH_N_CELLS] = {0};
    for (gsize first = 0, next; first < count; first = next) {
        guint64 tied[RH_N_CELLS] = {0};
        for (next = first; next < count && !(rows[next].score > rows[first].score); next++)
            tied[rows[next].cell]++;
        for (gsize i = first; i < next; i++) {
            const guint other = rows[i].cell < 2 ? 2 : 0;
            guint64 wins_twice[2];
            for (guint k = 0; k < 2; k++) {
                wins_twice[k] = 2 * below[other + k] + tied[other + k];
                if (other == 2) /* a negative's wins are the positives above it */
                    wins_twice[k] = 2 * (guint64)images[other + k] - wins_twice[k];
            }
            visit(&rows[i], wins_twice, data);
        }
        for (guint cell = 0; cell < RH_N_CELLS; cell++)
            below[cell] += tied[cell];
    }
}

static void count_wins(const Row *row, const guint64 wins_twice[2], gpointer data)
{
    guint64 *wins = data;
    for (guint b = 0; b < 2 && row->cell >= 2; b++)
        wins[PAIR(row->cell - 2, b)] += wins_twice[b];
}

/* By pair; NaN without a ranking or where a cell is empty. */
static void win_rates(const Row *ranked, gsize count, const guint *images, double rates[4])
{
    guint64 wins_twice[4] = {0};
    if (ranked != NULL)
        visit_wins(ranked, count, images, count_wins, wins_twice);
    for (guint a = 0; a < 2; a++)
        for (guint b = 0; b < 2; b++) {
            const double pairs = (double)images[RH_CELL(1, a)] * images[RH_CELL(0, b)];
            rates[PAIR(a, b)] = ranked != NULL ? (double)wins_twice[PAIR(a, b)] / (2 * pairs) : NAN;
        }
}

/* Adds the terms of a ranking, by a factor. */
static void add_terms(const double rates[4], double factor, double terms[RH_N_WINS])
{
    for (guint pair = 0; pair < 4; pair++)
        terms[term_of_pair[pair]] += factor * rates[pair];
}

static void add_terms_by(const RhScored *rows, gsize count, const guint *clusters, Ranking ranking,
                         RhShift *shift)
{
    gsize n;
    double rates[4];
    g_autofree Row *ranked = rank(rows, count, clusters, ranking, &n);
    win_rates(ranked, n, shift->images, rates);
    add_terms(rates, 0.5, shift->per_logit);
}

typedef struct {
    const RhShift *shift;
    const double *rates; /* by pair */
    Sums *sums;
} Gathering;

/* With few clusters the spread about the cell's own mean is too small by (n − 1)/n. */
static double enlargement(const RhShift *shift, guint cell)
{
    const double n = shift->clusters[cell];
    return sqrt(n / (n - 1));
}

static void add_wins(const Row *row, const guint64 wins_twice[2], gpointer data)
{
    const Gathering *gathering = data;
    const RhShift *shift = gathering->shift;
    const double part = enlargement(shift, row->cell) / shift->images[row->cell];
    const gboolean positive = row->cell >= 2;
    for (guint k = 0; k < 2; k++) {
        const guint pair = positive ? PAIR(row->cell - 2, k) : PAIR(k, row->cell);
        const double wins = (double)wins_twice[k] / (2.0 * shift->images[positive ? k : 2 + k]);
        gathering->sums[row->cluster].wins[term_of_pair[pair]] += part * (wins - gathering->rates[pair]);
    }
}

static void add_images(const RhScored *rows, gsize count, const guint *clusters, const RhShift *shift,
                       Sums *sums)
{
    for (gsize i = 0; i < count; i++) {
        if (!rh_scored_has_cell(&rows[i]))
            continue;
        const guint cell = RH_CELL(rows[i].label, rows[i].conflicting);
        const double residual = rh_scored_is_correct(&rows[i]) - shift->correct[cell];
        sums[clusters[i]].correct[cell] += enlargement(shift, cell) * residual / shift->images[cell];
        sums[clusters[i]].share[cell] += 1.0 / shift->images[cell];
    }
}

static void add_moments(const Sums *sums, RhShift *shift)
{
    const double *wins = sums->wins;
    for (guint k = 0; k < RH_N_WINS; k++)
        for (guint l = 0; l < RH_N_WINS; l++) {
            shift->wins_covariance[k][l] += wins[k] * wins[l];
            for (guint m = 0; m < RH_N_WINS; m++)
                for (guint n = 0; n < RH_N_WINS; n++)
                    shift->wins_fourth[k][l][m][n] += wins[k] * wins[l] * wins[m] * wins[n];
        }
    for (guint k = 0; k < RH_N_CELLS; k++)
        for (guint l = 0; l < RH_N_CELLS; l++) {
            shift->correct_covariance[k][l] += sums->correct[k] * sums->correct[l];
            shift->overlap[k][l] += sums->share[k] * sums->share[l];
        }
}

static void count_cells(const RhScored *rows, gsize count, const guint *clusters, RhShift *shift)
{
    g_autofree guint8 *seen = g_new0(guint8, shift->clusters_in_all + 1);
    guint correct[RH_N_CELLS] = {0};
    for (gsize i = 0; i < count; i++) {
        if (!rh_scored_has_cell(&rows[i]))
            continue;
        const guint cell = RH_CELL(rows[i].label, rows[i].conflicting);
        shift->images[cell]++;
        correct[cell] += rh_scored_is_correct(&rows[i]);
        shift->clusters[cell] += (seen[clusters[i]] & 1u << cell) == 0;
        seen[clusters[i]] |= (guint8)(1u << cell);
    }
    for (guint cell = 0; cell < RH_N_CELLS; cell++)
        shift->correct[cell] = (double)correct[cell] / shift->images[cell];
}

void rh_shift_measure(const RhScored *rows, gsize count, RhShift *shift)
{
    memset(shift, 0, sizeof *shift);
    g_autofree guint *clusters = rh_scored_clusters(rows, count, &shift->clusters_in_all);
    count_cells(rows, count, clusters, shift);

    gsize n;
    double rates[4];
    g_autofree Row *ranked = rank(rows, count, clusters, rh_score, &n);
    win_rates(ranked, n, shift->images, rates);
    add_terms(rates, 1, shift->wins);
    add_terms_by(rows, count, clusters, by_logit0, shift);
    add_terms_by(rows, count, clusters, by_logit1, shift);

    g_autofree Sums *sums = g_new0(Sums, shift->clusters_in_all + 1);
    if (ranked != NULL)
        visit_wins(ranked, n, shift->images, add_wins, &(Gathering){shift, rates, sums});
    add_images(rows, count, clusters, shift, sums);
    for (guint i = 0; i < shift->clusters_in_all; i++)
        add_moments(&sums[i], shift);
}
