/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "compare/history-bar.h"

/* Going back in a run's time: the chosen run's epochs under the canvas. A part of the window; its functions
 * are the window's (window-private.h). */
typedef struct {
    RhHistoryBar *bar;
    guint epoch; /* in view; 0: the newest while it trains, else the selected one, by the window's own way */
    guint timer; /* while playing */
    gint64 stepped; /* when the epoch in view was asked for; 0: it has been painted */
} RhWindowHistory;
