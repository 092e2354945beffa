/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-queue.h"

struct _RhRunQueue {
    GObject parent_instance;
    GPtrArray *items;
};

G_DEFINE_FINAL_TYPE(RhRunQueue, rh_run_queue, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean is_held(RhRunItem *item)
{
    return rh_run_item_get_activity(item) == RH_RUN_HELD;
}

/* Tells every item its place. */
static void changed(RhRunQueue *queue)
{
    for (guint i = 0; i < queue->items->len; i++) {
        RhRunItem *item = queue->items->pdata[i];
        rh_run_item_set_activity(item, is_held(item) ? RH_RUN_HELD : RH_RUN_WAITING, i + 1);
    }
    g_signal_emit(queue, signals[CHANGED], 0);
}

RhRunQueue *rh_run_queue_new(void)
{
    return g_object_new(RH_TYPE_RUN_QUEUE, NULL);
}

void rh_run_queue_add(RhRunQueue *queue, RhRunItem *item)
{
    if (!g_ptr_array_find(queue->items, item, NULL))
        g_ptr_array_add(queue->items, g_object_ref(item));
    rh_run_queue_hold(queue, item, FALSE);
}

void rh_run_queue_add_first(RhRunQueue *queue, RhRunItem *item)
{
    g_assert(!g_ptr_array_find(queue->items, item, NULL));
    g_ptr_array_insert(queue->items, 0, g_object_ref(item));
    rh_run_queue_hold(queue, item, FALSE);
}

static void take_out(RhRunQueue *queue, guint place)
{
    rh_run_item_set_activity(queue->items->pdata[place], RH_RUN_IDLE, 0);
    g_ptr_array_remove_index(queue->items, place);
}

void rh_run_queue_remove(RhRunQueue *queue, RhRunItem *item)
{
    guint place;
    if (!g_ptr_array_find(queue->items, item, &place))
        return;
    take_out(queue, place);
    changed(queue);
}

void rh_run_queue_clear(RhRunQueue *queue)
{
    while (queue->items->len > 0)
        take_out(queue, queue->items->len - 1);
    changed(queue);
}

void rh_run_queue_hold(RhRunQueue *queue, RhRunItem *item, gboolean held)
{
    guint place;
    if (!g_ptr_array_find(queue->items, item, &place))
        return;
    rh_run_item_set_activity(item, held ? RH_RUN_HELD : RH_RUN_WAITING, place + 1);
    changed(queue);
}

void rh_run_queue_hold_none(RhRunQueue *queue)
{
    for (guint i = 0; i < queue->items->len; i++)
        rh_run_item_set_activity(queue->items->pdata[i], RH_RUN_WAITING, i + 1);
    changed(queue);
}

/* The place of the first that is not held; their number if there is none. */
static guint find_next(RhRunQueue *queue)
{
    guint i = 0;
    while (i < queue->items->len && is_held(queue->items->pdata[i]))
        i++;
    return i;
}

gboolean rh_run_queue_can_take(RhRunQueue *queue)
{
    return find_next(queue) < queue->items->len;
}

RhRunItem *rh_run_queue_take_next(RhRunQueue *queue)
{
    const guint place = find_next(queue);
    if (place == queue->items->len)
        return NULL;
    RhRunItem *item = g_object_ref(queue->items->pdata[place]);
    take_out(queue, place);
    changed(queue);
    return item;
}

guint rh_run_queue_get_length(RhRunQueue *queue)
{
    return queue->items->len;
}

RhRunItem *rh_run_queue_get(RhRunQueue *queue, guint place)
{
    g_assert(place < queue->items->len);
    return queue->items->pdata[place];
}

static void finalize(GObject *object)
{
    g_ptr_array_unref(RH_RUN_QUEUE(object)->items);
    G_OBJECT_CLASS(rh_run_queue_parent_class)->finalize(object);
}

static void rh_run_queue_class_init(RhRunQueueClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[CHANGED] =
        g_signal_new("changed", RH_TYPE_RUN_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void rh_run_queue_init(RhRunQueue *queue)
{
    queue->items = g_ptr_array_new_with_free_func(g_object_unref);
}
