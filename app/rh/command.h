/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "study/run.h"
#include "tensor/kernels.h"

/* The sub-commands of rh: one file each, one table in main.c. */
typedef struct _RhCommand RhCommand;

struct _RhCommand {
    const char *name;        /* "train" */
    const char *arguments;   /* "STUDY" */
    const char *summary;     /* one line of rh --help */
    const char *description; /* stands under the options in rh NAME --help; may be NULL */
    /* arguments: NULL-terminated, the first is the program's name; taken over and freed by main.c. FALSE with
     * an error; G_OPTION_ERROR and RH_ERROR_USAGE mean wrong usage (exit status 2), G_IO_ERROR_CANCELLED
     * interrupted (75), others failure (1). */
    gboolean (*run)(const RhCommand *command, GStrv *arguments, GError **error);
};

extern const RhCommand rh_command_new, rh_command_split, rh_command_check, rh_command_train, rh_command_runs,
    rh_command_shift, rh_command_explain, rh_command_verify, rh_command_methods, rh_command_maps,
    rh_command_networks, rh_command_kernels, rh_command_bench;

/* Takes the options out of the arguments and checks that `least` to `most` arguments remain, which then start
 * at arguments[1]. --help prints and ends the program. */
gboolean rh_command_parse(const RhCommand *command, const GOptionEntry *options, GStrv *arguments,
                          guint least, guint most, GError **error);
/* Refuses with RH_ERROR_USAGE and the option's name what lies outside low … high (or is no number). */
gboolean rh_option_in_range(const char *option, double value, double low, double high, GError **error);
/* What is named; NULL: the fastest. */
gboolean rh_option_kernels(const char *name, const RhKernels **kernels, GError **error);
#define RH_OPTION_KERNELS(place)                                                                             \
    {                                                                                                        \
        "kernels", 0, 0, G_OPTION_ARG_STRING, place,                                                         \
            "What it is computed with (auto: the fastest this processor can run); see “rh kernels”", "NAME"  \
    }
/* "1,2,3" as an array of guint64. */
GArray *rh_option_numbers(const char *option, const char *text, GError **error);
/* Opens a study; says how to make one if `folder` is none. */
RhStudy *rh_command_open_study(const char *folder, GError **error);
/* "rh: sentence" on standard error. */
void rh_warn(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* The same for what leaves a run without a result, if anything does. */
void rh_warn_fault(const RhRun *run);
/* The same for a list of notes of the engine (char*). */
void rh_warn_notes(const GPtrArray *notes);
