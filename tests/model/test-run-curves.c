/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-curves.h"

#include <math.h>
#include <string.h>

#include "base/files.h"
#include "study/run.h"
#include "support.h"

typedef struct {
    char *folder;
    RhStudy *study;
    GPtrArray *items; /* RhRunItem */
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    RhSyntheticSettings settings = rh_synthetic_settings_default();
    for (guint i = 0; i < 3; i++)
        settings.count[i] = 4;
    fixture->folder = rh_test_folder();
    g_autofree char *path = g_build_filename(fixture->folder, "study", NULL);
    fixture->study = rh_study_new_synthetic(path, &settings, &error);
    g_assert_no_error(error);
    fixture->items = g_ptr_array_new_with_free_func(g_object_unref);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_ptr_array_unref(fixture->items);
    rh_study_free(fixture->study);
    g_assert_true(rh_folder_remove(fixture->folder, NULL));
    g_free(fixture->folder);
}

/* A finished run with a loss as its only result. */
static RhRunItem *add_run(Fixture *fixture, const char *method, guint64 seed, double loss)
{
    g_autoptr(GError) error = NULL;
    RhRunSettings settings = rh_run_settings_default(rh_method_find(method, NULL),
                                                     rh_network_kind_find("small", NULL), fixture->study);
    settings.seed = seed;
    RhRun *run = rh_run_create(fixture->study, &settings, NULL, &error);
    g_assert_no_error(error);
    run->state = RH_RUN_FINISHED;
    RhEpochMetrics metrics = {.epoch = 1, .valid_loss = loss};
    g_array_append_val(run->metrics, metrics);
    RhRunItem *item = rh_run_item_new(run, NULL, fixture->items->len);
    g_ptr_array_add(fixture->items, item);
    return item;
}

static double loss_of(RhRunItem *item, gpointer data)
{
    return g_array_index(rh_run_item_get_run(item)->metrics, RhEpochMetrics, 0).valid_loss;
}

static const RhRunCurve *only(const GPtrArray *curves)
{
    g_assert_cmpuint(curves->len, ==, 1);
    return curves->pdata[0];
}

/* One line shown as if it were certain: seeds of one setting make a mean, its band says how uncertain it is,
 * and over how many runs it goes is said. By hand: mean 0.8, standard deviation 0.1, t of 2 degrees 4.3027.
 */
static void test_seeds_make_a_mean_with_a_band(Fixture *fixture, gconstpointer data)
{
    add_run(fixture, "baseline", 1, 0.7);
    add_run(fixture, "baseline", 2, 0.8);
    add_run(fixture, "baseline", 3, 0.9);
    g_autoptr(GPtrArray) curves = rh_run_curves(fixture->items, TRUE);
    g_assert_cmpstr(only(curves)->label, ==, "baseline-small (n = 3)");
    g_assert_true(rh_run_curves_have_seeds(curves));
    RhInterval mean = rh_run_curve_mean(only(curves), loss_of, NULL);
    g_assert_cmpfloat_with_epsilon(mean.mean, 0.8, 1e-12);
    g_assert_cmpfloat_with_epsilon(mean.low, 0.8 - 4.3027 * 0.1 / sqrt(3), 1e-4);
    g_assert_cmpfloat_with_epsilon(mean.high, 0.8 + 4.3027 * 0.1 / sqrt(3), 1e-4);
}

/* What is shown of a run whose data are no longer the study's is said at the run. */
static void test_results_of_other_data_are_said_to_be(Fixture *fixture, gconstpointer data)
{
    RhRunItem *item = add_run(fixture, "baseline", 1, 0.7);
    g_autofree char *before = rh_run_item_describe(item);
    rh_run_item_set_other_data(item, TRUE);
    g_autofree char *other = rh_run_item_describe(item);
    g_assert_null(strstr(before, "other images"));
    g_assert_nonnull(strstr(other, "of other images, labels or splits than the study has now"));
    rh_run_item_set_other_data(item, FALSE);
    g_autofree char *again = rh_run_item_describe(item);
    g_assert_cmpstr(again, ==, before);
}

/* A training that diverged is no ordinary result, in the window neither; what hinders a rule is said instead.
 */
static void test_a_diverged_run_says_so(Fixture *fixture, gconstpointer data)
{
    RhRunItem *well = add_run(fixture, "baseline", 1, 0.7), *diverged = add_run(fixture, "baseline", 2, NAN);
    g_assert_null(rh_run_item_get_doubt(well));
    g_autofree char *said = rh_run_item_describe(diverged);
    g_assert_true(g_str_has_prefix(said, "The training diverged: from epoch 1 on"));
    g_assert_true(g_str_has_suffix(said, "1 epoch"));
    rh_run_item_set_complaint(diverged, "Nothing to go by.");
    g_autofree char *hindered = rh_run_item_describe(diverged);
    g_assert_cmpstr(hindered, ==, "Nothing to go by.");
}

/* The same seed again is the same run again, not a second observation. */
static void test_a_run_made_twice_counts_once(Fixture *fixture, gconstpointer data)
{
    add_run(fixture, "baseline", 1, 0.7);
    add_run(fixture, "baseline", 1, 0.7);
    add_run(fixture, "baseline", 2, 0.9);
    g_autoptr(GPtrArray) curves = rh_run_curves(fixture->items, TRUE);
    g_assert_cmpstr(only(curves)->label, ==, "baseline-small (n = 2)");
    g_assert_cmpuint(only(curves)->items->len, ==, 3);
    RhInterval mean = rh_run_curve_mean(only(curves), loss_of, NULL);
    g_assert_cmpfloat_with_epsilon(mean.mean, 0.8, 1e-12);
    g_assert_cmpfloat_with_epsilon(mean.high - mean.low, 2 * 12.7062 * 0.1, 1e-4); /* s/√2 = 0.1 */
}

/* A hidden run is in no mean; with all hidden the curve is, and a click on it shows all again. */
static void test_hidden_runs_do_not_count(Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < 3; i++)
        add_run(fixture, "baseline", i, 0.1 * i);
    rh_run_item_set_visible(fixture->items->pdata[0], FALSE);
    g_autoptr(GPtrArray) two = rh_run_curves(fixture->items, TRUE);
    g_assert_cmpstr(only(two)->label, ==, "baseline-small (n = 2)");
    g_assert_cmpfloat_with_epsilon(rh_run_curve_mean(only(two), loss_of, NULL).mean, 0.15, 1e-12);
    rh_run_item_set_visible(fixture->items->pdata[1], FALSE);
    g_autoptr(GPtrArray) last = rh_run_curves(fixture->items, TRUE);
    g_assert_cmpstr(only(last)->label, ==, "baseline-small-2");
    g_assert_true(isnan(rh_run_curve_mean(only(last), loss_of, NULL).low));
    rh_run_curves_set_visible(last, "baseline-small-2", FALSE);
    g_autoptr(GPtrArray) none = rh_run_curves(fixture->items, TRUE);
    g_assert_cmpstr(only(none)->label, ==, "baseline-small (n = 3)");
    g_assert_false(only(none)->visible);
    rh_run_curves_set_visible(none, "baseline-small (n = 3)", TRUE);
    for (guint i = 0; i < 3; i++)
        g_assert_true(rh_run_item_get_visible(fixture->items->pdata[i]));
}

/* One that still trains is not averaged; apart, every run is a curve, in the list's order. */
static void test_unfinished_and_apart(Fixture *fixture, gconstpointer data)
{
    add_run(fixture, "baseline", 1, 0.7);
    rh_run_item_set_activity(add_run(fixture, "baseline", 2, 0.8), RH_RUN_TRAINING, 0);
    add_run(fixture, "actdiff", 1, 0.5);
    add_run(fixture, "baseline", 3, 0.9);
    g_autoptr(GPtrArray) together = rh_run_curves(fixture->items, TRUE);
    static const char *const labels[] = {"baseline-small (n = 2)", "baseline-small-2", "actdiff-small-1"};
    g_assert_cmpuint(together->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        const RhRunCurve *curve = together->pdata[i];
        g_assert_cmpstr(curve->label, ==, labels[i]);
        g_assert_cmpuint(curve->style, ==, i);
    }
    g_autoptr(GPtrArray) apart = rh_run_curves(fixture->items, FALSE);
    g_assert_cmpuint(apart->len, ==, 4);
    g_assert_false(rh_run_curves_have_seeds(apart));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/run-curves/seeds-make-a-mean-with-a-band", Fixture, NULL, set_up,
               test_seeds_make_a_mean_with_a_band, tear_down);
    g_test_add("/run-curves/results-of-other-data-are-said-to-be", Fixture, NULL, set_up,
               test_results_of_other_data_are_said_to_be, tear_down);
    g_test_add("/run-curves/a-diverged-run-says-so", Fixture, NULL, set_up, test_a_diverged_run_says_so,
               tear_down);
    g_test_add("/run-curves/a-run-made-twice-counts-once", Fixture, NULL, set_up,
               test_a_run_made_twice_counts_once, tear_down);
    g_test_add("/run-curves/hidden-runs-do-not-count", Fixture, NULL, set_up, test_hidden_runs_do_not_count,
               tear_down);
    g_test_add("/run-curves/unfinished-and-apart", Fixture, NULL, set_up, test_unfinished_and_apart,
               tear_down);
    return g_test_run();
}
