/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "study/run-groups.h"

#include <glib/gi18n.h>

#include "study/run-settings.h"

static void group_free(gpointer data)
{
    RhRunGroup *group = data;
    g_free(group->label);
    g_array_unref(group->members);
    g_free(group);
}

static gboolean are_repetitions(const RhRun *a, const RhRun *b)
{
    const gboolean uses_masks = rh_method_uses_masks(a->settings.method);
    return rh_run_settings_alike(&a->settings, &b->settings) && g_str_equal(a->data_hash, b->data_hash) &&
           (!uses_masks || g_str_equal(a->mask_hash, b->mask_hash));
}

static const RhRun *first_of(const RhRunGroup *group, const RhRun *const *runs)
{
    return runs[g_array_index(group->members, guint, 0)];
}

static RhRunGroup *find_group(const GPtrArray *groups, const RhRun *const *runs, const RhRun *run)
{
    for (guint i = 0; i < groups->len; i++)
        if (are_repetitions(first_of(groups->pdata[i], runs), run))
            return groups->pdata[i];
    return NULL;
}

/* Those of a group, the network's default width as a number. */
static RhRunSettings settings_of(const RhRunGroup *group, const RhRun *const *runs)
{
    RhRunSettings settings = first_of(group, runs)->settings;
    if (settings.width == 0)
        settings.width = settings.network->default_width;
    return settings;
}

/* Whether another group of the same method and network has another value. */
static gboolean sets_apart(const RhSetting *setting, const GPtrArray *groups, const RhRun *const *runs,
                           const RhRunSettings *own)
{
    for (guint i = 0; i < groups->len; i++) {
        const RhRunSettings other = settings_of(groups->pdata[i], runs);
        if (other.method == own->method && other.network == own->network &&
            !rh_setting_equal(setting, own, &other))
            return TRUE;
    }
    return FALSE;
}

static char *describe(const RhRunGroup *group, const GPtrArray *groups, const RhRun *const *runs)
{
    const RhRunSettings own = settings_of(group, runs);
    guint count;
    const RhSetting *settings = rh_settings(&count);
    GString *label = g_string_new(NULL);
    g_string_printf(label, "%s-%s", own.method->id, own.network->id);
    for (guint i = 0; i < count; i++) {
        if (!rh_setting_applies(&settings[i], own.method) || !sets_apart(&settings[i], groups, runs, &own))
            continue;
        g_autofree char *value = rh_setting_text(&settings[i], &own);
        g_string_append_printf(label, ", %s %s", _(settings[i].title), value);
    }
    return g_string_free(label, FALSE);
}

/* Groups that differ in their images or masks only are numbered. */
static void label_groups(const GPtrArray *groups, const RhRun *const *runs)
{
    g_autoptr(GHashTable) times = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < groups->len; i++) {
        RhRunGroup *group = groups->pdata[i];
        group->label = describe(group, groups, runs);
        guint before = GPOINTER_TO_UINT(g_hash_table_lookup(times, group->label));
        g_hash_table_insert(times, g_strdup(group->label), GUINT_TO_POINTER(before + 1));
        if (before > 0) {
            g_autofree char *plain = group->label;
            group->label = g_strdup_printf(_("%s, other data %u"), plain, before + 1);
        }
    }
}

GPtrArray *rh_run_groups(const RhRun *const *runs, guint count)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
    for (guint i = 0; i < count; i++) {
        RhRunGroup *group = find_group(groups, runs, runs[i]);
        if (group == NULL) {
            group = g_new0(RhRunGroup, 1);
            group->members = g_array_new(FALSE, FALSE, sizeof(guint));
            g_ptr_array_add(groups, group);
        }
        g_array_append_val(group->members, i);
    }
    label_groups(groups, runs);
    return groups;
}
