/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "method/method.h"

extern const RhMethod rh_method_baseline, rh_method_masked, rh_method_shuffled, rh_method_actdiff,
    rh_method_adversarial, rh_method_gradmask, rh_method_rrr;
