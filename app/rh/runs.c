/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh runs: the runs of a study. */
#include "command.h"
#include "run-json.h"
#include "selection.h"
#include "study/run-shift.h"

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
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    if (!as_json)
        g_print("%-32s %-12s %-10s epoch  AUC at shift level 0 and 1\n", "run", "state", "seed");
    for (guint i = 0; i < runs->len; i++) {
        const RhRun *item = g_ptr_array_index(runs, i);
        const RhShiftPoint ends[2] = {rh_run_shift_value(item, 0), rh_run_shift_value(item, 1)};
        rh_warn_fault(item);
        if (as_json) {
            json_builder_begin_object(builder);
            rh_json_run(builder, item);
            rh_json_text(builder, "data", rh_data_identity_name(rh_run_data_identity(item, hash)));
            json_builder_end_object(builder);
        } else
            g_print("%-32s %-12s %-10" G_GUINT64_FORMAT " %2u/%-4u %s  %s\n", item->name,
                    rh_run_state_name(item->state), item->settings.seed, item->metrics->len,
                    item->settings.epochs, rh_value_text(ends[0].auc).text, rh_value_text(ends[1].auc).text);
    }
    json_builder_end_array(builder);
    if (as_json)
        rh_json_print(builder);
    return TRUE;
}

const RhCommand rh_command_runs = {
    .name = "runs",
    .arguments = "STUDY",
    .summary = "List the runs of a study",
    .run = run,
};
