/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/run-item.h"

/* Runs that wait to be trained, in the order they were put in. Each item is told its place. A run may be
 * held: it keeps its place and others pass it. For the main loop only. Signal "changed". */
#define RH_TYPE_RUN_QUEUE (rh_run_queue_get_type())
G_DECLARE_FINAL_TYPE(RhRunQueue, rh_run_queue, RH, RUN_QUEUE, GObject)

RhRunQueue *rh_run_queue_new(void);
/* At the end; one that waits already stays where it is and is no longer held. */
void rh_run_queue_add(RhRunQueue *queue, RhRunItem *item);
/* Before all others; not for one that waits already. */
void rh_run_queue_add_first(RhRunQueue *queue, RhRunItem *item);
void rh_run_queue_remove(RhRunQueue *queue, RhRunItem *item);
void rh_run_queue_clear(RhRunQueue *queue);
void rh_run_queue_hold(RhRunQueue *queue, RhRunItem *item, gboolean held);
void rh_run_queue_hold_none(RhRunQueue *queue);
/* The first that is not held, taken out; NULL: none. Unref it. */
RhRunItem *rh_run_queue_take_next(RhRunQueue *queue);
/* There is one that is not held. */
gboolean rh_run_queue_can_take(RhRunQueue *queue);
guint rh_run_queue_get_length(RhRunQueue *queue);
/* The one at a place below the length; the queue's. */
RhRunItem *rh_run_queue_get(RhRunQueue *queue, guint place);
