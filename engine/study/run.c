/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "base/text.h"
#include "study/run-private.h"
#include "study/study-private.h"

static const char *const state_names[] = {"new", "unfinished", "finished"};

const char *rh_run_state_name(RhRunState state)
{
    return state_names[state];
}

static gboolean has_confounder_in_validation(const RhStudy *study, gboolean conflicting)
{
    for (guint i = 0; i < study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(study->cases, i);
        if (item->split == RH_SPLIT_VALIDATION &&
            (conflicting ? rh_case_is_conflicting(item) : rh_case_is_aligned(item)))
            return TRUE;
    }
    return FALSE;
}

/* The study's rule, or what its validation images allow where a table divided them. */
static RhValidation possible_validation(const RhStudy *study)
{
    const RhValidation wanted = study->split.validation;
    if (study->confounder_kind != RH_CONFOUNDER_COLUMN || study->split.kind != RH_SPLIT_GIVEN)
        return wanted;
    const gboolean aligned = has_confounder_in_validation(study, FALSE),
                   conflicting = has_confounder_in_validation(study, TRUE);
    if (aligned == conflicting)
        return wanted;
    return aligned ? RH_VALIDATION_LIKE_TRAINING : RH_VALIDATION_SHIFTED;
}

RhRunSettings rh_run_settings_usual(const RhMethod *method, const RhNetworkKind *network)
{
    return (RhRunSettings){
        .method = method,
        .network = network,
        .width = network->default_width,
        .seed = 1234,
        .epochs = method->default_epochs,
        .batch = 16,
        .patience = 100,
        .first_best_epoch = 5,
        .method_settings = method->defaults,
        .mask_fraction = 1,
    };
}

RhRunSettings rh_run_settings_default(const RhMethod *method, const RhNetworkKind *network,
                                      const RhStudy *study)
{
    RhRunSettings settings = rh_run_settings_usual(method, network);
    settings.validation = possible_validation(study);
    return settings;
}

static RhRun *run_new(const char *folder)
{
    RhRun *run = g_new0(RhRun, 1);
    run->folder = g_canonicalize_filename(folder, NULL);
    run->name = g_path_get_basename(run->folder);
    run->title = rh_text_line(run->name, RH_TEXT_NAME_MAX);
    run->metrics = g_array_new(FALSE, TRUE, sizeof(RhEpochMetrics));
    run->test = g_array_new(FALSE, TRUE, sizeof(RhScored));
    run->data_hash = g_strdup("");
    run->mask_hash = g_strdup("");
    run->kernels = g_strdup("");
    return run;
}

void rh_run_free(RhRun *run)
{
    if (run == NULL)
        return;
    g_free(run->folder);
    g_free(run->name);
    g_free(run->title);
    g_free(run->trouble);
    g_free(run->data_hash);
    g_free(run->mask_hash);
    g_free(run->kernels);
    g_free(run->metrics_table.sha256);
    g_free(run->test_table.sha256);
    g_free(run->fault);
    g_free(run->computed);
    g_array_unref(run->metrics);
    g_array_unref(run->test);
    g_free(run);
}

RhRun *rh_run_copy(const RhRun *run, const char *name)
{
    RhRun *copy = g_memdup2(run, sizeof *run);
    copy->folder = g_strdup(run->folder);
    copy->name = g_strdup(name);
    copy->title = g_strdup(name);
    copy->trouble = g_strdup(run->trouble);
    copy->data_hash = g_strdup(run->data_hash);
    copy->mask_hash = g_strdup(run->mask_hash);
    copy->kernels = g_strdup(run->kernels);
    copy->metrics_table.sha256 = g_strdup(run->metrics_table.sha256);
    copy->test_table.sha256 = g_strdup(run->test_table.sha256);
    copy->fault = g_strdup(run->fault);
    copy->computed = g_strdup(run->computed);
    g_array_ref(copy->metrics);
    g_array_ref(copy->test);
    return copy;
}

char *rh_run_own_folder(const char *folder)
{
    g_autofree char *runs = g_path_get_dirname(folder);
    g_autofree char *study = g_path_get_dirname(runs), *runs_name = g_path_get_basename(runs);
    g_autofree char *name = g_path_get_basename(folder);
    g_autofree char *below = g_build_filename(runs_name, name, NULL);
    return rh_path_own(study, below);
}

char *rh_run_path(const RhRun *run, const char *file)
{
    g_autofree char *folder = rh_run_own_folder(run->folder);
    return g_build_filename(folder, file, NULL);
}

char *rh_run_history_path(const RhRun *run, guint epoch)
{
    g_autofree char *file = g_strdup_printf("history/%04u.safetensors", epoch);
    return rh_run_path(run, file);
}

char *rh_run_weights_path(const RhRun *run)
{
    return run->selected_epoch > 0 ? rh_run_history_path(run, run->selected_epoch)
                                   : rh_run_path(run, "best.safetensors");
}

RhRun *rh_run_new(const RhStudy *study, const RhRunSettings *settings, const char *folder)
{
    RhRun *run = run_new(folder);
    run->settings = *settings;
    run->created = g_get_real_time();
    if (settings->width == 0)
        run->settings.width = settings->network->default_width;
    run->confounder_kind = study->confounder_kind;
    run->image_height = study->height;
    run->image_width = study->width;
    run->split = study->split;
    return run;
}

/* Makes the run's folder, which appears with run.ini in it. G_IO_ERROR_EXISTS: the name is taken. */
static RhRun *create_at(const RhStudy *study, const RhRunSettings *settings, const char *folder,
                        GError **error)
{
    g_autofree char *path = rh_run_own_folder(folder);
    rh_folder_remove_empty(path); /* no run: versions that made it first left it when they were killed */
    g_autoptr(RhFolderDraft) draft = rh_folder_begin(path, error);
    if (draft == NULL)
        return NULL;
    g_autoptr(RhRun) run = rh_run_new(study, settings, draft->path);
    g_autoptr(GError) reason = NULL;
    if (!rh_run_write(run, error))
        return NULL;
    if (rh_folder_publish(draft, TRUE, &reason))
        return rh_run_open(path, error);
    if (draft->path != NULL && g_file_test(path, G_FILE_TEST_EXISTS)) /* another program was faster */
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_EXISTS, reason->message);
    else
        g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
}

static RhRun *create_named(const RhStudy *study, const RhRunSettings *settings, const char *name,
                           GError **error)
{
    g_autofree char *path = g_build_filename(study->folder, "runs", name, NULL);
    g_autoptr(GError) reason = NULL;
    if (!rh_study_id_is_fit(name)) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("“%s” cannot be the name of a run, for it is the name of a folder; leave out “/” and a "
                      "“.” in front."),
                    name);
        return NULL;
    }
    RhRun *run = create_at(study, settings, path, &reason);
    if (g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_EXISTS))
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                    _("There is a run “%s” already; choose another name or remove that run."), name);
    else if (reason != NULL)
        g_propagate_error(error, g_steal_pointer(&reason));
    return run;
}

char *rh_run_next_name(const RhStudy *study, const RhRunSettings *settings)
{
    for (guint number = 1;; number++) {
        g_autofree char *suffix = number > 1 ? g_strdup_printf("-%u", number) : g_strdup("");
        g_autofree char *name = g_strdup_printf("%s-%s-%" G_GUINT64_FORMAT "%s", settings->method->id,
                                                settings->network->id, settings->seed, suffix);
        g_autofree char *path = g_build_filename(study->folder, "runs", name, NULL);
        if (rh_run_is_aside(path))
            continue;
        g_autofree char *own = rh_run_own_folder(path);
        rh_folder_remove_empty(own); /* that is no run */
        if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
            return g_steal_pointer(&name);
    }
}

static RhRun *create_numbered(const RhStudy *study, const RhRunSettings *settings, GError **error)
{
    while (TRUE) {
        g_autoptr(GError) reason = NULL;
        g_autofree char *name = rh_run_next_name(study, settings);
        g_autofree char *path = g_build_filename(study->folder, "runs", name, NULL);
        RhRun *run = create_at(study, settings, path, &reason);
        if (run != NULL || !g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
            if (reason != NULL)
                g_propagate_error(error, g_steal_pointer(&reason));
            return run;
        }
    }
}

RhRun *rh_run_create(const RhStudy *study, const RhRunSettings *settings, const char *name, GError **error)
{
    if (!rh_run_check_settings(settings, error))
        return NULL;
    return name != NULL ? create_named(study, settings, name, error)
                        : create_numbered(study, settings, error);
}

gboolean rh_run_delete(RhRun *run, GError **error)
{
    g_autoptr(RhRunLock) lock = rh_run_lock(run->folder, error);
    g_autofree char *folder = rh_run_own_folder(run->folder);
    return lock != NULL && rh_folder_remove(folder, error);
}

gboolean rh_run_reload(RhRun *run, GError **error)
{
    g_autoptr(RhRun) fresh = rh_run_open(run->folder, error);
    if (fresh == NULL)
        return FALSE;
    RhRun old = *run;
    *run = *fresh;
    *fresh = old;
    return TRUE;
}

static RhRun *open_run(const char *folder, RhClusters *clusters, GError **error)
{
    g_autoptr(RhRun) run = run_new(folder);
    if (!rh_run_read_ini(run, error) || !rh_run_read_results(run, clusters, error))
        return NULL;
    return g_steal_pointer(&run);
}

RhRun *rh_run_open(const char *folder, GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(folder, NULL);
    g_autofree char *runs = g_path_get_dirname(whole);
    g_autofree char *study = g_path_get_dirname(runs);
    g_autoptr(RhClusters) clusters = rh_clusters_read(study);
    return open_run(folder, clusters, error);
}

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const RhRun *x = *(RhRun *const *)a, *y = *(RhRun *const *)b;
    return x->created != y->created ? (x->created > y->created) - (x->created < y->created)
                                    : strcmp(x->name, y->name);
}

GPtrArray *rh_run_list(const RhStudy *study, GPtrArray *notes)
{
    GPtrArray *runs = g_ptr_array_new_with_free_func((GDestroyNotify)rh_run_free);
    g_autofree char *path = g_build_filename(study->folder, "runs", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    g_autoptr(RhClusters) clusters = rh_clusters_new(study);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        g_autofree char *ini = g_build_filename(below, "run.ini", NULL);
        if (*name == '.' || rh_temporary_is_name(name) || !g_file_test(ini, G_FILE_TEST_EXISTS))
            continue;
        g_autoptr(GError) error = NULL;
        RhRun *run = open_run(below, clusters, &error);
        if (run != NULL)
            g_ptr_array_add(runs, run);
        else
            rh_note(notes, _("%s The run “%s” is left out."), error->message, name);
    }
    g_ptr_array_sort(runs, compare_runs);
    return runs;
}
