/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "selection.h"

#include <glib/gstdio.h>

#include "base/error.h"
#include "command.h"
#include "progress.h"

RhRun *rh_find_run(GPtrArray *runs, const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; i < runs->len; i++) {
        RhRun *run = g_ptr_array_index(runs, i);
        if (g_str_equal(run->name, name))
            return run;
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", run->name);
    }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "The study has no run “%s”; it has %s.", name,
                known->len > 0 ? known->str : "none");
    return NULL;
}

static gboolean take_named(GPtrArray *all, char *const *names, GPtrArray *taken, GError **error)
{
    for (; *names != NULL; names++) {
        RhRun *run = rh_find_run(all, *names, error);
        if (run == NULL)
            return FALSE;
        if (run->state != RH_RUN_FINISHED) {
            g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                        "Run “%s” is not finished; “rh train” with its settings goes on with it.", run->name);
            return FALSE;
        }
        g_ptr_array_add(taken, run);
    }
    return TRUE;
}

static void take_finished(GPtrArray *all, GPtrArray *taken)
{
    for (guint i = 0; i < all->len; i++) {
        RhRun *run = g_ptr_array_index(all, i);
        if (run->state == RH_RUN_FINISHED)
            g_ptr_array_add(taken, run);
        else
            rh_warn("Run “%s” is not finished and left out.", run->name);
    }
}

GPtrArray *rh_finished_runs(const RhStudy *study, char *const *names, GError **error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) all = rh_run_list(study, notes);
    g_autoptr(GPtrArray) taken = g_ptr_array_new();
    rh_warn_notes(notes);
    if (names != NULL && *names != NULL) {
        if (!take_named(all, names, taken, error))
            return NULL;
    } else {
        take_finished(all, taken);
    }
    if (taken->len == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                    "Study “%s” has no finished run; train one with “rh train %s --method baseline”.",
                    study->folder, study->folder);
        return NULL;
    }
    for (guint i = 0; i < taken->len; i++)
        rh_warn_fault(g_ptr_array_index(taken, i));
    /* Runs move from the list of all, which would free them, to the list of those taken. */
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func((GDestroyNotify)rh_run_free);
    for (guint i = 0; i < taken->len; i++) {
        guint place;
        if (g_ptr_array_find(all, g_ptr_array_index(taken, i), &place))
            g_ptr_array_add(owned, g_ptr_array_steal_index(all, place));
    }
    return g_steal_pointer(&owned);
}

RhRun *rh_newest_run(GPtrArray *finished)
{
    RhRun *newest = NULL;
    gint64 newest_time = G_MININT64;
    for (guint i = 0; i < finished->len; i++) {
        RhRun *run = g_ptr_array_index(finished, i);
        g_autofree char *path = rh_run_path(run, "test.csv");
        GStatBuf status;
        if (g_stat(path, &status) != 0)
            continue;
        gint64 time = (gint64)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
        if (newest == NULL || time > newest_time) {
            newest = run;
            newest_time = time;
        }
    }
    return newest != NULL ? newest : g_ptr_array_index(finished, 0);
}

char *rh_command_images_hash(const RhStudy *study)
{
    g_autoptr(GError) error = NULL;
    RhProgress progress = rh_progress_start(FALSE);
    char *hash = rh_study_images_hash(study, rh_progress_images, &progress, NULL, &error);
    rh_progress_clear(&progress);
    if (hash == NULL)
        rh_warn("%s So it cannot be told whether the runs are of these images.", error->message);
    return hash;
}

void rh_warn_other_data(const RhRun *run, const char *images_hash)
{
    if (rh_run_data_identity(run, images_hash) == RH_DATA_OTHER)
        rh_warn(
            "Run “%s” was trained and tested on other images, labels or splits than the study has now; its "
            "results are not of this study.",
            run->name);
}

guint rh_count_training(const RhStudy *study)
{
    guint count = 0;
    for (guint i = 0; i < study->cases->len; i++)
        count += ((const RhCase *)g_ptr_array_index(study->cases, i))->split == RH_SPLIT_TRAINING;
    return count;
}
