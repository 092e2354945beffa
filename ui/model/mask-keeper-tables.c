/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/mask-keeper-private.h"

/* The study's tables: saved when something is changed here, read when another program has changed them. */

#define LOOK_EVERY_MS 5000 /* for what other programs have written */

void rh_mask_keeper_submit_tables(RhMaskKeeper *keeper)
{
    RhMaskKeeperTables *tables = &keeper->tables;
    if ((!tables->unsaved && !tables->changed_elsewhere) || tables->under_way)
        return;
    tables->unsaved = tables->changed_elsewhere = FALSE;
    tables->under_way = TRUE;
    rh_mask_keeper_submit(keeper, rh_save_job_of_study(keeper->study, tables->revision));
}

void rh_mask_keeper_change_tables(RhMaskKeeper *keeper)
{
    keeper->tables.revision++;
    keeper->tables.unsaved = TRUE;
}

static void tell_clashes(RhMaskKeeper *keeper, GPtrArray *clashes)
{
    for (guint i = 0; i < clashes->len; i++)
        g_signal_emit_by_name(keeper, "clashed", g_ptr_array_index(clashes, i));
    g_ptr_array_set_size(clashes, 0);
}

/* What was written by others is taken where nothing has been changed here since the job began; else another
 * job follows, which begins from what this one has written. */
void rh_mask_keeper_tables_saved(RhMaskKeeper *keeper, RhSaveJob *job)
{
    RhMaskKeeperTables *tables = &keeper->tables;
    gboolean refreshed = FALSE;
    tables->under_way = FALSE;
    if (job->error != NULL) {
        tables->unsaved |= tables->revision != tables->saved;
        rh_mask_keeper_tell_failure(keeper, &tables->failure, "", job->error);
        return;
    }
    g_clear_pointer(&tables->failure, g_free);
    tell_clashes(keeper, job->study->clashes);
    tables->saved = job->revision;
    if (tables->revision == job->revision)
        refreshed = rh_study_take(keeper->study, g_steal_pointer(&job->study));
    else
        rh_study_take_known(keeper->study, job->written);
    g_signal_emit_by_name(keeper, "saved", "");
    if (refreshed)
        g_signal_emit_by_name(keeper, "refreshed");
}

void rh_mask_keeper_looked(RhMaskKeeper *keeper, const RhSaveJob *job)
{
    keeper->tables.looking = FALSE;
    keeper->tables.changed_elsewhere |= job->tables_changed;
    if (g_strcmp0(keeper->others, job->others) == 0)
        return;
    g_free(keeper->others);
    keeper->others = g_strdup(job->others);
    g_signal_emit_by_name(keeper, "shared", keeper->others);
}

static void look(RhMaskKeeper *keeper)
{
    if (keeper->worker == NULL || keeper->tables.looking || keeper->tables.under_way)
        return;
    keeper->tables.looking = TRUE;
    rh_mask_keeper_submit(keeper, rh_save_job_of_look(keeper->study, keeper->presence));
}

static gboolean time_to_look(gpointer data)
{
    look(data);
    return G_SOURCE_CONTINUE;
}

/* The monitor tells at once; on a network's file system it hears nothing of other computers. */
void rh_mask_keeper_watch_tables(RhMaskKeeper *keeper)
{
    g_autoptr(GFile) folder = g_file_new_for_path(keeper->study->folder);
    keeper->monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_NONE, NULL, NULL);
    if (keeper->monitor != NULL)
        g_signal_connect_object(keeper->monitor, "changed", G_CALLBACK(look), keeper, G_CONNECT_SWAPPED);
    keeper->look_timer = g_timeout_add(LOOK_EVERY_MS, time_to_look, keeper);
    look(keeper);
}
