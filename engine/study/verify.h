/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "tensor/kernels.h"

/* Runs the engine on reference files (computed by another program in double precision) and compares. */
typedef struct {
    char *quantity;      /* "logits", "gradient, worst (layer1.0.conv1.weight)", … */
    double error, limit; /* NaN: the engine has no such quantity, nothing was checked */
    gboolean ok;
} RhVerification;

/* kernels: what is computed with; NULL: the fastest. Array of RhVerification; NULL with an error if the file
 * cannot be read or is no reference file. */
GArray *rh_verify_file(const char *path, const RhKernels *kernels, RhPool *pool, GError **error);
