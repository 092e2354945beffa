/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/run-item.h"

/* Learning curves, growing while a run trains: of one run its loss terms, accuracy and AUC, each in a panel
 * of its own side by side, or one of these in all the room; or one curve of all runs, a line a run or, for
 * seeds of one setting, their mean with a band.
 *
 * Properties "subject" (what is drawn: "run" for side by side, "run-loss" for one of them, "valid-loss" for a
 * curve of all runs), "seeds-together" and "chart" (the RhChartView; read-only). */
#define RH_TYPE_LEARNING_PANEL (rh_learning_panel_get_type())
G_DECLARE_FINAL_TYPE(RhLearningPanel, rh_learning_panel, RH, LEARNING_PANEL, GtkWidget)

void rh_learning_panel_set_runs(RhLearningPanel *panel, GListModel *runs); /* of RhRunItem */
void rh_learning_panel_set_run(RhLearningPanel *panel, RhRunItem *item);   /* the one run; NULL: none */
