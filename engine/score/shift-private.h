/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "score/shift.h"

/* The row is of one of the four cells. */
gboolean rh_scored_has_cell(const RhScored *row);
gboolean rh_scored_is_correct(const RhScored *row);
/* The cluster of each row that has a cell, numbered from 0, those that are by themselves too. Free with
 * g_free. */
guint *rh_scored_clusters(const RhScored *rows, gsize count, guint *n_clusters);
