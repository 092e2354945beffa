/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-shift.h"

static void measure(const RhRun *run, RhShift *shift)
{
    rh_shift_measure((const RhScored *)(void *)run->test->data, run->test->len, shift);
}

RhShift *rh_run_shift(const RhRun *run)
{
    if (run->test == NULL || run->test->len == 0)
        return NULL;
    RhShift *shift = g_new(RhShift, 1);
    measure(run, shift);
    return shift;
}

RhShiftPoint rh_run_shift_value(const RhRun *run, double level)
{
    RhShift shift;
    measure(run, &shift);
    return rh_shift_value(&shift, level);
}
