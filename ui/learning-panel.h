/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "run-item.h"

/* The learning curves of one run: losses beside AUC and accuracy, growing while it trains. */
#define RH_TYPE_LEARNING_PANEL (rh_learning_panel_get_type())
G_DECLARE_FINAL_TYPE(RhLearningPanel, rh_learning_panel, RH, LEARNING_PANEL, GtkWidget)

void rh_learning_panel_set_run(RhLearningPanel *panel, RhRunItem *item); /* NULL: none */
