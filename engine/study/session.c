/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "study/data-hash.h"
#include "study/explain.h"
#include "study/history.h"
#include "study/run-kernels.h"
#include "study/trainer-private.h"

static gboolean refuse_classes(RhSplit split, const guint counts[2], GError **error)
{
    g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                split == RH_SPLIT_TRAINING ? _("The training images are %u of class 0 and %u of class 1; "
                                               "both are needed, divide the images anew or label more.")
                : split == RH_SPLIT_VALIDATION
                    ? _("The validation images are %u of class 0 and %u of class 1; both are needed, divide "
                        "the images anew or label more.")
                    : _("The test images are %u of class 0 and %u of class 1; both are needed, divide the "
                        "images anew or label more."),
                counts[0], counts[1]);
    return FALSE;
}

static gboolean check_splits(const RhSession *session, GError **error)
{
    static const RhSplit needed[] = {RH_SPLIT_TRAINING, RH_SPLIT_VALIDATION, RH_SPLIT_TEST};
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        g_autoptr(GArray) places = rh_samples_of_split(session->samples, needed[i]);
        guint counts[2] = {0, 0};
        for (guint k = 0; k < places->len; k++)
            counts[session->samples->labels[g_array_index(places, guint, k)]]++;
        if (counts[0] == 0 || counts[1] == 0)
            return refuse_classes(needed[i], counts, error);
    }
    if (rh_scores_allow(session->validation, &session->rule))
        return TRUE;
    g_set_error(error, RH_ERROR, RH_ERROR_EMPTY,
                _("There are no validation images of the chosen kind; choose another kind of validation or "
                  "divide the images anew."));
    return FALSE;
}

static gboolean check_data(RhSession *session, GError **error)
{
    RhRun *run = session->run;
    g_autofree char *images = rh_hash_images(session->samples);
    g_autofree char *masks = rh_hash_masks(session->samples);
    const gboolean uses_masks = rh_method_uses_masks(run->settings.method);
    const gboolean same_images = run->state == RH_RUN_NEW || g_str_equal(images, run->data_hash);
    const gboolean same_masks = run->state == RH_RUN_NEW || !uses_masks || g_str_equal(masks, run->mask_hash);
    if (!same_images || !same_masks) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_MISMATCH,
            same_images
                ? _("The masks of the study have changed since the run “%s” was begun; train a new run.")
                : _("The images, labels or splits of the study have changed since the run “%s” was begun; "
                    "train a new run."),
            run->name);
        return FALSE;
    }
    g_free(run->data_hash);
    g_free(run->mask_hash);
    run->data_hash = g_steal_pointer(&images);
    run->mask_hash = g_steal_pointer(&masks);
    run->image_height = session->samples->height;
    run->image_width = session->samples->width;
    return TRUE;
}

/* The memory of all steps, before anything of a batch's size is made. */
static gboolean reserve_steps(RhSession *session, GError **error)
{
    g_autoptr(GArray) training = rh_samples_of_split(session->samples, RH_SPLIT_TRAINING);
    const guint batch = session->run->settings.batch, last = training->len % batch;
    return (training->len < batch || rh_stepper_reserve(session->stepper, batch, error)) &&
           (last == 0 || rh_stepper_reserve(session->stepper, last, error));
}

static gboolean reserve_scores(RhSession *session, GError **error)
{
    return rh_evaluator_reserve(session->evaluator, session->validation->count, FALSE, error) &&
           rh_evaluator_reserve(session->evaluator, session->test->count, FALSE, error);
}

static gboolean build(RhSession *session, const RhKernels *kernels, guint threads, GError **error)
{
    const RhRunSettings *settings = &session->run->settings;
    const RhSamples *samples = session->samples;
    const guint chunk = rh_scoring_chunk(samples->height, samples->width);
    session->pool = rh_pool_new(threads);
    session->network = rh_network_new(settings->network, settings->width, RH_SINGLE);
    rh_network_initialise(session->network, settings->seed);
    session->stepper =
        rh_stepper_new(session->network, settings->method, &settings->method_settings, samples->height,
                       samples->width, settings->seed, 0, kernels, session->pool);
    if (!reserve_steps(session, error))
        return FALSE;
    session->batches = rh_batches_new(samples, settings, session->pool);
    session->evaluator = rh_evaluator_new(settings->network, settings->width, samples->height, samples->width,
                                          chunk, kernels, session->pool);
    session->validation = rh_scores_new(samples, RH_SPLIT_VALIDATION, chunk);
    session->test = rh_scores_new(samples, RH_SPLIT_TEST, chunk);
    session->rule = rh_validation_rule(session->run);
    session->logits = g_new(double, 2 * settings->batch);
    return reserve_scores(session, error);
}

/* Weights, moments and step counts as they were; returns the epoch through `epoch`. */
static gboolean read_state(RhSession *session, const char *path, guint *epoch, GError **error)
{
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, error);
    if (file == NULL)
        return FALSE;
    const char *text = rh_tensor_file_metadata(file, "epoch");
    guint64 number = 0;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 1, session->run->metrics->len, &number, NULL)) {
        g_autofree char *shown = rh_path_shown(path);
        g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH,
                    _("“%s” does not go with the run's metrics.csv; remove it to train from the start."),
                    shown);
        return FALSE;
    }
    *epoch = (guint)number;
    return rh_stepper_load(session->stepper, file, error);
}

/* The state cannot be got from elsewhere, as weights can: without it the run begins anew. */
static gboolean load_state(RhSession *session, const char *path, guint *epoch, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autofree char *shown = rh_path_shown(path);
    if (read_state(session, path, epoch, &reason))
        return TRUE;
    if (reason->domain == RH_ERROR && !g_error_matches(reason, RH_ERROR, RH_ERROR_MISMATCH))
        g_set_error(
            error, RH_ERROR, reason->code,
            _("“%s” is damaged, so that the run “%s” cannot go on from it; remove it to train from the "
              "start."),
            shown, session->run->name);
    else
        g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
}

/* The test scores of the best weights on disk. */
static gboolean rescore_best(RhSession *session, GError **error)
{
    g_autofree char *path = rh_run_path(session->run, "best.safetensors");
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, error);
    g_autoptr(RhParameters) best = rh_parameters_copy(session->network->parameters);
    if (file == NULL || !rh_tensor_file_read_parameters(file, "", best, error))
        return FALSE;
    rh_session_score(session, best);
    session->best_test = rh_test_text(session->test->rows, session->test->count);
    return TRUE;
}

/* From the last finished epoch, or from the start if none was. */
static gboolean restore(RhSession *session, GError **error)
{
    RhRun *run = session->run;
    g_autofree char *state = rh_run_path(run, "state.safetensors");
    guint epoch = 0;
    if (g_file_test(state, G_FILE_TEST_EXISTS) && !load_state(session, state, &epoch, error))
        return FALSE;
    g_array_set_size(run->metrics, epoch);
    run->best_epoch = rh_run_select_epoch(&run->settings, run->metrics);
    return rh_checkpoint_settle(run, epoch, run->best_epoch, error) &&
           (run->best_epoch == 0 || rescore_best(session, error));
}

/* Which images the validation scores of history/ are of, without a score, whatever was scored already. */
static gboolean write_validation(const RhSession *session, GError **error)
{
    const RhScores *scores = session->validation;
    g_autofree RhTestRow *rows = g_memdup2(scores->rows, sizeof *rows * MAX(scores->count, 1));
    for (guint i = 0; i < scores->count; i++)
        rows[i].logits[0] = rows[i].logits[1] = 0;
    g_autofree char *path = rh_run_path(session->run, "validation.csv");
    g_autofree char *text = rh_test_text(rows, scores->count);
    return rh_file_replace(path, text, strlen(text), error);
}

RhSession *rh_session_new(const char *folder, RhSamples *samples, const RhKernels *kernels, guint threads,
                          GError **error)
{
    g_autoptr(RhSession) session = g_new0(RhSession, 1);
    session->samples = rh_samples_ref(samples);
    session->run = rh_run_open(folder, error);
    if (session->run == NULL || !check_data(session, error))
        return NULL;
    if (!build(session, kernels, threads, error) || !check_splits(session, error) || !restore(session, error))
        return NULL;
    rh_run_note_computed(session->run, session->run->metrics->len + 1, kernels);
    session->run->state = RH_RUN_UNFINISHED;
    rh_run_table_set(&session->run->metrics_table, 0, NULL);
    rh_run_table_set(&session->run->test_table, session->test->count, NULL);
    g_clear_pointer(&session->run->trouble, g_free);
    if (!write_validation(session, error) || !rh_run_write(session->run, error))
        return NULL;
    session->writer = rh_writer_new(session->run);
    return g_steal_pointer(&session);
}

RhSession *rh_session_new_in_memory(RhRun *run, RhSamples *samples, guint threads, GError **error)
{
    g_autoptr(RhSession) session = g_new0(RhSession, 1);
    session->samples = rh_samples_ref(samples);
    session->run = run;
    return build(session, NULL, threads, error) && check_splits(session, error) ? g_steal_pointer(&session)
                                                                                : NULL;
}

void rh_session_free(RhSession *session)
{
    if (session == NULL)
        return;
    g_clear_pointer(&session->writer, rh_writer_free);
    g_clear_pointer(&session->validation, rh_scores_free);
    g_clear_pointer(&session->test, rh_scores_free);
    g_clear_pointer(&session->evaluator, rh_evaluator_free);
    g_clear_pointer(&session->batches, rh_batches_free);
    g_clear_pointer(&session->stepper, rh_stepper_free);
    g_clear_pointer(&session->network, rh_network_free);
    g_clear_pointer(&session->pool, rh_pool_free);
    g_clear_pointer(&session->run, rh_run_free);
    g_clear_pointer(&session->samples, rh_samples_unref);
    g_free(session->best_test);
    g_free(session->logits);
    g_free(session);
}

void rh_session_score(RhSession *session, const RhParameters *parameters)
{
    rh_evaluator_set_parameters(session->evaluator, parameters);
    rh_scores_compute(session->validation, session->evaluator);
    rh_scores_compute(session->test, session->evaluator);
}

static gsize size_of_weights(const RhParameters *network)
{
    gsize count = 0;
    for (guint i = 0; i < rh_parameters_count(network); i++)
        count += rh_shape_count(rh_parameters_get(network, i)->shape);
    return count * sizeof(float);
}

static void add_history(const RhSession *session, RhCheckpoint *checkpoint)
{
    RhParameters *network = rh_checkpoint_network(checkpoint), *scores = rh_parameters_new(RH_SINGLE);
    rh_scores_keep(session->validation, scores, "scores.validation");
    rh_scores_keep(session->test, scores, "scores.test");
    const gboolean keep =
        rh_history_keeps_weights(session->run->settings.epochs, size_of_weights(network), checkpoint->epoch);
    rh_checkpoint_add_history(checkpoint, rh_run_history_path(session->run, checkpoint->epoch), scores,
                              keep ? rh_parameters_ref(network) : NULL);
}

gboolean rh_session_close_epoch(RhSession *session, const RhEpochMetrics *metrics, gboolean *best,
                                GError **error)
{
    RhRun *run = session->run;
    g_array_append_vals(run->metrics, metrics, 1);
    run->best_epoch = rh_run_select_epoch(&run->settings, run->metrics);
    *best = run->best_epoch == metrics->epoch;

    RhCheckpoint *checkpoint = rh_checkpoint_new(session->stepper, metrics->epoch);
    checkpoint->metrics = rh_metrics_text(run->metrics);
    add_history(session, checkpoint);
    if (*best) {
        g_free(session->best_test);
        session->best_test = rh_test_text(session->test->rows, session->test->count);
        checkpoint->best = rh_parameters_ref(rh_checkpoint_network(checkpoint));
        checkpoint->best_epoch = metrics->epoch;
        checkpoint->best_steps = rh_stepper_steps(session->stepper);
        checkpoint->test = g_strdup(session->best_test);
    }
    return rh_writer_submit(session->writer, checkpoint, error);
}

gboolean rh_session_finish(RhSession *session, GError **error)
{
    RhRun *run = session->run;
    g_autofree char *test = rh_run_path(run, "test.csv");
    g_autofree char *metrics = rh_run_path(run, "metrics.csv");
    g_autofree char *state = rh_run_path(run, "state.safetensors");
    g_autofree char *rows = rh_metrics_text(run->metrics);
    if (!rh_writer_flush(session->writer, error) ||
        !rh_file_replace(test, session->best_test, strlen(session->best_test), error) ||
        !rh_file_replace(metrics, rows, strlen(rows), error))
        return FALSE;
    run->state = RH_RUN_FINISHED;
    rh_run_table_set(&run->metrics_table, run->metrics->len, rows);
    rh_run_table_set(&run->test_table, session->test->count, session->best_test);
    return rh_run_write(run, error) && rh_file_remove(state, error);
}
