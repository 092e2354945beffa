/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh verify: the engine against reference files. */
#include "study/verify.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "command.h"
#include "output.h"

/* NULL: there was nothing to compare. */
static const char *verdict(const RhVerification *line)
{
    if (isnan(line->limit))
        return NULL;
    return line->ok ? "ok" : "FAIL";
}

static void print_line(const RhVerification *line)
{
    if (verdict(line) != NULL)
        g_print("%-58s %10.3g %10.3g  %s\n", line->quantity, line->error, line->limit, verdict(line));
    else
        g_print("%-58s %10s %10s  not checked: there is no such map here\n", line->quantity, "-", "-");
}

static void build_line(const char *path, const RhVerification *line, JsonBuilder *builder)
{
    json_builder_begin_object(builder);
    rh_json_text(builder, "file", path);
    rh_json_text(builder, "quantity", line->quantity);
    rh_json_value(builder, "error", line->error);
    rh_json_value(builder, "limit", line->limit);
    json_builder_set_member_name(builder, "ok");
    if (verdict(line) != NULL)
        json_builder_add_boolean_value(builder, line->ok);
    else
        json_builder_add_null_value(builder);
    json_builder_end_object(builder);
}

/* FALSE with an error if the file cannot be used. */
static gboolean verify_file(const char *path, const RhKernels *kernels, RhPool *pool, JsonBuilder *builder,
                            guint *checked, guint *failed, GError **error)
{
    g_autoptr(GArray) lines = rh_verify_file(path, kernels, pool, error);
    if (lines == NULL)
        return FALSE;
    if (builder == NULL)
        g_print("%-58s %10s %10s\n", path, "error", "limit");
    for (guint i = 0; i < lines->len; i++) {
        const RhVerification *line = &g_array_index(lines, RhVerification, i);
        if (builder != NULL)
            build_line(path, line, builder);
        else
            print_line(line);
        *checked += verdict(line) != NULL;
        *failed += !line->ok;
    }
    fflush(stdout);
    return TRUE;
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    gboolean as_json = FALSE;
    int threads = 0;
    g_autofree char *name = NULL;
    const RhKernels *kernels;
    const GOptionEntry options[] = {
        RH_OPTION_KERNELS(&name),
        {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads; 0 (default): one for each processor", "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print a JSON array", NULL},
        {NULL},
    };
    if (!rh_command_parse(command, options, arguments, 1, G_MAXUINT, error) ||
        !rh_option_in_range("threads", threads, 0, 1024, error) || !rh_option_kernels(name, &kernels, error))
        return FALSE;
    g_autoptr(RhPool) pool = rh_pool_new((guint)threads);
    g_autoptr(JsonBuilder) builder = as_json ? json_builder_new() : NULL;
    guint checked = 0, failed = 0, unusable = 0;
    if (builder != NULL)
        json_builder_begin_array(builder);
    for (char **path = *arguments + 1; *path != NULL; path++) {
        g_autoptr(GError) refused = NULL;
        if (!verify_file(*path, kernels, pool, builder, &checked, &failed, &refused)) {
            rh_warn("%s", refused->message);
            unusable++;
        }
    }
    if (builder != NULL) {
        json_builder_end_array(builder);
        rh_json_print(builder);
    }
    if (unusable > 0)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "%u of the files could not be verified.", unusable);
    else if (failed > 0)
        g_set_error(error, RH_ERROR, RH_ERROR_MISMATCH, "%u of %u quantities lie outside their limits.",
                    failed, checked);
    return unusable == 0 && failed == 0;
}

const RhCommand rh_command_verify = {
    .name = "verify",
    .arguments = "FILE…",
    .summary = "Compare the engine with reference files computed by another program",
    .description =
        "One line a quantity: its relative error (scores: absolute), the limit, ok or FAIL; what the\n"
        "engine has not got is not checked, and is said. The exit status is 1 if any quantity fails.",
    .run = run,
};
