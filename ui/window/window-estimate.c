/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window/window-private.h"

#include <math.h>

#include "base/duration.h"
#include "study/training-cost.h"

/* How long a training will take, said on the button that begins it. What a step costs is measured on a thread
 * while nothing trains, once for each kind of step. */

/* A person is still choosing. */
#define SETTLED_MS 400

typedef struct {
    RhStudy *study; /* a copy */
    RhRunSettings settings;
    char *kind;
    RhTrainingCost cost;
} Measuring;

static void measuring_free(Measuring *measuring)
{
    rh_study_free(measuring->study);
    g_free(measuring->kind);
    g_free(measuring);
}

/* What a step's cost depends on. Free with g_free. */
static char *kind_of(const RhStudy *study, const RhRunSettings *settings)
{
    return g_strdup_printf("%s %s %u %u %u %ux%u", settings->method->id, settings->network->id,
                           settings->width, settings->batch, settings->method_settings.discriminator_period,
                           study->width, study->height);
}

static void show(RhWindow *self)
{
    RhRunSettings settings = rh_run_panel_get_settings(self->run_panel, self->study);
    g_autofree char *kind = kind_of(self->study, &settings);
    const RhTrainingCost *cost = g_hash_table_lookup(self->training_costs, kind);
    g_autoptr(GArray) seeds = rh_run_setup_get_seeds(rh_run_panel_get_setup(self->run_panel));
    if (cost == NULL) {
        rh_run_setup_set_duration(rh_run_panel_get_setup(self->run_panel), NULL);
        return;
    }
    double seconds = rh_training_cost_total(cost, self->study, &settings) * MAX(seeds->len, 1);
    g_autofree char *duration = isnan(seconds) ? NULL : rh_duration_text(seconds);
    rh_run_setup_set_duration(rh_run_panel_get_setup(self->run_panel), duration);
}

static gpointer measure_in_thread(gpointer data)
{
    g_autoptr(GTask) task = data;
    Measuring *measuring = g_task_get_task_data(task);
    rh_training_give_way();
    gboolean measured = rh_training_cost_measure(&measuring->cost, measuring->study, &measuring->settings,
                                                 rh_training_threads(), g_task_get_cancellable(task));
    g_task_return_boolean(task, measured);
    return NULL;
}

static void measured(GObject *source, GAsyncResult *result, gpointer data)
{
    RhWindow *self = RH_WINDOW(source);
    Measuring *measuring = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    gboolean is_measured = g_task_propagate_boolean(G_TASK(result), &error);
    if (g_task_get_cancellable(G_TASK(result)) == self->measuring)
        g_clear_object(&self->measuring);
    if (is_measured && self->training == NULL)
        g_hash_table_insert(self->training_costs, g_strdup(measuring->kind),
                            g_memdup2(&measuring->cost, sizeof measuring->cost));
    if (error == NULL)
        rh_window_update_estimate(self);
}

static void measure(RhWindow *self)
{
    Measuring *measuring = g_new0(Measuring, 1);
    measuring->study = rh_study_copy(self->study);
    measuring->settings = rh_run_panel_get_settings(self->run_panel, self->study);
    measuring->kind = kind_of(self->study, &measuring->settings);
    self->measuring = g_cancellable_new();
    g_autoptr(GTask) task = g_task_new(self, self->measuring, measured, NULL);
    g_task_set_task_data(task, measuring, (GDestroyNotify)measuring_free);
    /* A thread of its own, for one that has given way stays behind. */
    g_thread_unref(g_thread_new("rh-estimate", measure_in_thread, g_object_ref(task)));
}

static gboolean settled(gpointer data)
{
    RhWindow *self = data;
    self->estimate_timeout = 0;
    if (self->study != NULL && self->training == NULL && self->measuring == NULL)
        measure(self);
    return G_SOURCE_REMOVE;
}

void rh_window_forget_estimate(RhWindow *self)
{
    g_clear_handle_id(&self->estimate_timeout, g_source_remove);
    if (self->measuring != NULL)
        g_cancellable_cancel(self->measuring);
    g_clear_object(&self->measuring);
}

void rh_window_update_estimate(RhWindow *self)
{
    g_clear_handle_id(&self->estimate_timeout, g_source_remove);
    if (self->study == NULL || self->training != NULL || rh_window_training_obstacle(self) != NULL) {
        rh_window_forget_estimate(self);
        rh_run_setup_set_duration(rh_run_panel_get_setup(self->run_panel), NULL);
        return;
    }
    RhRunSettings settings = rh_run_panel_get_settings(self->run_panel, self->study);
    g_autofree char *kind = kind_of(self->study, &settings);
    show(self);
    if (!g_hash_table_contains(self->training_costs, kind) && self->measuring == NULL)
        self->estimate_timeout = g_timeout_add(SETTLED_MS, settled, self);
}
