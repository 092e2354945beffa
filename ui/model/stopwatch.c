/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/stopwatch.h"

void rh_stopwatch_start(RhStopwatch *watch, double seconds, gint64 now)
{
    *watch = (RhStopwatch){.running = TRUE, .last = now, .seconds = seconds};
}

void rh_stopwatch_sign(RhStopwatch *watch, gint64 now)
{
    if (!watch->running)
        return;
    watch->seconds += (double)CLAMP(now - watch->last, 0, RH_STOPWATCH_PAUSE) / G_TIME_SPAN_SECOND;
    watch->last = now;
}

double rh_stopwatch_stop(RhStopwatch *watch, gint64 now)
{
    rh_stopwatch_sign(watch, now);
    watch->running = FALSE;
    return watch->seconds;
}
