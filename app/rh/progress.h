/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Progress on standard error: on a terminal one line that is rewritten, elsewhere plain lines. */
typedef struct {
    gboolean terminal;
    gboolean quiet;
    gboolean shown; /* a line stands on the terminal */
    gint64 last;    /* when it was drawn, monotonic µs */
} RhProgress;

RhProgress rh_progress_start(gboolean quiet);
/* For a terminal only; drawn at most ten times a second. */
void rh_progress_show(RhProgress *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* For anything but a terminal: a line that stays. */
void rh_progress_log(RhProgress *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Takes the line away, before something else is written. */
void rh_progress_clear(RhProgress *progress);
/* "3:10 left", "1:02:00 left", or "" if it cannot be told yet. */
void rh_progress_time_left(double seconds, char text[24]);
/* An RhStudyProgress on an RhProgress: images read. */
void rh_progress_images(guint done, guint total, gpointer progress);
