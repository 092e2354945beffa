/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-task.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "bench-program.h"

static const RhBenchTask *const tasks[] = {
    &rh_bench_step,   &rh_bench_eval,
    &rh_bench_map,    &rh_bench_data,
    &rh_bench_canvas, &rh_bench_canvas_training,
    &rh_bench_live,   NULL,
};

const RhBenchTask *const *rh_bench_tasks(void)
{
    return tasks;
}

/* --- choosing --- */

static GPtrArray *kinds_of(const RhBenchTask *task)
{
    GPtrArray *kinds = g_ptr_array_new();
    if (task->list != NULL)
        task->list(kinds);
    else
        g_ptr_array_add(kinds, (gpointer)task->name);
    return kinds;
}

static const char *find(const GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (g_str_equal(g_ptr_array_index(names, i), name))
            return g_ptr_array_index(names, i);
    return NULL;
}

static char *enumerate(const GPtrArray *names)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(names, i));
    return g_string_free(text, FALSE);
}

static void add(GArray *items, const RhBenchTask *task, const char *name, gboolean optional)
{
    const RhBenchItem item = {task, name, optional};
    for (guint i = 0; i < items->len; i++)
        if (g_array_index(items, RhBenchItem, i).name == name)
            return;
    g_array_append_val(items, item);
}

static const RhBenchChoice *choice_for(const RhBenchTask *task, const RhBenchChoice *choices, guint n_choices)
{
    for (guint i = 0; i < n_choices; i++)
        if (choices[i].values != NULL && g_strcmp0(task->option, choices[i].option) == 0)
            return &choices[i];
    return NULL;
}

static gboolean add_chosen(GArray *items, const RhBenchTask *task, const GPtrArray *kinds,
                           const RhBenchChoice *choice, GError **error)
{
    g_autofree char *all = g_strjoinv(",", (char **)choice->values);
    g_auto(GStrv) ids = g_strsplit(all, ",", -1);
    for (char **id = ids; *id != NULL; id++) {
        const char *kind = find(kinds, g_strstrip(*id));
        if (kind == NULL) {
            g_autofree char *known = enumerate(kinds);
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "There is no %s “%s”; choose among %s.",
                        task->option, *id, known);
            return FALSE;
        }
        add(items, task, kind, FALSE);
    }
    return TRUE;
}

static gboolean add_task(GArray *items, const RhBenchTask *task, const RhBenchChoice *choices,
                         guint n_choices, gboolean optional, GError **error)
{
    g_autoptr(GPtrArray) kinds = kinds_of(task);
    const RhBenchChoice *choice = choice_for(task, choices, n_choices);
    if (choice != NULL)
        return add_chosen(items, task, kinds, choice, error);
    for (guint i = 0; i < kinds->len; i++)
        add(items, task, g_ptr_array_index(kinds, i), optional);
    return TRUE;
}

static gboolean refuse_name(const char *name, GError **error)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (const RhBenchTask *const *task = tasks; *task != NULL; task++)
        g_ptr_array_add(known, (gpointer)(*task)->name);
    g_autofree char *text = enumerate(known);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                "There is no task “%s”; choose among %s, a method, a map, or “growth” alone.", name, text);
    return FALSE;
}

static gboolean add_named(GArray *items, const char *name, const RhBenchChoice *choices, guint n_choices,
                          GError **error)
{
    for (const RhBenchTask *const *task = tasks; *task != NULL; task++) {
        if (g_str_equal((*task)->name, name))
            return add_task(items, *task, choices, n_choices, FALSE, error);
        g_autoptr(GPtrArray) kinds = kinds_of(*task);
        const char *kind = find(kinds, name);
        if (kind != NULL) {
            add(items, *task, kind, FALSE);
            return TRUE;
        }
    }
    return refuse_name(name, error);
}

/* A choice among the kinds of a task that is not asked for would do nothing. */
static gboolean check_choices(char *const *names, const RhBenchChoice *choices, guint n_choices,
                              GError **error)
{
    for (const RhBenchTask *const *task = tasks; *task != NULL; task++)
        if (choice_for(*task, choices, n_choices) != NULL &&
            !g_strv_contains((const char *const *)names, (*task)->name)) {
            g_set_error(error, RH_ERROR, RH_ERROR_USAGE, "--%s has no meaning without the task %s.",
                        (*task)->option, (*task)->name);
            return FALSE;
        }
    return TRUE;
}

GArray *rh_bench_select(char *const *names, const RhBenchChoice *choices, guint n_choices, GError **error)
{
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(RhBenchItem));
    if (*names != NULL && !check_choices(names, choices, n_choices, error))
        return NULL;
    for (char *const *name = names; *name != NULL; name++)
        if (!add_named(items, *name, choices, n_choices, error))
            return NULL;
    for (const RhBenchTask *const *task = tasks; *names == NULL && *task != NULL; task++)
        if (!add_task(items, *task, choices, n_choices, (*task)->needs_display, error))
            return NULL;
    return g_steal_pointer(&items);
}

/* --- measuring --- */

static void describe(const RhBenchItem *item, const RhBenchSettings *settings, RhBenchResult *result)
{
    RhBenchUses uses = item->task->uses;
    if ((uses & RH_BENCH_THREADS) != 0)
        result->threads = settings->threads;
    if ((uses & RH_BENCH_BATCH) != 0)
        result->batch = settings->batch;
    if ((uses & RH_BENCH_SIZE) != 0)
        result->size = settings->size;
    if ((uses & RH_BENCH_NETWORK) == 0)
        return;
    result->network = g_strdup(settings->network->id);
    result->kernels = g_strdup(rh_kernels_id(settings->kernels));
    result->width = settings->width;
    result->gflops = result->gflop / (result->median_ms / 1e3);
    result->peak_share = result->gflops / settings->peak;
}

gboolean rh_bench_measure(const RhBenchItem *item, const RhBenchSettings *settings, RhProgress *progress,
                          GCancellable *cancellable, RhBenchResult *result, GError **error)
{
    g_autoptr(RhPool) pool =
        (item->task->uses & RH_BENCH_THREADS) != 0 ? rh_pool_new(settings->threads) : NULL;
    const RhBenchRequest request = {.settings = settings,
                                    .name = item->name,
                                    .pool = pool,
                                    .progress = progress,
                                    .cancellable = cancellable};
    rh_bench_result_init(result, item->name);
    gboolean measured = item->task->measure(&request, result, error);
    rh_progress_clear(progress);
    if (measured)
        describe(item, settings, result);
    else
        rh_bench_result_clear(result);
    return measured;
}

static void add_number(GStrvBuilder *arguments, const char *option, guint value)
{
    g_autofree char *text = g_strdup_printf("--%s=%u", option, value);
    g_strv_builder_add(arguments, text);
}

/* The command of this program that times the item and nothing else. */
static GStrv own_command(const RhBenchItem *item, const RhBenchSettings *settings)
{
    g_autoptr(GStrvBuilder) arguments = g_strv_builder_new();
    char peak[G_ASCII_DTOSTR_BUF_SIZE];
    g_strv_builder_add_many(arguments, "/proc/self/exe", "bench", item->name, "--json", "--quiet",
                            "--network", settings->network->id, "--kernels", rh_kernels_id(settings->kernels),
                            "--peak", g_ascii_dtostr(peak, sizeof peak, settings->peak), NULL);
    add_number(arguments, "width", settings->width);
    add_number(arguments, "size", settings->size);
    add_number(arguments, "batch", settings->batch);
    add_number(arguments, "threads", settings->threads);
    add_number(arguments, "runs", settings->runs);
    return g_strv_builder_end(arguments);
}

gboolean rh_bench_measure_apart(const RhBenchItem *item, const RhBenchSettings *settings,
                                GCancellable *cancellable, RhBenchResult *result, GError **error)
{
    g_auto(GStrv) command = own_command(item, settings);
    return rh_bench_ask_own((const char *const *)command, item->name, cancellable, result, error);
}
