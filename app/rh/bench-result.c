/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-result.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/quantile.h"
#include "config.h"
#include "output.h"

typedef enum { TEXT, WHOLE, REAL } MemberKind;

static const struct {
    const char *name;
    gsize offset;
    MemberKind kind;
} members[] = {
#define MEMBER(KIND, NAME)                                                                                   \
    {                                                                                                        \
#NAME, G_STRUCT_OFFSET(RhBenchResult, NAME), KIND                                                    \
    }
    MEMBER(TEXT, program),
    MEMBER(TEXT, task),
    MEMBER(TEXT, network),
    MEMBER(TEXT, kernels),
    MEMBER(WHOLE, threads),
    MEMBER(WHOLE, batch),
    MEMBER(WHOLE, size),
    MEMBER(WHOLE, width),
    MEMBER(REAL, median_ms),
    MEMBER(REAL, min_ms),
    MEMBER(REAL, max_ms),
    MEMBER(REAL, quartile_low_ms),
    MEMBER(REAL, quartile_high_ms),
    MEMBER(REAL, percentile_99_ms),
    MEMBER(REAL, peak_rss_mb),
    MEMBER(REAL, gflop),
    MEMBER(REAL, gflops),
    MEMBER(REAL, peak_share),
    MEMBER(REAL, images_per_second),
    MEMBER(TEXT, renderer),
#undef MEMBER
};

#define TEXT_OF(RESULT, I)   G_STRUCT_MEMBER(char *, RESULT, members[I].offset)
#define NUMBER_OF(RESULT, I) G_STRUCT_MEMBER(double, RESULT, members[I].offset)

static void set_nothing(RhBenchResult *result)
{
    memset(result, 0, sizeof *result);
    for (guint i = 0; i < G_N_ELEMENTS(members); i++)
        if (members[i].kind != TEXT)
            NUMBER_OF(result, i) = NAN;
}

void rh_bench_result_init(RhBenchResult *result, const char *task)
{
    set_nothing(result);
    result->program = g_strdup("redherring " RH_VERSION);
    result->task = g_strdup(task);
}

void rh_bench_result_clear(RhBenchResult *result)
{
    for (guint i = 0; i < G_N_ELEMENTS(members); i++)
        if (members[i].kind == TEXT)
            g_clear_pointer(&TEXT_OF(result, i), g_free);
}

void rh_bench_result_set_times(RhBenchResult *result, double *milliseconds, guint count)
{
    rh_sort_values(milliseconds, count);
    result->min_ms = milliseconds[0];
    result->quartile_low_ms = rh_quantile(milliseconds, count, 0.25);
    result->median_ms = rh_quantile(milliseconds, count, 0.5);
    result->quartile_high_ms = rh_quantile(milliseconds, count, 0.75);
    result->percentile_99_ms = rh_quantile(milliseconds, count, 0.99);
    result->max_ms = milliseconds[count - 1];
}

/* The kernel's mark of this program. The maximum that getrusage tells begins with what the process had that
 * started it. */
static double marked_kilobytes(void)
{
    g_autofree char *status = NULL;
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return NAN;
    const char *line = strstr(status, "VmHWM:");
    return line != NULL ? g_ascii_strtod(line + strlen("VmHWM:"), NULL) : NAN;
}

void rh_bench_result_set_memory(RhBenchResult *result)
{
    double kilobytes = marked_kilobytes();
    struct rusage usage;
    if (isnan(kilobytes) && getrusage(RUSAGE_SELF, &usage) == 0)
        kilobytes = (double)usage.ru_maxrss;
    result->peak_rss_mb = kilobytes / 1024;
}

static void build_member(const RhBenchResult *result, guint i, JsonBuilder *builder)
{
    if (members[i].kind == TEXT)
        rh_json_text(builder, members[i].name, TEXT_OF(result, i));
    else if (members[i].kind == WHOLE && isfinite(NUMBER_OF(result, i)))
        rh_json_whole(builder, members[i].name, (gint64)NUMBER_OF(result, i));
    else
        rh_json_value(builder, members[i].name, NUMBER_OF(result, i));
}

void rh_bench_result_build(const RhBenchResult *result, JsonBuilder *builder)
{
    for (guint i = 0; i < G_N_ELEMENTS(members); i++)
        build_member(result, i, builder);
}

void rh_bench_result_print(const RhBenchResult *result)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    rh_bench_result_build(result, builder);
    json_builder_end_object(builder);
    rh_json_print_line(builder);
    fflush(stdout);
}

static void take_member(RhBenchResult *result, guint i, JsonNode *node)
{
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node))
        return;
    GType type = json_node_get_value_type(node);
    if (members[i].kind == TEXT && type == G_TYPE_STRING)
        TEXT_OF(result, i) = json_node_dup_string(node);
    else if (members[i].kind != TEXT && (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE))
        NUMBER_OF(result, i) = json_node_get_double(node);
}

gboolean rh_bench_result_parse(RhBenchResult *result, const char *line)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, line, -1, NULL) || json_parser_get_root(parser) == NULL ||
        !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
        return FALSE;
    JsonObject *object = json_node_get_object(json_parser_get_root(parser));
    set_nothing(result);
    for (guint i = 0; i < G_N_ELEMENTS(members); i++)
        take_member(result, i, json_object_get_member(object, members[i].name));
    if (result->task != NULL && isfinite(result->median_ms) && result->median_ms > 0)
        return TRUE;
    rh_bench_result_clear(result);
    return FALSE;
}
