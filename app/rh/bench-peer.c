/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-peer.h"

#include <math.h>
#include <stdio.h>

#include "base/quantile.h"
#include "bench-program.h"
#include "bench-table.h"
#include "command.h"
#include "output.h"

/* Two programs over the rounds. */
typedef struct {
    guint rounds; /* done */
    double *ours, *theirs, *ratios;
    double our_memory, their_memory; /* the most of any round */
    RhBenchResult our_last, their_last;
} Comparison;

static void comparison_init(Comparison *comparison, guint rounds)
{
    *comparison = (Comparison){.ours = g_new(double, rounds),
                               .theirs = g_new(double, rounds),
                               .ratios = g_new(double, rounds),
                               .our_memory = NAN,
                               .their_memory = NAN};
}

static void comparison_clear(Comparison *comparison)
{
    g_free(comparison->ours);
    g_free(comparison->theirs);
    g_free(comparison->ratios);
    rh_bench_result_clear(&comparison->our_last);
    rh_bench_result_clear(&comparison->their_last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Comparison, comparison_clear)

static gboolean run_round(const RhBenchItem *item, const RhBenchSettings *settings, const RhBenchPeer *peer,
                          GCancellable *cancellable, Comparison *comparison, GError **error)
{
    RhBenchResult *ours = &comparison->our_last, *theirs = &comparison->their_last;
    guint round = comparison->rounds;
    rh_bench_result_clear(ours);
    rh_bench_result_clear(theirs);
    if (!rh_bench_measure_apart(item, settings, cancellable, ours, error) ||
        !rh_bench_ask_peer(peer->command, item->name, cancellable, theirs, error))
        return FALSE;
    comparison->ours[round] = ours->median_ms;
    comparison->theirs[round] = theirs->median_ms;
    comparison->ratios[round] = theirs->median_ms / ours->median_ms;
    comparison->our_memory = fmax(comparison->our_memory, ours->peak_rss_mb);
    comparison->their_memory = fmax(comparison->their_memory, theirs->peak_rss_mb);
    comparison->rounds++;
    return TRUE;
}

/* What was asked of us and something else of the peer makes no comparison. */
static void check_settings(const Comparison *comparison)
{
    const RhBenchResult *ours = &comparison->our_last, *theirs = &comparison->their_last;
    const struct {
        const char *name;
        double ours, theirs;
    } settings[] = {{"threads", ours->threads, theirs->threads},
                    {"size", ours->size, theirs->size},
                    {"width", ours->width, theirs->width},
                    {"batch", ours->network != NULL && ours->batch > 1 ? ours->batch : NAN, theirs->batch}};
    for (guint i = 0; i < G_N_ELEMENTS(settings); i++)
        if (isfinite(settings[i].ours) && isfinite(settings[i].theirs) &&
            settings[i].ours != settings[i].theirs)
            rh_warn("The peer timed %s with %s %g, we with %g.", ours->task, settings[i].name,
                    settings[i].theirs, settings[i].ours);
}

static const RhBenchColumn columns[] = {{"ours, ms", 10, 3}, {"peer, ms", 10, 3}, {"ratio", 7, 2},
                                        {"lowest", 7, 2},    {"highest", 7, 2},   {"ours, MB", 8, 0},
                                        {"peer, MB", 8, 0},  {"share", 6, 2}};

static void print_text(const Comparison *comparison)
{
    guint rounds = comparison->rounds;
    const double values[] = {comparison->our_last.median_ms,
                             rh_quantile(comparison->theirs, rounds, 0.5),
                             rh_quantile(comparison->ratios, rounds, 0.5),
                             comparison->ratios[0],
                             comparison->ratios[rounds - 1],
                             comparison->our_memory,
                             comparison->their_memory,
                             comparison->our_memory / comparison->their_memory};
    rh_bench_table_row(comparison->our_last.task, columns, G_N_ELEMENTS(columns), values);
}

/* The last round's result becomes that of all rounds. */
static void sum_up(Comparison *comparison)
{
    RhBenchResult *ours = &comparison->our_last;
    double last = ours->median_ms;
    rh_bench_result_set_times(ours, comparison->ours, comparison->rounds);
    ours->gflops *= last / ours->median_ms;
    ours->peak_share *= last / ours->median_ms;
    ours->images_per_second *= last / ours->median_ms;
    ours->peak_rss_mb = comparison->our_memory;
    rh_sort_values(comparison->theirs, comparison->rounds);
    rh_sort_values(comparison->ratios, comparison->rounds);
}

static void print_json(const Comparison *comparison)
{
    guint rounds = comparison->rounds;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    rh_bench_result_build(&comparison->our_last, builder);
    rh_json_whole(builder, "rounds", rounds);
    rh_json_text(builder, "peer_program", comparison->their_last.program);
    rh_json_value(builder, "peer_median_ms", rh_quantile(comparison->theirs, rounds, 0.5));
    rh_json_value(builder, "ratio", rh_quantile(comparison->ratios, rounds, 0.5));
    rh_json_value(builder, "ratio_low", comparison->ratios[0]);
    rh_json_value(builder, "ratio_high", comparison->ratios[rounds - 1]);
    rh_json_value(builder, "peer_peak_rss_mb", comparison->their_memory);
    rh_json_value(builder, "peak_rss_ratio", comparison->our_memory / comparison->their_memory);
    json_builder_end_object(builder);
    rh_json_print_line(builder);
    fflush(stdout);
}

void rh_bench_compare_head(const RhBenchPeer *peer)
{
    if (!peer->as_json)
        rh_bench_table_head("task", columns, G_N_ELEMENTS(columns));
}

gboolean rh_bench_compare(const RhBenchItem *item, const RhBenchSettings *settings, const RhBenchPeer *peer,
                          RhProgress *progress, GCancellable *cancellable, GError **error)
{
    g_auto(Comparison) comparison;
    comparison_init(&comparison, peer->rounds);
    for (guint round = 0; round < peer->rounds; round++) {
        rh_progress_show(progress, "%s: round %u of %u", item->name, round + 1, peer->rounds);
        rh_progress_log(progress, "%s: round %u of %u", item->name, round + 1, peer->rounds);
        gboolean done = run_round(item, settings, peer, cancellable, &comparison, error);
        rh_progress_clear(progress);
        if (!done)
            return FALSE;
    }
    check_settings(&comparison);
    sum_up(&comparison);
    (peer->as_json ? print_json : print_text)(&comparison);
    return TRUE;
}
