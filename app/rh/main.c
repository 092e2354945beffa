/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The command line of Red Herring. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/text.h"
#include "command.h"
#include "config.h"

static const RhCommand *const commands[] = {
    &rh_command_new,   &rh_command_split,    &rh_command_check,   &rh_command_train, &rh_command_runs,
    &rh_command_shift, &rh_command_explain,  &rh_command_verify,  &rh_command_bench, &rh_command_methods,
    &rh_command_maps,  &rh_command_networks, &rh_command_kernels,
};

enum { WRONG_USAGE = 2 };

static void print_help(void)
{
    g_print("Usage: rh COMMAND [OPTION…] …\n\n"
            "Trains image classifiers with and without an expert's masks, and shows what they look at and "
            "how they\n"
            "hold when the confounder turns against them. For research and teaching, not for diagnosis.\n\n"
            "Commands:\n");
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        g_print("  %-10s%s\n", commands[i]->name, commands[i]->summary);
    g_print("\n“rh COMMAND --help” tells a command's options, “rh --version” the version.\n\n"
            "An example:\n"
            "  rh new synthetic --variant hard demo\n"
            "  rh train demo --method baseline --network small --seed 1234\n"
            "  rh train demo --method actdiff --network small --seed 1234\n"
            "  rh shift demo\n"
            "  rh explain demo --map integrated-gradients --image 3 --out heat.png\n\n"
            "Exit status: 0 done, 1 failed, 2 wrong usage, 75 interrupted: give the same command again.\n");
}

static const RhCommand *find_command(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_str_equal(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static int report(const RhCommand *command, const GError *error)
{
    gboolean usage = error->domain == G_OPTION_ERROR || g_error_matches(error, RH_ERROR, RH_ERROR_USAGE);
    rh_warn("%s", error->message);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return EX_TEMPFAIL;
    if (!usage)
        return EXIT_FAILURE;
    g_printerr("Try “rh %s --help”.\n", command->name);
    return WRONG_USAGE;
}

static int run(const RhCommand *command, char **argv)
{
    g_auto(GStrv) arguments = g_strdupv(argv);
    g_autoptr(GError) error = NULL;
    gboolean done = command->run(command, &arguments, &error);
    if (fflush(stdout) != 0 && error == NULL)
        g_set_error_literal(&error, RH_ERROR, RH_ERROR_MISSING, "Standard output cannot be written.");
    return error == NULL && done ? EXIT_SUCCESS : report(command, error);
}

/* Names come from studies that somebody else may have made: none of them may steer the terminal. */
static void print_plain(const char *text, FILE *stream)
{
    g_autofree char *plain = rh_text_plain(text);
    fputs(plain, stream);
}

static void print(const char *text)
{
    print_plain(text, stdout);
}

static void print_error(const char *text)
{
    print_plain(text, stderr);
}

int main(int argc, char **argv)
{
    /* Arguments come in the user's locale. Output is UTF-8, in English and with numbers of the C locale
     * wherever it is made, so that other programs can read it. */
    setlocale(LC_CTYPE, "");
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is told as a full disk is */
    g_set_print_handler(print);
    g_set_printerr_handler(print_error);
    g_set_prgname("rh");
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name == NULL) {
        rh_warn("A command is needed.");
        g_printerr("Try “rh --help”.\n");
        return WRONG_USAGE;
    }
    if (g_str_equal(name, "--version")) {
        g_print("rh (Red Herring) %s\n", RH_VERSION);
        return EXIT_SUCCESS;
    }
    gboolean help = g_str_equal(name, "help");
    if (g_str_equal(name, "--help") || g_str_equal(name, "-h") || (help && argc == 2)) {
        print_help();
        return EXIT_SUCCESS;
    }
    const RhCommand *command = find_command(help ? argv[2] : name);
    if (command == NULL) {
        rh_warn("There is no command “%s”.", help ? argv[2] : name);
        g_printerr("Try “rh --help”.\n");
        return WRONG_USAGE;
    }
    char *ask[] = {argv[0], (char[]){"--help"}, NULL};
    return run(command, help ? ask : argv + 1);
}
