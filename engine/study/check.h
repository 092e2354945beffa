/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* One thing that is amiss in a study. */
typedef struct {
    char *file;        /* relative to the study, or absolute where it lies elsewhere */
    char *reason;      /* a sentence */
    gboolean repaired; /* cleared away */
} RhFinding;

/* Looks through all that belongs to a study: tables, images, masks, links, splits, and the runs with their
 * tables and weights. `repair` clears away what programs that were killed have left, and nothing else. Gives
 * what is amiss, or was (RhFinding, owned), in the order of the files; empty: all is well. It takes as long
 * as reading all images does. Fails only if `folder` is no study. */
GPtrArray *rh_study_check(const char *folder, gboolean repair, GError **error);
