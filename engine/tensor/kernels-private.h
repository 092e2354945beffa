/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tensor/fast-private.h"
#include "tensor/kernels.h"

struct _RhKernels {
    const char *id, *description;
    gboolean (*available)(void);
    const RhFastKernels *fast; /* NULL: none */
};
