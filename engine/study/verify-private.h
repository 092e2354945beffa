/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/network.h"
#include "nn/weights.h"
#include "study/verify.h"

/* A reference file that is being checked. */
typedef struct {
    const char *path; /* for messages */
    const RhTensorFile *file;
    const RhKernels *kernels; /* NULL: the fastest */
    RhPool *pool;
    const RhNetworkKind *network;
    guint channels; /* width of the network */
    guint images, height, width;
} RhReference;

/* What a kind of reference file states and how the engine comes to the same. An outcome is what the file
 * expects or what the engine found: a structure of the kind's own. */
typedef struct {
    const char *id;     /* in the metadata: kind */
    const char *images; /* the tensor that gives the size of a batch of images */
    gpointer (*read)(const RhReference *reference, GError **error);
    /* `network`: the one of the file, in single precision; may be moved. */
    gpointer (*run)(const RhReference *reference, RhNetwork *network, GError **error);
    /* Array of RhVerification: always the same quantities in the same order for one file. */
    GArray *(*compare)(const RhReference *reference, gconstpointer found, gconstpointer expected);
    void (*free)(gpointer outcome);
} RhReferenceKind;

extern const RhReferenceKind rh_reference_training, rh_reference_attribution;

/* How far a quantity may be off with the exact kernels, and with fast ones. */
typedef struct {
    double exact, fast;
} RhLimit;

/* For the lines of a comparison; `quantity` is taken over. */
GArray *rh_reference_lines_new(void);
void rh_reference_add(const RhReference *reference, GArray *lines, char *quantity, double error,
                      const RhLimit *limit);

/* ‖values − expected‖₂/‖expected‖₂ */
double rh_relative_error(const double *values, const double *expected, gsize count);

/* A tensor of `count` values; NULL with an error if it is missing or has another number. */
double *rh_reference_read(const RhReference *reference, const char *name, gsize count, GError **error);
float *rh_reference_read_single(const RhReference *reference, const char *name, gsize count, GError **error);
/* A number of the metadata from `least` to `most`; a missing one is an error. */
gboolean rh_reference_number(const RhReference *reference, const char *key, double least, double most,
                             double *value, GError **error);
