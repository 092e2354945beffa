/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The number behind `name` in a file of lines “NAME number”, or the whole file's where it is NULL. Files that
 * are not there, and words as “max”, give `otherwise`. */
static guint64 read_number(const char *path, const char *name, guint64 otherwise)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return otherwise;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        const char *number = *line + (name != NULL ? strlen(name) : 0);
        if (name != NULL && (!g_str_has_prefix(*line, name) || (*number != ' ' && *number != '\t')))
            continue;
        char *end = NULL;
        const guint64 value = g_ascii_strtoull(number, &end, 10);
        return end != number ? value : otherwise;
    }
    return otherwise;
}

static guint64 of_computer(void)
{
    static const char path[] = "/proc/meminfo";
    const guint64 kilobytes = read_number(path, "MemAvailable:", G_MAXUINT64);
    return kilobytes == G_MAXUINT64 ? kilobytes : 1024 * (kilobytes + read_number(path, "SwapFree:", 0));
}

/* Both kinds of control groups there are. */
static const struct {
    const char *mark; /* in the group's line of /proc/self/cgroup, before its path */
    const char *root, *limit, *used, *cached;
} kinds[] = {
    {"0::", "/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"},
    {":memory:", "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
     "total_inactive_file"},
};

static guint64 left_in_group(const char *folder, guint kind)
{
    g_autofree char *limit_path = g_build_filename(folder, kinds[kind].limit, NULL);
    g_autofree char *used_path = g_build_filename(folder, kinds[kind].used, NULL);
    g_autofree char *statistics = g_build_filename(folder, "memory.stat", NULL);
    const guint64 limit = read_number(limit_path, NULL, G_MAXUINT64), used = read_number(used_path, NULL, 0);
    const guint64 needed = used - MIN(used, read_number(statistics, kinds[kind].cached, 0));
    return limit == G_MAXUINT64 ? limit : limit - MIN(limit, needed);
}

/* The least of a group and of those it lies in. */
static guint64 of_groups(guint kind, const char *group)
{
    g_autofree char *path = g_strdup(group);
    guint64 least = G_MAXUINT64;
    while (TRUE) {
        g_autofree char *folder = g_build_filename(kinds[kind].root, path, NULL);
        least = MIN(least, left_in_group(folder, kind));
        if (g_str_equal(path, "/") || g_str_equal(path, "."))
            return least;
        char *above = g_path_get_dirname(path);
        g_free(path);
        path = above;
    }
}

guint64 rh_memory_available(void)
{
    g_autofree char *text = NULL;
    guint64 least = of_computer();
    g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
            const char *mark = strstr(*line, kinds[kind].mark);
            if (mark != NULL)
                least = MIN(least, of_groups(kind, mark + strlen(kinds[kind].mark)));
        }
    return least;
}

gpointer rh_memory_take(gsize alignment, gsize bytes)
{
    gpointer memory = bytes <= rh_memory_available() ? aligned_alloc(alignment, bytes) : NULL;
    if (memory != NULL)
        memset(memory, 0, bytes); /* takes the pages now, and not when they are first used */
    return memory;
}

char *rh_memory_text(guint64 bytes)
{
    return g_format_size_full(bytes, G_FORMAT_SIZE_LONG_FORMAT);
}
