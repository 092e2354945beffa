/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "model-support.h"
#include "model/live-saliency.h"
#include "model/map-cache.h"
#include "nn/network.h"

/* What computes maps in the background: RhLiveSaliency of one network, RhMapCache of several. */

#define SIDE  14u
#define WIDTH 4u

typedef struct {
    char *folder;
    RhStudy *study;
    RhSamples *samples;
    RhRun *run; /* for its settings */
    RhLiveSaliency *live;
    RhMapCache *cache;
    guint results, lives; /* of them from a network in training */
    double effort, iou;   /* of the newest */
    guint epoch;
    float values[SIDE * SIDE];
    char *failure;
    GHashTable *ready; /* keys */
} Fixture;

static void on_result(RhLiveSaliency *live, const RhSaliencyResult *result, Fixture *fixture)
{
    g_assert_cmpuint(result->height, ==, SIDE);
    g_assert_cmpuint(result->width, ==, SIDE);
    fixture->results++;
    fixture->lives += result->live;
    fixture->effort = result->effort;
    fixture->epoch = MAX(fixture->epoch, result->epoch);
    fixture->iou = result->has_localisation ? result->localisation.iou : NAN;
    memcpy(fixture->values, result->values, sizeof fixture->values);
}

static void on_failed(RhLiveSaliency *live, const char *message, Fixture *fixture)
{
    g_free(fixture->failure);
    fixture->failure = g_strdup(message);
}

static void on_ready(RhMapCache *cache, const char *key, Fixture *fixture)
{
    g_hash_table_add(fixture->ready, g_strdup(key));
}

static RhMask *mask_of(guint from, guint to)
{
    RhMask *mask = rh_mask_new(SIDE, SIDE);
    for (guint y = from; y < to; y++)
        memset(mask->pixels + y * SIDE + from, 255, to - from);
    return mask;
}

static const float *image(const Fixture *fixture, guint place)
{
    return fixture->samples->images + (gsize)place * SIDE * SIDE;
}

static const RhMapKind *gradient(void)
{
    return rh_map_kinds()[0];
}

static void set_up(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    fixture->study = small_study(&fixture->folder);
    fixture->samples = small_samples(fixture->study);
    const RhRunSettings settings = small_run_settings(fixture->study, "baseline", 50000);
    fixture->run = rh_run_create(fixture->study, &settings, NULL, &error);
    g_assert_no_error(error);
    fixture->ready = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fixture->live = rh_live_saliency_new();
    g_signal_connect(fixture->live, "result", G_CALLBACK(on_result), fixture);
    g_signal_connect(fixture->live, "failed", G_CALLBACK(on_failed), fixture);
    fixture->cache = rh_map_cache_new();
    g_signal_connect(fixture->cache, "ready", G_CALLBACK(on_ready), fixture);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    g_object_run_dispose(G_OBJECT(fixture->live));
    g_object_run_dispose(G_OBJECT(fixture->cache));
    g_clear_object(&fixture->live);
    g_clear_object(&fixture->cache);
    g_clear_pointer(&fixture->ready, g_hash_table_unref);
    g_clear_pointer(&fixture->failure, g_free);
    g_clear_pointer(&fixture->run, rh_run_free);
    g_clear_pointer(&fixture->samples, rh_samples_unref);
    g_clear_pointer(&fixture->study, rh_study_free);
    clear_folder(&fixture->folder);
}

/* Weights that no other seed has. */
static RhParameters *weights_of(const Fixture *fixture, guint64 seed)
{
    g_autoptr(RhNetwork) network = rh_network_new(fixture->run->settings.network, WIDTH, RH_SINGLE);
    rh_network_initialise(network, seed);
    return rh_parameters_copy(network->parameters);
}

static gboolean has_a_full_result(gpointer data)
{
    Fixture *fixture = data;
    return fixture->results > 0 && fixture->effort >= 1;
}

static gboolean has_failed(gpointer data)
{
    return ((Fixture *)data)->failure != NULL;
}

static gboolean has_live_results(gpointer data)
{
    Fixture *fixture = data;
    return fixture->lives >= 3 && fixture->epoch >= 1;
}

static void look_at(Fixture *fixture, guint place)
{
    rh_live_saliency_set_image(fixture->live, image(fixture, place), SIDE, SIDE);
    rh_live_saliency_set_map(fixture->live, gradient());
    rh_map_cache_set_image(fixture->cache, image(fixture, place), SIDE, SIDE);
    rh_map_cache_set_map(fixture->cache, gradient());
}

static void wish(Fixture *fixture, const char *key, RhParameters *weights, const char *path)
{
    RhMapWish *one = g_new0(RhMapWish, 1);
    one->key = g_strdup(key);
    one->network = fixture->run->settings.network;
    one->network_width = WIDTH;
    one->parameters = weights != NULL ? rh_parameters_ref(weights) : NULL;
    one->path = g_strdup(path);
    GPtrArray *wishes = g_ptr_array_new_with_free_func((GDestroyNotify)rh_map_wish_free);
    g_ptr_array_add(wishes, one);
    rh_map_cache_wish(fixture->cache, wishes);
}

typedef struct {
    Fixture *fixture;
    const char *key;
} Awaited;

static gboolean is_ready(gpointer data)
{
    const Awaited *awaited = data;
    return g_hash_table_contains(awaited->fixture->ready, awaited->key);
}

static void wait_ready(Fixture *fixture, const char *key)
{
    Awaited awaited = {fixture, key};
    wait_until(is_ready, &awaited, key);
    g_hash_table_remove(fixture->ready, key);
}

static void assert_close(const float *a, const float *b)
{
    for (guint i = 0; i < SIDE * SIDE; i++)
        g_assert_cmpfloat_with_epsilon(a[i], b[i], 1e-3);
}

/* One map, whoever makes it. */
static void test_both_make_the_same_map(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhParameters) weights = weights_of(fixture, 3);
    look_at(fixture, 0);
    rh_live_saliency_show_weights(fixture->live, fixture->run, weights);
    wait_until(has_a_full_result, fixture, "the live map is there in full");
    wish(fixture, "one", weights, NULL);
    wait_ready(fixture, "one");
    const RhSaliencyResult *cached = rh_map_cache_get(fixture->cache, "one");
    g_assert_nonnull(cached);
    assert_close(cached->values, fixture->values);
    g_assert_cmpstr(rh_map_cache_get_failure(fixture->cache, "one"), ==, NULL);
}

/* A drawn mask changes where the map lies and not the map. */
static void test_a_mask_is_compared_anew(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhParameters) weights = weights_of(fixture, 3);
    g_autoptr(RhMask) small = mask_of(2, 5), large = mask_of(1, 13);
    look_at(fixture, 0);
    rh_map_cache_set_mask(fixture->cache, small);
    wish(fixture, "one", weights, NULL);
    wait_ready(fixture, "one");
    const double before = rh_map_cache_get(fixture->cache, "one")->localisation.iou;
    rh_map_cache_set_mask(fixture->cache, large);
    wait_ready(fixture, "one");
    g_assert_cmpfloat(rh_map_cache_get(fixture->cache, "one")->localisation.iou, !=, before);
    rh_live_saliency_set_mask(fixture->live, large);
    rh_live_saliency_show_weights(fixture->live, fixture->run, weights);
    wait_until(has_a_full_result, fixture, "the live map is there in full");
    g_assert_cmpfloat_with_epsilon(fixture->iou, rh_map_cache_get(fixture->cache, "one")->localisation.iou,
                                   0.1);
}

/* Images, masks and networks change faster than maps are made: what was asked for last is answered. */
static void test_the_last_wish_is_answered(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhParameters) one = weights_of(fixture, 1), other = weights_of(fixture, 2);
    for (guint i = 0; i < 60; i++) {
        g_autoptr(RhMask) mask = mask_of(i % 5, 9);
        look_at(fixture, i % fixture->samples->count);
        rh_live_saliency_set_mask(fixture->live, mask);
        rh_map_cache_set_mask(fixture->cache, mask);
        rh_live_saliency_show_weights(fixture->live, fixture->run, i % 2 == 0 ? one : other);
        rh_map_cache_set_modest(fixture->cache, i % 3 == 0);
        g_autofree char *key = g_strdup_printf("%u", i);
        wish(fixture, key, i % 2 == 0 ? one : other, NULL);
        g_main_context_iteration(NULL, FALSE);
    }
    look_at(fixture, 0);
    rh_live_saliency_show_weights(fixture->live, fixture->run, one);
    fixture->results = 0;
    wish(fixture, "last", one, NULL);
    wait_until(has_a_full_result, fixture, "the last live map is there in full");
    wait_ready(fixture, "last");
    assert_close(rh_map_cache_get(fixture->cache, "last")->values, fixture->values);
    g_assert_null(rh_map_cache_get(fixture->cache, "0"));
}

static void test_a_network_in_training_is_followed(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(RhTrainingTask) training = rh_training_task_new(fixture->study, &fixture->run->settings);
    look_at(fixture, 0);
    rh_live_saliency_follow(fixture->live, training, fixture->run);
    rh_training_task_begin(training);
    wait_until(has_live_results, fixture, "three maps of the network in training are there");
    rh_training_task_stop(training);
    while (rh_training_task_get_state(training) != RH_TRAINING_ENDED)
        g_main_context_iteration(NULL, TRUE);
}

static void test_lost_weights_are_a_sentence(Fixture *fixture, gconstpointer unused)
{
    g_autofree char *path = g_build_filename(fixture->folder, "none.safetensors", NULL);
    look_at(fixture, 0);
    rh_live_saliency_show(fixture->live, fixture->run); /* which has not been trained */
    wait_until(has_failed, fixture, "it says why there is no map");
    g_assert_true(g_str_has_suffix(fixture->failure, "."));
    wish(fixture, "none", NULL, path);
    wait_ready(fixture, "none");
    g_assert_null(rh_map_cache_get(fixture->cache, "none"));
    g_assert_true(g_str_has_suffix(rh_map_cache_get_failure(fixture->cache, "none"), "."));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/maps/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("both-make-the-same-map", test_both_make_the_same_map);
    ADD("a-mask-is-compared-anew", test_a_mask_is_compared_anew);
    ADD("the-last-wish-is-answered", test_the_last_wish_is_answered);
    ADD("a-network-in-training-is-followed", test_a_network_in_training_is_followed);
    ADD("lost-weights-are-a-sentence", test_lost_weights_are_a_sentence);
    return g_test_run();
}
