/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-json.h"

#include <math.h>

#include "record.h"
#include "score/roc.h"
#include "study/run-doubt.h"
#include "study/run-kernels.h"
#include "study/run-shift.h"

double rh_run_test_auc(const RhRun *run, double *accuracy)
{
    g_autofree double *scores = g_new(double, run->test->len);
    g_autofree guint8 *labels = g_new(guint8, run->test->len);
    guint right = 0;
    for (guint i = 0; i < run->test->len; i++) {
        const RhScored *row = &g_array_index(run->test, RhScored, i);
        scores[i] = rh_score(row);
        labels[i] = row->label;
        right += (scores[i] > 0 && row->label == 1) || (scores[i] <= 0 && row->label == 0);
    }
    *accuracy = run->test->len > 0 ? (double)right / run->test->len : NAN;
    return rh_auc(scores, labels, run->test->len);
}

double rh_run_seconds(const RhRun *run)
{
    return run->metrics->len > 0 ? g_array_index(run->metrics, RhEpochMetrics, run->metrics->len - 1).seconds
                                 : 0;
}

static void add_settings(JsonBuilder *builder, const RhRunSettings *settings)
{
    RhRecord *record = rh_record_new();
    rh_record_settings(record, settings);
    json_builder_set_member_name(builder, "settings");
    rh_record_add_json(record, builder);
    rh_record_free(record);
}

static void add_created(JsonBuilder *builder, const RhRun *run)
{
    g_autoptr(GDateTime) created =
        run->created != 0 ? g_date_time_new_from_unix_utc(run->created / G_USEC_PER_SEC) : NULL;
    g_autofree char *text = created != NULL ? g_date_time_format_iso8601(created) : NULL;
    rh_json_text(builder, "created", text);
}

static void add_doubt(JsonBuilder *builder, const RhRun *run)
{
    g_autofree RhShift *shift = rh_run_shift(run);
    g_autofree char *doubt = rh_run_doubt(run, shift);
    rh_json_text(builder, "doubt", doubt);
}

static void add_computed(JsonBuilder *builder, const RhRun *run)
{
    g_autoptr(GArray) all = rh_run_computed(run);
    json_builder_set_member_name(builder, "computed");
    json_builder_begin_array(builder);
    for (guint i = 0; i < all->len; i++) {
        const RhComputed *one = &g_array_index(all, RhComputed, i);
        json_builder_begin_object(builder);
        rh_json_whole(builder, "from_epoch", one->from);
        rh_json_text(builder, "kernels", one->kernels);
        rh_json_text(builder, "compiler", one->compiler);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_scores(JsonBuilder *builder, const RhRun *run)
{
    const RhShiftPoint ends[2] = {rh_run_shift_value(run, 0), rh_run_shift_value(run, 1)};
    double accuracy, auc = rh_run_test_auc(run, &accuracy);
    rh_json_value(builder, "test_accuracy", accuracy);
    rh_json_value(builder, "test_auc", auc);
    rh_json_value(builder, "accuracy_aligned", ends[0].accuracy);
    rh_json_value(builder, "auc_aligned", ends[0].auc);
    rh_json_value(builder, "auc_per_logit_aligned", ends[0].auc_per_logit);
    rh_json_value(builder, "accuracy_conflicting", ends[1].accuracy);
    rh_json_value(builder, "auc_conflicting", ends[1].auc);
    rh_json_value(builder, "auc_per_logit_conflicting", ends[1].auc_per_logit);
}

void rh_json_run(JsonBuilder *builder, const RhRun *run)
{
    rh_json_text(builder, "run", run->name);
    rh_json_text(builder, "title", run->title);
    rh_json_text(builder, "method", run->settings.method->id);
    rh_json_text(builder, "network", run->settings.network->id);
    rh_json_whole(builder, "seed", (gint64)run->settings.seed);
    add_settings(builder, &run->settings);
    add_created(builder, run);
    rh_json_text(builder, "kernels", *run->kernels != '\0' ? run->kernels : NULL);
    add_computed(builder, run);
    rh_json_text(builder, "images_sha256", *run->data_hash != '\0' ? run->data_hash : NULL);
    rh_json_text(builder, "masks_sha256", *run->mask_hash != '\0' ? run->mask_hash : NULL);
    rh_json_text(builder, "state", rh_run_state_name(run->state));
    rh_json_text(builder, "trouble", run->trouble);
    add_doubt(builder, run);
    rh_json_whole(builder, "epochs_done", run->metrics->len);
    rh_json_whole(builder, "epochs", run->settings.epochs);
    rh_json_whole(builder, "best_epoch", run->best_epoch);
    rh_json_value(builder, "seconds", rh_run_seconds(run));
    add_scores(builder, run);
}
