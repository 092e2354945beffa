/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "model/form.h"

/* A setting of the table as a row: its title, its help, a field to change it. A wrong value is told in place
 * of the help. Out of sight where the setting does not apply. */
#define RH_TYPE_SETTING_ROW (rh_setting_row_get_type())
G_DECLARE_FINAL_TYPE(RhSettingRow, rh_setting_row, RH, SETTING_ROW, AdwActionRow)

GtkWidget *rh_setting_row_new(RhForm *form, const RhSetting *setting);

/* For fields elsewhere: shows in an entry what is set, unless it says so in other digits, and whether it is
 * wrong (complaint: NULL if not). */
void rh_setting_row_show_text(GtkEditable *entry, RhForm *form, const RhSetting *setting);
void rh_setting_row_mark(GtkWidget *entry, const char *complaint);
