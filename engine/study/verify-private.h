/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/network.h"
#include "nn/weights.h"
#include "study/verify.h"

/* A reference file that is being checked. */
typedef struct {
    const char *path; /* for messages */
    const RhTensorFile *file;
    RhPool *pool;
    RhNetwork *network; /* with the file's parameters, single precision */
    guint images, height, width;
    GArray *lines; /* RhVerification */
} RhReference;

/* Adds a line; `quantity` is taken over. */
void rh_reference_add(RhReference *reference, char *quantity, double error, double limit);
/* A line for something in the file that the engine has not got: neither error nor limit, and no failure. */
void rh_reference_add_unchecked(RhReference *reference, char *quantity);

/* ‖values − expected‖₂/‖expected‖₂ */
double rh_relative_error(const double *values, const double *expected, gsize count);
/* The same over all values of two sets of parameters of the same names and shapes. */
double rh_relative_error_of_parameters(const RhParameters *values, const RhParameters *expected);

/* A tensor of `count` values; NULL with an error if it is missing or has another number. */
double *rh_reference_read(const RhReference *reference, const char *name, gsize count, GError **error);
float *rh_reference_read_single(const RhReference *reference, const char *name, gsize count, GError **error);
/* A number of the metadata from `least` to `most`; a missing one is an error. */
gboolean rh_reference_number(const RhReference *reference, const char *key, double least, double most,
                             double *value, GError **error);

gboolean rh_verify_training(RhReference *reference, GError **error);
gboolean rh_verify_attribution(RhReference *reference, GError **error);
