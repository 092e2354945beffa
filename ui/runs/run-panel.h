/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/run-setup.h"

/* What to train: method, weight, network, seeds, epochs, and all other settings in a window of their own; the
 * buttons (actions win.train, win.pause, win.resume and win.stop) and how far a training has come. Signal
 * "settings-changed". */
#define RH_TYPE_RUN_PANEL (rh_run_panel_get_type())
G_DECLARE_FINAL_TYPE(RhRunPanel, rh_run_panel, RH, RUN_PANEL, GtkWidget)

/* What is being chosen; the panel's. */
RhRunSetup *rh_run_panel_get_setup(RhRunPanel *panel);
/* The settings of a run on this study, as chosen, with the first of the seeds. */
RhRunSettings rh_run_panel_get_settings(RhRunPanel *panel, const RhStudy *study);
/* status: in words; fraction: 0 … 1, below 0 for no progress bar. */
void rh_run_panel_show_status(RhRunPanel *panel, const char *status, double fraction);
/* advice: what keeps the method from doing its work, told in place of what it does; NULL: nothing. */
void rh_run_panel_show_advice(RhRunPanel *panel, const char *advice);
/* The choices as keys of a group. */
void rh_run_panel_save(RhRunPanel *panel, GKeyFile *file, const char *group);
/* Of a study: what the file does not say is what is usual for it. */
void rh_run_panel_restore(RhRunPanel *panel, const RhStudy *study, GKeyFile *file, const char *group);
