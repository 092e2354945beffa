/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/quick.h"

#include "nn/weights.h"
#include "study-support.h"
#include "study/trainer.h"

static RhRun *train(const RhStudy *study, const RhRunSettings *settings, RhSamples *samples)
{
    g_autoptr(GError) error = NULL;
    RhRun *run = rh_run_create(study, settings, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(RhTrainer) trainer = rh_trainer_new(run, samples, NULL, 2, &error);
    g_assert_no_error(error);
    g_assert_true(rh_trainer_run(trainer, &error));
    g_assert_true(rh_run_reload(run, &error));
    return run;
}

static void count_epochs(const RhEpochMetrics *metrics, guint epochs, gpointer data)
{
    guint *count = data;
    g_assert_cmpuint(metrics->epoch, ==, ++*count);
    g_assert_cmpuint(metrics->epoch, <=, epochs);
}

static RhQuickRun *quick(const RhStudy *study, const RhRunSettings *settings, RhSamples *samples)
{
    g_autoptr(GError) error = NULL;
    guint epochs = 0;
    RhQuickRun *result =
        rh_quick_train(study, settings, "now", samples, 1, 0, count_epochs, &epochs, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(epochs, ==, result->run->metrics->len);
    return result;
}

static void assert_same_weights(const RhRun *run, const RhQuickRun *result)
{
    g_autofree char *path = rh_run_path(run, "best.safetensors");
    g_autoptr(RhTensorFile) file = rh_tensor_file_open(path, NULL);
    g_autoptr(RhParameters) stored = rh_parameters_copy(result->weights);
    g_assert_true(rh_tensor_file_read_parameters(file, "", stored, NULL));
    for (guint i = 0; i < rh_parameters_count(stored); i++) {
        const RhTensor *a = rh_parameters_get(stored, i), *b = rh_parameters_get(result->weights, i);
        const gsize bytes = rh_shape_count(a->shape) * sizeof(float);
        g_assert_cmpmem(a->data, bytes, b->data, bytes);
    }
}

static void assert_same_score(const RhScored *a, const RhScored *b)
{
    g_assert_cmpfloat(a->logits[0], ==, b->logits[0]);
    g_assert_cmpfloat(a->logits[1], ==, b->logits[1]);
    g_assert_cmpuint(a->label, ==, b->label);
    g_assert_cmpuint(a->conflicting, ==, b->conflicting);
}

/* What is shown at once is what a stored run would be: to the last bit, for methods with and without
 * masks. */
static void test_same_as_a_run(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    static const char *const methods[] = {"baseline", "actdiff", "masked", "adversarial"};
    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        const RhRunSettings settings = small_run_settings(study, methods[i], 7);
        g_autoptr(RhRun) run = train(study, &settings, samples);
        g_autoptr(RhQuickRun) result = quick(study, &settings, samples);
        g_assert_cmpuint(result->run->best_epoch, ==, run->best_epoch);
        g_assert_cmpuint(result->run->metrics->len, ==, run->metrics->len);
        g_assert_cmpuint(result->run->test->len, ==, run->test->len);
        for (guint k = 0; k < run->test->len; k++)
            assert_same_score(&g_array_index(run->test, RhScored, k),
                              &g_array_index(result->run->test, RhScored, k));
        for (guint k = 0; k < run->metrics->len; k++)
            g_assert_cmpfloat(g_array_index(run->metrics, RhEpochMetrics, k).valid_loss, ==,
                              g_array_index(result->run->metrics, RhEpochMetrics, k).valid_loss);
        assert_same_weights(run, result);
    }
}

static guint files_below(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    guint count = 0;
    while (folder != NULL && g_dir_read_name(folder) != NULL)
        count++;
    return count;
}

static void test_leaves_nothing(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    const RhRunSettings settings = small_run_settings(study, "actdiff", 2);
    const guint before = files_below(study->folder);
    g_autoptr(RhQuickRun) result = quick(study, &settings, samples);
    g_assert_cmpuint(files_below(study->folder), ==, before);
    g_assert_false(g_file_test(result->run->folder, G_FILE_TEST_EXISTS));
    g_assert_cmpstr(result->run->name, ==, "now");
    g_autoptr(GPtrArray) runs = rh_run_list(study, NULL);
    g_assert_cmpuint(runs->len, ==, 0);
}

/* With no time at all it ends with the first epoch that can be chosen. */
static void test_time(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    RhRunSettings settings = small_run_settings(study, "actdiff", 40);
    g_autoptr(GError) error = NULL;
    g_autoptr(RhQuickRun) hurried =
        rh_quick_train(study, &settings, "now", samples, 1, 1e-6, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(hurried->run->metrics->len, ==, settings.first_best_epoch);
    g_assert_cmpuint(hurried->run->settings.epochs, ==, settings.first_best_epoch);
    settings.epochs = settings.first_best_epoch;
    g_autoptr(RhRun) run = train(study, &settings, samples);
    assert_same_weights(run, hurried);
}

static void cancel(const RhEpochMetrics *metrics, guint epochs, gpointer data)
{
    if (metrics->epoch == 3)
        g_cancellable_cancel(data);
}

static void test_cancelled(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    const RhRunSettings settings = small_run_settings(study, "actdiff", 1000);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(RhQuickRun) result =
        rh_quick_train(study, &settings, "now", samples, 2, 0, cancel, cancellable, cancellable, &error);
    g_assert_null(result);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A study that cannot be trained is refused with the sentence a run would be refused with. */
static void test_refused(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    const RhRunSettings settings = small_run_settings(study, "actdiff", 3);
    for (guint i = 0; i < samples->count; i++)
        samples->labels[i] = 1;
    g_autoptr(GError) error = NULL;
    g_autoptr(RhQuickRun) result =
        rh_quick_train(study, &settings, "now", samples, 1, 0, NULL, NULL, NULL, &error);
    g_assert_null(result);
    g_assert_error(error, RH_ERROR, RH_ERROR_EMPTY);
}

/* A mask that was drawn, erased or removed is read as a fresh load of the study reads it. */
static void test_reload_mask(void)
{
    TEMPORARY folder = NULL;
    g_autoptr(RhStudy) study = small_study(&folder);
    g_autoptr(RhSamples) samples = small_samples(study);
    const gsize pixels = (gsize)samples->height * samples->width;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    const guint place = 3;
    g_assert_false(rh_study_reload_mask(study, samples, place, notes));
    g_autofree char *path = rh_study_mask_path(study, rh_study_find_case(study, samples->ids[place]));
    g_autoptr(RhMask) mask = rh_mask_new(14, 14);
    for (guint i = 0; i < 20; i++)
        mask->pixels[i] = 255;
    g_assert_true(rh_mask_save(mask, path, NULL));
    g_assert_true(rh_study_reload_mask(study, samples, place, notes));
    g_assert_false(rh_study_reload_mask(study, samples, place, notes));
    for (guint i = 0; i < pixels; i++)
        g_assert_cmpuint(samples->masks[place * pixels + i], ==, i < 20);
    g_assert_cmpuint(samples->has_mask[place], ==, 1);
    g_assert_cmpint(g_remove(path), ==, 0);
    g_assert_true(rh_study_reload_mask(study, samples, place, notes));
    g_assert_cmpuint(samples->has_mask[place], ==, 0);
    for (guint i = 0; i < pixels; i++)
        g_assert_cmpuint(samples->masks[place * pixels + i], ==, 1);
    g_assert_cmpuint(notes->len, ==, 0);
    g_autoptr(RhMask) other = rh_mask_new(15, 15);
    g_assert_true(rh_mask_save(other, path, NULL));
    g_assert_false(rh_study_reload_mask(study, samples, place, notes));
    g_assert_true(any_note_has(notes, "15", "14"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quick/same-as-a-run", test_same_as_a_run);
    g_test_add_func("/quick/leaves-nothing", test_leaves_nothing);
    g_test_add_func("/quick/time", test_time);
    g_test_add_func("/quick/cancelled", test_cancelled);
    g_test_add_func("/quick/refused", test_refused);
    g_test_add_func("/quick/reload-mask", test_reload_mask);
    return g_test_run();
}
