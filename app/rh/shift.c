/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh shift: accuracy and AUC of runs at every shift level, as a table and as a chart. */
#include <math.h>

#include "base/error.h"
#include "command.h"
#include "output.h"
#include "plot/chart.h"
#include "selection.h"
#include "study/run-groups.h"
#include "study/run-selection.h"

#define LEVELS_MAX   1001
#define CHART_WIDTH  900
#define CHART_HEIGHT 560
#define RANGE_WIDTH  15 /* characters, "-0.123–1.123" at most */

/* One line of the chart: a run, or the mean over the runs of one setting. */
typedef struct {
    char *label;
    const RhRun *run; /* of a mean: its first */
    guint runs;       /* 1: the run itself; more: a mean */
    RhShift **shifts; /* of the runs */
    RhShiftPoint *points;
    RhShiftPoint *lowest, *highest; /* of the runs of a mean, at every level; else NULL */
} Curve;

static void curve_free(Curve *curve)
{
    g_free(curve->label);
    for (guint i = 0; i < curve->runs; i++)
        g_free(curve->shifts[i]);
    g_free(curve->shifts);
    g_free(curve->points);
    g_free(curve->lowest);
    g_free(curve->highest);
    g_free(curve);
}

static void read_points(Curve *curve, guint n_levels)
{
    curve->points = g_new(RhShiftPoint, n_levels);
    for (guint i = 0; i < n_levels; i++)
        curve->points[i] =
            rh_shift_read((const RhShift *const *)curve->shifts, curve->runs, (double)i / (n_levels - 1));
}

static Curve *curve_of_run(const RhRun *run, guint n_levels)
{
    Curve *curve = g_new0(Curve, 1);
    curve->label = g_strdup(run->name);
    curve->run = run;
    curve->runs = 1;
    curve->shifts = g_new(RhShift *, 1);
    curve->shifts[0] = g_new(RhShift, 1);
    rh_shift_measure((const RhScored *)run->test->data, run->test->len, curve->shifts[0]);
    read_points(curve, n_levels);
    return curve;
}

/* Of `count` curves of single runs. */
static Curve *curve_of_mean(Curve *const *members, guint count, const char *setting, guint n_levels)
{
    Curve *curve = g_new0(Curve, 1);
    g_autofree const RhShiftPoint **points = g_new(const RhShiftPoint *, count);
    for (guint j = 0; j < count; j++)
        points[j] = members[j]->points;
    curve->label = g_strdup_printf("%s (n = %u)", setting, count);
    curve->run = members[0]->run;
    curve->runs = count;
    curve->shifts = g_new(RhShift *, count);
    for (guint j = 0; j < count; j++)
        curve->shifts[j] = g_memdup2(members[j]->shifts[0], sizeof(RhShift));
    read_points(curve, n_levels);
    curve->lowest = g_memdup2(points[0], n_levels * sizeof *points[0]);
    curve->highest = g_memdup2(points[0], n_levels * sizeof *points[0]);
    for (guint j = 1; j < count; j++)
        for (guint i = 0; i < n_levels; i++) {
            curve->lowest[i].accuracy = MIN(curve->lowest[i].accuracy, points[j][i].accuracy);
            curve->lowest[i].auc = MIN(curve->lowest[i].auc, points[j][i].auc);
            curve->highest[i].accuracy = MAX(curve->highest[i].accuracy, points[j][i].accuracy);
            curve->highest[i].auc = MAX(curve->highest[i].auc, points[j][i].auc);
        }
    return curve;
}

static gboolean has_seed(Curve *const *members, guint count, guint64 seed)
{
    for (guint i = 0; i < count; i++)
        if (members[i]->run->settings.seed == seed)
            return TRUE;
    return FALSE;
}

/* The means of those single curves whose runs are repetitions of each other, each seed once; `by_setting`
 * is given these, and the curve itself of a run that has none. */
static GPtrArray *curves_of_means(const GPtrArray *runs, const GPtrArray *single, guint n_levels,
                                  GPtrArray *by_setting)
{
    GPtrArray *means = g_ptr_array_new_with_free_func((GDestroyNotify)curve_free);
    g_autoptr(GPtrArray) groups = rh_run_groups((const RhRun *const *)runs->pdata, runs->len);
    g_autofree Curve **members = g_new(Curve *, runs->len);
    for (guint i = 0; i < groups->len; i++) {
        const RhRunGroup *group = groups->pdata[i];
        guint count = 0;
        for (guint j = 0; j < group->members->len; j++) {
            Curve *curve = single->pdata[g_array_index(group->members, guint, j)];
            if (!has_seed(members, count, curve->run->settings.seed))
                members[count++] = curve;
        }
        if (count > 1)
            g_ptr_array_add(means, curve_of_mean(members, count, group->label, n_levels));
        g_ptr_array_add(by_setting, count > 1 ? means->pdata[means->len - 1] : members[0]);
    }
    return means;
}

/* Padded to the width of its column. */
static char *range_text(double low, double high)
{
    g_autofree char *text = g_strdup_printf("%s–%s", rh_value_text(low).text, rh_value_text(high).text);
    return g_strdup_printf("%s%*s", text, (int)(RANGE_WIDTH - g_utf8_strlen(text, -1)), "");
}

static void print_row(const Curve *curve, guint i)
{
    const RhShiftPoint *point = &curve->points[i];
    g_autofree char *accuracy = range_text(point->accuracy_low, point->accuracy_high),
                    *auc = range_text(point->auc_low, point->auc_high);
    if (curve->runs == 1) {
        g_print("  %5.3f  %s     %s  %s  %s\n", point->level, rh_value_text(point->accuracy).text, accuracy,
                rh_value_text(point->auc).text, g_strchomp(auc));
        return;
    }
    g_autofree char *accuracies = range_text(curve->lowest[i].accuracy, curve->highest[i].accuracy),
                    *aucs = range_text(curve->lowest[i].auc, curve->highest[i].auc);
    g_print("  %5.3f  %s     %s  %s  %s  %s  %s\n", point->level, rh_value_text(point->accuracy).text,
            accuracy, accuracies, rh_value_text(point->auc).text, auc, g_strchomp(aucs));
}

static void print_text(const Curve *curve, guint n_levels)
{
    g_print("%s", curve->label);
    if (curve->runs == 1)
        g_print(" (%s, %u scored test images)\n  level  accuracy  %-*s  AUC    95 %%\n",
                curve->run->settings.method->title, curve->run->test->len, RANGE_WIDTH, "95 %");
    else
        g_print("\n  level  accuracy  %-*s  %-*s  AUC    %-*s  %s\n", RANGE_WIDTH, "95 % (t)", RANGE_WIDTH,
                "lowest, highest", RANGE_WIDTH, "95 % (t)", "lowest, highest");
    for (guint i = 0; i < n_levels; i++)
        print_row(curve, i);
    const double crossing = rh_shift_summary((const RhShift *const *)curve->shifts, curve->runs).crossing;
    if (!isnan(crossing))
        g_print("  AUC meets one half at level %.2f\n", crossing);
}

static void add_json(const Curve *curve, guint n_levels, JsonBuilder *builder)
{
    const RhRunSettings *settings = &curve->run->settings;
    for (guint i = 0; i < n_levels; i++) {
        const RhShiftPoint *point = &curve->points[i];
        json_builder_begin_object(builder);
        if (curve->runs == 1) {
            rh_json_text(builder, "run", curve->run->name);
            rh_json_whole(builder, "seed", (gint64)settings->seed);
        } else {
            rh_json_whole(builder, "runs", curve->runs);
        }
        rh_json_text(builder, "method", settings->method->id);
        rh_json_text(builder, "network", settings->network->id);
        rh_json_value(builder, "level", point->level);
        rh_json_value(builder, "accuracy", point->accuracy);
        rh_json_value(builder, "accuracy_low", point->accuracy_low);
        rh_json_value(builder, "accuracy_high", point->accuracy_high);
        rh_json_value(builder, "auc", point->auc);
        rh_json_value(builder, "auc_low", point->auc_low);
        rh_json_value(builder, "auc_high", point->auc_high);
        rh_json_value(builder, "auc_per_logit", point->auc_per_logit);
        if (curve->runs > 1) {
            rh_json_value(builder, "accuracy_lowest", curve->lowest[i].accuracy);
            rh_json_value(builder, "accuracy_highest", curve->highest[i].accuracy);
            rh_json_value(builder, "auc_lowest", curve->lowest[i].auc);
            rh_json_value(builder, "auc_highest", curve->highest[i].auc);
        }
        json_builder_end_object(builder);
    }
}

static void add_series(RhChart *chart, const Curve *curve, guint style, gboolean accuracy, guint n_levels)
{
    g_autofree double *x = g_new(double, n_levels), *y = g_new(double, n_levels);
    g_autofree double *low = g_new(double, n_levels), *high = g_new(double, n_levels);
    for (guint i = 0; i < n_levels; i++) {
        const RhShiftPoint *point = &curve->points[i];
        x[i] = point->level;
        y[i] = accuracy ? point->accuracy : point->auc;
        low[i] = accuracy ? point->accuracy_low : point->auc_low;
        high[i] = accuracy ? point->accuracy_high : point->auc_high;
    }
    rh_chart_add_series(chart, curve->label, style, x, y, low, high, n_levels);
}

static gboolean write_chart(const RhStudy *study, const GPtrArray *curves, guint n_levels, gboolean accuracy,
                            const char *path, GError **error)
{
    g_autofree char *title = g_strdup_printf("%s under shift", study->name);
    g_autoptr(RhChart) chart = rh_chart_new(title);
    const RhChartAxis x = {
        .title = "Shift level: share of images whose confounder contradicts the label", .low = 0, .high = 1};
    const RhChartAxis y = {.title = accuracy ? "Test accuracy" : "Test AUC", .low = 0, .high = 1};
    gboolean patients = FALSE, runs = FALSE, means = FALSE;
    rh_chart_set_axes(chart, &x, &y);
    for (guint i = 0; i < curves->len; i++) {
        const Curve *curve = g_ptr_array_index(curves, i);
        patients |= rh_shift_has_patients(curve->shifts[0]);
        runs |= curve->runs == 1;
        means |= curve->runs > 1;
        add_series(chart, curve, i, accuracy, n_levels);
    }
    rh_chart_set_note(chart, rh_shift_bands(patients, runs, means));
    RhChartStyle style = rh_chart_style_default();
    return rh_chart_write(chart, path, CHART_WIDTH, CHART_HEIGHT, &style, error);
}

typedef struct {
    int levels;
    char *out, *measure, *select_by;
    gboolean as_json, by_method;
} Options;

static gboolean show(const RhStudy *study, const GPtrArray *runs, const Options *given, GError **error)
{
    guint n_levels = (guint)given->levels;
    g_autoptr(GPtrArray) single = g_ptr_array_new_with_free_func((GDestroyNotify)curve_free);
    for (guint i = 0; i < runs->len; i++)
        g_ptr_array_add(single, curve_of_run(g_ptr_array_index(runs, i), n_levels));
    g_autoptr(GPtrArray) by_setting = g_ptr_array_new();
    g_autoptr(GPtrArray) means = curves_of_means(runs, single, n_levels, by_setting);
    const GPtrArray *drawn = given->by_method ? by_setting : single;

    if (given->as_json) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_array(builder);
        for (guint i = 0; i < drawn->len; i++)
            add_json(g_ptr_array_index(drawn, i), n_levels, builder);
        json_builder_end_array(builder);
        rh_json_print(builder);
    } else {
        for (guint i = 0; i < drawn->len; i++)
            print_text(g_ptr_array_index(drawn, i), n_levels);
        for (guint i = 0; i < means->len && !given->by_method; i++)
            print_text(g_ptr_array_index(means, i), n_levels);
    }
    if (given->as_json && given->out == NULL)
        return TRUE;
    g_autofree char *path =
        given->out != NULL ? g_strdup(given->out) : g_build_filename(study->folder, "shift.png", NULL);
    gboolean accuracy = g_strcmp0(given->measure, "accuracy") == 0;
    if (!write_chart(study, drawn, n_levels, accuracy, path, error))
        return FALSE;
    if (!given->as_json)
        g_print("Chart: %s\n", path);
    return TRUE;
}

static gboolean check(const Options *given, const RhStudy *study, GError **error)
{
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
    return rh_option_in_range("levels", given->levels, 2, LEVELS_MAX, error);
}

/* By the rule asked for; a run that has not stored what the rule needs is refused. */
static gboolean select_epochs(const Options *given, GPtrArray *runs, GError **error)
{
    RhSelection selection = RH_SELECT_AS_TRAINED;
    if (given->select_by != NULL && !rh_selection_parse(given->select_by, &selection)) {
        g_set_error(
            error, RH_ERROR, RH_ERROR_USAGE,
            "--select-by is as-trained, shifted, like-training, balanced, worst-group or last, not “%s”.",
            given->select_by);
        return FALSE;
    }
    for (guint i = 0; i < runs->len; i++)
        if (!rh_run_select(g_ptr_array_index(runs, i), selection, error))
            return FALSE;
    return TRUE;
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    Options given = {.levels = 11};
    const GOptionEntry options[] = {
        {"levels", 0, 0, G_OPTION_ARG_INT, &given.levels, "Levels between 0 and 1 (11)", "N"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &given.out,
         "Chart: .png, .svg, .pdf or .csv (STUDY/shift.png)", "FILE"},
        {"measure", 0, 0, G_OPTION_ARG_STRING, &given.measure,
         "What the chart shows: auc (default) or accuracy", "NAME"},
        {"select-by", 0, 0, G_OPTION_ARG_STRING, &given.select_by,
         "Which epoch of a run counts: as-trained (default), shifted, like-training, balanced, worst-group, "
         "last",
         "RULE"},
        {"by-method", 0, 0, G_OPTION_ARG_NONE, &given.by_method, "Means over seeds in place of runs", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given.as_json,
         "Print a JSON array; a chart only if --out is given", NULL},
        {NULL},
    };
    g_autoptr(RhStudy) study = NULL;
    g_autoptr(GPtrArray) runs = NULL;
    gboolean done = rh_command_parse(command, options, arguments, 1, G_MAXUINT, error) &&
                    (study = rh_command_open_study((*arguments)[1], error)) != NULL &&
                    check(&given, study, error) &&
                    (runs = rh_finished_runs(study, *arguments + 2, error)) != NULL &&
                    select_epochs(&given, runs, error) && show(study, runs, &given, error);
    g_free(given.out);
    g_free(given.measure);
    g_free(given.select_by);
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
