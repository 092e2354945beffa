/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-result.h"

#include <math.h>
#include <stdio.h>

#include "run-json.h"
#include "study/run-doubt.h"
#include "study/run-shift.h"

static const char *const outcomes[] = {
    [RH_OUTCOME_TRAINED] = "trained",
    [RH_OUTCOME_PASSED_OVER] = "passed over",
    [RH_OUTCOME_ELSEWHERE] = "finished elsewhere",
    [RH_OUTCOME_FAILED] = "failed",
};

static double seconds_to_best(const RhRun *run)
{
    for (guint i = 0; i < run->metrics->len; i++) {
        const RhEpochMetrics *metrics = &g_array_index(run->metrics, RhEpochMetrics, i);
        if (metrics->epoch == run->best_epoch)
            return metrics->seconds;
    }
    return NAN;
}

static void print_scores(const RhRun *run)
{
    if (run->confounder_kind == RH_CONFOUNDER_NONE) {
        double accuracy, auc = rh_run_test_auc(run, &accuracy);
        g_print("  test accuracy %s, AUC %s\n", rh_value_text(accuracy).text, rh_value_text(auc).text);
        return;
    }
    static const char *const names[] = {"0, as in training", "1, fully reversed"};
    const RhShiftPoint ends[2] = {rh_run_shift_value(run, 0), rh_run_shift_value(run, 1)};
    for (int i = 0; i < 2; i++)
        g_print("  test at shift level %s:  accuracy %s  AUC %s\n", names[i],
                rh_value_text(ends[i].accuracy).text, rh_value_text(ends[i].auc).text);
}

static void print_for_people(const RhRun *run, double images_per_second)
{
    g_print("%s: best epoch %u of %u, reached after %.1f s; %.1f s in all, %.0f images/s\n", run->name,
            run->best_epoch, run->metrics->len, seconds_to_best(run), rh_run_seconds(run), images_per_second);
    print_scores(run);
    g_autofree RhShift *shift = rh_run_shift(run);
    g_autofree char *doubt = rh_run_doubt(run, shift);
    if (doubt != NULL)
        g_print("  %s\n", doubt);
    fflush(stdout);
}

static void print_line(JsonBuilder *builder)
{
    json_builder_end_object(builder);
    rh_json_print_line(builder);
    fflush(stdout);
}

static void print_json(const RhRun *run, RhOutcome outcome, double images_per_second)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    rh_json_text(builder, "outcome", outcomes[outcome]);
    rh_json_run(builder, run);
    rh_json_value(builder, "images_per_second", images_per_second);
    print_line(builder);
}

void rh_result_print(const RhRun *run, RhOutcome outcome, double images_per_second, gboolean as_json)
{
    if (outcome == RH_OUTCOME_PASSED_OVER)
        g_printerr("“%s” is finished and passed over; --again trains such a run anew\n", run->name);
    else if (outcome == RH_OUTCOME_ELSEWHERE)
        g_printerr("“%s” was finished by another program\n", run->name);
    else if (!as_json)
        print_for_people(run, images_per_second);
    if (as_json)
        print_json(run, outcome, images_per_second);
}

void rh_result_print_failure_json(const RhRun *run, guint64 seed, const char *reason)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    rh_json_text(builder, "outcome", outcomes[RH_OUTCOME_FAILED]);
    rh_json_text(builder, "run", run != NULL ? run->name : NULL);
    rh_json_whole(builder, "seed", (gint64)seed);
    rh_json_text(builder, "error", reason);
    print_line(builder);
}
