/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/setting.h"
#include "study/study.h"

/* What can be chosen of made-up chest films, as one table over RhPhantomStudySettings: the options of
 * rh new phantom, the window's fields and their help are made from it. */
typedef enum {
    RH_PHANTOM_SIGN,
    RH_PHANTOM_AGREEMENT,
    RH_PHANTOM_COUNT,
    RH_PHANTOM_FILMS,
    RH_N_PHANTOM_GROUPS,
} RhPhantomGroup;

const RhSetting *rh_phantom_settings(guint *count);
const char *rh_phantom_group_title(RhPhantomGroup group);
/* A plain sentence about all of the group; NULL: there is none. */
const char *rh_phantom_group_help(RhPhantomGroup group);
