/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/kernels.h"

struct _RhKernels {
    const char *id, *description;
    gboolean (*available)(void);
};
