/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record.h"
#include "study/data-identity.h"
#include "study/run-selection.h"
#include "study/run-shift.h"

/* What rh shift shows: the curve of a run, or the mean over the runs of one setting. */
typedef struct {
    char *label;
    GPtrArray *runs;   /* const RhRun: one, or those of a mean */
    GPtrArray *shifts; /* RhShift of each */
    guint n_levels;
    RhShiftPoint *points;
    RhShiftPoint *lowest, *highest; /* of the runs of a mean, at every level; else NULL */
} RhShiftCurve;

typedef enum { RH_INTERVALS_CLOSED_FORM, RH_INTERVALS_BOOTSTRAP } RhIntervals;

void rh_shift_curve_free(RhShiftCurve *curve);
/* Of each finished run, in their order. */
GPtrArray *rh_shift_curves_of_runs(const GPtrArray *runs, guint n_levels, RhIntervals intervals);
/* The means of those curves whose runs are repetitions of each other, each seed once. `by_setting` is given
 * these, and the curve itself of a run that has no repetition; it owns nothing. */
GPtrArray *rh_shift_curves_of_means(const GPtrArray *single, GPtrArray *by_setting);
gboolean rh_shift_curve_is_mean(const RhShiftCurve *curve);
RhShiftSummary rh_shift_curve_summary(const RhShiftCurve *curve);
/* One sentence a line: what the values are, and of how many images. */
void rh_shift_curve_print(const RhShiftCurve *curve, const RhStudy *study);
/* One record a level, at the end of `records`: values, intervals, numbers of images, settings, and
 * whether the data are those of the study, by its images_hash (NULL: not known). */
void rh_shift_curve_add_records(const RhShiftCurve *curve, RhSelection selection, RhIntervals intervals,
                                const char *images_hash, GPtrArray *records);
