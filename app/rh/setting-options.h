/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/setting.h"

/* Options made from a table of settings: an option each, but for neighbours that share one, which are its
 * values with commas between. */
typedef struct {
    const RhSetting *table;
    guint count;
    char **given;     /* as many: a text at the first setting of each option; NULL: it was not given */
    GPtrArray *texts; /* of the descriptions */
} RhSettingOptions;

RhSettingOptions rh_setting_options(const RhSetting *table, guint count);
void rh_setting_options_clear(RhSettingOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RhSettingOptions, rh_setting_options_clear)

/* GOptionEntry for rh_command_parse; they live as long as the options. usual: values whose texts are told as
 * the defaults; NULL: none are. Unref the array. */
GArray *rh_setting_options_entries(RhSettingOptions *options, gconstpointer usual);
/* What was given becomes values. RH_ERROR_USAGE tells the option and what it takes. */
gboolean rh_setting_options_take(const RhSettingOptions *options, gpointer values, GError **error);
