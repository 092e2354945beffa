/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/cases.h"

#include <glib/gi18n.h>

static const char *const split_names[RH_N_SPLITS] = {
    [RH_SPLIT_NONE] = "",
    [RH_SPLIT_TRAINING] = "training",
    [RH_SPLIT_VALIDATION] = "validation",
    [RH_SPLIT_TEST] = "test",
};
static const char *const split_titles[RH_N_SPLITS] = {
    [RH_SPLIT_NONE] = N_("not used"),
    [RH_SPLIT_TRAINING] = N_("training"),
    [RH_SPLIT_VALIDATION] = N_("validation"),
    [RH_SPLIT_TEST] = N_("test"),
};

RhCase *rh_case_new(const char *id, const char *path)
{
    RhCase *item = g_new0(RhCase, 1);
    item->id = g_strdup(id);
    item->path = g_strdup(path);
    item->group = g_strdup("");
    item->note = g_strdup("");
    item->label = RH_UNKNOWN;
    item->confounder = RH_UNKNOWN;
    return item;
}

RhCase *rh_case_copy(const RhCase *item)
{
    RhCase *copy = g_new(RhCase, 1);
    *copy = *item;
    copy->id = g_strdup(item->id);
    copy->path = g_strdup(item->path);
    copy->group = g_strdup(item->group);
    copy->note = g_strdup(item->note);
    return copy;
}

void rh_case_free(RhCase *item)
{
    if (item == NULL)
        return;
    g_free(item->id);
    g_free(item->path);
    g_free(item->group);
    g_free(item->note);
    g_free(item);
}

gboolean rh_case_is_marked(const RhCase *item)
{
    return item->has_mask || item->nothing_to_mark;
}

gboolean rh_cases_are_divided(const GPtrArray *cases)
{
    for (guint i = 0; i < cases->len; i++)
        if (((const RhCase *)g_ptr_array_index(cases, i))->split != RH_SPLIT_NONE)
            return TRUE;
    return FALSE;
}

const char *rh_split_name(RhSplit split)
{
    g_assert((guint)split < RH_N_SPLITS);
    return split_names[split];
}

const char *rh_split_title(RhSplit split)
{
    g_assert((guint)split < RH_N_SPLITS);
    return _(split_titles[split]);
}

gboolean rh_split_parse(const char *name, RhSplit *split)
{
    for (guint i = 0; i < RH_N_SPLITS; i++)
        if (g_ascii_strcasecmp(name, split_names[i]) == 0) {
            *split = (RhSplit)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean is_known(const RhCase *item)
{
    return item->label != RH_UNKNOWN && item->confounder != RH_UNKNOWN;
}

gboolean rh_case_is_aligned(const RhCase *item)
{
    return is_known(item) && item->confounder == item->label;
}

gboolean rh_case_is_conflicting(const RhCase *item)
{
    return is_known(item) && item->confounder != item->label;
}
