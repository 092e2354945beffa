/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* The page that says what the program is for and how to begin; its rows and its button are actions of the
 * window. */

#define RH_TYPE_WELCOME (rh_welcome_get_type())
G_DECLARE_FINAL_TYPE(RhWelcome, rh_welcome, RH, WELCOME, GtkWidget)
