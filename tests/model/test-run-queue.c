/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/run-queue.h"

#include "base/files.h"
#include "support.h"

#define RUNS 4u

typedef struct {
    char *folder;
    RhStudy *study;
    RhRunItem *items[RUNS];
    RhRunQueue *queue;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    RhSyntheticSettings synthetic = rh_synthetic_settings_default();
    for (guint i = 0; i < 3; i++)
        synthetic.count[i] = 4;
    fixture->folder = rh_test_folder();
    g_autofree char *path = g_build_filename(fixture->folder, "study", NULL);
    fixture->study = rh_study_new_synthetic(path, &synthetic, &error);
    g_assert_no_error(error);
    const RhRunSettings settings =
        rh_run_settings_default(rh_methods()[0], rh_network_kinds()[0], fixture->study);
    for (guint i = 0; i < RUNS; i++)
        fixture->items[i] = rh_run_item_new(rh_run_create(fixture->study, &settings, NULL, &error), NULL, i);
    g_assert_no_error(error);
    fixture->queue = rh_run_queue_new();
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    g_clear_object(&fixture->queue);
    for (guint i = 0; i < RUNS; i++)
        g_clear_object(&fixture->items[i]);
    g_clear_pointer(&fixture->study, rh_study_free);
    g_assert_true(rh_folder_remove(fixture->folder, NULL));
    g_free(fixture->folder);
}

static void assert_says(RhRunItem *item, const char *words)
{
    g_autofree char *text = rh_run_item_describe(item);
    g_assert_cmpstr(text, ==, words);
}

static void assert_next(Fixture *fixture, RhRunItem *expected)
{
    g_autoptr(RhRunItem) next = rh_run_queue_take_next(fixture->queue);
    g_assert_true(next == expected);
}

static void test_order(Fixture *fixture, gconstpointer unused)
{
    for (guint i = 0; i < RUNS; i++)
        rh_run_queue_add(fixture->queue, fixture->items[i]);
    rh_run_queue_add(fixture->queue, fixture->items[0]); /* waits already */
    g_assert_cmpuint(rh_run_queue_get_length(fixture->queue), ==, RUNS);
    assert_says(fixture->items[2], "waiting, number 3 in the queue");
    assert_next(fixture, fixture->items[0]);
    assert_says(fixture->items[0], "not begun");
    assert_says(fixture->items[2], "waiting, number 2 in the queue");
    rh_run_queue_remove(fixture->queue, fixture->items[1]);
    assert_next(fixture, fixture->items[2]);
    assert_next(fixture, fixture->items[3]);
    g_assert_false(rh_run_queue_can_take(fixture->queue));
    assert_next(fixture, NULL);
}

static void test_held(Fixture *fixture, gconstpointer unused)
{
    for (guint i = 0; i < 3; i++)
        rh_run_queue_add(fixture->queue, fixture->items[i]);
    rh_run_queue_hold(fixture->queue, fixture->items[0], TRUE);
    assert_says(fixture->items[0], "waiting, number 1 in the queue, paused");
    assert_next(fixture, fixture->items[1]);
    rh_run_queue_hold(fixture->queue, fixture->items[0], FALSE);
    assert_next(fixture, fixture->items[0]); /* its place was kept */
    rh_run_queue_hold(fixture->queue, fixture->items[2], TRUE);
    g_assert_false(rh_run_queue_can_take(fixture->queue));
    rh_run_queue_add(fixture->queue, fixture->items[2]);
    g_assert_true(rh_run_queue_can_take(fixture->queue));
    rh_run_queue_clear(fixture->queue);
    assert_says(fixture->items[2], "not begun");
    g_assert_true(rh_run_item_is_unfinished(fixture->items[2]));
}

/* One that is put first goes before those that wait, and whatever was held goes on in the order it has. */
static void test_first(Fixture *fixture, gconstpointer unused)
{
    for (guint i = 0; i < 2; i++)
        rh_run_queue_add(fixture->queue, fixture->items[i]);
    rh_run_queue_hold(fixture->queue, fixture->items[1], TRUE);
    rh_run_queue_add_first(fixture->queue, fixture->items[2]);
    rh_run_queue_hold(fixture->queue, fixture->items[2], TRUE);
    assert_says(fixture->items[2], "waiting, number 1 in the queue, paused");
    assert_says(fixture->items[0], "waiting, number 2 in the queue");
    static const guint order[] = {2, 0, 1};
    for (guint i = 0; i < G_N_ELEMENTS(order); i++)
        g_assert_true(rh_run_queue_get(fixture->queue, i) == fixture->items[order[i]]);
    rh_run_queue_hold_none(fixture->queue);
    assert_says(fixture->items[1], "waiting, number 3 in the queue");
    for (guint i = 0; i < G_N_ELEMENTS(order); i++)
        assert_next(fixture, fixture->items[order[i]]);
}

static void count(gpointer unused, guint *number)
{
    ++*number;
}

/* Whoever listens hears of every change, and of none that is none. */
static void test_changed(Fixture *fixture, gconstpointer unused)
{
    guint of_queue = 0, of_item = 0;
    g_signal_connect(fixture->queue, "changed", G_CALLBACK(count), &of_queue);
    g_signal_connect(fixture->items[0], "changed", G_CALLBACK(count), &of_item);
    rh_run_queue_add(fixture->queue, fixture->items[0]);
    g_assert_cmpuint(of_queue, ==, 1);
    g_assert_cmpuint(of_item, ==, 1);
    rh_run_queue_add(fixture->queue, fixture->items[1]);
    g_assert_cmpuint(of_queue, ==, 2);
    g_assert_cmpuint(of_item, ==, 1);
    rh_run_queue_remove(fixture->queue, fixture->items[3]); /* does not wait */
    g_assert_cmpuint(of_queue, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/run-queue/order", Fixture, NULL, set_up, test_order, tear_down);
    g_test_add("/run-queue/held", Fixture, NULL, set_up, test_held, tear_down);
    g_test_add("/run-queue/first", Fixture, NULL, set_up, test_first, tear_down);
    g_test_add("/run-queue/changed", Fixture, NULL, set_up, test_changed, tear_down);
    return g_test_run();
}
