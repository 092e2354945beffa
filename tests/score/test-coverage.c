/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "test-sets.h"

/* How often a 95 % interval holds the value it is of, over made test sets whose truth is known: scores of
 * normal distributions, which a confounder pulls apart at level 0 and together at level 1. The table in
 * docs/statistics.md is what this program prints with `--verbose` and RH_COVERAGE_DRAWS=10000. */
#define DRAWS      1000u
#define CONFOUNDER 0.5 /* standard deviations between the aligned and the conflicting cell of a class */
#define ROWS_MAX   400u

/* Which images hang together. */
typedef enum { ALONE, PATIENTS, VERSIONS, N_KINDS } Kind;

static const struct {
    const char *name;
    double alike; /* share of the variance that images of one cluster have in common */
    guint films;  /* of one cluster in one cell */
    /* Where the table of the docs leaves 92 to 98 %, and how far, it is said there why. */
    double auc_least, auc_most, accuracy_least, accuracy_most;
} kinds[N_KINDS] = {
    [ALONE] = {"images by themselves", 0, 1, 0.89, 0.985, 0.885, 0.98},
    [PATIENTS] = {"patients of four films, 0.8 alike", 0.8, 4, 0.905, 1, 0.92, 1},
    [VERSIONS] = {"an image in two versions, 0.9 alike", 0.9, 1, 0.85, 0.985, 0.90, 0.98},
};

static const guint sizes[][2] = {{20, 20}, {64, 64}, {30, 100}};
static const double areas[] = {0.6, 0.8, 0.95, 0.99}, levels[] = {0, 0.25, 1};

static double normal_share(double x)
{
    return erfc(-x / G_SQRT2) / 2;
}

static double true_auc(double distance, double level)
{
    const double aligned = normal_share((distance + CONFOUNDER) / G_SQRT2),
                 mixed = normal_share(distance / G_SQRT2),
                 conflicting = normal_share((distance - CONFOUNDER) / G_SQRT2);
    return (1 - level) * (1 - level) * aligned + 2 * level * (1 - level) * mixed +
           level * level * conflicting;
}

/* Between the classes, so that the AUC at the level is the one asked for. */
static double distance_for(double auc, double level)
{
    double low = -5, high = 12;
    for (guint i = 0; i < 100; i++)
        *(true_auc((low + high) / 2, level) < auc ? &low : &high) = (low + high) / 2;
    return low;
}

static double true_accuracy(double distance, double level)
{
    return (1 - level) * normal_share((distance + CONFOUNDER) / 2) +
           level * normal_share((distance - CONFOUNDER) / 2);
}

static RhScored image(guint8 label, guint8 conflicting, double distance, double common, double alike,
                      guint32 cluster, RhRandom *random)
{
    const double middle = (distance + (conflicting ? -CONFOUNDER : CONFOUNDER)) / 2;
    const double score =
        (label ? middle : -middle) + sqrt(alike) * common + sqrt(1 - alike) * rh_random_normal(random);
    return (RhScored){{0, (float)score}, label, conflicting, cluster};
}

static guint make_test_set(Kind kind, const guint size[2], double distance, RhRandom *random, RhScored *rows)
{
    guint count = 0;
    guint32 cluster = 0;
    for (guint8 label = 0; label < 2; label++)
        for (guint8 conflicting = 0; conflicting < (kind == VERSIONS ? 1 : 2); conflicting++)
            for (guint i = 0; i < size[1 - label];) {
                const double common = kinds[kind].alike > 0 ? rh_random_normal(random) : 0;
                cluster++;
                for (guint k = 0; k < kinds[kind].films && i < size[1 - label]; k++, i++)
                    for (guint8 version = 0; version < (kind == VERSIONS ? 2 : 1); version++)
                        rows[count++] = image(label, conflicting ^ version, distance, common,
                                              kinds[kind].alike, cluster, random);
            }
    g_assert_cmpuint(count, <=, ROWS_MAX);
    return count;
}

typedef struct {
    guint auc, accuracy;
} Hits;

static Hits count_hits(Kind kind, const guint size[2], double auc, double level, guint draws)
{
    const double distance = distance_for(auc, level), accuracy = true_accuracy(distance, level);
    Hits hits = {0, 0};
    for (guint draw = 0; draw < draws; draw++) {
        RhScored rows[ROWS_MAX];
        RhRandom random;
        rh_random_init(&random, 1 + kind, RH_PURPOSE_TEST, draw,
                       (guint32)(size[0] + 1000 * auc + 10000 * level));
        const guint count = make_test_set(kind, size, distance, &random, rows);
        const RhShiftPoint point = read_at(rows, count, level);
        hits.auc += point.auc_low <= auc && auc <= point.auc_high;
        hits.accuracy += point.accuracy_low <= accuracy && accuracy <= point.accuracy_high;
    }
    return hits;
}

static void test_coverage(gconstpointer data)
{
    const Kind kind = GPOINTER_TO_UINT(data);
    const char *wished = g_getenv("RH_COVERAGE_DRAWS");
    const guint draws = wished != NULL ? (guint)atoi(wished) : DRAWS;
    for (guint s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (guint a = 0; a < G_N_ELEMENTS(areas); a++)
            for (guint l = 0; l < G_N_ELEMENTS(levels); l++) {
                const Hits hits = count_hits(kind, sizes[s], areas[a], levels[l], draws);
                const double auc = (double)hits.auc / draws, accuracy = (double)hits.accuracy / draws;
                g_test_message("%s, %u/%u, AUC %.2f, level %.2f: AUC %.3f, accuracy %.3f", kinds[kind].name,
                               sizes[s][0], sizes[s][1], areas[a], levels[l], auc, accuracy);
                g_assert_cmpfloat(auc, >=, kinds[kind].auc_least);
                g_assert_cmpfloat(auc, <=, kinds[kind].auc_most);
                g_assert_cmpfloat(accuracy, >=, kinds[kind].accuracy_least);
                g_assert_cmpfloat(accuracy, <=, kinds[kind].accuracy_most);
            }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/coverage/images-by-themselves", GUINT_TO_POINTER(ALONE), test_coverage);
    g_test_add_data_func("/coverage/patients-of-four", GUINT_TO_POINTER(PATIENTS), test_coverage);
    g_test_add_data_func("/coverage/versions-of-an-image", GUINT_TO_POINTER(VERSIONS), test_coverage);
    return g_test_run();
}
