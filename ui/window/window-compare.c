/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <glib/gi18n.h>

/* Comparing: in place of the canvas the image in view under every run that is shown in the charts. */

static gboolean is_on(RhWindow *self)
{
    return gtk_widget_get_visible(GTK_WIDGET(self->compare.view));
}

/* The weights of a live network, or of a run as it is selected now; NULL: there are none. */
static RhMapWish *wish_for(RhWindow *self, RhRunItem *item)
{
    const RhRun *run = rh_run_item_get_run(item);
    RhParameters *live = rh_window_live_weights(self, item);
    if (!rh_run_item_get_visible(item) || (live == NULL && !rh_run_item_has_weights(item)))
        return NULL;
    RhMapWish *wish = g_new0(RhMapWish, 1);
    wish->network = run->settings.network;
    wish->network_width = run->settings.width;
    if (live != NULL) {
        wish->parameters = rh_parameters_ref(live);
        wish->key = g_strdup_printf("live %p %" G_GINT64_FORMAT, (void *)live, run->created);
    } else {
        wish->path = rh_run_weights_path(run);
        wish->key = g_strdup_printf("%s %" G_GINT64_FORMAT " result %u of %s", run->name, run->created,
                                    run->best_epoch, wish->path);
    }
    return wish;
}

/* ── What is written below a picture ── */

static char *describe_scores(RhWindow *self, RhRunItem *item)
{
    double level = 1, accuracy, auc;
    g_object_get(self->shift, "level", &level, NULL);
    if (rh_run_item_read(item, level, &accuracy, &auc))
        return g_strdup_printf(_("Accuracy %.2f, AUC %.2f at shift level %.2f"), accuracy, auc, level);
    return g_strdup("");
}

static void show_pane(RhWindow *self, guint place)
{
    RhRunItem *item = self->compare.items->pdata[place];
    const char *key = self->compare.keys->pdata[place];
    const RhSaliencyResult *result = rh_map_cache_get(self->maps, key);
    const char *failure = rh_map_cache_get_failure(self->maps, key);
    const RhCase *seen = self->image != NULL ? rh_study_find_case(self->study, self->image_id) : NULL;
    g_autofree char *scores = describe_scores(self, item);
    g_autofree char *prediction =
        result != NULL && seen != NULL
            ? rh_saliency_result_describe(result, self->study->class_names, seen->label)
            : g_strdup(failure != NULL ? failure : _("computing"));
    rh_compare_view_show(self->compare.view, place, result, prediction, scores);
}

static void show_panes(RhWindow *self)
{
    for (guint i = 0; is_on(self) && i < self->compare.items->len; i++)
        show_pane(self, i);
}

static void map_ready(RhMapCache *maps, const char *key, RhWindow *self)
{
    for (guint i = 0; is_on(self) && i < self->compare.keys->len; i++)
        if (g_str_equal(key, self->compare.keys->pdata[i]))
            show_pane(self, i);
}

/* ── Which runs ── */

static gboolean same_items(const GPtrArray *a, const GPtrArray *b)
{
    gboolean same = a->len == b->len;
    for (guint i = 0; same && i < a->len; i++)
        same = a->pdata[i] == b->pdata[i];
    return same;
}

/* Takes both. The pictures stay where only a network is another. */
static void arrange(RhWindow *self, GPtrArray *items, GPtrArray *keys)
{
    gboolean same = same_items(items, self->compare.items);
    g_ptr_array_unref(self->compare.items);
    g_ptr_array_unref(self->compare.keys);
    self->compare.items = items;
    self->compare.keys = keys;
    if (same)
        return;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < items->len; i++)
        g_ptr_array_add(names, rh_run_item_get_run(items->pdata[i])->title);
    rh_compare_view_set_runs(self->compare.view, (const char *const *)names->pdata, names->len);
}

static void refresh(gpointer window)
{
    RhWindow *self = window;
    if (!is_on(self))
        return;
    GPtrArray *items = g_ptr_array_new_with_free_func(g_object_unref);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *wishes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_map_wish_free);
    for (guint i = 0; i < self->compare.watch.items->len; i++) {
        RhRunItem *item = self->compare.watch.items->pdata[i];
        RhMapWish *wish = wish_for(self, item);
        if (wish == NULL)
            continue;
        g_ptr_array_add(items, g_object_ref(item));
        g_ptr_array_add(keys, g_strdup(wish->key));
        g_ptr_array_add(wishes, wish);
    }
    arrange(self, items, keys);
    rh_map_cache_set_modest(self->maps, self->training != NULL);
    rh_map_cache_wish(self->maps, wishes);
    show_panes(self);
}

/* ── For the window ── */

static void display_changed(RhWindow *self)
{
    if (is_on(self))
        rh_compare_view_set_display(self->compare.view, rh_canvas_display(self->canvas));
}

void rh_window_compare_image_changed(RhWindow *self)
{
    if (!is_on(self))
        return;
    display_changed(self);
    rh_compare_view_set_image(self->compare.view, self->image);
    rh_window_compare_mask_changed(self);
    refresh(self);
}

void rh_window_compare_mask_changed(RhWindow *self)
{
    if (is_on(self))
        rh_compare_view_set_mask(self->compare.view,
                                 self->editor != NULL ? rh_mask_editor_mask(self->editor) : NULL);
}

gboolean rh_window_compare_is_on(RhWindow *self)
{
    return is_on(self);
}

static void switched(RhWindow *self)
{
    if (is_on(self)) {
        rh_canvas_finish_stroke(self->canvas);
        rh_window_compare_image_changed(self);
        return;
    }
    rh_compare_view_set_image(self->compare.view, NULL);
    rh_window_follow_run(self);
}

void rh_window_compare_init(RhWindow *self)
{
    RhWindowCompare *compare = &self->compare;
    compare->items = g_ptr_array_new_with_free_func(g_object_unref);
    compare->keys = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GListModel) runs = rh_window_live_with_runs(self);
    rh_run_watch_init(&compare->watch, refresh, self);
    rh_run_watch_set_runs(&compare->watch, runs);
    g_signal_connect_object(self->canvas, "notify", G_CALLBACK(display_changed), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->maps, "ready", G_CALLBACK(map_ready), self, 0);
    g_signal_connect_object(self->shift, "notify::level", G_CALLBACK(show_panes), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(compare->view, "notify::visible", G_CALLBACK(switched), self, G_CONNECT_SWAPPED);
}

void rh_window_compare_clear(RhWindow *self)
{
    rh_run_watch_clear(&self->compare.watch);
    g_clear_pointer(&self->compare.items, g_ptr_array_unref);
    g_clear_pointer(&self->compare.keys, g_ptr_array_unref);
}
