/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/run-item.h"

/* A run in the list: shown in the charts or not, its colour, name and state, and what can be done with it. */
#define RH_TYPE_RUN_ROW (rh_run_row_get_type())
G_DECLARE_FINAL_TYPE(RhRunRow, rh_run_row, RH, RUN_ROW, GtkListBoxRow)

GtkWidget *rh_run_row_new(RhRunItem *item);
RhRunItem *rh_run_row_get_item(RhRunRow *row);
