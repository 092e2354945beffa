/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score/bootstrap.h"

#include "base/quantile.h"
#include "test-sets.h"

#define DRAWS 4000

/* A second bootstrap that copies the drawn rows has the same distribution. */
static void test_spread(void)
{
    RhScored rows[ROWS], drawn[ROWS];
    RhRandom random;
    g_autofree double *values = g_new(double, DRAWS);
    make_rows(rows, ROWS, 4);
    RhShiftPoint point = read_at(rows, ROWS, 0.3), again = point;
    rh_shift_bootstrap(rows, ROWS, DRAWS, 11, &point, 1);
    rh_shift_bootstrap(rows, ROWS, DRAWS, 11, &again, 1);
    g_assert_cmpmem(&point, sizeof point, &again, sizeof again);
    rh_random_init(&random, 12, RH_PURPOSE_TEST, 0, 0);
    for (guint draw = 0; draw < DRAWS; draw++) {
        for (guint i = 0; i < ROWS;) {
            drawn[i] = rows[rh_random_below(&random, ROWS)];
            i += drawn[i].label == rows[i].label && drawn[i].conflicting == rows[i].conflicting;
        }
        values[draw] = read_at(drawn, ROWS, 0.3).auc;
    }
    rh_sort_values(values, DRAWS);
    const double low = rh_quantile(values, DRAWS, 0.025), high = rh_quantile(values, DRAWS, 0.975);
    g_assert_cmpfloat_with_epsilon(point.auc_low, low, 0.05 * (high - low));
    g_assert_cmpfloat_with_epsilon(point.auc_high, high, 0.05 * (high - low));
    g_assert_cmpfloat(point.accuracy_low, <, point.accuracy);
    g_assert_cmpfloat(point.accuracy, <, point.accuracy_high);
}

/* The closed form comes from the same spread, so that in the middle of the scale both agree. */
static void test_agrees_with_the_closed_form(void)
{
    RhScored rows[ROWS];
    make_rows(rows, ROWS, 4);
    for (guint i = 0; i < ROWS; i++)
        rows[i].cluster = i / 3 + 1; /* patients with films of several cells */
    const RhShiftPoint closed = read_at(rows, ROWS, 0.5);
    RhShiftPoint drawn = closed;
    rh_shift_bootstrap(rows, ROWS, DRAWS, 1, &drawn, 1);
    const double width = closed.auc_high - closed.auc_low;
    g_assert_cmpfloat_with_epsilon(drawn.auc_high - drawn.auc_low, width, 0.2 * width);
    g_assert_cmpfloat(drawn.accuracy_high - drawn.accuracy_low, <,
                      closed.accuracy_high - closed.accuracy_low);
    g_assert_cmpfloat(drawn.auc, ==, closed.auc);
}

static void test_nothing_to_draw(void)
{
    RhShiftPoint point = read_at(NULL, 0, 0.5);
    rh_shift_bootstrap(NULL, 0, 10, 1, &point, 1);
    g_assert_true(isnan(point.auc_low) && isnan(point.accuracy_high));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bootstrap/spread", test_spread);
    g_test_add_func("/bootstrap/agrees-with-the-closed-form", test_agrees_with_the_closed_form);
    g_test_add_func("/bootstrap/nothing-to-draw", test_nothing_to_draw);
    return g_test_run();
}
