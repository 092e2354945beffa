/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/run-item.h"
#include "study/quick.h"

/* Trains in the background, in memory, whenever a mask of the study changes, so that a person who draws sees
 * what drawing does. Every training starts afresh from the same seed and has as many epochs as the first one
 * had time for: what differs between two results is what was drawn, and nothing else. A mask that changes
 * meanwhile ends the training under way and begins the next. The study's runs are neither read nor written.
 *
 * A GObject of the main loop with a thread of its own. Signals: "changed" (state or progress), "result"
 * (const RhLiveResult*), "failed" (const char *message). */
#define RH_TYPE_LIVE_TRAINING (rh_live_training_get_type())
G_DECLARE_FINAL_TYPE(RhLiveTraining, rh_live_training, RH, LIVE_TRAINING, GObject)

typedef enum {
    RH_LIVE_OFF,
    RH_LIVE_LOADING,    /* images are read */
    RH_LIVE_RETRAINING, /* see progress */
    RH_LIVE_HELD,       /* something is to be trained, but a training of the user's is under way */
    RH_LIVE_DONE,       /* the result is of the masks as they are */
    RH_LIVE_UNTOUCHED,  /* likewise: the mask that changed last does not count in training */
} RhLiveState;

typedef struct {
    RhRun *run;            /* called `name` */
    RhShift *shift;        /* as of rh_run_shift */
    RhParameters *weights; /* of its best epoch */
    gboolean masks_only;   /* nothing but masks differs from the result before */
    double seconds;        /* it took */
} RhLiveResult;

RhLiveTraining *rh_live_training_new(const char *name);
/* The study is copied, its images are read and trained on; NULL: off, and the memory is given back. */
void rh_live_training_set_study(RhLiveTraining *live, const RhStudy *study);
/* What is trained; other settings than before are trained at once. epochs is the most. */
void rh_live_training_set_settings(RhLiveTraining *live, const RhRunSettings *settings);
/* The mask of an image has another file than before. */
void rh_live_training_mask_saved(RhLiveTraining *live, const char *id);
/* While held nothing is trained: the processors are needed elsewhere. */
void rh_live_training_hold(RhLiveTraining *live, gboolean held);
RhLiveState rh_live_training_get_state(RhLiveTraining *live);
/* While training: finished epochs, of how many. */
void rh_live_training_get_progress(RhLiveTraining *live, guint *epoch, guint *epochs);
