/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot/axis-private.h"

#include <math.h>

static char *labels(RhAxisRange range, guint most)
{
    RhTicks ticks = rh_axis_ticks(&range, most);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < ticks.count; i++) {
        g_autofree char *label = rh_axis_tick_label(&ticks, i);
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", label);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void test_ticks_by_hand(void)
{
    const struct {
        RhAxisRange range;
        guint most;
        const char *expected;
    } cases[] = {
        {{0, 1, FALSE, FALSE}, 5, "0.00 0.25 0.50 0.75 1.00"},
        {{0, 1, FALSE, FALSE}, 6, "0.0 0.2 0.4 0.6 0.8 1.0"},
        {{0, 1, FALSE, FALSE}, 4, "0.0 0.5 1.0"},
        {{0, 100, FALSE, TRUE}, 5, "0 25 50 75 100"},
        {{0.5, 4.5, FALSE, TRUE}, 12, "1 2 3 4"},
        {{0, 12, FALSE, TRUE}, 6, "0 5 10"}, /* steps of 2 would be seven */
        {{-0.3, 0.3, FALSE, FALSE}, 5, "−0.2 0.0 0.2"},
        {{17, 63, FALSE, FALSE}, 5, "20 30 40 50 60"},
        {{0, 3e6, FALSE, FALSE}, 4, "0 10⁶ 2×10⁶ 3×10⁶"},
        {{0, 4e-5, FALSE, FALSE}, 5, "0 10⁻⁵ 2×10⁻⁵ 3×10⁻⁵ 4×10⁻⁵"},
        {{0.001, 1000, TRUE, FALSE}, 8, "0.001 0.01 0.1 1 10 100 1000"},
        {{0.01, 1, TRUE, FALSE}, 8, "0.01 0.02 0.05 0.1 0.2 0.5 1"},
        {{1e-8, 1, TRUE, FALSE}, 5, "10⁻⁸ 10⁻⁶ 10⁻⁴ 0.01 1"},
        {{3, 4, TRUE, FALSE}, 6, "3.0 3.2 3.4 3.6 3.8 4.0"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = labels(cases[i].range, cases[i].most);
        g_assert_cmpstr(text, ==, cases[i].expected);
    }
}

/* Ticks are within the range, in order, and never more than asked for, whatever the range. */
static void test_ticks_of_any_range(void)
{
    const double ends[][2] = {
        {0, 1},       {-1e300, 1e300}, {1e-300, 1e300}, {1, 1 + 1e-8}, {1e15, 1e15 + 64},
        {-5e-310, 0}, {123, 124.5},    {1e-12, 3e-12},  {0.9, 1.1},    {5, 5e6}};
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
        for (guint most = 0; most < 40; most++)
            for (guint kind = 0; kind < 3; kind++) {
                RhAxisRange range = {ends[i][0], ends[i][1], kind == 1, kind == 2};
                if (range.logarithmic && range.low <= 0)
                    continue;
                RhTicks ticks = rh_axis_ticks(&range, most);
                g_assert_cmpuint(ticks.count, <=, CLAMP(most, 2, RH_TICKS_MAX));
                for (guint k = 0; k < ticks.count; k++) {
                    g_autofree char *label = rh_axis_tick_label(&ticks, k);
                    double fraction = rh_axis_fraction(&range, ticks.at[k]);
                    g_assert_true(*label != '\0');
                    g_assert_cmpfloat(fraction, >=, -1e-6);
                    g_assert_cmpfloat(fraction, <=, 1 + 1e-6);
                    g_assert_true(k == 0 || ticks.at[k] > ticks.at[k - 1]);
                    g_assert_true(!range.whole || ticks.at[k] == floor(ticks.at[k]));
                }
            }
}

static RhAxisRange resolved(RhChartAxis axis, const double *values, guint n)
{
    RhExtent extent = RH_EXTENT_EMPTY;
    for (guint i = 0; i < n; i++)
        rh_extent_add(&extent, values[i], axis.logarithmic);
    return rh_axis_resolve(&axis, &extent, 0.1);
}

static void assert_range(RhAxisRange range, double low, double high, gboolean whole)
{
    g_assert_cmpfloat_with_epsilon(range.low, low, 1e-12);
    g_assert_cmpfloat_with_epsilon(range.high, high, 1e-12);
    g_assert_cmpint(range.whole, ==, whole);
}

static void test_ranges(void)
{
    const double values[] = {NAN, 0, 10.5, INFINITY, -INFINITY, 1e301}, flat[] = {-4, -4}, zero[] = {0},
                 counts[] = {1, 2, 11}, mixed[] = {-1, 0, 1, 100};
    RhChartAxis automatic = {0}, own = {.low = -1, .high = 3}, logarithmic = {.logarithmic = TRUE},
                impossible = {.low = -1, .high = 3, .logarithmic = TRUE},
                infinite = {.low = -INFINITY, .high = 1};
    assert_range(resolved(automatic, values, 6), -1.05, 11.55, FALSE);
    assert_range(resolved(automatic, counts, 3), 0, 12, TRUE);
    assert_range(resolved(own, values, 6), -1, 3, FALSE);
    assert_range(resolved(automatic, NULL, 0), 0, 1, FALSE);
    assert_range(resolved(automatic, flat, 2), -6, -2, FALSE);
    assert_range(resolved(automatic, zero, 1), -1, 1, FALSE);
    assert_range(resolved(infinite, zero, 1), -1, 1, FALSE);
    assert_range(resolved(logarithmic, mixed, 4), pow(10, -0.2), pow(10, 2.2), FALSE);
    assert_range(resolved(logarithmic, flat, 2), 1, 10, FALSE);
    assert_range(resolved(impossible, mixed, 4), pow(10, -0.2), pow(10, 2.2), FALSE);
}

static void test_fractions(void)
{
    RhAxisRange linear = {-2, 6, FALSE, FALSE}, logarithmic = {0.1, 1000, TRUE, FALSE};
    g_assert_cmpfloat(rh_axis_fraction(&linear, 0), ==, 0.25);
    g_assert_cmpfloat(rh_axis_value(&linear, 0.25), ==, 0);
    g_assert_cmpfloat_with_epsilon(rh_axis_fraction(&logarithmic, 1), 0.25, 1e-15);
    g_assert_cmpfloat_with_epsilon(rh_axis_value(&logarithmic, 0.25), 1, 1e-12);
    g_assert_true(isnan(rh_axis_fraction(&logarithmic, 0)));
    g_assert_true(isnan(rh_axis_fraction(&linear, INFINITY)));
    g_assert_true(isnan(rh_axis_fraction(&linear, NAN)));
}

static void test_read_off(void)
{
    const struct {
        RhAxisRange range;
        double value;
        int digits;
        const char *expected;
    } cases[] = {
        {{0, 1, FALSE, FALSE}, 0.35, 2, "0.35"},          {{0, 1, FALSE, FALSE}, 0.87341, 3, "0.873"},
        {{0, 1.04, FALSE, FALSE}, 1, 3, "1.000"},         {{0, 100, FALSE, TRUE}, 37, 2, "37"},
        {{0, 100, FALSE, TRUE}, 37.26, 3, "37.3"},        {{0.001, 10, TRUE, FALSE}, 0.045411, 3, "0.0454"},
        {{-1, 1, FALSE, FALSE}, -0.0001, 3, "0.000"},     {{-1, 1, FALSE, FALSE}, -0.5, 3, "−0.500"},
        {{0, 4e7, FALSE, FALSE}, 1.234e7, 3, "1.23×10⁷"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = rh_axis_read_off(&cases[i].range, cases[i].value, cases[i].digits);
        g_assert_cmpstr(text, ==, cases[i].expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/axis/ticks-by-hand", test_ticks_by_hand);
    g_test_add_func("/axis/ticks-of-any-range", test_ticks_of_any_range);
    g_test_add_func("/axis/ranges", test_ranges);
    g_test_add_func("/axis/fractions", test_fractions);
    g_test_add_func("/axis/read-off", test_read_off);
    return g_test_run();
}
