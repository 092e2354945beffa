/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-list.h"

#include <math.h>

#include "base/error.h"
#include "command.h"
#include "train-result.h"

#define LOOK_AGAIN 1000 /* ms, at runs that other programs train */

typedef struct {
    guint64 seed;
    char *name; /* NULL: its own */
    RhRun *run; /* NULL: not known yet */
    gboolean held, done;
} Entry;

static void clear_entry(gpointer data)
{
    Entry *entry = data;
    g_free(entry->name);
    g_clear_pointer(&entry->run, rh_run_free);
}

static GArray *make_entries(const RhTrainList *list)
{
    GArray *entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    g_array_set_clear_func(entries, clear_entry);
    for (guint i = 0; i < list->seeds->len; i++) {
        Entry entry = {.seed = g_array_index(list->seeds, guint64, i)};
        entry.name = list->name == NULL || list->seeds->len == 1
                         ? g_strdup(list->name)
                         : g_strdup_printf("%s-%" G_GUINT64_FORMAT, list->name, entry.seed);
        g_array_append_val(entries, entry);
    }
    return entries;
}

/* What other programs have done meanwhile is read again; a run that is gone, or has become another one, is
 * looked for anew. */
static gboolean find_run(const RhTrainList *list, Entry *entry, GError **error)
{
    RhRunSettings settings = *list->wish.settings;
    RhRunWish wish = list->wish;
    settings.seed = entry->seed;
    wish.settings = &settings;
    wish.name = entry->name;
    if (entry->held)
        wish.again = FALSE; /* what another program has finished meanwhile is as new as it can be */
    if (entry->run != NULL && rh_run_reload(entry->run, NULL) && rh_run_is_wished(entry->run, &wish))
        return TRUE;
    g_clear_pointer(&entry->run, rh_run_free);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    entry->run = rh_run_find_or_create(list->study, &wish, notes, error);
    rh_warn_notes(notes);
    return entry->run != NULL;
}

static void end_entry(const RhTrainList *list, Entry *entry, RhOutcome outcome)
{
    const double speed = outcome == RH_OUTCOME_TRAINED ? rh_train_job_images_per_second(list->job) : NAN;
    rh_result_print(entry->run, outcome, speed, list->as_json);
    entry->done = TRUE;
}

/* Trains the run, or sees that there is nothing to do. An entry that another program trains is held after
 * this. */
static gboolean take_up(const RhTrainList *list, Entry *entry, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (!find_run(list, entry, error))
        return FALSE;
    if (entry->run->state == RH_RUN_FINISHED) {
        end_entry(list, entry, entry->held ? RH_OUTCOME_ELSEWHERE : RH_OUTCOME_PASSED_OVER);
        return TRUE;
    }
    if (rh_train_job_run(list->job, entry->run, &reason)) {
        end_entry(list, entry, RH_OUTCOME_TRAINED);
        return TRUE;
    }
    if (!g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_BUSY)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    if (!entry->held)
        g_printerr("“%s” is being trained by another program and comes last\n", entry->run->name);
    entry->held = TRUE;
    return TRUE;
}

/* A failure of one run of several is told at once, and counted. FALSE: nothing more is to be done. */
static gboolean tolerate(const RhTrainList *list, Entry *entry, GError *reason, guint *failures,
                         GError **error)
{
    const gboolean stopped = g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    if (!stopped && list->as_json)
        rh_result_print_failure_json(entry->run, entry->seed, reason->message);
    if (stopped || list->seeds->len == 1) {
        g_propagate_error(error, reason);
        return FALSE;
    }
    rh_warn("%s", reason->message);
    g_error_free(reason);
    entry->done = TRUE;
    ++*failures;
    return TRUE;
}

/* Takes up all that is not done, once. */
static gboolean go_through(const RhTrainList *list, GArray *entries, guint *failures, GError **error)
{
    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = &g_array_index(entries, Entry, i);
        GError *reason = NULL;
        if (!entry->done && !take_up(list, entry, &reason) && !tolerate(list, entry, reason, failures, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_done(const GArray *entries)
{
    for (guint i = 0; i < entries->len; i++)
        if (!g_array_index(entries, Entry, i).done)
            return FALSE;
    return TRUE;
}

gboolean rh_train_list_run(RhTrainList *list, GError **error)
{
    g_autoptr(GArray) entries = make_entries(list);
    guint failures = 0;
    if (!go_through(list, entries, &failures, error))
        return FALSE;
    while (!is_done(entries))
        if (!rh_train_job_wait(list->job, LOOK_AGAIN, error) || !go_through(list, entries, &failures, error))
            return FALSE;
    if (failures == 0)
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_EMPTY, "%u of %u runs failed; the same command tries them again.",
                failures, entries->len);
    return FALSE;
}
