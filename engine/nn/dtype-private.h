/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A kind of number in a safetensors file, little-endian. */
typedef struct {
    const char *name; /* "F32" */
    gsize size;       /* bytes */
    double (*read)(const guint8 *bytes);
} RhDtype;

const RhDtype *rh_dtype_find(const char *name); /* NULL if unknown */
