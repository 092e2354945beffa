/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/checkpoint-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"

#define NETWORK_PREFIX "network/"

static void free_history(RhHistory *history)
{
    g_free(history->path);
    rh_parameters_unref(history->scores);
    g_clear_pointer(&history->weights, rh_parameters_unref);
    g_free(history);
}

RhCheckpoint *rh_checkpoint_new(const RhStepper *stepper, guint epoch)
{
    RhCheckpoint *checkpoint = g_new0(RhCheckpoint, 1);
    g_auto(GStrv) metadata = NULL;
    checkpoint->epoch = epoch;
    checkpoint->history = g_ptr_array_new_with_free_func((GDestroyNotify)free_history);
    checkpoint->n_groups = rh_stepper_state(stepper, checkpoint->groups, &metadata);
    for (guint i = 0; i < checkpoint->n_groups; i++)
        checkpoint->groups[i] = (RhTensorGroup){g_strdup(checkpoint->groups[i].prefix),
                                                rh_parameters_copy(checkpoint->groups[i].parameters)};
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();
    g_autofree char *number = g_strdup_printf("%u", epoch);
    if (metadata != NULL)
        g_strv_builder_addv(all, (const char **)metadata);
    g_strv_builder_add_many(all, "epoch", number, NULL);
    checkpoint->metadata = g_strv_builder_end(all);
    return checkpoint;
}

void rh_checkpoint_free(RhCheckpoint *checkpoint)
{
    if (checkpoint == NULL)
        return;
    g_ptr_array_unref(checkpoint->history);
    g_free(checkpoint->metrics);
    g_clear_pointer(&checkpoint->best, rh_parameters_unref);
    g_free(checkpoint->test);
    for (guint i = 0; i < checkpoint->n_groups; i++) {
        g_free((char *)checkpoint->groups[i].prefix);
        rh_parameters_unref((RhParameters *)checkpoint->groups[i].parameters);
    }
    g_strfreev(checkpoint->metadata);
    g_free(checkpoint);
}

RhParameters *rh_checkpoint_network(const RhCheckpoint *checkpoint)
{
    for (guint i = 0; i < checkpoint->n_groups; i++)
        if (g_str_equal(checkpoint->groups[i].prefix, NETWORK_PREFIX))
            return (RhParameters *)checkpoint->groups[i].parameters;
    g_assert_not_reached();
}

void rh_checkpoint_add_history(RhCheckpoint *checkpoint, char *path, RhParameters *scores,
                               RhParameters *weights)
{
    RhHistory *history = g_new0(RhHistory, 1);
    history->epoch = checkpoint->epoch;
    history->path = path;
    history->scores = scores;
    history->weights = weights;
    g_ptr_array_add(checkpoint->history, history);
}

/* What of an older checkpoint, never written, the newer one does not replace. */
static void take_over(RhCheckpoint *newer, RhCheckpoint *older)
{
    g_autoptr(GPtrArray) later = g_steal_pointer(&newer->history);
    newer->history = g_ptr_array_ref(older->history);
    g_ptr_array_extend_and_steal(newer->history, g_steal_pointer(&later));
    if (newer->best == NULL) {
        newer->best = g_steal_pointer(&older->best);
        newer->best_epoch = older->best_epoch;
        newer->best_steps = older->best_steps;
        newer->test = g_steal_pointer(&older->test);
    }
    rh_checkpoint_free(older);
}

static gboolean write_history(const RhHistory *history, GError **error)
{
    const RhTensorGroup groups[] = {{"", history->scores}, {"", history->weights}};
    g_autofree char *epoch = g_strdup_printf("%u", history->epoch);
    const char *const metadata[] = {"epoch", epoch, NULL};
    return rh_weights_write(history->path, groups, history->weights != NULL ? 2 : 1, -1, metadata, error);
}

static gboolean write_best(const RhCheckpoint *checkpoint, const RhRun *run, GError **error)
{
    const RhTensorGroup group = {"", checkpoint->best};
    g_autofree char *path = rh_run_path(run, "best.pending");
    g_autofree char *epoch = g_strdup_printf("%u", checkpoint->best_epoch);
    g_autofree char *width = g_strdup_printf("%u", run->settings.width);
    const char *const metadata[] = {"format", "pt",  "epoch", epoch, "network", run->settings.network->id,
                                    "width",  width, NULL};
    return rh_weights_write(path, &group, 1, (gint64)checkpoint->best_steps, metadata, error);
}

static gboolean name_best(const RhRun *run, GError **error)
{
    g_autofree char *pending = rh_run_path(run, "best.pending");
    g_autofree char *path = rh_run_path(run, "best.safetensors");
    return rh_file_rename(pending, path, error);
}

static gboolean write_checkpoint(const RhCheckpoint *checkpoint, const RhRun *run, GError **error)
{
    for (guint i = 0; i < checkpoint->history->len; i++)
        if (!write_history(g_ptr_array_index(checkpoint->history, i), error))
            return FALSE;
    g_autofree char *metrics = rh_run_path(run, "metrics.csv");
    g_autofree char *state = rh_run_path(run, "state.safetensors");
    g_autofree char *test = rh_run_path(run, "test.csv");
    if (!rh_file_replace(metrics, checkpoint->metrics, strlen(checkpoint->metrics), error))
        return FALSE;
    if (checkpoint->best != NULL && !write_best(checkpoint, run, error))
        return FALSE;
    if (!rh_weights_write(state, checkpoint->groups, checkpoint->n_groups, -1,
                          (const char *const *)checkpoint->metadata, error))
        return FALSE;
    if (checkpoint->best == NULL)
        return TRUE;
    return name_best(run, error) && rh_file_replace(test, checkpoint->test, strlen(checkpoint->test), error);
}

struct _RhWriter {
    const RhRun *run;
    GThread *thread;
    GMutex mutex;
    GCond changed;
    RhCheckpoint *waiting; /* the following under the mutex */
    gboolean busy, quit;
    GError *error; /* the first */
};

#define WAITING_MAX 16u /* epochs' history held in memory before training waits for the disk */

static gpointer writer_loop(gpointer data)
{
    RhWriter *writer = data;
    g_mutex_lock(&writer->mutex);
    while (TRUE) {
        while (writer->waiting == NULL && !writer->quit)
            g_cond_wait(&writer->changed, &writer->mutex);
        RhCheckpoint *checkpoint = g_steal_pointer(&writer->waiting);
        if (checkpoint == NULL)
            break;
        const gboolean wanted = writer->error == NULL;
        writer->busy = TRUE;
        g_mutex_unlock(&writer->mutex);
        GError *error = NULL;
        if (wanted)
            write_checkpoint(checkpoint, writer->run, &error);
        rh_checkpoint_free(checkpoint);
        g_mutex_lock(&writer->mutex);
        writer->busy = FALSE;
        if (error != NULL)
            writer->error = error;
        g_cond_broadcast(&writer->changed);
    }
    g_mutex_unlock(&writer->mutex);
    return NULL;
}

RhWriter *rh_writer_new(const RhRun *run)
{
    RhWriter *writer = g_new0(RhWriter, 1);
    writer->run = run;
    g_mutex_init(&writer->mutex);
    g_cond_init(&writer->changed);
    writer->thread = g_thread_new("rh-writer", writer_loop, writer);
    return writer;
}

static gboolean report(const RhWriter *writer, GError **error)
{
    if (writer->error == NULL)
        return TRUE;
    g_propagate_error(error, g_error_copy(writer->error));
    return FALSE;
}

gboolean rh_writer_submit(RhWriter *writer, RhCheckpoint *checkpoint, GError **error)
{
    g_mutex_lock(&writer->mutex);
    while (writer->waiting != NULL && writer->waiting->history->len >= WAITING_MAX)
        g_cond_wait(&writer->changed, &writer->mutex);
    if (writer->waiting != NULL)
        take_over(checkpoint, g_steal_pointer(&writer->waiting));
    writer->waiting = checkpoint;
    const gboolean ok = report(writer, error);
    g_cond_broadcast(&writer->changed);
    g_mutex_unlock(&writer->mutex);
    return ok;
}

gboolean rh_writer_flush(RhWriter *writer, GError **error)
{
    g_mutex_lock(&writer->mutex);
    while (writer->waiting != NULL || writer->busy)
        g_cond_wait(&writer->changed, &writer->mutex);
    const gboolean ok = report(writer, error);
    g_mutex_unlock(&writer->mutex);
    return ok;
}

void rh_writer_free(RhWriter *writer)
{
    if (writer == NULL)
        return;
    g_mutex_lock(&writer->mutex);
    writer->quit = TRUE;
    g_cond_broadcast(&writer->changed);
    g_mutex_unlock(&writer->mutex);
    g_thread_join(writer->thread);
    g_clear_error(&writer->error);
    g_mutex_clear(&writer->mutex);
    g_cond_clear(&writer->changed);
    g_free(writer);
}

/* The epoch a weights file was written at; 0 if it is not there or does not say. */
static guint epoch_of(const char *path)
{
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, NULL);
    const char *text = file != NULL ? rh_tensor_file_metadata(file, "epoch") : NULL;
    return text != NULL ? (guint)g_ascii_strtoull(text, NULL, 10) : 0;
}

/* The epoch of a history file by its name, or of one half written, whose name has a temporary end; 0: it is
 * not of this program. An end of small letters alone is a word (“backup”), and a user's. */
static guint64 epoch_of_name(const char *name, gboolean *temporary)
{
    g_autoptr(GRegex) pattern =
        g_regex_new("^([0-9]{4,10})\\.safetensors(\\.(?![a-z]{6}$)[A-Za-z0-9]{6})?$", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(pattern, name, 0, &match))
        return 0;
    g_autofree char *number = g_match_info_fetch(match, 1), *end = g_match_info_fetch(match, 2);
    *temporary = end != NULL && *end != '\0';
    return g_ascii_strtoull(number, NULL, 10);
}

/* Removes what is of an epoch that will come again, and what is half written. A file of another name is the
 * user's, and stays. */
static gboolean cut_history(const char *history, guint epoch, GError **error)
{
    g_autoptr(GPtrArray) names = rh_folder_names(history, error);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        const char *name = names->pdata[i];
        gboolean temporary = FALSE;
        const guint64 of = epoch_of_name(name, &temporary);
        g_autofree char *file = g_build_filename(history, name, NULL);
        if ((of > epoch || temporary) && !rh_file_remove(file, error))
            return FALSE;
    }
    return names != NULL;
}

gboolean rh_checkpoint_settle(const RhRun *run, guint epoch, guint best_epoch, GError **error)
{
    g_autofree char *history = rh_run_path(run, "history");
    if (!rh_folder_ensure(history, error) || !cut_history(history, epoch, error))
        return FALSE;
    g_autofree char *pending = rh_run_path(run, "best.pending");
    g_autofree char *best = rh_run_path(run, "best.safetensors");
    if (best_epoch > 0 && epoch_of(pending) == best_epoch)
        return name_best(run, error);
    if (!rh_file_remove(pending, error))
        return FALSE;
    if (best_epoch == 0 || epoch_of(best) == best_epoch)
        return TRUE;
    g_autofree char *shown = rh_path_shown(best);
    g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                _("“%s” are not the weights of epoch %u that the run would go on with; restore the file or "
                  "train the run anew."),
                shown, best_epoch);
    return FALSE;
}
