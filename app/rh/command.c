/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"

#include <errno.h>
#include <math.h>

#include "base/error.h"

/* The option that an argument names, NULL if none; `inner`: its value stands in the same argument. */
static const GOptionEntry *option_of(const GOptionEntry *options, const char *argument, gboolean *inner)
{
    for (const GOptionEntry *option = options; option->long_name != NULL; option++) {
        g_autofree char *name = g_strconcat("--", option->long_name, NULL);
        const gsize length = strlen(name);
        *inner = g_str_has_prefix(argument, name) && argument[length] == '=';
        const gboolean is_short = argument[0] == '-' && argument[1] == option->short_name &&
                                  option->short_name != '\0' && argument[2] == '\0';
        if (*inner || is_short || g_str_equal(argument, name))
            return option;
    }
    return NULL;
}

/* Of an option that is given twice the first would be forgotten without a word. */
static gboolean check_once(const GOptionEntry *options, char *const *arguments, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (char *const *at = arguments + 1; *at != NULL && !g_str_equal(*at, "--"); at++) {
        gboolean inner;
        const GOptionEntry *option = option_of(options, *at, &inner);
        if (option == NULL || option->arg == G_OPTION_ARG_STRING_ARRAY ||
            option->arg == G_OPTION_ARG_FILENAME_ARRAY)
            continue;
        if (option->arg != G_OPTION_ARG_NONE && !inner && at[1] != NULL)
            at++;
        if (option->arg != G_OPTION_ARG_NONE && !g_hash_table_add(seen, (gpointer)option->long_name)) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s is given twice; give it once.",
                        option->long_name);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean rh_command_parse(const RhCommand *command, const GOptionEntry *options, GStrv *arguments,
                          guint least, guint most, GError **error)
{
    g_autofree char *program = g_strconcat("rh ", command->name, NULL);
    g_set_prgname(program);
    g_autoptr(GOptionContext) context = g_option_context_new(command->arguments);
    g_option_context_set_summary(context, command->summary);
    if (command->description != NULL)
        g_option_context_set_description(context, command->description);
    if (options != NULL && !check_once(options, *arguments, error))
        return FALSE;
    if (options != NULL)
        g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse_strv(context, arguments, error))
        return FALSE;
    guint count = g_strv_length(*arguments) - 1;
    if (count > 0 && g_str_equal((*arguments)[1], "--")) {
        char **rest = *arguments;
        g_free(rest[1]);
        memmove(&rest[1], &rest[2], count * sizeof *rest);
        count--;
    }
    if (count < least) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "rh %s needs %s.", command->name, command->arguments);
        return FALSE;
    }
    if (count > most) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "rh %s does not know what to do with “%s”.",
                    command->name, (*arguments)[most + 1]);
        return FALSE;
    }
    return TRUE;
}

/* Whole numbers with all their digits. */
static char *number_text(double value)
{
    return fabs(value) < 1e15 && value == trunc(value) ? g_strdup_printf("%.0f", value)
                                                       : g_strdup_printf("%g", value);
}

gboolean rh_option_in_range(const char *option, double value, double low, double high, GError **error)
{
    if (value >= low && value <= high)
        return TRUE;
    g_autofree char *given = number_text(value), *least = number_text(low), *most = number_text(high);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s must lie between %s and %s, not %s.", option, least,
                most, given);
    return FALSE;
}

gboolean rh_option_kernels(const char *name, const RhKernels **kernels, GError **error)
{
    *kernels = name != NULL ? rh_kernels_find(name, error) : rh_kernels_fastest();
    return *kernels != NULL;
}

GArray *rh_option_numbers(const char *option, const char *text, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        guint64 number;
        if (!g_ascii_string_to_unsigned(g_strstrip(parts[i]), 10, 0, G_MAXINT64, &number, NULL)) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                        "--%s takes whole numbers with commas between them, as in 1,2,3, not “%s”.", option,
                        text);
            return NULL;
        }
        g_array_append_val(numbers, number);
    }
    if (numbers->len == 0) {
        g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s needs a number.", option);
        return NULL;
    }
    return g_steal_pointer(&numbers);
}

RhStudy *rh_command_open_study(const char *folder, GError **error)
{
    if (rh_study_is_one(folder)) {
        RhStudy *study = rh_study_open(folder, error);
        if (study != NULL)
            rh_warn_notes(study->notes);
        return study;
    }
    if (!g_file_test(folder, G_FILE_TEST_EXISTS))
        g_set_error(
            error, RH_ERROR, RH_ERROR_MISSING,
            "There is no study “%s”; make one with “rh new synthetic %s” or “rh new folder IMAGES %s”.",
            folder, folder, folder);
    else
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    "“%s” is no study, for it has no study.ini; make a study of the images in it with "
                    "“rh new folder %s STUDY”.",
                    folder, folder);
    return NULL;
}

void rh_warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_printerr("rh: %s\n", sentence);
}

void rh_warn_fault(const RhRun *run)
{
    if (run->fault != NULL)
        rh_warn("%s", run->fault);
}

void rh_warn_notes(const GPtrArray *notes)
{
    for (guint i = 0; i < notes->len; i++)
        rh_warn("%s", (const char *)g_ptr_array_index(notes, i));
}
