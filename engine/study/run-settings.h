/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"
#include "study/setting.h"

/* The settings of a run beside method, network and seed, as one table: run.ini, the options of rh train, the
 * window's fields and their help are made from it. */
typedef enum {
    RH_SETTINGS_PENALTY,
    RH_SETTINGS_MASKS,
    RH_SETTINGS_TRAINING,
    RH_SETTINGS_SELECTION,
    RH_N_SETTINGS_GROUPS,
} RhSettingsGroup;

const RhSetting *rh_settings(guint *count);
const RhSetting *rh_setting_find(const char *key); /* NULL: there is none */
const char *rh_settings_group_title(RhSettingsGroup group);
/* Whether the setting changes anything for a method. */
gboolean rh_setting_applies(const RhSetting *setting, const RhMethod *method);
/* What of the study's masks keeps the method from doing its work, in a sentence that says what to do; NULL:
 * nothing, or it uses no masks. Free with g_free. */
char *rh_run_settings_advise(const RhRunSettings *settings, const RhStudy *study);
/* Whether runs with these settings differ at most in their seed. */
gboolean rh_run_settings_alike(const RhRunSettings *a, const RhRunSettings *b);
