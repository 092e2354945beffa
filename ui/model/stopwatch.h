/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Time spent on something, as it shows in what the hand does: from one sign of life to the next, of a long
 * pause only the first RH_STOPWATCH_PAUSE. Times are those of g_get_monotonic_time, µs. */
typedef struct {
    gboolean running;
    gint64 last; /* sign of life */
    double seconds;
} RhStopwatch;

#define RH_STOPWATCH_PAUSE (30 * G_TIME_SPAN_SECOND)

void rh_stopwatch_start(RhStopwatch *watch, double seconds, gint64 now); /* goes on from `seconds` */
void rh_stopwatch_sign(RhStopwatch *watch, gint64 now);                  /* nothing unless it runs */
double rh_stopwatch_stop(RhStopwatch *watch, gint64 now);                /* seconds in all */
