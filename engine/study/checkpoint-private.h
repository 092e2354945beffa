/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "method/step.h"
#include "study/run-private.h"

/* What a run leaves on disk after an epoch. It is written by a thread of its own, because syncing a disk may
 * take longer than an epoch; when it falls behind it skips to the newest state, and no epoch's history is
 * lost.
 *
 * The order makes a kill at any instant harmless: state.safetensors is the moment from which the epoch
 * counts; history and metrics are written before it and cut back to it on resuming; the best weights wait as
 * best.pending and get their name after it. */
typedef struct {
    guint epoch;
    char *path;            /* history file */
    RhParameters *scores;  /* logits */
    RhParameters *weights; /* NULL for large networks */
} RhHistory;

typedef struct {
    guint epoch;
    GPtrArray *history; /* RhHistory */
    char *metrics;      /* of metrics.csv */
    RhParameters *best; /* a new best, with its epoch, optimiser steps and test.csv; NULL: none */
    guint best_epoch;
    guint64 best_steps;
    char *test;
    guint n_groups;
    RhTensorGroup groups[RH_STEPPER_GROUPS]; /* copies, owned */
    char **metadata;
} RhCheckpoint;

/* Copies the stepper's state. */
RhCheckpoint *rh_checkpoint_new(const RhStepper *stepper, guint epoch);
void rh_checkpoint_free(RhCheckpoint *checkpoint);
/* The copy of the network within it. */
RhParameters *rh_checkpoint_network(const RhCheckpoint *checkpoint);
void rh_checkpoint_add_history(RhCheckpoint *checkpoint, char *path, RhParameters *scores,
                               RhParameters *weights);

typedef struct _RhWriter RhWriter;

RhWriter *rh_writer_new(const RhRun *run);
/* Takes the checkpoint. FALSE with the error of an earlier one that could not be written. */
gboolean rh_writer_submit(RhWriter *writer, RhCheckpoint *checkpoint, GError **error);
/* Waits until all is on disk. */
gboolean rh_writer_flush(RhWriter *writer, GError **error);
void rh_writer_free(RhWriter *writer); /* after what is under way */

/* Puts the folder into the state after an epoch of state.safetensors: the best weights of `best_epoch` (0:
 * none) under their name, history cut. */
gboolean rh_checkpoint_settle(const RhRun *run, guint epoch, guint best_epoch, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhWriter, rh_writer_free)
