/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

/* The main window: images, canvas, runs. */
#define RH_TYPE_WINDOW (rh_window_get_type())
G_DECLARE_FINAL_TYPE(RhWindow, rh_window, RH, WINDOW, AdwApplicationWindow)

RhWindow *rh_window_new(GtkApplication *application);
/* Opens the study that was open last, or the built-in one; makes that first if need be. */
void rh_window_start(RhWindow *window);
/* Opens a study folder as it is; any other folder of images becomes a study in the user's data folder, the
 * same one every time. */
void rh_window_open(RhWindow *window, const char *path);
