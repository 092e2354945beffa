/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* rh bench: how long whole units of work take, alone or beside another program. */
#include <stdio.h>

#include "base/error.h"
#include "base/peak.h"
#include "bench-growth.h"
#include "bench-peer.h"
#include "bench-table.h"
#include "bench-task.h"
#include "command.h"
#include "config.h"
#include "interrupt.h"

#define GROWTH "growth" /* in place of tasks */
#define ROUNDS 5

/* As they come from the command line. */
typedef struct {
    char *network, *kernels, *peer, *over, *out;
    char **methods, **maps;
    int width, size, batch, threads, runs, rounds;
    double peak;
    gboolean as_json, quiet;
} Options;

static void clear_options(Options *options)
{
    g_free(options->network);
    g_free(options->kernels);
    g_free(options->peer);
    g_free(options->over);
    g_free(options->out);
    g_strfreev(options->methods);
    g_strfreev(options->maps);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean parse(const RhCommand *command, GStrv *arguments, Options *given, GError **error)
{
    const GOptionEntry options[] = {
        {"method", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &given->methods,
         "Methods whose step is timed, with commas or again and again (all); see “rh methods”", "NAME"},
        {"map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given->maps, "Maps likewise (all); see “rh maps”", "NAME"},
        {"network", 'n', 0, G_OPTION_ARG_STRING, &given->network, "Network (resnet18); see “rh networks”",
         "NAME"},
        {"width", 0, 0, G_OPTION_ARG_INT, &given->width, "Channels of the network's first stage", "N"},
        {"size", 0, 0, G_OPTION_ARG_INT, &given->size, "Side of the images in pixels (28)", "N"},
        {"batch", 0, 0, G_OPTION_ARG_INT, &given->batch, "Images in a batch (16)", "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &given->threads, "Threads (2); 0: one for each processor", "N"},
        RH_OPTION_KERNELS(&given->kernels),
        {"runs", 0, 0, G_OPTION_ARG_INT, &given->runs, "Timed runs, after two to warm up (11)", "N"},
        {"peer", 0, 0, G_OPTION_ARG_STRING, &given->peer, "Time this program in turn with ours, and compare",
         "COMMAND"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &given->rounds, "Turns of each, with --peer (5)", "N"},
        {"over", 0, 0, G_OPTION_ARG_STRING, &given->over,
         "What grows: batch (default), size, width or threads", "SETTING"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &given->out, "Chart of the growth: .png, .svg, .pdf or .csv",
         "FILE"},
        {"peak", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_DOUBLE, &given->peak,
         "The machine's peak, measured before", "GFLOPS"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &given->quiet, "No progress", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &given->as_json, "Print a JSON object a task, a line each", NULL},
        {NULL},
    };
    return rh_command_parse(command, options, arguments, 0, G_MAXUINT, error);
}

static gboolean check_ranges(const Options *given, GError **error)
{
    return (given->width == -1 || rh_option_in_range("width", given->width, 1, 1024, error)) &&
           rh_option_in_range("size", given->size, 8, 4096, error) &&
           rh_option_in_range("batch", given->batch, 1, 4096, error) &&
           rh_option_in_range("threads", given->threads, 0, 1024, error) &&
           rh_option_in_range("runs", given->runs, 1, 10000, error) &&
           (given->rounds == -1 || rh_option_in_range("rounds", given->rounds, 1, 1000, error));
}

static gboolean take_settings(const Options *given, RhBenchSettings *settings, GError **error)
{
    const RhNetworkKind *network =
        rh_network_kind_find(given->network != NULL ? given->network : "resnet18", error);
    const RhKernels *kernels;
    if (network == NULL || !rh_option_kernels(given->kernels, &kernels, error) || !check_ranges(given, error))
        return FALSE;
    *settings = (RhBenchSettings){
        .network = network,
        .kernels = kernels,
        .width = given->width != -1 ? (guint)given->width : network->default_width,
        .threads = given->threads > 0 ? (guint)given->threads : g_get_num_processors(),
        .size = (guint)given->size,
        .batch = (guint)given->batch,
        .runs = (guint)given->runs,
        .peak = given->peak,
    };
    return TRUE;
}

/* What is to be done. */
typedef struct {
    const Options *given;
    RhBenchSettings settings;
    GArray *items; /* RhBenchItem */
    gboolean grows;
    RhBenchGrowth growth;
    RhBenchPeer peer;
    RhProgress progress;
} Job;

static GArray *select_items(const Options *given, char *const *names, gboolean grows, GError **error)
{
    const RhBenchChoice choices[] = {{"method", given->methods}, {"map", given->maps}};
    if (!grows)
        return rh_bench_select(names, choices, G_N_ELEMENTS(choices), error);
    char *const step[] = {(char[]){"step"}, NULL}, *const baseline[] = {(char[]){"baseline"}, NULL};
    return rh_bench_select(given->methods != NULL ? step : baseline, choices, G_N_ELEMENTS(choices), error);
}

/* Options that would do nothing are refused. */
static gboolean check_meaning(const Options *given, gboolean grows, GError **error)
{
    const struct {
        const char *option, *meaning;
        gboolean wrong;
    } options[] = {
        {"over", "without " GROWTH, !grows && given->over != NULL},
        {"out", "without " GROWTH, !grows && given->out != NULL},
        {"peer", "with " GROWTH, grows && given->peer != NULL},
        {"rounds", "without --peer", given->rounds != -1 && given->peer == NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(options); i++)
        if (options[i].wrong) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s has no meaning %s.", options[i].option,
                        options[i].meaning);
            return FALSE;
        }
    return TRUE;
}

static void print_header(const RhBenchSettings *settings, const char *vectors)
{
    g_print(
        "redherring %s: %s (width %u), %u×%u, batch %u, kernels %s, %u thread%s, whose peak is %.0f GFLOP/s "
        "(%s)\n",
        RH_VERSION, settings->network->id, settings->width, settings->size, settings->size, settings->batch,
        rh_kernels_id(settings->kernels), settings->threads, settings->threads > 1 ? "s" : "", settings->peak,
        vectors);
}

/* Unless it was measured before. */
static void find_peak(Job *job)
{
    const char *vectors = "as given";
    if (job->settings.peak <= 0)
        job->settings.peak = rh_peak_measure(job->settings.threads, &vectors);
    if (!job->given->as_json)
        print_header(&job->settings, vectors);
}

static const RhBenchColumn columns[] = {
    {"median, ms", 10, 3}, {"lowest", 9, 3},  {"25 %", 9, 3},      {"75 %", 9, 3},     {"99 %", 9, 3},
    {"highest", 9, 3},     {"GFLOP/s", 8, 1}, {"% of peak", 9, 1}, {"images/s", 9, 1}, {"memory, MB", 10, 0},
};

static void print_text(const RhBenchResult *result)
{
    const double values[] = {result->median_ms,        result->min_ms,           result->quartile_low_ms,
                             result->quartile_high_ms, result->percentile_99_ms, result->max_ms,
                             result->gflops,           100 * result->peak_share, result->images_per_second,
                             result->peak_rss_mb};
    rh_bench_table_row(result->task, columns, G_N_ELEMENTS(columns), values);
}

static gboolean measure_item(Job *job, const RhBenchItem *item, GCancellable *cancellable, GError **error)
{
    g_auto(RhBenchResult) result = {NULL};
    gboolean measured =
        job->items->len == 1
            ? rh_bench_measure(item, &job->settings, &job->progress, cancellable, &result, error)
            : rh_bench_measure_apart(item, &job->settings, cancellable, &result, error);
    rh_progress_clear(&job->progress);
    if (measured)
        (job->given->as_json ? rh_bench_result_print : print_text)(&result);
    return measured;
}

static gboolean do_item(Job *job, const RhBenchItem *item, GCancellable *cancellable, GError **error)
{
    if (job->peer.command != NULL)
        return rh_bench_compare(item, &job->settings, &job->peer, &job->progress, cancellable, error);
    rh_progress_show(&job->progress, "%s", item->name);
    if (job->items->len > 1)
        rh_progress_log(&job->progress, "%s", item->name);
    return measure_item(job, item, cancellable, error);
}

static void print_head(const Job *job)
{
    if (job->peer.command != NULL)
        rh_bench_compare_head(&job->peer);
    else if (!job->given->as_json)
        rh_bench_table_head("task", columns, G_N_ELEMENTS(columns));
}

/* One that fails is told, and the others are gone on with. */
static gboolean do_items(Job *job, GCancellable *cancellable, GError **error)
{
    guint count = job->items->len, failed = 0;
    print_head(job);
    for (guint i = 0; i < count; i++) {
        const RhBenchItem *item = &g_array_index(job->items, RhBenchItem, i);
        g_autoptr(GError) reason = NULL;
        if (do_item(job, item, cancellable, &reason))
            continue;
        if (count == 1 || g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&reason));
            return FALSE;
        }
        failed += !item->optional;
        rh_warn("%s%s", reason->message, item->optional ? " The task is left out." : "");
    }
    if (failed > 0)
        g_set_error(error, RH_ERROR, RH_ERROR_MISSING, "%u of %u tasks could not be timed.", failed, count);
    return failed == 0;
}

static gboolean work(gpointer data, GCancellable *cancellable, GError **error)
{
    Job *job = data;
    find_peak(job);
    if (job->grows)
        return rh_bench_grow(job->items, &job->settings, &job->growth, &job->progress, cancellable, error);
    return do_items(job, cancellable, error);
}

/* FALSE if something of it is refused. */
static gboolean prepare(Job *job, char *const *names, GError **error)
{
    const Options *given = job->given;
    job->grows = names[0] != NULL && names[1] == NULL && g_str_equal(names[0], GROWTH);
    job->growth = (RhBenchGrowth){
        .over = given->over != NULL ? given->over : "batch", .out = given->out, .as_json = given->as_json};
    job->peer = (RhBenchPeer){.command = given->peer,
                              .rounds = given->rounds != -1 ? (guint)given->rounds : ROUNDS,
                              .as_json = given->as_json};
    job->progress = rh_progress_start(given->quiet);
    if (!check_meaning(given, job->grows, error) || !take_settings(given, &job->settings, error) ||
        !rh_bench_growth_check(&job->growth, error))
        return FALSE;
    job->items = select_items(given, names, job->grows, error);
    return job->items != NULL;
}

/* The summary of each task, for the help. */
static char *describe_tasks(void)
{
    GString *text = g_string_new("Tasks (all, if none is named):\n");
    for (const RhBenchTask *const *task = rh_bench_tasks(); *task != NULL; task++)
        g_string_append_printf(text, "  %-17s%s\n", (*task)->name, (*task)->summary);
    g_string_append(
        text, "  growth           How a step's time grows with --over (method: baseline)\n\n"
              "A task can also be the name of one method or map alone: “rh bench gradmask”. Times are of\n"
              "whole units of work, the median of --runs; of several tasks each runs in a process of its\n"
              "own. The peer's command is given the task's name in place of %s in it, or behind it, and\n"
              "prints a line of JSON with “task” and “median_ms”.");
    return g_string_free(text, FALSE);
}

static gboolean run(const RhCommand *command, GStrv *arguments, GError **error)
{
    g_auto(Options) given = {.width = -1, .size = 28, .batch = 16, .threads = 2, .runs = 11, .rounds = -1};
    g_autofree char *description = describe_tasks();
    RhCommand described = *command;
    described.description = description;
    if (!parse(&described, arguments, &given, error))
        return FALSE;
    Job job = {.given = &given};
    gboolean done = prepare(&job, *arguments + 1, error) && rh_run_interruptibly(work, &job, error);
    g_clear_pointer(&job.items, g_array_unref);
    return done;
}

const RhCommand rh_command_bench = {
    .name = "bench",
    .arguments = "[TASK…]",
    .summary = "How fast this machine does the work, alone or beside another program",
    .run = run,
};
