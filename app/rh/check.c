/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh check: what is amiss in a study. */
#include "study/check.h"
#include "base/error.h"
#include "command.h"
#include "output.h"

static void print_json(const GPtrArray *findings)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (guint i = 0; i < findings->len; i++) {
        const RhFinding *finding = g_ptr_array_index(findings, i);
        json_builder_begin_object(builder);
        rh_json_text(builder, "file", finding->file);
        rh_json_text(builder, "reason", finding->reason);
        rh_json_flag(builder, "repaired", finding->repaired);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    rh_json_print(builder);
}

static void print_text(const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const RhFinding *finding = g_ptr_array_index(findings, i);
        g_print("%s: %s%s\n", finding->file, finding->reason, finding->repaired ? " Removed." : "");
    }
    if (findings->len == 0)
        g_print("All is well.\n");
}

static guint count_left(const GPtrArray *findings)
{
    guint left = 0;
    for (guint i = 0; i < findings->len; i++)
        left += !((const RhFinding *)g_ptr_array_index(findings, i))->repaired;
    return left;
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean repair = FALSE, as_json = FALSE;
    const GOptionEntry options[] = {
        {"repair", 0, 0, G_OPTION_ARG_NONE, &repair, "Remove what programs that were killed have left", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print a JSON array", NULL},
        {NULL},
    };
    if (!rh_command_parse(command, options, arguments, 1, 1, error))
        return FALSE;
    const char *folder = (*arguments)[1];
    g_autoptr(GPtrArray) findings = rh_study_check(folder, repair, error);
    if (findings == NULL)
        return FALSE;
    (as_json ? print_json : print_text)(findings);
    const guint left = count_left(findings);
    if (left > 0)
        g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH, "“%s” is not in order: %u %s amiss.", folder, left,
                    left == 1 ? "thing is" : "things are");
    return left == 0;
}

const RhCommand rh_command_check = {
    .name = "check",
    .arguments = "STUDY",
    .summary = "Look for what is amiss in a study",
    .description = "Reads every table, image, mask and weight, and compares the runs with what they were "
                   "made from. A line\n"
                   "each: file, and what is wrong with it. The exit status is 0 when all is well, or was "
                   "repaired. --repair\n"
                   "removes what is certainly a leftover of this program, and nothing else.",
    .run = run,
};
