/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/live-training.h"

#include "model-support.h"
#include "nn/weights.h"

typedef struct {
    char *folder;
    RhStudy *study;
    RhLiveTraining *live;
    RhRunSettings settings;
    guint results;
    gboolean masks_only;
    RhParameters *weights; /* of the newest result */
    char *failure;
    RhLiveState wanted; /* of a wait */
} Fixture;

static void on_result(RhLiveTraining *live, const RhLiveResult *result, Fixture *fixture)
{
    fixture->results++;
    fixture->masks_only = result->masks_only;
    g_assert_cmpstr(result->run->name, ==, "now");
    g_clear_pointer(&fixture->weights, rh_parameters_unref);
    fixture->weights = rh_parameters_ref(result->weights);
}

static void on_failed(RhLiveTraining *live, const char *message, Fixture *fixture)
{
    g_free(fixture->failure);
    fixture->failure = g_strdup(message);
}

static void set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->study = small_study(&fixture->folder);
    fixture->settings = small_run_settings(fixture->study, "actdiff", 2);
    fixture->live = rh_live_training_new("now");
    g_signal_connect(fixture->live, "result", G_CALLBACK(on_result), fixture);
    g_signal_connect(fixture->live, "failed", G_CALLBACK(on_failed), fixture);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    if (fixture->live != NULL)
        g_object_run_dispose(G_OBJECT(fixture->live));
    g_clear_object(&fixture->live);
    g_clear_pointer(&fixture->weights, rh_parameters_unref);
    g_clear_pointer(&fixture->failure, g_free);
    g_clear_pointer(&fixture->study, rh_study_free);
    clear_folder(&fixture->folder);
}

static gboolean has_a_result(gpointer data)
{
    return ((Fixture *)data)->results > 0;
}

static gboolean is_in_state(gpointer data)
{
    Fixture *fixture = data;
    return rh_live_training_get_state(fixture->live) == fixture->wanted;
}

static gboolean has_failed(gpointer data)
{
    return ((Fixture *)data)->failure != NULL;
}

static void wait_result(Fixture *fixture, const char *what)
{
    wait_until(has_a_result, fixture, what);
    g_assert_cmpint(rh_live_training_get_state(fixture->live), ==, RH_LIVE_DONE);
    fixture->results = 0;
}

static void wait_state(Fixture *fixture, RhLiveState state, const char *what)
{
    fixture->wanted = state;
    wait_until(is_in_state, fixture, what);
}

static void begin(Fixture *fixture)
{
    rh_live_training_set_study(fixture->live, fixture->study);
    rh_live_training_set_settings(fixture->live, &fixture->settings);
}

static const RhCase *first_of(Fixture *fixture, RhSplit split)
{
    for (guint i = 0; i < fixture->study->cases->len; i++) {
        const RhCase *item = g_ptr_array_index(fixture->study->cases, i);
        if (item->split == split && item->has_mask)
            return item;
    }
    g_assert_not_reached();
}

/* Turns a mask's file inside out, as another hand might have drawn it, and says so. */
static void redraw(Fixture *fixture, const RhCase *item)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = rh_study_mask_path(fixture->study, item);
    g_autoptr(RhMask) mask = rh_mask_load(path, 0, 0, &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < (gsize)mask->width * mask->height; i++)
        mask->pixels[i] = mask->pixels[i] != 0 ? 0 : 255;
    g_assert_true(rh_mask_save(mask, path, &error));
    rh_live_training_mask_saved(fixture->live, item->id);
}

static gboolean are_same(RhParameters *a, RhParameters *b)
{
    for (guint i = 0; i < rh_parameters_count(a); i++) {
        const RhTensor *left = rh_parameters_get(a, i), *right = rh_parameters_get(b, i);
        if (memcmp(left->data, right->data, rh_shape_count(left->shape) * sizeof(float)) != 0)
            return FALSE;
    }
    return TRUE;
}

static void test_what_differs_is_what_was_drawn(Fixture *fixture, gconstpointer unused)
{
    begin(fixture);
    wait_result(fixture, "the first training is over");
    g_assert_false(fixture->masks_only);
    g_autoptr(RhParameters) first = rh_parameters_ref(fixture->weights);
    const RhCase *item = first_of(fixture, RH_SPLIT_TRAINING);
    redraw(fixture, item);
    wait_result(fixture, "the training after a drawn mask is over");
    g_assert_true(fixture->masks_only);
    g_assert_false(are_same(first, fixture->weights));
    redraw(fixture, item);
    wait_result(fixture, "the training after the mask is as it was is over");
    g_assert_true(are_same(first, fixture->weights));
}

static void test_a_mask_of_a_test_image_trains_nothing(Fixture *fixture, gconstpointer unused)
{
    begin(fixture);
    wait_result(fixture, "the first training is over");
    redraw(fixture, first_of(fixture, RH_SPLIT_TEST));
    wait_state(fixture, RH_LIVE_UNTOUCHED, "it says that this mask does not count");
    g_assert_cmpuint(fixture->results, ==, 0);
}

static void test_is_held_while_the_user_trains(Fixture *fixture, gconstpointer unused)
{
    rh_live_training_hold(fixture->live, TRUE);
    begin(fixture);
    wait_state(fixture, RH_LIVE_HELD, "it says that it is held");
    g_assert_cmpuint(fixture->results, ==, 0);
    rh_live_training_hold(fixture->live, FALSE);
    wait_result(fixture, "the training that was held is over");
}

/* Masks and settings change faster than anything can be trained: the last wish is the one that is answered.
 */
static void test_a_new_wish_ends_the_one_before(Fixture *fixture, gconstpointer unused)
{
    fixture->settings.epochs = 50000;
    begin(fixture);
    const RhCase *item = first_of(fixture, RH_SPLIT_TRAINING);
    for (guint i = 0; i < 6; i++) {
        redraw(fixture, item);
        g_main_context_iteration(NULL, FALSE);
    }
    fixture->settings.epochs = 1;
    fixture->settings.seed++;
    rh_live_training_set_settings(fixture->live, &fixture->settings);
    fixture->results = 0;
    guint epoch = 0, epochs = 0;
    wait_result(fixture, "the training of the last wish is over");
    rh_live_training_get_progress(fixture->live, &epoch, &epochs);
    g_assert_cmpuint(epochs, <=, 1);
}

static void test_off_in_the_middle_is_off(Fixture *fixture, gconstpointer unused)
{
    fixture->settings.epochs = 50000;
    begin(fixture);
    wait_state(fixture, RH_LIVE_RETRAINING, "it trains");
    rh_live_training_set_study(fixture->live, NULL);
    g_assert_cmpint(rh_live_training_get_state(fixture->live), ==, RH_LIVE_OFF);
    begin(fixture);
    wait_state(fixture, RH_LIVE_RETRAINING, "it trains again");
    rh_live_training_set_study(fixture->live, NULL);
    for (guint i = 0; i < 50; i++)
        g_main_context_iteration(NULL, FALSE);
    g_assert_cmpint(rh_live_training_get_state(fixture->live), ==, RH_LIVE_OFF);
}

static void test_images_that_are_gone_are_a_sentence(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *images = g_build_filename(fixture->study->folder, "images", NULL);
    g_autofree char *away = g_build_filename(fixture->folder, "away", NULL);
    g_assert_cmpint(g_rename(images, away), ==, 0);
    begin(fixture);
    wait_until(has_failed, fixture, "it says why it cannot train");
    g_assert_true(g_str_has_suffix(fixture->failure, "."));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/live-training/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("what-differs-is-what-was-drawn", test_what_differs_is_what_was_drawn);
    ADD("a-mask-of-a-test-image-trains-nothing", test_a_mask_of_a_test_image_trains_nothing);
    ADD("is-held-while-the-user-trains", test_is_held_while_the_user_trains);
    ADD("a-new-wish-ends-the-one-before", test_a_new_wish_ends_the_one_before);
    ADD("off-in-the-middle-is-off", test_off_in_the_middle_is_off);
    ADD("images-that-are-gone-are-a-sentence", test_images_that_are_gone_are_a_sentence);
    return g_test_run();
}
