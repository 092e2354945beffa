/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Errors of the engine. Messages are one sentence for a person: which file, where in it, what is wrong and
 * what to do. Cancellation is G_IO_ERROR_CANCELLED, system failures keep GLib's G_FILE_ERROR/G_IO_ERROR. */
#define RH_ERROR (rh_error_quark())
GQuark rh_error_quark(void);

typedef enum {
    RH_ERROR_FORMAT,   /* the bytes are not what the format says */
    RH_ERROR_LIMIT,    /* well-formed, but larger than the program accepts */
    RH_ERROR_MISMATCH, /* two things that must agree do not: mask and image size, tensor shapes */
    RH_ERROR_MISSING,  /* a file, column, class or tensor that is needed is not there */
    RH_ERROR_USAGE,    /* a setting out of range, an unknown name */
    RH_ERROR_EMPTY,    /* nothing to work on: a folder without images, a split without a class */
    RH_ERROR_KERNELS,  /* a run was begun with what this processor does not have (tensor/kernels.h) */
} RhError;
