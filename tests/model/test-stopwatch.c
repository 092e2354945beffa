/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/stopwatch.h"

#define S G_TIME_SPAN_SECOND

static void test_pauses_are_left_out(void)
{
    RhStopwatch watch = {0};
    rh_stopwatch_sign(&watch, 5 * S); /* does not run yet */
    g_assert_cmpfloat(watch.seconds, ==, 0);
    rh_stopwatch_start(&watch, 10, 100 * S);
    rh_stopwatch_sign(&watch, 104 * S);
    g_assert_cmpfloat(watch.seconds, ==, 14);
    rh_stopwatch_sign(&watch, 134 * S); /* just no longer than a pause */
    g_assert_cmpfloat(watch.seconds, ==, 44);
    rh_stopwatch_sign(&watch, 3734 * S); /* an hour away */
    g_assert_cmpfloat(watch.seconds, ==, 74);
    g_assert_cmpfloat(rh_stopwatch_stop(&watch, 3735 * S + S / 2), ==, 75.5);
    rh_stopwatch_sign(&watch, 3740 * S);
    g_assert_cmpfloat(watch.seconds, ==, 75.5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stopwatch/pauses-are-left-out", test_pauses_are_left_out);
    return g_test_run();
}
