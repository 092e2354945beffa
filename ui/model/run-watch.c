/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-watch.h"

/* Ahead of drawing, which GDK does at G_PRIORITY_HIGH_IDLE + 20. */
#define PRIORITY G_PRIORITY_HIGH_IDLE

static gboolean tell(gpointer data)
{
    RhRunWatch *watch = data;
    watch->pending = 0;
    watch->changed(watch->owner);
    return G_SOURCE_REMOVE;
}

static void something_changed(RhRunWatch *watch)
{
    if (watch->pending == 0)
        watch->pending = g_idle_add_full(PRIORITY, tell, watch, NULL);
}

static void leave_items(RhRunWatch *watch)
{
    for (guint i = 0; i < watch->items->len; i++)
        g_signal_handlers_disconnect_by_func(watch->items->pdata[i], something_changed, watch);
    g_ptr_array_set_size(watch->items, 0);
}

static void items_changed(RhRunWatch *watch)
{
    leave_items(watch);
    guint n = watch->runs != NULL ? g_list_model_get_n_items(watch->runs) : 0;
    for (guint i = 0; i < n; i++) {
        RhRunItem *item = g_list_model_get_item(watch->runs, i);
        g_signal_connect_swapped(item, "changed", G_CALLBACK(something_changed), watch);
        g_ptr_array_add(watch->items, item);
    }
    something_changed(watch);
}

void rh_run_watch_init(RhRunWatch *watch, void (*changed)(gpointer owner), gpointer owner)
{
    *watch = (RhRunWatch){.changed = changed, .owner = owner};
    watch->items = g_ptr_array_new_with_free_func(g_object_unref);
}

void rh_run_watch_set_runs(RhRunWatch *watch, GListModel *runs)
{
    if (watch->runs != NULL)
        g_signal_handlers_disconnect_by_func(watch->runs, items_changed, watch);
    g_set_object(&watch->runs, runs);
    if (runs != NULL)
        g_signal_connect_swapped(runs, "items-changed", G_CALLBACK(items_changed), watch);
    items_changed(watch);
}

void rh_run_watch_clear(RhRunWatch *watch)
{
    if (watch->items == NULL)
        return;
    rh_run_watch_set_runs(watch, NULL);
    g_clear_handle_id(&watch->pending, g_source_remove);
    g_clear_pointer(&watch->items, g_ptr_array_unref);
}
