/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "study/run-shift.h"

/* A run as the window's lists and charts see it. Property "visible": its curves are drawn. Signal "changed":
 * epochs, curve, state or visibility are not what they were. For the main loop only. */
#define RH_TYPE_RUN_ITEM (rh_run_item_get_type())
G_DECLARE_FINAL_TYPE(RhRunItem, rh_run_item, RH, RUN_ITEM, GObject)

#define RH_SHIFT_LEVELS 51 /* points of a shift curve, level 0 to 1 */

/* Takes the run and what it says of every shift level (may be NULL). style: which colour and marker the run
 * has in every chart. */
RhRunItem *rh_run_item_new(RhRun *run, RhShift *shift, guint style);
/* What has come of the run since: replaces both. */
void rh_run_item_take(RhRunItem *item, RhRun *run, RhShift *shift);
const RhRun *rh_run_item_get_run(RhRunItem *item);
/* What people call it. */
const char *rh_run_item_get_name(RhRunItem *item);
/* The name of its folder: which run it is, whatever it is called. */
const char *rh_run_item_get_id(RhRunItem *item);
/* Runs with equal settings but for the seed have the same group, a number. */
void rh_run_item_set_group(RhRunItem *item, guint group);
guint rh_run_item_get_group(RhRunItem *item);
/* "Activation difference · Small · weight λ 0.5": what the group has in common; free with g_free. */
char *rh_run_item_describe_group(RhRunItem *item);
guint rh_run_item_get_style(RhRunItem *item);
/* What it says of every shift level; NULL if there are no test scores yet. */
const RhShift *rh_run_item_get_shift(RhRunItem *item);
/* Accuracy and AUC at a level; FALSE without test scores. */
gboolean rh_run_item_read(RhRunItem *item, double level, double *accuracy, double *auc);
gboolean rh_run_item_get_visible(RhRunItem *item);
void rh_run_item_set_visible(RhRunItem *item, gboolean visible);
/* What this window does with the run: trains it, or keeps it waiting at a place in the queue, from 1. */
typedef enum { RH_RUN_IDLE, RH_RUN_WAITING, RH_RUN_HELD, RH_RUN_TRAINING, RH_RUN_PAUSED } RhRunActivity;
RhRunActivity rh_run_item_get_activity(RhRunItem *item);
void rh_run_item_set_activity(RhRunItem *item, RhRunActivity activity, guint place);
/* It is being trained, or paused in it. */
gboolean rh_run_item_get_training(RhRunItem *item);
/* It is no repetition of another run, whatever its settings: its curve stays its own. */
gboolean rh_run_item_get_apart(RhRunItem *item);
void rh_run_item_set_apart(RhRunItem *item);
/* What its training ended with, a sentence; NULL: it did not fail. */
void rh_run_item_set_trouble(RhRunItem *item, const char *trouble);
const char *rh_run_item_get_trouble(RhRunItem *item);
/* Whether the run may go on with other kernels than it was begun with, where those are lacking. */
void rh_run_item_allow_any_kernels(RhRunItem *item);
gboolean rh_run_item_get_any_kernels(RhRunItem *item);
/* Why its result is none (study/run-doubt.h); NULL: nothing speaks against it. */
const char *rh_run_item_get_doubt(RhRunItem *item);
void rh_run_item_add_epoch(RhRunItem *item, const RhEpochMetrics *metrics, gboolean best);
/* Changes what it is called, here only. */
void rh_run_item_set_title(RhRunItem *item, const char *title);
/* Why it has no results by the rule that chooses among its epochs; NULL: it has. */
void rh_run_item_set_complaint(RhRunItem *item, const char *complaint);
/* Its results are of other images, labels or splits than the study has now. */
void rh_run_item_set_other_data(RhRunItem *item, gboolean other);
/* It can be gone on with, or begun. */
gboolean rh_run_item_is_unfinished(RhRunItem *item);
/* There are weights to compute maps from. */
gboolean rh_run_item_has_weights(RhRunItem *item);
/* "finished, 40 epochs, best 31"; free with g_free. */
char *rh_run_item_describe(RhRunItem *item);
