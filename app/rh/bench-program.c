/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-program.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/error.h"
#include "config.h"

#define OUR_PREFIX "rh: "

/* More than any program says that prints results. */
#define TEXT_BYTES_MAX ((gsize)16 << 20)

/* What a program said until it ended. */
typedef struct {
    char *output, *errors;
    char *failure; /* "with exit status 3"; NULL if it did what it should */
} Ending;

static void ending_clear(Ending *ending)
{
    g_free(ending->output);
    g_free(ending->errors);
    g_free(ending->failure);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ending, ending_clear)

/* A group of its own, so that a shell and all it has started can be ended together; without us the program
 * has no business. */
static void set_up_child(gpointer unused)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* What has been written to the file, as valid text. */
static char *text_of(int file)
{
    g_autofree char *text = g_malloc(TEXT_BYTES_MAX);
    gsize length = 0;
    gssize got;
    while (length < TEXT_BYTES_MAX &&
           (got = pread(file, text + length, TEXT_BYTES_MAX - length, (off_t)length)) > 0)
        length += (gsize)got;
    return g_utf8_make_valid(text, (gssize)length);
}

static char *failure_of(GSubprocess *program)
{
    if (g_subprocess_get_successful(program))
        return NULL;
    if (g_subprocess_get_if_exited(program))
        return g_strdup_printf("with exit status %d", g_subprocess_get_exit_status(program));
    return g_strdup_printf("on signal %d", g_subprocess_get_term_sig(program));
}

/* FALSE if it cannot be started, or is not waited for to its end. */
static gboolean run_into(const char *const *arguments, int output, int errors, GCancellable *cancellable,
                         Ending *ending, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    g_subprocess_launcher_take_stdout_fd(launcher, dup(output));
    g_subprocess_launcher_take_stderr_fd(launcher, dup(errors));
    g_subprocess_launcher_set_child_setup(launcher, set_up_child, NULL, NULL);
    g_autoptr(GSubprocess) program = g_subprocess_launcher_spawnv(launcher, arguments, error);
    if (program == NULL)
        return FALSE;
    const char *identifier = g_subprocess_get_identifier(program);
    pid_t group = identifier != NULL ? atoi(identifier) : 0;
    if (!g_subprocess_wait(program, cancellable, error)) {
        if (group > 0)
            kill(-group, SIGTERM);
        g_subprocess_wait(program, NULL, NULL);
        return FALSE;
    }
    ending->output = text_of(output);
    ending->errors = text_of(errors);
    ending->failure = failure_of(program);
    return TRUE;
}

/* Into files in memory, not through pipes: a program that says much does not wait for us, and none of GLib's
 * threads runs beside the one that is timed. */
static gboolean run(const char *const *arguments, GCancellable *cancellable, Ending *ending, GError **error)
{
    int output = memfd_create("output", MFD_CLOEXEC), errors = memfd_create("errors", MFD_CLOEXEC);
    gboolean done = FALSE;
    if (output < 0 || errors < 0)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "There is no file in memory to be had: %s.",
                    g_strerror(errno));
    else
        done = run_into(arguments, output, errors, cancellable, ending, error);
    if (output >= 0)
        close(output);
    if (errors >= 0)
        close(errors);
    return done;
}

/* The last line with anything in it; NULL if there is none. Free with g_free. */
static char *last_line(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = g_strv_length(lines); i > 0; i--)
        if (*g_strstrip(lines[i - 1]) != '\0')
            return g_strdup(lines[i - 1]);
    return NULL;
}

/* The last result of the task. */
static gboolean find_result(const char *output, const char *task, RhBenchResult *result)
{
    g_auto(GStrv) lines = g_strsplit(output, "\n", -1);
    for (guint i = g_strv_length(lines); i > 0; i--) {
        if (!rh_bench_result_parse(result, lines[i - 1]))
            continue;
        if (g_str_equal(result->task, task))
            return TRUE;
        rh_bench_result_clear(result);
    }
    return FALSE;
}

static gboolean is_usable(const Ending *ending, const char *task, RhBenchResult *result)
{
    return ending->failure == NULL && find_result(ending->output, task, result);
}

/* In one sentence. */
static void refuse(const char *who, const Ending *ending, const char *task, GError **error)
{
    g_autofree char *told = last_line(ending->errors);
    if (told == NULL)
        told = last_line(ending->output);
    g_autofree char *said = told != NULL ? g_strdup_printf("said last “%s”", told) : g_strdup("said nothing");
    if (ending->failure != NULL)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "%s failed on %s %s and %s.", who, task,
                    ending->failure, said);
    else
        g_set_error(error, RH_ERROR, RH_ERROR_FORMAT, "%s printed no usable result of %s and %s.", who, task,
                    said);
}

/* The sentence with which one of our programs refuses; NULL if there is none. */
static const char *refusal_in(const char *errors)
{
    const char *found = NULL;
    for (const char *line = errors; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (g_str_has_prefix(line, OUR_PREFIX))
            found = line + strlen(OUR_PREFIX);
    }
    return found;
}

gboolean rh_bench_ask_own(const char *const *arguments, const char *task, GCancellable *cancellable,
                          RhBenchResult *result, GError **error)
{
    g_auto(Ending) ending = {NULL};
    if (!run(arguments, cancellable, &ending, error))
        return FALSE;
    if (is_usable(&ending, task, result))
        return TRUE;
    const char *refusal = refusal_in(ending.errors);
    if (refusal != NULL)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "%.*s", (int)strcspn(refusal, "\n"), refusal);
    else
        refuse("Our own program", &ending, task, error);
    return FALSE;
}

/* Beside this program where it was built, in a folder of helpers where it was installed. */
static char *find_helper(const char *program)
{
    g_autofree char *own = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = own != NULL ? g_path_get_dirname(own) : g_strdup(".");
    const char *const folders[] = {folder, RH_HELPERS};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(folders[i], program, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return NULL;
}

gboolean rh_bench_ask_helper(const char *program, const char *const *arguments, const char *task,
                             GCancellable *cancellable, RhBenchResult *result, GError **error)
{
    g_autofree char *path = find_helper(program);
    if (path == NULL) {
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING,
                    "The window cannot be timed, for %s is not beside rh; build with the window (gtk4, "
                    "libadwaita).",
                    program);
        return FALSE;
    }
    g_autoptr(GStrvBuilder) command = g_strv_builder_new();
    g_strv_builder_add(command, path);
    g_strv_builder_addv(command, (const char **)arguments);
    g_auto(GStrv) all = g_strv_builder_end(command);
    return rh_bench_ask_own((const char *const *)all, task, cancellable, result, error);
}

static char *command_for(const char *command, const char *task)
{
    if (strstr(command, "%s") == NULL)
        return g_strdup_printf("%s %s", command, task);
    g_auto(GStrv) parts = g_strsplit(command, "%s", -1);
    return g_strjoinv(task, parts);
}

gboolean rh_bench_ask_peer(const char *command, const char *task, GCancellable *cancellable,
                           RhBenchResult *result, GError **error)
{
    g_auto(Ending) ending = {NULL};
    g_autofree char *with_task = command_for(command, task);
    const char *const arguments[] = {"/bin/sh", "-c", with_task, NULL};
    if (!run(arguments, cancellable, &ending, error))
        return FALSE;
    if (is_usable(&ending, task, result))
        return TRUE;
    refuse("The peer", &ending, task, error);
    return FALSE;
}
