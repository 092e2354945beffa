/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* The settings of a run beside method, network and seed, as one table: run.ini, the options of rh train, the
 * window's fields and their help are made from it. */
typedef enum {
    RH_SETTINGS_PENALTY,
    RH_SETTINGS_MASKS,
    RH_SETTINGS_TRAINING,
    RH_SETTINGS_SELECTION,
    RH_N_SETTINGS_GROUPS,
} RhSettingsGroup;

typedef enum { RH_SETTING_WHOLE, RH_SETTING_REAL, RH_SETTING_FLAG, RH_SETTING_VALIDATION } RhSettingKind;

typedef struct {
    const char *key;    /* in run.ini: "learning_rate" */
    const char *option; /* of rh train: "lr"; NULL: it has none of its own */
    RhSettingsGroup group;
    const char *title, *help; /* for people; help: plain sentences */
    RhSettingKind kind;
    gsize offset;        /* of a guint, double, gboolean or RhValidation in RhRunSettings */
    double low, high;    /* of numbers */
    RhMethodNeeds needs; /* it has a meaning where the method needs one of these; RH_METHOD_PLAIN: always */
    const char *method;  /* it has a meaning for this method only; NULL: for every one */
} RhSetting;

const RhSetting *rh_settings(guint *count);
const RhSetting *rh_setting_find(const char *key); /* NULL: there is none */
const char *rh_settings_group_title(RhSettingsGroup group);
/* Whether the setting changes anything for a method. */
gboolean rh_setting_applies(const RhSetting *setting, const RhMethod *method);
/* The value as text that rh_setting_parse reads; free with g_free. Flags are "true" and "false". */
char *rh_setting_text(const RhSetting *setting, const RhRunSettings *settings);
/* Takes the value if it is one: a number in range, a flag, a validation's name. FALSE: nothing is changed. */
gboolean rh_setting_parse(const RhSetting *setting, const char *text, RhRunSettings *settings);
gboolean rh_setting_equal(const RhSetting *setting, const RhRunSettings *a, const RhRunSettings *b);
/* Whether runs with these settings differ at most in their seed. */
gboolean rh_run_settings_alike(const RhRunSettings *a, const RhRunSettings *b);
