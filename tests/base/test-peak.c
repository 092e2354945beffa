/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/peak.h"

#include <math.h>

/* How fast a machine is cannot be known here, but no machine of this century computes less than this. */
static void test_measure(void)
{
    const char *vectors = NULL;
    double peak = rh_peak_measure(2, &vectors);
    g_test_message("%.1f GFLOP/s with %s", peak, vectors);
    g_assert_true(isfinite(peak) && peak > 0.01);
    g_assert_nonnull(vectors);
    g_assert_true(rh_peak_measure(1000, NULL) > 0.01);
    g_assert_true(rh_peak_measure(1, NULL) > 0.01);
    double bandwidth = rh_peak_bandwidth(2);
    g_test_message("%.1f GB/s", bandwidth);
    g_assert_true(isfinite(bandwidth) && bandwidth > 0.05);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peak/measure", test_measure);
    return g_test_run();
}
