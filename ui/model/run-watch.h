/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/run-item.h"

/* Calls back when runs of a list come, go or change: once, however much has changed, before the window is
 * drawn next. */
typedef struct {
    GListModel *runs; /* NULL: none yet */
    GPtrArray *items; /* RhRunItem, as they are in the list */
    void (*changed)(gpointer owner);
    gpointer owner;
    guint pending;
} RhRunWatch;

void rh_run_watch_init(RhRunWatch *watch, void (*changed)(gpointer owner), gpointer owner);
void rh_run_watch_set_runs(RhRunWatch *watch, GListModel *runs); /* NULL: none */
/* Nothing is called after this. */
void rh_run_watch_clear(RhRunWatch *watch);
