/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/evaluator.h"
#include "study/run-private.h"

/* The scored images of one split. Where the confounder is position every image is scored as drawn and
 * mirrored, two rows each, and the mirrored one has the opposite relation to the label. */
typedef struct {
    const RhSamples *samples;
    GArray *places;         /* guint */
    guint count;            /* rows */
    RhTestRow *rows;        /* ids belong to the samples */
    float *images, *logits; /* of a chunk */
} RhScores;

/* The samples outlive it. */
RhScores *rh_scores_new(const RhSamples *samples, RhSplit split, guint chunk);
void rh_scores_free(RhScores *scores);
void rh_scores_compute(RhScores *scores, RhEvaluator *evaluator);
/* The logits as a tensor count×2 called `name`. */
void rh_scores_keep(const RhScores *scores, RhParameters *parameters, const char *name);

/* Which rows count, and how much the aligned and the conflicting ones weigh. */
typedef struct {
    gboolean all;     /* every row the same, whatever its confounder */
    double weight[2]; /* aligned, conflicting */
} RhScoreRule;

typedef struct {
    double loss, accuracy, auc; /* mean cross-entropy; NaN where there is nothing to say it of */
} RhScoreSummary;

/* The rule of a run's validation (SPEC: training). The published split draws the validation images in the
 * direction asked for, so that all of them count. */
RhScoreRule rh_validation_rule(const RhRun *run);
gboolean rh_scores_allow(const RhScores *scores, const RhScoreRule *rule);
RhScoreSummary rh_scores_summarise(const RhScores *scores, const RhScoreRule *rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhScores, rh_scores_free)
