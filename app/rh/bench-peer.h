/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-task.h"

typedef struct {
    const char *command; /* of the peer, for the shell */
    guint rounds;
    gboolean as_json;
} RhBenchPeer;

/* The head of the table, unless lines of JSON are printed. */
void rh_bench_compare_head(const RhBenchPeer *peer);
/* Times the item and the peer's in turn, so that a machine that drifts does so for both, and prints how they
 * compare. FALSE if one of them cannot. */
gboolean rh_bench_compare(const RhBenchItem *item, const RhBenchSettings *settings, const RhBenchPeer *peer,
                          RhProgress *progress, GCancellable *cancellable, GError **error);
