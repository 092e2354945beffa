/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What rh shift says of a curve: a table for people, records for machines. */
#include <math.h>

#include "shift-curve.h"
#include "study/run-kernels.h"

#define VALUE_WIDTH 21 /* characters, "0.000 (0.000–0.000)" at most */

static const RhShift *first_shift(const RhShiftCurve *curve)
{
    return curve->shifts->pdata[0];
}

static const RhRun *first_run(const RhShiftCurve *curve)
{
    return curve->runs->pdata[0];
}

/* ── For people ── */

/* Padded to the width of its column. */
static char *cell(char *text)
{
    g_autofree char *own = text;
    return g_strdup_printf("%s%*s", own, (int)(VALUE_WIDTH - g_utf8_strlen(own, -1)), "");
}

static char *value_cell(double value, double low, double high)
{
    return cell(rh_interval_text((RhInterval){value, low, high}));
}

static char *range_cell(double low, double high)
{
    return cell(isnan(low) ? g_strdup("–") : g_strdup_printf("%.2f to %.2f", low, high));
}

static void print_row(const RhShiftCurve *curve, guint i)
{
    const RhShiftPoint *point = &curve->points[i];
    g_autofree char *accuracy = value_cell(point->accuracy, point->accuracy_low, point->accuracy_high),
                    *auc = value_cell(point->auc, point->auc_low, point->auc_high);
    g_print("  %5.3f  %s", point->level, accuracy);
    if (rh_shift_curve_is_mean(curve)) {
        g_autofree char *range = range_cell(curve->lowest[i].accuracy, curve->highest[i].accuracy);
        g_print("%s", range);
    }
    g_print("%s", auc);
    if (rh_shift_curve_is_mean(curve)) {
        g_autofree char *range = range_cell(curve->lowest[i].auc, curve->highest[i].auc);
        g_print("%s", range);
    }
    g_print("%u + %u\n", rh_shift_images(first_shift(curve), 0, point->level),
            rh_shift_images(first_shift(curve), 1, point->level));
}

static void print_cells(const RhShiftCurve *curve, const RhStudy *study)
{
    const RhShift *shift = first_shift(curve);
    g_print("  test images:");
    for (guint label = 0; label < 2; label++) {
        g_print("%s “%s” %u aligned and %u conflicting", label > 0 ? ";" : "", study->class_names[label],
                shift->images[RH_CELL(label, 0)], shift->images[RH_CELL(label, 1)]);
        if (rh_shift_has_patients(shift))
            g_print(" of %u and %u patients", shift->clusters[RH_CELL(label, 0)],
                    shift->clusters[RH_CELL(label, 1)]);
    }
    g_print("\n");
}

static void print_summary(const RhShiftCurve *curve)
{
    const RhShiftSummary summary = rh_shift_curve_summary(curve);
    g_autofree char *area = rh_interval_text(summary.area), *slope = rh_interval_text(summary.slope);
    if (isnan(summary.area.mean))
        return;
    g_print("  AUC over all levels: mean %s, from end to end %s", area, slope);
    if (isnan(summary.crossing))
        g_print("; it meets one half nowhere\n");
    else
        g_print("; it meets one half at level %.2f\n", summary.crossing);
}

void rh_shift_curve_print(const RhShiftCurve *curve, const RhStudy *study)
{
    const RhRun *run = first_run(curve);
    const gboolean mean = rh_shift_curve_is_mean(curve);
    if (mean)
        g_print("%s, mean over %u trainings, same test images\n", curve->label, curve->runs->len);
    else
        g_print("%s (%s, epoch %u)\n", curve->label, run->settings.method->title, run->best_epoch);
    print_cells(curve, study);
    g_print("  level  %-*s%-*s", VALUE_WIDTH, "accuracy (95 %)", mean ? VALUE_WIDTH : 0,
            mean ? "lowest, highest" : "");
    g_print("%-*s%-*simages\n", VALUE_WIDTH, "AUC (95 %)", mean ? VALUE_WIDTH : 0,
            mean ? "lowest, highest" : "");
    for (guint i = 0; i < curve->n_levels; i++)
        print_row(curve, i);
    print_summary(curve);
}

/* ── For machines ── */

static void add_interval(RhRecord *record, const char *const names[3], RhInterval interval)
{
    rh_record_value(record, names[0], interval.mean);
    rh_record_value(record, names[1], interval.low);
    rh_record_value(record, names[2], interval.high);
}

static void add_values(RhRecord *record, const RhShiftCurve *curve, guint i)
{
    const RhShiftPoint *point = &curve->points[i];
    rh_record_value(record, "level", point->level);
    add_interval(record, (const char *const[]){"accuracy", "accuracy_low", "accuracy_high"},
                 (RhInterval){point->accuracy, point->accuracy_low, point->accuracy_high});
    add_interval(record, (const char *const[]){"auc", "auc_low", "auc_high"},
                 (RhInterval){point->auc, point->auc_low, point->auc_high});
    rh_record_value(record, "auc_per_logit", point->auc_per_logit);
    if (!rh_shift_curve_is_mean(curve))
        return;
    rh_record_value(record, "accuracy_lowest", curve->lowest[i].accuracy);
    rh_record_value(record, "accuracy_highest", curve->highest[i].accuracy);
    rh_record_value(record, "auc_lowest", curve->lowest[i].auc);
    rh_record_value(record, "auc_highest", curve->highest[i].auc);
}

static void add_whole_curve(RhRecord *record, const RhShiftCurve *curve)
{
    const RhShiftSummary summary = rh_shift_curve_summary(curve);
    add_interval(record, (const char *const[]){"area", "area_low", "area_high"}, summary.area);
    add_interval(record, (const char *const[]){"slope", "slope_low", "slope_high"}, summary.slope);
    rh_record_value(record, "crossing", summary.crossing);
}

static void add_images(RhRecord *record, const RhShift *shift)
{
    static const struct {
        const char *images, *clusters;
    } names[RH_N_CELLS] = {
        {"images_0_aligned", "patients_0_aligned"},
        {"images_0_conflicting", "patients_0_conflicting"},
        {"images_1_aligned", "patients_1_aligned"},
        {"images_1_conflicting", "patients_1_conflicting"},
    };
    for (guint cell = 0; cell < RH_N_CELLS; cell++)
        rh_record_whole(record, names[cell].images, shift->images[cell]);
    for (guint cell = 0; cell < RH_N_CELLS; cell++)
        rh_record_whole(record, names[cell].clusters, shift->clusters[cell]);
}

static void add_intervals(RhRecord *record, const RhShiftCurve *curve, RhIntervals intervals)
{
    const gboolean mean = rh_shift_curve_is_mean(curve);
    rh_record_text(record, "interval_over",
                   mean                                        ? "trainings"
                   : rh_shift_has_patients(first_shift(curve)) ? "patients"
                                                               : "images");
    rh_record_text(record, "interval_by",
                   mean                                  ? "t"
                   : intervals == RH_INTERVALS_BOOTSTRAP ? "bootstrap"
                                                         : "closed-form");
}

static void add_run(RhRecord *record, const RhShiftCurve *curve)
{
    const RhRun *run = first_run(curve);
    if (rh_shift_curve_is_mean(curve)) {
        rh_record_whole(record, "runs", curve->runs->len);
    } else {
        rh_record_text(record, "run", run->name);
        rh_record_whole(record, "seed", (gint64)run->settings.seed);
    }
    rh_record_text(record, "method", run->settings.method->id);
    rh_record_text(record, "network", run->settings.network->id);
}

/* What the curve's runs were computed with, each once, in their order: "avx512;plain+exact". */
static char *kernels_of_runs(const RhShiftCurve *curve)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < curve->runs->len; i++) {
        g_autofree char *kernels = rh_run_computed_text(curve->runs->pdata[i]);
        if (!g_ptr_array_find_with_equal_func(all, kernels, g_str_equal, NULL))
            g_ptr_array_add(all, g_steal_pointer(&kernels));
    }
    g_ptr_array_add(all, NULL);
    return g_strjoinv(";", (char **)all->pdata);
}

static void add_origin(RhRecord *record, const RhShiftCurve *curve, RhSelection selection,
                       const char *images_hash)
{
    const RhRun *run = first_run(curve);
    g_autofree char *kernels = kernels_of_runs(curve);
    rh_record_text(record, "select_by", rh_selection_name(selection));
    if (!rh_shift_curve_is_mean(curve)) {
        rh_record_whole(record, "epoch", run->best_epoch);
        rh_record_whole(record, "epochs_done", run->metrics->len);
    }
    rh_record_text(record, "kernels", kernels);
    rh_record_text(record, "data", rh_data_identity_name(rh_run_data_identity(run, images_hash)));
    rh_record_text(record, "images_sha256", run->data_hash);
    rh_record_text(record, "masks_sha256", run->mask_hash);
}

void rh_shift_curve_add_records(const RhShiftCurve *curve, RhSelection selection, RhIntervals intervals,
                                const char *images_hash, GPtrArray *records)
{
    for (guint i = 0; i < curve->n_levels; i++) {
        RhRecord *record = rh_record_new();
        add_run(record, curve);
        add_values(record, curve, i);
        add_intervals(record, curve, intervals);
        add_images(record, first_shift(curve));
        add_whole_curve(record, curve);
        add_origin(record, curve, selection, images_hash);
        rh_record_settings(record, &first_run(curve)->settings);
        g_ptr_array_add(records, record);
    }
}
