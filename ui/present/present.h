/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "model/present-show.h"

/* A study before an audience: one step fills the screen. Right, Page Down and Space go on, Left and Page Up
 * go back, Home and End to the ends, Up and Down turn what a step has to turn, B darkens the screen, Esc
 * leaves; a step that was left is come back to.
 *
 * Signals: "left" when it has been left; "look-around" (const char *study_folder): the study is to be opened.
 */
#define RH_TYPE_PRESENT (rh_present_get_type())
G_DECLARE_FINAL_TYPE(RhPresent, rh_present, RH, PRESENT, AdwBin)

/* Takes a reference to the show. The parent outlives it; unref it after rh_present_end. */
RhPresent *rh_present_new(GtkWindow *parent, RhPresentShow *show);
RhPresentShow *rh_present_get_show(RhPresent *present);
/* Fills the screen with the step that was shown last. */
void rh_present_begin(RhPresent *present);
void rh_present_end(RhPresent *present); /* as when it is left, without a signal */
