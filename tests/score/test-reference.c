/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <math.h>

#include "base/quantile.h"
#include "data/table.h"
#include "score/shift.h"
#include "support.h"

/* Values of SciPy, scikit-learn and of formulas worked by ranks and by pairs, in double precision; see the
 * notes beside them. */
#define STATISTICS "reference/lab/statistics.json"
#define AUC_CASES  "reference/lab/auc-cases.csv"
#define PLAIN      1e-12
#define BOUND      1e-9

static JsonParser *open_statistics(void)
{
    g_autofree char *path = rh_test_shared(STATISTICS);
    if (path == NULL)
        return NULL;
    g_autoptr(GError) error = NULL;
    JsonParser *parser = json_parser_new();
    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    return parser;
}

static JsonObject *part(JsonParser *parser, const char *name)
{
    return json_object_get_object_member(json_node_get_object(json_parser_get_root(parser)), name);
}

static double number(JsonObject *object, const char *name)
{
    return json_object_get_double_member(object, name);
}

static double element(JsonObject *object, const char *name, guint i)
{
    return json_array_get_double_element(json_object_get_array_member(object, name), i);
}

static guint count_of(JsonObject *object, const char *name)
{
    return json_array_get_length(json_object_get_array_member(object, name));
}

static void assert_interval(double low, double high, JsonObject *expected, const char *name)
{
    g_assert_cmpfloat_with_epsilon(low, element(expected, name, 0), BOUND);
    g_assert_cmpfloat_with_epsilon(high, element(expected, name, 1), BOUND);
}

/* The variance that leads to the interval, from the engine's second moments. */
static double variance_at(const RhShift *shift, double level)
{
    const double weights[RH_N_WINS] = {(1 - level) * (1 - level), level * (1 - level), level * level};
    double sum = 0;
    for (guint k = 0; k < RH_N_WINS; k++)
        for (guint l = 0; l < RH_N_WINS; l++)
            sum += weights[k] * weights[l] != 0 ? weights[k] * weights[l] * shift->wins_covariance[k][l] : 0;
    return sum;
}

static void assert_points(const RhShift *shift, JsonObject *expected)
{
    JsonArray *points = json_object_get_array_member(expected, "points");
    for (guint i = 0; i < json_array_get_length(points); i++) {
        JsonObject *point = json_array_get_object_element(points, i);
        const RhShiftPoint found = rh_shift_read(&shift, 1, number(point, "level"));
        g_assert_cmpfloat_with_epsilon(found.auc, number(point, "auc"), PLAIN);
        g_assert_cmpfloat_with_epsilon(variance_at(shift, found.level), number(point, "variance"), PLAIN);
        assert_interval(found.auc_low, found.auc_high, point, "interval");
    }
}

static void test_shift(void)
{
    g_autoptr(JsonParser) parser = open_statistics();
    if (parser == NULL)
        return;
    JsonObject *expected = part(parser, "shift");
    const guint n = count_of(expected, "scores");
    g_autofree RhScored *rows = g_new0(RhScored, n);
    for (guint i = 0; i < n; i++)
        rows[i] = (RhScored){{0, (float)element(expected, "scores", i)},
                             (guint8)element(expected, "labels", i),
                             (guint8)element(expected, "conflicting", i),
                             0};
    RhShift shift;
    const RhShift *const one = &shift;
    rh_shift_measure(rows, n, &shift);
    assert_points(&shift, expected);
    const RhShiftSummary summary = rh_shift_summary(&one, 1);
    g_assert_cmpfloat_with_epsilon(summary.area.mean, number(expected, "area"), PLAIN);
    g_assert_cmpfloat_with_epsilon(summary.slope.mean, number(expected, "slope_at_half"), PLAIN);
    g_assert_cmpfloat_with_epsilon(summary.crossing, number(expected, "crosses_one_half_at"), PLAIN);
}

/* Each image in two versions, which are one observation. */
static void test_both_ways(void)
{
    g_autoptr(JsonParser) parser = open_statistics();
    if (parser == NULL)
        return;
    JsonObject *expected = part(parser, "shift_both_ways");
    const guint n = count_of(expected, "labels");
    g_autofree RhScored *rows = g_new0(RhScored, 2 * n);
    for (guint i = 0; i < n; i++) {
        const guint8 label = (guint8)element(expected, "labels", i);
        rows[2 * i] = (RhScored){{0, (float)element(expected, "aligned", i)}, label, 0, i + 1};
        rows[2 * i + 1] = (RhScored){{0, (float)element(expected, "conflicting", i)}, label, 1, i + 1};
    }
    RhShift shift;
    rh_shift_measure(rows, 2 * n, &shift);
    g_assert_cmpuint(shift.clusters_in_all, ==, n);
    assert_points(&shift, expected);
}

/* A whole test set is a population without conflicting images. */
static void measure_aligned(JsonObject *table, guint model, RhShift *shift)
{
    const guint n = count_of(table, "labels");
    JsonArray *scores = json_array_get_array_element(json_object_get_array_member(table, "scores"), model);
    g_autofree RhScored *rows = g_new0(RhScored, n);
    for (guint i = 0; i < n; i++)
        rows[i] = (RhScored){
            {0, (float)json_array_get_double_element(scores, i)}, (guint8)element(table, "labels", i), 0, 0};
    rh_shift_measure(rows, n, shift);
}

static void test_delong(void)
{
    g_autoptr(JsonParser) parser = open_statistics();
    if (parser == NULL)
        return;
    JsonArray *tables =
        json_object_get_array_member(json_node_get_object(json_parser_get_root(parser)), "delong");
    for (guint t = 0; t < json_array_get_length(tables); t++) {
        JsonObject *table = json_array_get_object_element(tables, t);
        JsonArray *models = json_object_get_array_member(table, "models");
        for (guint model = 0; model < 2; model++) {
            JsonObject *expected = json_array_get_object_element(models, model);
            RhShift shift;
            const RhShift *const one = &shift;
            measure_aligned(table, model, &shift);
            const RhShiftPoint found = rh_shift_read(&one, 1, 0);
            g_assert_cmpfloat_with_epsilon(found.auc, number(expected, "auc"), PLAIN);
            g_assert_cmpfloat_with_epsilon(variance_at(&shift, 0), number(expected, "variance"), PLAIN);
            assert_interval(found.auc_low, found.auc_high, expected, "interval");
            const RhInterval newcombe = rh_auc_interval(found.auc, 0, shift.images[RH_CELL(1, 0)],
                                                        shift.images[RH_CELL(0, 0)], RH_NORMAL_QUANTILE);
            assert_interval(newcombe.low, newcombe.high, expected, "interval_newcombe");
        }
    }
}

/* The same scores as a table, as another program would hand them over. */
static void test_auc_cases(void)
{
    g_autoptr(JsonParser) parser = open_statistics();
    g_autofree char *path = parser != NULL ? rh_test_shared(AUC_CASES) : NULL;
    if (path == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhTable) cases = rh_table_load(path, &error);
    g_assert_no_error(error);
    JsonArray *tables =
        json_object_get_array_member(json_node_get_object(json_parser_get_root(parser)), "delong");
    for (guint t = 0, row = 0; t < json_array_get_length(tables); t++) {
        JsonObject *table = json_array_get_object_element(tables, t);
        JsonArray *models = json_object_get_array_member(table, "models");
        g_autoptr(GArray) first = g_array_new(FALSE, TRUE, sizeof(RhScored));
        g_autoptr(GArray) second = g_array_new(FALSE, TRUE, sizeof(RhScored));
        GArray *const rows[] = {first, second};
        for (; row < rh_table_rows(cases) &&
               g_str_equal(rh_table_cell(cases, row, 0), json_object_get_string_member(table, "name"));
             row++)
            for (guint model = 0; model < 2; model++) {
                const RhScored one = {{0, (float)g_ascii_strtod(rh_table_cell(cases, row, 3 + model), NULL)},
                                      rh_table_cell(cases, row, 2)[0] == '1',
                                      0,
                                      0};
                g_array_append_val(rows[model], one);
            }
        for (guint model = 0; model < 2; model++) {
            RhShift shift;
            rh_shift_measure((const RhScored *)(void *)rows[model]->data, rows[model]->len, &shift);
            g_assert_cmpfloat_with_epsilon(shift.wins[RH_WINS_ALIGNED],
                                           number(json_array_get_object_element(models, model), "auc"),
                                           PLAIN);
        }
    }
}

static void test_shares(void)
{
    g_autoptr(JsonParser) parser = open_statistics();
    if (parser == NULL)
        return;
    JsonArray *singles = json_object_get_array_member(part(parser, "shares"), "single");
    for (guint i = 0; i < json_array_get_length(singles); i++) {
        JsonObject *single = json_array_get_object_element(singles, i);
        const double n = number(single, "n");
        const RhInterval found = rh_share_interval(number(single, "hits") / n, n);
        assert_interval(found.low, found.high, single, "wilson");
    }
    JsonObject *weighted = json_object_get_object_member(part(parser, "shares"), "weighted");
    JsonArray *cells = json_object_get_array_member(weighted, "cells");
    double weights[4], shares[4], n[4];
    for (guint i = 0; i < 4; i++) {
        JsonObject *cell = json_array_get_object_element(cells, i);
        weights[i] = number(cell, "weight");
        n[i] = number(cell, "n");
        shares[i] = number(cell, "hits") / n[i];
    }
    const RhInterval found = rh_weighted_shares_interval(weights, shares, n, NULL, 4);
    g_assert_cmpfloat_with_epsilon(found.mean, number(weighted, "value"), PLAIN);
    assert_interval(found.low, found.high, weighted, "interval");
}

static void test_percentile(void)
{
    g_autoptr(JsonParser) parser = open_statistics();
    if (parser == NULL)
        return;
    JsonObject *expected = part(parser, "bootstrap");
    const guint n = count_of(expected, "means_of_draws");
    g_autofree double *values = g_new(double, n);
    for (guint i = 0; i < n; i++)
        values[i] = element(expected, "means_of_draws", i);
    rh_sort_values(values, n);
    assert_interval(rh_quantile(values, n, 0.025), rh_quantile(values, n, 0.975), expected, "percentile");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/score-reference/shift", test_shift);
    g_test_add_func("/score-reference/both-ways", test_both_ways);
    g_test_add_func("/score-reference/delong", test_delong);
    g_test_add_func("/score-reference/auc-cases", test_auc_cases);
    g_test_add_func("/score-reference/shares", test_shares);
    g_test_add_func("/score-reference/percentile", test_percentile);
    return g_test_run();
}
