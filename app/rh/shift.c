/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh shift: accuracy and AUC of runs at every shift level, as a table and as a chart. */
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/paths.h"
#include "command.h"
#include "output.h"
#include "plot/chart.h"
#include "selection.h"
#include "shift-curve.h"

#define LEVELS_MAX   1001
#define CHART_WIDTH  900
#define CHART_HEIGHT 560

typedef struct {
    int levels;
    char *out, *measure, *select_by, *intervals_name;
    gboolean as_json, by_method;
    RhSelection selection;
    RhIntervals intervals;
    char *images_hash; /* of the study; NULL: not known */
} Options;

static void add_series(RhChart *chart, const RhShiftCurve *curve, guint style, gboolean accuracy)
{
    const guint n = curve->n_levels;
    g_autofree double *x = g_new(double, n), *y = g_new(double, n);
    g_autofree double *low = g_new(double, n), *high = g_new(double, n);
    for (guint i = 0; i < n; i++) {
        const RhShiftPoint *point = &curve->points[i];
        x[i] = point->level;
        y[i] = accuracy ? point->accuracy : point->auc;
        low[i] = accuracy ? point->accuracy_low : point->auc_low;
        high[i] = accuracy ? point->accuracy_high : point->auc_high;
    }
    rh_chart_add_series(chart, curve->label, style, x, y, low, high, n);
}

static gboolean write_chart(const RhStudy *study, const GPtrArray *curves, const Options *given,
                            const char *path, GError **error)
{
    g_autofree char *title = g_strdup_printf("%s under shift", study->name);
    g_autoptr(RhChart) chart = rh_chart_new(title);
    const gboolean accuracy = g_strcmp0(given->measure, "accuracy") == 0;
    const RhChartAxis x = {
        .title = "Shift level: share of images whose confounder contradicts the label", .low = 0, .high = 1};
    const RhChartAxis y = {.title = accuracy ? "Test accuracy" : "Test AUC", .low = 0, .high = 1};
    gboolean patients = FALSE, runs = FALSE, means = FALSE;
    rh_chart_set_axes(chart, &x, &y);
    for (guint i = 0; i < curves->len; i++) {
        const RhShiftCurve *curve = g_ptr_array_index(curves, i);
        patients |= rh_shift_has_patients(curve->shifts->pdata[0]);
        runs |= !rh_shift_curve_is_mean(curve);
        means |= rh_shift_curve_is_mean(curve);
        add_series(chart, curve, i, accuracy);
    }
    rh_chart_set_note(chart, given->intervals == RH_INTERVALS_BOOTSTRAP && !means
                                 ? "Bands: 95 % bootstrap"
                                 : rh_shift_bands(patients, runs, means));
    RhChartStyle style = rh_chart_style_default();
    return rh_chart_write(chart, path, CHART_WIDTH, CHART_HEIGHT, &style, error);
}

static GPtrArray *records_of(const GPtrArray *curves, const Options *given)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify)rh_record_free);
    for (guint i = 0; i < curves->len; i++)
        rh_shift_curve_add_records(curves->pdata[i], given->selection, given->intervals, given->images_hash,
                                   records);
    return records;
}

static gboolean is_table(const char *path)
{
    return g_str_has_suffix(path, ".csv");
}

static gboolean write_out(const RhStudy *study, const GPtrArray *curves, const Options *given,
                          const char *path, GError **error)
{
    if (!is_table(path))
        return write_chart(study, curves, given, path, error);
    g_autoptr(GPtrArray) records = records_of(curves, given);
    g_autofree char *table = rh_records_table(records);
    return rh_file_replace(path, table, strlen(table), error);
}

static void print_json(const GPtrArray *curves, const Options *given)
{
    g_autoptr(GPtrArray) records = records_of(curves, given);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (guint i = 0; i < records->len; i++)
        rh_record_add_json(records->pdata[i], builder);
    json_builder_end_array(builder);
    rh_json_print(builder);
}

/* A picture nobody asked for is no reason to fail, in a study that can only be read. */
static gboolean write_chart_unasked(const RhStudy *study, const GPtrArray *curves, const Options *given)
{
    g_autofree char *path = rh_path_own(study->folder, "shift.png"), *shown = rh_path_shown(path);
    g_autoptr(GError) error = NULL;
    if (write_chart(study, curves, given, path, &error))
        g_print("Chart: %s\n", shown);
    else
        rh_warn("%s No chart was written; --out says where else.", error->message);
    return TRUE;
}

static void compare_data(Options *given, const RhStudy *study, const GPtrArray *runs)
{
    given->images_hash = rh_command_images_hash(study);
    for (guint i = 0; i < runs->len; i++)
        rh_warn_other_data(runs->pdata[i], given->images_hash);
}

static gboolean show(const RhStudy *study, const GPtrArray *runs, const Options *given, GError **error)
{
    g_autoptr(GPtrArray) single = rh_shift_curves_of_runs(runs, (guint)given->levels, given->intervals);
    g_autoptr(GPtrArray) by_setting = g_ptr_array_new();
    g_autoptr(GPtrArray) means = rh_shift_curves_of_means(single, by_setting);
    const GPtrArray *drawn = given->by_method ? by_setting : single;

    if (given->as_json) {
        print_json(drawn, given);
    } else {
        for (guint i = 0; i < drawn->len; i++)
            rh_shift_curve_print(drawn->pdata[i], study);
        for (guint i = 0; i < means->len && !given->by_method; i++)
            rh_shift_curve_print(means->pdata[i], study);
    }
    if (given->out == NULL)
        return given->as_json || write_chart_unasked(study, drawn, given);
    if (!write_out(study, drawn, given, given->out, error))
        return FALSE;
    if (!given->as_json)
        g_print("%s: %s\n", is_table(given->out) ? "Table" : "Chart", given->out);
    return TRUE;
}

static gboolean take_intervals(Options *given, GError **error)
{
    static const char *const names[] = {
        [RH_INTERVALS_CLOSED_FORM] = "closed-form",
        [RH_INTERVALS_BOOTSTRAP] = "bootstrap",
    };
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (given->intervals_name == NULL || g_str_equal(given->intervals_name, names[i])) {
            given->intervals = i;
            return TRUE;
        }
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--intervals is closed-form or bootstrap, not “%s”.",
                given->intervals_name);
    return FALSE;
}

static gboolean check(Options *given, const RhStudy *study, GError **error)
{
    if (given->out != NULL && !rh_chart_has_format(given->out, error))
        return FALSE;
    if (given->measure != NULL && !g_str_equal(given->measure, "auc") &&
        !g_str_equal(given->measure, "accuracy")) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--measure is auc or accuracy, not “%s”.",
                    given->measure);
        return FALSE;
    }
    if (study->confounder_kind == RH_CONFOUNDER_NONE) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    "Study “%s” has no confounder, so there is no shift; make it anew with “rh new folder … "
                    "--confounder COLUMN”.",
                    study->folder);
        return FALSE;
    }
    return take_intervals(given, error) && rh_option_in_range("levels", given->levels, 2, LEVELS_MAX, error);
}

/* By the rule asked for; a run that has not stored what the rule needs is refused. */
static gboolean select_epochs(Options *given, GPtrArray *runs, GError **error)
{
    given->selection = RH_SELECT_AS_TRAINED;
    if (given->select_by != NULL && !rh_selection_parse(given->select_by, &given->selection)) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            "--select-by is as-trained, shifted, like-training, balanced, worst-group or last, not “%s”.",
            given->select_by);
        return FALSE;
    }
    for (guint i = 0; i < runs->len; i++)
        if (!rh_run_select(g_ptr_array_index(runs, i), given->selection, error))
            return FALSE;
    return TRUE;
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    Options given = {.levels = 11};
    const GOptionEntry options[] = {
        {"levels", 0, 0, G_OPTION_ARG_INT, &given.levels, "Levels between 0 and 1 (11)", "N"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &given.out,
         "Chart: .png, .svg or .pdf (STUDY/shift.png); or all values as a table: .csv", "FILE"},
        {"measure", 0, 0, G_OPTION_ARG_STRING, &given.measure,
         "What the chart shows: auc (default) or accuracy", "NAME"},
        {"select-by", 0, 0, G_OPTION_ARG_STRING, &given.select_by,
         "Which epoch of a run counts: as-trained (default), shifted, like-training, balanced, worst-group, "
         "last",
         "RULE"},
        {"intervals", 0, 0, G_OPTION_ARG_STRING, &given.intervals_name,
         "Of a run: closed-form (default) or bootstrap", "NAME"},
        {"by-method", 0, 0, G_OPTION_ARG_NONE, &given.by_method, "Means over seeds in place of runs", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given.as_json,
         "Print a JSON array; a chart only if --out is given", NULL},
        {NULL},
    };
    g_autoptr(RhStudy) study = NULL;
    g_autoptr(GPtrArray) runs = NULL;
    gboolean done =
        rh_command_parse(command, options, arguments, 1, G_MAXUINT, error) &&
        (study = rh_command_open_study((*arguments)[1], error)) != NULL && check(&given, study, error) &&
        (runs = rh_finished_runs(study, *arguments + 2, error)) != NULL && select_epochs(&given, runs, error);
    if (done) {
        compare_data(&given, study, runs);
        done = show(study, runs, &given, error);
    }
    g_free(given.images_hash);
    g_free(given.out);
    g_free(given.measure);
    g_free(given.select_by);
    g_free(given.intervals_name);
    return done;
}

const RhCommand rh_command_shift = {
    .name = "shift",
    .arguments = "STUDY [RUN…]",
    .summary = "Accuracy and AUC of runs at every shift level",
    .description =
        "At shift level 0 the confounder goes with the label as in training, at 1 it says the opposite, at "
        "0.5\n"
        "it says nothing. Bounds are 95 % intervals over the test images, or over the patients; of a\n"
        "mean over n trainings on the same images its 95 % t interval, beside the lowest and the highest.",
    .run = run,
};
