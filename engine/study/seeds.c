/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/seeds.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/error.h"

static gboolean parse_number(const char *text, guint64 least, guint64 *number)
{
    return g_ascii_string_to_unsigned(text, 10, least, G_MAXINT64, number, NULL);
}

static gboolean contains(const GArray *seeds, guint64 seed)
{
    for (guint i = 0; i < seeds->len; i++)
        if (g_array_index(seeds, guint64, i) == seed)
            return TRUE;
    return FALSE;
}

/* "3" or "3-7", which it takes apart. FALSE: neither, too many, or one that is there already. */
static gboolean add(char *text, GArray *seeds)
{
    guint64 first, last;
    char *to = strchr(text, '-');
    if (to != NULL)
        *to++ = '\0';
    if (seeds->len == RH_SEEDS_MAX || !parse_number(text, 0, &first) ||
        !parse_number(to != NULL ? to : text, first, &last) || last - first >= RH_SEEDS_MAX - seeds->len)
        return FALSE;
    for (guint64 seed = first; seed <= last; seed++) {
        if (contains(seeds, seed))
            return FALSE;
        g_array_append_val(seeds, seed);
    }
    return TRUE;
}

/* What stands between two commas: "1-3" or "1 2 3". FALSE: anything else, or nothing. */
static gboolean add_all(const char *text, GArray *seeds)
{
    const guint before = seeds->len;
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    for (guint i = 0; words[i] != NULL; i++)
        if (*words[i] != '\0' && !add(words[i], seeds))
            return FALSE;
    return seeds->len > before;
}

GArray *rh_seeds_parse(const char *text, GError **error)
{
    g_autoptr(GArray) seeds = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    guint i = 0;
    while (parts[i] != NULL && add_all(parts[i], seeds))
        i++;
    const gboolean ends = parts[i] == NULL || (parts[i + 1] == NULL && *g_strstrip(parts[i]) == '\0');
    if (ends && seeds->len > 0)
        return g_steal_pointer(&seeds);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                _("Write different whole numbers, as in 1, 2, 3 or 1-5; at most %u."), RH_SEEDS_MAX);
    return NULL;
}
