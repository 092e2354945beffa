/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/cases.h"

/* How cases are divided (SPEC: data sets and shift). */
typedef enum {
    RH_SPLIT_CURVE, /* equal test cells first; can show the whole shift curve */
    RH_SPLIT_PAPER, /* the published split */
    RH_SPLIT_GIVEN, /* as the table's split column says; r is not used */
} RhSplitKind;

typedef enum { RH_VALIDATION_SHIFTED, RH_VALIDATION_LIKE_TRAINING, RH_VALIDATION_BALANCED } RhValidation;

typedef struct {
    RhSplitKind kind;
    double ratio; /* r: share of aligned images in training, 0.5 … 1 */
    RhValidation validation;
    guint64 seed;
} RhSplitSettings;

const char *rh_split_kind_name(RhSplitKind kind); /* "curve", "paper", "given" */
gboolean rh_split_kind_parse(const char *name, RhSplitKind *kind);
const char *rh_validation_name(RhValidation validation); /* "shifted", "like-training", "balanced" */
gboolean rh_validation_parse(const char *name, RhValidation *validation);

/* Sets every case's split. A group goes to one side as a whole; where that gives the side more images of a
 * cell (label and confounder value) than it is to have, the surplus is left out (RH_SPLIT_NONE) and goes
 * nowhere else. Where groups leave too few for equal test or validation cells, all four are cut to the
 * smallest. Cases without label are left out, and so are those without confounder value if others have one;
 * where the confounder has fewer than two values the division is by label alone (test a third, validation a
 * sixth). The same seed draws the same test and validation images at any ratio with RH_SPLIT_CURVE.
 *
 * The errors leave all as it was: RH_ERROR_EMPTY with the counts if a part would have no image of some class,
 * RH_ERROR_MISMATCH if a given split divides a group, RH_ERROR_USAGE for a ratio outside 0.5 … 1. */
gboolean rh_split_cases(GPtrArray *cases, const RhSplitSettings *settings, GError **error);
/* Whether no group and no file lies in two of the sets; else RH_ERROR_MISMATCH, which names the rows. */
gboolean rh_split_check(const GPtrArray *cases, GError **error);
/* That error, of two cases in different sets with one group or, if it is NULL, one picture. Always FALSE. */
gboolean rh_split_refuse(const RhCase *one, const RhCase *other, const char *group, GError **error);
