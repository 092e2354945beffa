/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/fast-private.h"
#include "tensor/fast-vector.h"

/* For convolutions of (nearly) any kernel and stride; NULL where it cannot. */
const RhImplementation *RH_FAST(rh_direct)(const RhNode *node);
