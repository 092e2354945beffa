/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/network.h"

/* Training methods (SPEC: methods). A method is a function that builds its loss from the inputs of a step;
 * one file a method, one table. */
typedef struct {
    double learning_rate;
    double lambda;                      /* weight of the penalty */
    double discriminator_learning_rate; /* adversarial */
    guint discriminator_period;         /* adversarial: the encoder moves on every n-th batch */
    gboolean published; /* actdiff: the penalty is not multiplied by lambda, as in the authors' code */
} RhMethodSettings;

/* What a method needs beside x; the training step prepares only what is used. */
typedef enum {
    RH_METHOD_PLAIN = 0,
    RH_METHOD_MASK = 1 << 0,     /* the mask, 1 inside the region of interest */
    RH_METHOD_SHUFFLED = 1 << 1, /* x with the pixels outside the mask permuted */
    RH_METHOD_DISCRIMINATOR = 1 << 2,
    RH_METHOD_WEIGHTED = 1 << 3, /* lambda has a meaning */
} RhMethodNeeds;

typedef struct _RhMethodBuild RhMethodBuild;

typedef struct {
    const char *id;      /* "baseline" */
    const char *title;   /* "Baseline" */
    const char *summary; /* one plain sentence for a radiologist */
    RhMethodNeeds needs;
    RhMethodSettings defaults; /* with the `small` network on the built-in study */
    guint default_epochs;      /* likewise */
    /* Builds the forward passes and the loss terms. */
    void (*build)(RhMethodBuild *build);
} RhMethod;

struct _RhMethodBuild {
    RhGraph *graph;
    const RhNetwork *network;
    const RhNetwork *discriminator; /* NULL unless needed */
    const RhMethodSettings *settings;
    RhNode *x, *mask, *shuffled; /* N×H×W×1; those not needed are NULL */
    RhNode *target;              /* N×2, one-hot */
    /* set by build(): */
    RhForward forward;      /* of the batch the classification loss is taken on */
    RhNode *classification; /* scalar: mean cross-entropy */
    RhNode *penalty;        /* scalar, lambda included; NULL if the method has none */
    /* set by rh_method_train_discriminator(); NULL if there is none: */
    RhNode *discriminator_loss;       /* scalar, minimised over the discriminator at the end of phase 0 */
    RhNode **discriminator_gradients; /* of its trainable tensors, in order; free with g_free */
};

const RhMethod *const *rh_methods(void); /* NULL-terminated */
const RhMethod *rh_method_find(const char *id, GError **error);
/* Whether the masks of the training images make a difference to it. */
gboolean rh_method_uses_masks(const RhMethod *method);

/* For a method's build(): the loss the discriminator is trained on. It adds its gradients and begins the next
 * phase; what is built behind it sees the discriminator that this step has trained. */
void rh_method_train_discriminator(RhMethodBuild *build, RhNode *loss);
/* Features of the shuffled batch and then, as build->forward, of x, each with its own batch statistics; for
 * the methods that compare the two. */
RhNode *rh_method_forward_both(RhMethodBuild *build);
/* Derivative of a scalar with respect to x, where it lies outside the mask, else 0. */
RhNode *rh_method_gradient_outside(const RhMethodBuild *build, RhNode *scalar);
/* Mean cross-entropy of N×2 logits and one-hot targets. */
RhNode *rh_cross_entropy(RhNode *logits, RhNode *target);
