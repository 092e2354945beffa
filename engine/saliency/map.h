/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "nn/evaluator.h"

/* Saliency maps of the class-1 logit in evaluation mode (SPEC: saliency). One file a map, one table. */
typedef struct {
    guint nodes;          /* integrated gradients: Gauss–Legendre nodes; 200 */
    guint window, stride; /* occlusion; 0: 2 at 28 pixels, in proportion above (15 at 224) */
    double fill;          /* occlusion: value of hidden pixels; 0 */
} RhMapSettings;

typedef void (*RhMapProgress)(double fraction, gpointer data);

typedef struct {
    RhEvaluator *evaluator;
    const float *image; /* H×W of the evaluator */
    RhMapSettings settings;
    GCancellable *cancellable; /* may be NULL */
    RhMapProgress progress;    /* may be NULL; called between chunks, on the calling thread */
    gpointer progress_data;
} RhMapRequest;

typedef struct {
    const char *id; /* "gradient", "integrated-gradients", "occlusion" */
    const char *title;
    const char *description;
    gboolean smoothed; /* post-processing blurs it (not occlusion) */
    /* map: H×W, signed. FALSE with G_IO_ERROR_CANCELLED if cancelled. */
    gboolean (*compute)(const RhMapRequest *request, float *map, GError **error);
    /* Makes the settings for H×W about as cheap as `effort` (0 … 1] says; NULL: there is nothing to save. */
    void (*coarsen)(RhMapSettings *settings, guint height, guint width, double effort);
} RhMapKind;

const RhMapKind *const *rh_map_kinds(void); /* NULL-terminated */
const RhMapKind *rh_map_kind_find(const char *id, GError **error);
RhMapSettings rh_map_settings_default(void);
/* The settings for a map in a hurry, while a network trains: fewer nodes, a coarser grid.
 * effort 1 is the full map, less is proportionally cheaper. */
RhMapSettings rh_map_settings_coarse(const RhMapKind *kind, guint height, guint width, double effort);
