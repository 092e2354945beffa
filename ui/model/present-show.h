/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/training-task.h"
#include "study/explain.h"

/* What is presented: a study, two models of it and all its finished runs. What is not there yet is made in
 * the background: the built-in study, then a run without masks, then one with. For the main loop only.
 *
 * Signals: "changed"; "run-finished" (const char *name) when a run it trained is on disk. */
#define RH_TYPE_PRESENT_SHOW (rh_present_show_get_type())
G_DECLARE_FINAL_TYPE(RhPresentShow, rh_present_show, RH, PRESENT_SHOW, GObject)

typedef enum { RH_PRESENT_PLAIN, RH_PRESENT_GUIDED, RH_PRESENT_N_MODELS } RhPresentModel;

/* A finished run. */
typedef struct {
    RhRun *run;
    RhShift *shift;                     /* NULL if it has no test scores */
    RhLocalisationSummary localisation; /* of the plain gradient */
    gboolean located;                   /* it has been computed */
} RhPresentRun;

/* study_folder: of a study; where nothing is, the built-in chest films are made. */
RhPresentShow *rh_present_show_new(const char *study_folder);
const char *rh_present_show_folder(RhPresentShow *show);
/* NULL until it has been read. */
const RhStudy *rh_present_show_study(RhPresentShow *show);
const RhSamples *rh_present_show_samples(RhPresentShow *show);
/* Why it cannot go on, one sentence; NULL: it can. */
const char *rh_present_show_trouble(RhPresentShow *show);
/* What is being done in the background, in words with time left, and how far it is (0 … 1); NULL: nothing. */
char *rh_present_show_activity(RhPresentShow *show, double *fraction);
/* All finished runs, RhPresentRun. */
const GPtrArray *rh_present_show_runs(RhPresentShow *show);
/* Without masks: the latest. With: that which holds best when the confounder is turned around. NULL: not yet.
 */
const RhPresentRun *rh_present_show_model(RhPresentShow *show, RhPresentModel model);
/* Whether a run with masks can be trained: training images have some. */
gboolean rh_present_show_has_masks(RhPresentShow *show);
/* Accuracy or AUC at a level between the curve's ends; NaN without a curve. */
double rh_present_run_accuracy(const RhPresentRun *run, double level);
double rh_present_run_auc(const RhPresentRun *run, double level);
