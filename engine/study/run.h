/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "method/method.h"
#include "score/shift.h"
#include "study/study.h"

/* A run: one training of one method on a study, in runs/NAME:
 *
 *     run.ini               settings, state, results, hashes of data and masks: all needed to repeat it
 *     metrics.csv           one row an epoch
 *     best.safetensors      the selected model, torchvision's names
 *     test.csv              one row a scored test image: id,label,conflicting,logit0,logit1
 *     state.safetensors     what a resumed run goes on from (removed when the run is finished)
 *     history/              scores by epoch, and weights (study/history.h)
 */
typedef struct {
    const RhMethod *method;
    const RhNetworkKind *network;
    guint width; /* 0: the network's default */
    guint64 seed;
    guint epochs, batch, patience, first_best_epoch; /* the method's, 16, 100, 5 */
    RhMethodSettings method_settings;
    double mask_fraction;     /* 0 … 1: share of training images with a mask, by class */
    double mask_blur;         /* σ, SPEC §3; 0: none */
    gboolean empty_negatives; /* published: class-0 images without mask have m = 0 everywhere instead of 1 */
    RhValidation validation;
} RhRunSettings;

typedef enum { RH_RUN_NEW, RH_RUN_UNFINISHED, RH_RUN_FINISHED } RhRunState;

typedef struct {
    guint epoch;    /* from 1 */
    double seconds; /* since the start, pauses left out */
    double train_classification, train_penalty, train_discriminator, train_accuracy;
    double valid_loss, valid_accuracy, valid_auc;
    double test_auc_aligned, test_auc_conflicting; /* for watching; the result is test.csv */
} RhEpochMetrics;

/* What run.ini says of a table beside it. */
typedef struct {
    guint rows;   /* 0: it does not say */
    char *sha256; /* of a finished run; NULL: it does not say */
} RhRunTable;

typedef struct {
    char *folder, *name;
    char *title;   /* what people call it: the name, unless it was renamed */
    char *trouble; /* the sentence its last training ended with; NULL: none */
    RhRunSettings settings;
    RhRunState state;
    gint64 created;       /* microseconds since 1970; 0 if run.ini does not say */
    guint best_epoch;     /* 0: none yet */
    guint selected_epoch; /* the epoch put in its place by another rule (run-selection.h); 0: none */
    GArray *metrics;      /* RhEpochMetrics */
    GArray *test;         /* RhScored; test.csv */
    RhRunTable metrics_table, test_table;
    char *fault; /* why it has no result although there is a test.csv, a sentence; NULL: it has one */
    /* what it was made on, as the study was then */
    RhConfounderKind confounder_kind;
    guint image_height, image_width;
    RhSplitSettings split;
    char *data_hash, *mask_hash; /* SHA-256 of what training was given; "" until it was started */
    char *kernels;               /* what it is computed with (tensor/kernels.h); likewise */
    char *computed;              /* with what each epoch was (run-kernels.h); NULL: run.ini does not say */
} RhRun;

/* The method's defaults with a network. */
RhRunSettings rh_run_settings_usual(const RhMethod *method, const RhNetworkKind *network);
/* The same with the study's validation. */
RhRunSettings rh_run_settings_default(const RhMethod *method, const RhNetworkKind *network,
                                      const RhStudy *study);
/* Makes the folder and run.ini. A name that is taken is refused; NULL: "actdiff-small-1234", with -2, -3 … if
 * taken. */
RhRun *rh_run_create(const RhStudy *study, const RhRunSettings *settings, const char *name, GError **error);
RhRun *rh_run_open(const char *folder, GError **error);
/* All runs of a study in the order they were made; broken ones are left out and noted (may be NULL). */
GPtrArray *rh_run_list(const RhStudy *study, GPtrArray *notes);
void rh_run_free(RhRun *run);
/* The same run under another name, for showing; its results are shared. */
RhRun *rh_run_copy(const RhRun *run, const char *name);
/* Reads again what a training thread or another process has written. */
gboolean rh_run_reload(RhRun *run, GError **error);
/* Gives the run another title, or its name again ("" or NULL); folder and name stay. From any thread, also
 * while it is trained. */
gboolean rh_run_rename(RhRun *run, const char *title, GError **error);
/* Keeps with the run, on disk too, what its training ended with (NULL: nothing to complain of). */
gboolean rh_run_note_trouble(RhRun *run, const char *trouble, GError **error);
gboolean rh_run_delete(RhRun *run, GError **error);
/* Deleting with a way back: the folder is set aside, out of every list, and then brought back or deleted for
 * good. `folder` is where it was. A run that is being trained is refused. */
gboolean rh_run_set_aside(const RhRun *run, GError **error);
gboolean rh_run_bring_back(const char *folder, GError **error);
gboolean rh_run_delete_aside(const char *folder, GError **error);
/* Brings back all that a program which ended before its time left aside: nothing is lost by a crash. */
void rh_runs_bring_back(const RhStudy *study);
char *rh_run_path(const RhRun *run, const char *file);
const char *rh_run_state_name(RhRunState state); /* "new", "unfinished", "finished" */
/* The epoch whose model is the result (SPEC: training): lowest validation loss from first_best_epoch on, the
 * first of equals; 0 if none has come yet. A run of fewer epochs, or one without a loss that is a number,
 * ends with its last epoch. */
guint rh_run_select_epoch(const RhRunSettings *settings, const GArray *metrics);
/* Whether training ends after these epochs: all done, or `patience` epochs without a better one. */
gboolean rh_run_is_complete(const RhRunSettings *settings, const GArray *metrics);
/* history/0007.safetensors: tensors "scores.validation" and "scores.test" (rows×2 logits, in the order of the
 * samples of the split; where the confounder is position two rows an image, as drawn and mirrored) and, of as
 * many epochs as there is room for (study/history.h), the weights. Another rule of selection needs no more.
 */
char *rh_run_history_path(const RhRun *run, guint epoch);
/* The weights that go with the run's result: the best, or those of the epoch that another rule put in their
 * place. They may not be there: history has none of large networks. */
char *rh_run_weights_path(const RhRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhRun, rh_run_free)
