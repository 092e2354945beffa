/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "model/run-setup.h"

/* All settings of a run in groups, with help at each; they are changed as one writes. */
#define RH_TYPE_SETTINGS_WINDOW (rh_settings_window_get_type())
G_DECLARE_FINAL_TYPE(RhSettingsWindow, rh_settings_window, RH, SETTINGS_WINDOW, AdwWindow)

GtkWidget *rh_settings_window_new(RhRunSetup *setup, GtkWindow *parent);
