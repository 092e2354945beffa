/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "mask/labels-private.h"

#define ITEMS_MAX 256u
#define ALL       "all"

/* Colours that people call by name; others are written as in web pages. */
static const struct {
    const char *name;
    guint32 value;
} colours[] = {{"white", 0xffffff},  {"red", 0xff0000},     {"green", 0x00ff00}, {"blue", 0x0000ff},
               {"yellow", 0xffff00}, {"magenta", 0xff00ff}, {"cyan", 0x00ffff}};

typedef struct {
    RhLabelKind kind;
    guint32 first, last;
} Range;

struct _RhRegion {
    gboolean all;
    GArray *ranges; /* Range */
};

char *rh_label_name(RhLabelKind kind, guint32 value)
{
    if (kind == RH_LABEL_NUMBER)
        return g_strdup_printf("%u", value);
    for (guint i = 0; i < G_N_ELEMENTS(colours); i++)
        if (colours[i].value == value)
            return g_strdup(colours[i].name);
    return g_strdup_printf("#%06x", value);
}

RhRegion *rh_region_new(void)
{
    RhRegion *region = g_new0(RhRegion, 1);
    region->ranges = g_array_new(FALSE, FALSE, sizeof(Range));
    return region;
}

void rh_region_free(RhRegion *region)
{
    if (region == NULL)
        return;
    g_array_unref(region->ranges);
    g_free(region);
}

void rh_region_add(RhRegion *region, RhLabelKind kind, guint32 first, guint32 last)
{
    const Range range = {kind, first, last};
    g_array_append_val(region->ranges, range);
}

static gboolean parse_number(const char *text, guint base, guint64 most, guint32 *value)
{
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(text, base, 0, most, &number, NULL))
        return FALSE;
    *value = (guint32)number;
    return TRUE;
}

static gboolean parse_item(RhRegion *region, const char *text)
{
    guint32 first, last;
    if (g_ascii_strcasecmp(text, ALL) == 0)
        return region->all = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(colours); i++)
        if (g_ascii_strcasecmp(text, colours[i].name) == 0) {
            rh_region_add(region, RH_LABEL_COLOUR, colours[i].value, colours[i].value);
            return TRUE;
        }
    if (text[0] == '#') {
        if (strlen(text) != 7 || !parse_number(text + 1, 16, 0xffffff, &first))
            return FALSE;
        rh_region_add(region, RH_LABEL_COLOUR, first, first);
        return TRUE;
    }
    g_auto(GStrv) ends = g_strsplit(text, "-", 3);
    const guint n_ends = g_strv_length(ends);
    if (n_ends < 1 || n_ends > 2 || !parse_number(ends[0], 10, G_MAXUINT16, &first) ||
        !parse_number(ends[n_ends - 1], 10, G_MAXUINT16, &last) || last < first)
        return FALSE;
    rh_region_add(region, RH_LABEL_NUMBER, first, last);
    return TRUE;
}

RhRegion *rh_region_parse(const char *text, GError **error)
{
    g_autoptr(RhRegion) region = rh_region_new();
    g_auto(GStrv) items = g_strsplit(text, ",", ITEMS_MAX + 1);
    gboolean fit = items[0] != NULL && g_strv_length(items) <= ITEMS_MAX;
    for (guint i = 0; fit && items[i] != NULL; i++)
        fit = parse_item(region, g_strstrip(items[i]));
    if (fit)
        return g_steal_pointer(&region);
    g_set_error(error, RH_ERROR, RH_ERROR_USAGE,
                _("“%s” is no choice of labels; write values or colours separated by commas, such as 1,2 or "
                  "3-5 or red,#00ff80, or all."),
                text);
    return NULL;
}

gboolean rh_region_has(const RhRegion *region, RhLabelKind kind, guint32 value)
{
    if (region->all)
        return TRUE;
    for (guint i = 0; i < region->ranges->len; i++) {
        const Range *range = &g_array_index(region->ranges, Range, i);
        if (range->kind == kind && value >= range->first && value <= range->last)
            return TRUE;
    }
    return FALSE;
}

char *rh_region_text(const RhRegion *region)
{
    if (region->all)
        return g_strdup(ALL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < region->ranges->len; i++) {
        const Range *range = &g_array_index(region->ranges, Range, i);
        g_autofree char *name = rh_label_name(range->kind, range->first);
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "", name);
        if (range->last != range->first)
            g_string_append_printf(text, "-%u", range->last);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}
