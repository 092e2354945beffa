/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh split: divides the images of a study anew. */
#include "command.h"
#include "splitting.h"

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    RhSplitOptions split = RH_SPLIT_OPTIONS_NONE;
    const GOptionEntry options[] = {RH_SPLIT_OPTION_ENTRIES(split), {NULL}};
    g_autoptr(RhStudy) study = NULL;
    gboolean done = rh_command_parse(command, options, arguments, 1, 1, error) &&
                    (study = rh_command_open_study((*arguments)[1], error)) != NULL &&
                    rh_split_options_apply(&split, &study->split, error) &&
                    rh_split_cases(study->cases, &study->split, error) && rh_study_save(study, error);
    rh_split_options_clear(&split);
    if (done)
        rh_print_splits(study);
    return done;
}

const RhCommand rh_command_split = {
    .name = "split",
    .arguments = "STUDY",
    .summary = "Divide the images of a study anew into training, validation and test",
    .description = "Runs that were trained before keep their results; an unfinished one cannot go on.",
    .run = run,
};
