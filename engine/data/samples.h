/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "data/cases.h"

/* The images of a data set at the network's size, in memory, ready for training. Immutable and shared. */
typedef struct {
    gatomicrefcount references;
    guint count, height, width;
    float *images;       /* count×H×W, 0 … 1 */
    guint8 *masks;       /* count×H×W, 1 inside, 0 outside; without a mask: all 1 */
    guint8 *has_mask;    /* count */
    guint8 *labels;      /* count, 0 or 1 */
    guint8 *conflicting; /* count: 0 aligned, 1 conflicting, RH_UNKNOWN */
    guint8 *splits;      /* count, RhSplit */
    guint32 *clusters;   /* count: images of one patient have the same number; 0: by itself */
    char **ids;          /* count, NULL-terminated */
    gboolean mirrored; /* the confounder is position: a left–right mirrored image is the conflicting one */
} RhSamples;

RhSamples *rh_samples_new(guint count, guint height, guint width);
RhSamples *rh_samples_ref(RhSamples *samples);
void rh_samples_unref(RhSamples *samples);

/* Places of the samples of one split, in order; free with g_array_unref (of guint). */
GArray *rh_samples_of_split(const RhSamples *samples, RhSplit split);
/* The pixels where mask is 0 permuted among themselves (SPEC: shuffled): repeatable from seed, epoch, sample.
 * scratch: H·W words. */
void rh_shuffle_outside(const float *image, const guint8 *mask, gsize pixels, guint64 seed, guint32 epoch,
                        guint32 sample, guint32 *scratch, float *out);
/* Left–right mirror. */
void rh_mirror(const float *image, guint height, guint width, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhSamples, rh_samples_unref)
