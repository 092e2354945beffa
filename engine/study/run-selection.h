/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"

/* Which epoch of a run is its result. A run keeps the scores of every epoch, so that it can be asked
 * afterwards what another rule would have kept. */
typedef enum {
    RH_SELECT_AS_TRAINED,    /* by the run's own validation images */
    RH_SELECT_SHIFTED,       /* lowest loss on validation images whose confounder is turned around */
    RH_SELECT_LIKE_TRAINING, /* on those whose confounder is as in training */
    RH_SELECT_BALANCED,      /* on both alike */
    RH_SELECT_WORST_GROUP,   /* lowest loss of the group (label and confounder) that has the highest */
    RH_SELECT_LAST,          /* the last epoch */
    RH_N_SELECTIONS,
} RhSelection;

const char *rh_selection_name(RhSelection selection); /* "as-trained", "worst-group" … */
gboolean rh_selection_parse(const char *name, RhSelection *selection);
/* Makes that epoch's test scores and number the run's (`test`, `best_epoch`, and `selected_epoch` where other
 * weights go with it); nothing is written. An error says what is not stored; the run is then without
 * results. A run that is not finished is left as it is. */
gboolean rh_run_select(RhRun *run, RhSelection selection, GError **error);
