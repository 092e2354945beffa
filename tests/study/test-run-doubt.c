/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-doubt.h"

#include <math.h>
#include <string.h>

/* What rh_run_doubt says of a finished run of these epochs. */
static char *doubt_of(const RhEpochMetrics *epochs, guint count, const RhShift *shift)
{
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof *epochs);
    g_array_append_vals(metrics, epochs, count);
    const RhRun run = {.state = RH_RUN_FINISHED, .metrics = metrics};
    return rh_run_doubt(&run, shift);
}

/* With which words; NULL: nothing speaks against it. */
static void check(const RhEpochMetrics *epochs, guint count, const char *words)
{
    g_autofree char *doubt = doubt_of(epochs, count, NULL);
    if (words == NULL)
        g_assert_cmpstr(doubt, ==, NULL);
    else
        g_assert_nonnull(strstr(doubt, words));
}

/* A training with a loss of 102,072 is no ordinary result; one whose loss is high but bounded is. */
static void test_a_loss_that_grew(void)
{
    check((RhEpochMetrics[]){{.epoch = 1, .train_classification = 0.7}}, 1, NULL);
    check((RhEpochMetrics[]){{.epoch = 1, .train_classification = 9.9}}, 1, NULL);
    check((RhEpochMetrics[]){{.epoch = 1, .train_classification = 102072}}, 1, "the loss is 1.021e+05");
    check((RhEpochMetrics[]){{.epoch = 1, .train_classification = 50},
                             {.epoch = 2, .train_classification = 0.3}},
          2, NULL);
}

/* A penalty that is large from the first is only heavy; whichever sign it has. */
static void test_a_penalty_that_grew(void)
{
    check((RhEpochMetrics[]){{.epoch = 1, .train_penalty = 200}, {.epoch = 2, .train_penalty = 300}}, 2,
          NULL);
    check((RhEpochMetrics[]){{.epoch = 1, .train_penalty = 0.01}, {.epoch = 2, .train_penalty = 9}}, 2, NULL);
    check((RhEpochMetrics[]){{.epoch = 1, .train_penalty = 0.1}, {.epoch = 2, .train_penalty = 11}}, 2,
          "the penalty grew from 0.1 in the first epoch to 11");
    check((RhEpochMetrics[]){{.epoch = 1, .train_penalty = -0.1}, {.epoch = 2, .train_penalty = -11}}, 2,
          "the penalty grew");
}

static void test_a_loss_that_is_not_a_number(void)
{
    check((RhEpochMetrics[]){{.epoch = 1}, {.epoch = 2, .valid_loss = NAN}, {.epoch = 3}}, 3,
          "from epoch 2 on");
    check((RhEpochMetrics[]){{.epoch = 1, .train_penalty = INFINITY}}, 1, "from epoch 1 on");
    check((RhEpochMetrics[]){{.epoch = 1, .train_classification = NAN}}, 1, "lower learning rate");
}

/* Of the run, of those scores that put every image of one class above all others, or below, or beside them.
 */
static char *doubt_of_scores(float first, float second)
{
    RhScored scored[80];
    for (guint i = 0; i < G_N_ELEMENTS(scored); i++) {
        const guint8 label = i % 2;
        scored[i] = (RhScored){{0, label == 0 ? first : second}, label, i / 2 % 2, 0};
    }
    RhShift shift;
    rh_shift_measure(scored, G_N_ELEMENTS(scored), &shift);
    const RhEpochMetrics epoch = {.epoch = 1, .train_classification = 0.7};
    return doubt_of(&epoch, 1, &shift);
}

/* A network that is always wrong has learnt; one to which all images are the same has not. */
static void test_nothing_that_could_be_told_from_chance(void)
{
    g_autofree char *right = doubt_of_scores(0, 1), *wrong = doubt_of_scores(1, 0),
                    *same = doubt_of_scores(1, 1);
    g_assert_null(right);
    g_assert_null(wrong);
    g_assert_nonnull(strstr(same, "Nothing was learnt"));
}

/* While it can still be gone on with there is no verdict; scores that are not numbers are told at any time.
 */
static void test_unfinished(void)
{
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(RhEpochMetrics));
    g_array_append_vals(metrics, (&(RhEpochMetrics){.epoch = 1, .train_classification = 99}), 1);
    RhRun run = {.state = RH_RUN_UNFINISHED, .metrics = metrics};
    g_assert_null(rh_run_doubt(&run, NULL));
    run.fault = (char *)"No numbers.";
    g_autofree char *doubt = rh_run_doubt(&run, NULL);
    g_assert_cmpstr(doubt, ==, "No numbers.");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run-doubt/loss", test_a_loss_that_grew);
    g_test_add_func("/run-doubt/penalty", test_a_penalty_that_grew);
    g_test_add_func("/run-doubt/not-a-number", test_a_loss_that_is_not_a_number);
    g_test_add_func("/run-doubt/chance", test_nothing_that_could_be_told_from_chance);
    g_test_add_func("/run-doubt/unfinished", test_unfinished);
    return g_test_run();
}
