/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/run-item.h"

/* The runs of a study. One is chosen: its maps and learning curves are shown. Signal "chosen" (RhRunItem or
 * NULL) when another one is. */
#define RH_TYPE_RUNS_LIST (rh_runs_list_get_type())
G_DECLARE_FINAL_TYPE(RhRunsList, rh_runs_list, RH, RUNS_LIST, GtkWidget)

void rh_runs_list_set_runs(RhRunsList *list, GListModel *runs); /* of RhRunItem */
RhRunItem *rh_runs_list_get_chosen(RhRunsList *list);           /* NULL: none */
void rh_runs_list_choose(RhRunsList *list, RhRunItem *item);
