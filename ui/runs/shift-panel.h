/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/run-item.h"

/* Accuracy or AUC against shift level, a curve a run or, for seeds of one setting, their mean with a band;
 * with a slider that reads off every curve's values.
 * Properties "measure" ("accuracy" or "auc"), "level" (0 … 1), "seeds-together" and "chart" (the RhChartView;
 * read-only). */
#define RH_TYPE_SHIFT_PANEL (rh_shift_panel_get_type())
G_DECLARE_FINAL_TYPE(RhShiftPanel, rh_shift_panel, RH, SHIFT_PANEL, GtkWidget)

/* runs: of RhRunItem. */
void rh_shift_panel_set_runs(RhShiftPanel *panel, GListModel *runs);
