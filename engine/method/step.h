/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/pool.h"
#include "method/method.h"
#include "nn/weights.h"
#include "tensor/plan.h"

/* One optimiser step of a method on a network: graph, plans (one for each batch size met), Adam,
 * discriminator. */
typedef struct _RhStepper RhStepper;

typedef struct {
    guint count;           /* images */
    const float *x;        /* count×H×W */
    const float *mask;     /* count×H×W, 1 inside; NULL if the method needs none */
    const float *shuffled; /* count×H×W; NULL if the method needs none */
    const guint8 *labels;  /* count, 0 or 1 */
} RhBatch;

typedef struct {
    double classification, penalty, discriminator; /* weight included; 0 where the method has none */
} RhLosses;

/* `network` is moved by the steps and outlives the stepper; a discriminator is made and drawn from `seed` if
 * the method needs one (hidden: units of its layers, 0: twice the features). */
RhStepper *rh_stepper_new(RhNetwork *network, const RhMethod *method, const RhMethodSettings *settings,
                          guint height, guint width, guint64 seed, guint hidden, const RhKernels *kernels,
                          RhPool *pool);
void rh_stepper_free(RhStepper *stepper);
/* Takes the memory that a step of so many images needs. FALSE with RH_ERROR_LIMIT, how much that would be and
 * how much there is, if it is too much; a step that was not asked for so ends the program then. */
gboolean rh_stepper_reserve(RhStepper *stepper, guint count, GError **error);
void rh_stepper_run(RhStepper *stepper, const RhBatch *batch, RhLosses *losses);
/* Logits of the last step's classified batch, count×2. */
void rh_stepper_logits(const RhStepper *stepper, double *logits);
/* Gradients stay readable after a step, at the price of their memory; before the first step. */
void rh_stepper_keep_gradients(RhStepper *stepper);
/* Such a gradient: of the whole loss with respect to a trainable tensor of the network at the last step, in
 * memory order; worked out on the spot if the encoder was not updated then. NULL if there is no such tensor.
 * Free with g_free. */
double *rh_stepper_gradient(RhStepper *stepper, const char *name);
const RhNetwork *rh_stepper_discriminator(const RhStepper *stepper); /* NULL if the method has none */
RhNetwork *rh_stepper_discriminator_mutable(RhStepper *stepper);
guint64 rh_stepper_steps(const RhStepper *stepper);
/* Floating-point operations of the last step, as rh_plan_operations counts them; 0 before the first. */
double rh_stepper_operations(const RhStepper *stepper);
gsize rh_stepper_bytes(const RhStepper *stepper);

/* From now on the steps are timed by operation; rh_stepper_profile gives lines (RhProfileLine) of what was
 * gathered since, the optimiser's among them. Free with g_array_unref. */
void rh_stepper_profile_begin(RhStepper *stepper);
GArray *rh_stepper_profile(const RhStepper *stepper);

/* Everything a resumed run needs to go on to the same bits: network, moments, number of steps, discriminator.
 * `metadata` as for rh_weights_write. */
gboolean rh_stepper_save(const RhStepper *stepper, const char *path, const char *const *metadata,
                         GError **error);
/* What rh_stepper_save writes, for a caller who copies it and writes it elsewhere (a thread of its own): the
 * live groups of tensors, at most RH_STEPPER_GROUPS, and metadata (key, value, …, NULL; free with
 * g_strfreev). Returns the number of groups. */
#define RH_STEPPER_GROUPS 8
guint rh_stepper_state(const RhStepper *stepper, RhTensorGroup groups[RH_STEPPER_GROUPS], char ***metadata);
/* Reads such a file, network included; `stepper` was made with the same network, method and settings. After
 * an error it may be half changed and is of no more use. */
gboolean rh_stepper_load(RhStepper *stepper, const RhTensorFile *file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhStepper, rh_stepper_free)
