/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh runs: the runs of a study. */
#include "command.h"
#include "run-json.h"
#include "selection.h"
#include "study/data-identity.h"
#include "study/run-doubt.h"
#include "study/run-groups.h"
#include "study/run-shift.h"

/* How many columns the longest name takes, the heading's at the least. */
static int width_of_names(const GPtrArray *runs)
{
    glong width = g_utf8_strlen("run", -1);
    for (guint i = 0; i < runs->len; i++)
        width = MAX(width, g_utf8_strlen(((const RhRun *)runs->pdata[i])->name, -1));
    return (int)width;
}

/* printf counts bytes, not letters. */
static void print_padded(const char *text, int width)
{
    g_print("%s%*s  ", text, MAX(0, width - (int)g_utf8_strlen(text, -1)), "");
}

static void print_run(const RhRun *run, int width, const char *settings)
{
    g_autoptr(GDateTime) created = g_date_time_new_from_unix_local(run->created / G_USEC_PER_SEC);
    g_autofree char *date =
        run->created != 0 && created != NULL ? g_date_time_format(created, "%Y-%m-%d %H:%M") : g_strdup("");
    g_autofree char *epochs = g_strdup_printf("%u/%u", run->metrics->len, run->settings.epochs);
    g_autofree RhShift *shift = rh_run_shift(run);
    g_autofree char *doubt = rh_run_doubt(run, shift);
    const RhShiftPoint ends[2] = {rh_run_shift_value(run, 0), rh_run_shift_value(run, 1)};
    print_padded(run->name, width);
    g_print("%-10s  %7s  %s  %s  %s  %s  %-16s  %s\n", rh_run_state_name(run->state), epochs,
            rh_value_text(ends[0].accuracy).text, rh_value_text(ends[1].accuracy).text,
            rh_value_text(ends[0].auc).text, rh_value_text(ends[1].auc).text, date, settings);
    if (doubt != NULL)
        g_print("  %s\n", doubt);
}

/* With the settings by which runs differ, as the curves of their means are called. */
static void print_text(const GPtrArray *runs, const char *hash)
{
    const int width = width_of_names(runs);
    g_autoptr(GPtrArray) groups = rh_run_groups((const RhRun *const *)runs->pdata, runs->len);
    g_autofree const char **labels = g_new0(const char *, runs->len + 1);
    for (guint i = 0; i < groups->len; i++) {
        const RhRunGroup *group = groups->pdata[i];
        for (guint k = 0; k < group->members->len; k++)
            labels[g_array_index(group->members, guint, k)] = group->label;
    }
    print_padded("", width);
    g_print("%-10s  %7s  %-12s  %-12s\n", "", "", "accuracy", "AUC");
    print_padded("run", width);
    g_print("%-10s  %7s  level 0/1     level 0/1     %-16s  settings\n", "state", "epochs", "made");
    for (guint i = 0; i < runs->len; i++)
        print_run(runs->pdata[i], width, labels[i]);
}

/* hash: of the study's images. */
static void print_json(const GPtrArray *runs, const char *hash)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (guint i = 0; i < runs->len; i++) {
        json_builder_begin_object(builder);
        rh_json_run(builder, runs->pdata[i]);
        rh_json_text(builder, "data", rh_data_identity_name(rh_run_data_identity(runs->pdata[i], hash)));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    rh_json_print(builder);
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean as_json = FALSE;
    const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print a JSON array", NULL},
        {NULL},
    };
    if (!rh_command_parse(command, options, arguments, 1, 1, error))
        return FALSE;
    g_autoptr(RhStudy) study = rh_command_open_study((*arguments)[1], error);
    if (study == NULL)
        return FALSE;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) runs = rh_run_list(study, notes);
    rh_warn_notes(notes);
    g_autofree char *hash = runs->len > 0 ? rh_command_images_hash(study) : NULL;
    for (guint i = 0; i < runs->len; i++)
        rh_warn_other_data(runs->pdata[i], hash);
    (as_json ? print_json : print_text)(runs, hash);
    return TRUE;
}

const RhCommand rh_command_runs = {
    .name = "runs",
    .arguments = "STUDY",
    .summary = "List the runs of a study",
    .run = run,
};
