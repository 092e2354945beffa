/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

/* Made-up chest films as a person chooses them: the settings with help at each, a few of the films beside
 * them, where the study is to lie; and the making of it, with progress and a way to stop. Signal "made"
 * (const char *folder), after which it closes. */
#define RH_TYPE_FILMS_WINDOW (rh_films_window_get_type())
G_DECLARE_FINAL_TYPE(RhFilmsWindow, rh_films_window, RH, FILMS_WINDOW, AdwWindow)

/* studies: the folder where studies are made unless another is chosen. */
GtkWidget *rh_films_window_new(GtkWindow *parent, const char *studies);
