/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Persistent worker threads for data-parallel work. Work is cut into pieces by the caller, by the size of the
 * work alone and never by the number of threads, so results are the same on any number of them. */
typedef struct _RhPool RhPool;

typedef void (*RhPieceFunc)(guint piece, gpointer data);

/* threads = 0: one for each processor this process may use. The calling thread is one of them. */
RhPool *rh_pool_new(guint threads);
void rh_pool_free(RhPool *pool);
guint rh_pool_threads(const RhPool *pool);
/* Calls func once for each piece 0 … pieces−1 and returns when all are done. One caller at a time.
 * A NULL pool does the work on the calling thread. */
void rh_pool_run(RhPool *pool, guint pieces, RhPieceFunc func, gpointer data);

/* Inside of a piece: which of the pool's threads runs it, 0 … threads−1, for memory that each thread has for
 * itself. */
guint rh_pool_worker(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RhPool, rh_pool_free)
